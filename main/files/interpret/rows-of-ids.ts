import type { Ratings } from '../../ratings/ratings.ts';

/** Rows of the users or items with these indices. */
export function rowsOf(ratings: Ratings, column: 'user' | 'item', indices: ReadonlySet<number>): number {
  let rows = 0;
  if (column === 'user') for (const user of indices) rows += ratings.start[user + 1] - ratings.start[user];
  else for (const item of ratings.item) if (indices.has(item)) rows++;
  return rows;
}
