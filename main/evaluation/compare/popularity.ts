/** Who is recommended: exposure of items by how often they were rated in train. */
import type { CompareResult } from '../../../shared/compare.ts';
import { TRAIN, type Ratings } from '../../ratings/ratings.ts';
import type { ComparedData, ComparedRun } from './compared.ts';
import { membersOf } from './groups.ts';
import { exposure } from '../metrics/lists.ts';

/** Points of a Lorenz curve, 0 and 1 included. */
const POINTS = 21;

/** Items from the most to the least rated in train, ties by index, and their train rows. */
export function itemsByPopularity(
  ratings: Ratings,
  part: Uint8Array,
): { order: Uint32Array; counts: Uint32Array } {
  const counts = new Uint32Array(ratings.itemCount);
  part.forEach((p, row) => p === TRAIN && counts[ratings.item[row]]++);
  const order = Uint32Array.from(counts, (_, i) => i).sort((a, b) => counts[b] - counts[a] || a - b);
  return { order, counts };
}

/**
 * Shares of train rows and of each run's first k places that go to each tenth of the items, most rated first; of a group
 * the mean over its seeds.
 */
export function popularityExposure(
  runs: readonly ComparedRun[],
  { ratings, part }: ComparedData,
  k: number,
): CompareResult['exposure'] {
  const { order, counts } = itemsByPopularity(ratings, part);
  return {
    training: deciles(counts, order),
    runs: runs.flatMap((compared) => {
      const seeds = membersOf(compared).flatMap(({ lists }) =>
        lists ? [exposure(lists, ratings.itemCount, k)] : [],
      );
      if (seeds.length === 0) return [];
      return [
        {
          run: compared.run.id,
          deciles: meanOf(seeds.map((shown) => deciles(shown, order))),
          lorenz: meanOf(seeds.map(lorenz)),
        },
      ];
    }),
  };
}

/** The mean of several lists of equal length, for each place of the list. */
function meanOf(lists: readonly number[][]): number[] {
  return lists[0].map((_, k) => lists.reduce((sum, list) => sum + list[k], 0) / lists.length);
}

function deciles(counts: Uint32Array, order: Uint32Array): number[] {
  const sums = new Array<number>(10).fill(0);
  order.forEach((item, k) => (sums[Math.floor((10 * k) / order.length)] += counts[item]));
  const total = sums.reduce((a, b) => a + b, 0);
  return sums.map((sum) => (total > 0 ? sum / total : 0));
}

/** Share of all exposure that the least shown x of the items get, for x = 0, .05 … 1. */
function lorenz(counts: Uint32Array): number[] {
  const sorted = counts.slice().sort();
  const cumulative = new Float64Array(sorted.length + 1);
  sorted.forEach((count, k) => (cumulative[k + 1] = cumulative[k] + count));
  const total = cumulative[sorted.length] || 1;
  return Array.from({ length: POINTS }, (_, p) => {
    const at = (p * sorted.length) / (POINTS - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length);
    return (cumulative[low] + (at - low) * (cumulative[high] - cumulative[low])) / total;
  });
}
