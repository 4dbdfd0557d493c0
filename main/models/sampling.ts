import type { Ratings } from '../data/ratings.ts';
import { sortWithinUsers } from './interactions.ts';

/** Walker's alias method (1977): one uniform index and one coin draw from any distribution. */
export interface AliasTable {
  /** [n] chance that an index keeps itself. */
  readonly probability: Float32Array;
  /** [n] what it becomes otherwise. */
  readonly alias: Uint32Array;
}

/** Distribution of items by (train rows)^exponent; items without a row are never drawn unless the exponent is 0. */
export function aliasTable(train: Pick<Ratings, 'item' | 'itemCount'>, exponent: number): AliasTable {
  const n = train.itemCount;
  const counts = new Float64Array(n);
  for (const item of train.item) counts[item]++;
  const weights = counts.map((count) => (count === 0 && exponent !== 0 ? 0 : count ** exponent));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scaled = weights.map((weight) => (total > 0 ? (weight / total) * n : 1));
  const probability = new Float32Array(n).fill(1);
  const alias = Uint32Array.from({ length: n }, (_, i) => i);
  const small: number[] = [];
  const large: number[] = [];
  scaled.forEach((weight, i) => (weight < 1 ? small : large).push(i));
  while (small.length > 0 && large.length > 0) {
    const little = small.pop() ?? 0;
    const big = large[large.length - 1];
    probability[little] = scaled[little];
    alias[little] = big;
    scaled[big] -= 1 - scaled[little];
    if (scaled[big] < 1) small.push(large.pop() ?? 0);
  }
  return { probability, alias };
}

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
