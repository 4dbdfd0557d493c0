import { readFileSync } from 'node:fs';
import type { Ratings } from '../../../main/ratings/ratings.ts';

export type Line = readonly [user: number, item: number, value: number, time?: number];

/** Ratings from lines in the order of a file: sorted by user, then time, then line. */
export function ratingsOf(lines: readonly Line[], userCount?: number, itemCount?: number): Ratings {
  const timed = lines.length > 0 && lines[0][3] !== undefined;
  const order = lines.map((_, k) => k);
  order.sort((a, b) => lines[a][0] - lines[b][0] || (lines[a][3] ?? 0) - (lines[b][3] ?? 0) || a - b);
  const users = userCount ?? lines.reduce((most, l) => Math.max(most, l[0]), -1) + 1;
  const items = itemCount ?? lines.reduce((most, l) => Math.max(most, l[1]), -1) + 1;
  const start = new Uint32Array(users + 1);
  for (const [u] of lines) start[u + 1]++;
  for (let u = 0; u < users; u++) start[u + 1] += start[u];
  const values = lines.map((l) => l[2]);
  return {
    userCount: users,
    itemCount: items,
    start,
    item: Uint32Array.from(order, (k) => lines[k][1]),
    value: Float32Array.from(order, (k) => lines[k][2]),
    time: timed ? Float64Array.from(order, (k) => lines[k][3] ?? 0) : null,
    implicit: false,
    minimum: values.reduce((a, b) => Math.min(a, b), Infinity),
    maximum: values.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** A MovieLens file of `user item rating time` lines, tab separated; ids become indices in order of appearance. */
export function loadTabbed(path: string): Ratings {
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const index = (map: Map<string, number>, id: string): number => {
    const known = map.get(id) ?? map.size;
    map.set(id, known);
    return known;
  };
  const lines: Line[] = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [user, item, value, time] = line.split('\t');
    if (time === undefined || !Number.isFinite(Number(value))) continue;
    lines.push([index(users, user), index(items, item), Number(value), Number(time) * 1000]);
  }
  return ratingsOf(lines, users.size, items.size);
}
