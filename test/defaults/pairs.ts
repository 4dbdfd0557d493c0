import type { Ratings } from '../../main/ratings/ratings.ts';

/** Implicit ratings of distinct pairs; users and items are numbered as they come. */
export function toRatings(pairs: Iterable<readonly [user: string | number, item: string | number]>): Ratings {
  const items = new Map<string | number, number>();
  const histories = new Map<string | number, number[]>();
  for (const [user, item] of pairs) {
    const index = items.get(item) ?? items.size;
    items.set(item, index);
    const history = histories.get(user);
    if (history) history.push(index);
    else histories.set(user, [index]);
  }
  const rows = [...histories.values()];
  const start = new Uint32Array(rows.length + 1);
  rows.forEach((history, u) => (start[u + 1] = start[u] + history.length));
  return {
    userCount: rows.length,
    itemCount: items.size,
    start,
    item: Uint32Array.from(rows.flat()),
    value: new Float32Array(start[rows.length]).fill(1),
    time: null,
    implicit: true,
    minimum: 1,
    maximum: 1,
  };
}
