/** The difference of two runs in one metric, from values paired by user. */
import { type Aggregation } from '../../../shared/metrics/metric.ts';
import { Z95 } from '../../numeric/normal.ts';

export interface PairedValues {
  readonly aggregation: Aggregation;
  /** [users] values of the two runs, no NaN. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** [users] ratings behind each value; read where the aggregation is weighted. */
  readonly weights: Float64Array;
}

export interface Estimate {
  /** Metric of b − metric of a. */
  readonly difference: number;
  readonly interval: [number, number];
  readonly standardError: number;
}

/** How such an interval was made, in the words of a report. */
export const NORMAL = 'normal intervals';

/**
 * Difference and its normal interval. Means: standard error of the paired differences. Errors over ratings are ratio
 * estimators with users as clusters, linearised (Taylor): the influence of a user on √(Σ n·e² ÷ Σ n) is
 * n · (e² − MSE) ÷ (2 · RMSE · Σ n).
 * @param users indices into the values; all by default
 */
export function normalEstimate(values: PairedValues, z = Z95, users?: Uint32Array): Estimate {
  const { aggregation, a, b, weights } = values;
  const n = users ? users.length : a.length;
  const weighted = aggregation !== 'mean';
  const value = aggregation === 'root' ? (x: number) => x * x : (x: number) => x;
  let [total, sumA, sumB] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    const u = users ? users[k] : k;
    const w = weighted ? weights[u] : 1;
    total += w;
    sumA += w * value(a[u]);
    sumB += w * value(b[u]);
  }
  const [meanA, meanB] = [sumA / total, sumB / total];
  const root = aggregation === 'root';
  const difference = root ? Math.sqrt(meanB) - Math.sqrt(meanA) : meanB - meanA;
  const slopeA = root ? 1 / (2 * Math.sqrt(Math.max(meanA, Number.MIN_VALUE))) : 1;
  const slopeB = root ? 1 / (2 * Math.sqrt(Math.max(meanB, Number.MIN_VALUE))) : 1;
  let squares = 0;
  for (let k = 0; k < n; k++) {
    const u = users ? users[k] : k;
    const w = weighted ? weights[u] : 1;
    const influence = w * (slopeB * (value(b[u]) - meanB) - slopeA * (value(a[u]) - meanA));
    squares += influence * influence;
  }
  const standardError = n > 1 ? Math.sqrt((squares * n) / (n - 1)) / total : Infinity;
  return {
    difference,
    interval: [difference - z * standardError, difference + z * standardError],
    standardError,
  };
}

/** The metric of some users: their mean, mean weighted by ratings, or root of the weighted mean square. */
export function aggregate(values: Float64Array, weights: Float64Array, aggregation: Aggregation): number {
  let [total, sum] = [0, 0];
  for (let u = 0; u < values.length; u++) {
    const w = aggregation === 'mean' ? 1 : weights[u];
    total += w;
    sum += w * (aggregation === 'root' ? values[u] * values[u] : values[u]);
  }
  return aggregation === 'root' ? Math.sqrt(sum / total) : sum / total;
}

/** Differences below this are none: the last bits of sums of shares. */
const SAME = 1e-12;

/** Shares of users for whom b is better, the same and worse. @param direction 1: higher is better, −1: lower */
export function winShares(
  { a, b }: PairedValues,
  direction: 1 | -1,
): { better: number; same: number; worse: number } {
  let [better, worse] = [0, 0];
  for (let u = 0; u < a.length; u++) {
    const difference = direction * (b[u] - a[u]);
    if (difference > SAME) better++;
    else if (difference < -SAME) worse++;
  }
  const n = Math.max(1, a.length);
  return { better: better / n, same: (a.length - better - worse) / n, worse: worse / n };
}
