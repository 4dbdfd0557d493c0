import type { UserLists } from './metric.ts';

/**
 * Means of `values[item]` over the first k of each list, for several k at once; NaN for an empty list.
 * @param values [itemCount]
 * @param cuts ascending
 * @returns [users] for each k
 */
export function listMeans(
  lists: UserLists,
  values: ArrayLike<number>,
  cuts: readonly number[],
): Float64Array[] {
  const users = lists.start.length - 1;
  const means = cuts.map(() => new Float64Array(users).fill(NaN));
  for (let u = 0; u < users; u++) {
    const from = lists.start[u];
    const length = lists.start[u + 1] - from;
    let sum = 0;
    let place = 0;
    cuts.forEach((k, c) => {
      for (; place < k && place < length; place++) sum += values[lists.items[from + place]];
      if (place > 0) means[c][u] = sum / place;
    });
  }
  return means;
}
