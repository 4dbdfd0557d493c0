import { aliasTable } from '../numeric/alias-table.ts';
import { sortWithinUsers } from '../ratings/matrices.ts';
import type { Ratings } from '../ratings/ratings.ts';

/** Draws items that a user has no train row for. */
export type NegativeSampler = (user: number) => number;

/** Draws before a user's unseen items are walked in order instead. */
const DRAWS = 1000;

/**
 * Negatives against the train part alone: uniform, or by popularity^exponent; for a user who has every item any of them.
 * Membership is a binary search in the user's sorted items.
 */
export function negativeSampler(
  train: Ratings,
  random: { below(n: number): number; next(): number },
  popularityExponent: number | null,
): NegativeSampler {
  const { start, itemCount } = train;
  const sorted = train.item.slice();
  sortWithinUsers(sorted, train);
  const table = popularityExponent === null ? null : aliasTable(train, popularityExponent);
  const has = (user: number, item: number): boolean => {
    let low = start[user];
    let high = start[user + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle] < item) low = middle + 1;
      else high = middle;
    }
    return low < start[user + 1] && sorted[low] === item;
  };
  return (user) => {
    let item = 0;
    for (let tries = 0; tries < DRAWS; tries++) {
      item = random.below(itemCount);
      if (table && random.next() >= table.probability[item]) item = table.alias[item];
      if (!has(user, item)) return item;
    }
    for (let step = 0; step < itemCount && has(user, item); step++) item = (item + 1) % itemCount;
    return item;
  };
}
