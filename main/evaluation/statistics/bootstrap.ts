/** Bootstrap over users: intervals of differences between two runs, from values paired by user. */
import { Random } from '../../numeric/random.ts';
import type { PairedValues } from './paired.ts';

export interface Draws {
  /** Resamples of the users. */
  readonly count: number;
  readonly seed: number;
}

/** As it is said beside an interval. */
export function drawsText({ count, seed }: Draws): string {
  return `${count.toLocaleString('en')} draws, seed ${seed}`;
}

const MANY: Draws = { count: 10_000, seed: 1 };
const FEW: Draws = { count: 1_000, seed: 1 };

/**
 * 10,000 draws where that is quick, else 1,000, else none.
 * @param values users' values to resample, over all intervals that are wanted
 * @param budget draws × values that are waited for: 1e8 take some .5 s
 */
export function drawsFor(values: number, budget: number): Draws | null {
  return [MANY, FEW].find(({ count }) => count * values <= budget) ?? null;
}

/** The same where bootstrap was asked for: 1,000 draws at least, however long they take. */
export function askedDraws(values: number, budget: number): Draws {
  return drawsFor(values, budget) ?? FEW;
}

/**
 * Percentile intervals of differences over resamples of the users with replacement (Efron 1979). Each draw picks users
 * once for all of `compared`, so that one more metric or pair of the same users costs a sum and no random numbers.
 * @param compared of the same users each
 * @param tails share outside of an interval: .05 for 95 %
 * @param members places of the users to resample; all by default
 */
export function bootstrapIntervals(
  compared: readonly PairedValues[],
  { count, seed }: Draws,
  { tails = 0.05, members }: { tails?: number; members?: Uint32Array } = {},
): [number, number][] {
  const statistics = compared.map((values) => resampled(values, members));
  const n = members?.length ?? compared[0]?.a.length ?? 0;
  const random = new Random(seed, 'split');
  const picked = new Uint32Array(n);
  const found = compared.map(() => new Float64Array(count));
  for (let draw = 0; draw < count; draw++) {
    random.fillBelow(picked, n);
    statistics.forEach((statistic, k) => (found[k][draw] = statistic(picked)));
  }
  return found.map((differences) => {
    differences.sort();
    return [quantile(differences, tails / 2), quantile(differences, 1 - tails / 2)];
  });
}

/** The difference b − a over picked places of `members`. */
function resampled(
  { aggregation, a, b, weights }: PairedValues,
  members?: Uint32Array,
): (picked: Uint32Array) => number {
  const n = members?.length ?? a.length;
  const place = (k: number): number => (members ? members[k] : k);
  if (aggregation === 'mean') {
    const differences = new Float64Array(n);
    for (let k = 0; k < n; k++) differences[k] = b[place(k)] - a[place(k)];
    return (picked) => {
      let sum = 0;
      for (let k = 0; k < picked.length; k++) sum += differences[picked[k]];
      return sum / picked.length;
    };
  }
  const root = aggregation === 'root';
  // [users, 3] weight, weighted values of a and of b side by side: one read of memory a user.
  const terms = new Float64Array(3 * n);
  for (let k = 0; k < n; k++) {
    const [w, x, y] = [weights[place(k)], a[place(k)], b[place(k)]];
    terms.set([w, w * (root ? x * x : x), w * (root ? y * y : y)], 3 * k);
  }
  return (picked) => {
    let [total, sumA, sumB] = [0, 0, 0];
    for (let k = 0; k < picked.length; k++) {
      const at = 3 * picked[k];
      total += terms[at];
      sumA += terms[at + 1];
      sumB += terms[at + 2];
    }
    return root ? Math.sqrt(sumB / total) - Math.sqrt(sumA / total) : (sumB - sumA) / total;
  };
}

/** Linear interpolation between order statistics. */
function quantile(ascending: Float64Array, p: number): number {
  const at = p * (ascending.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, ascending.length - 1);
  return ascending[low] + (at - low) * (ascending[high] - ascending[low]);
}
