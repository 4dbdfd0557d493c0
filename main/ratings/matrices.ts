import { transposeSparse, withoutRepeats } from '../numeric/sparse-rows.ts';
import type { SparseRows } from '../numeric/sparse-rows.ts';
import type { Ratings } from './ratings.ts';

/**
 * Users × items of the ratings, items ascending. Where a user has an item more than once, the latest row counts.
 */
export function userItemMatrix(train: Ratings): SparseRows {
  return transposeSparse(itemUserMatrix(train));
}

/** The same as items × users, users ascending. */
export function itemUserMatrix(train: Ratings): SparseRows {
  const { userCount, itemCount } = train;
  const byUser = { rows: userCount, columns: itemCount, start: train.start, index: train.item };
  return withoutRepeats(transposeSparse({ ...byUser, value: train.value }));
}

/** Sorts the items of each user in place, ascending, for binary search. `items`: [n] a copy of the ratings'. */
export function sortWithinUsers(
  items: Uint32Array,
  { start, userCount }: Pick<Ratings, 'start' | 'userCount'>,
): void {
  for (let u = 0; u < userCount; u++) items.subarray(start[u], start[u + 1]).sort();
}
