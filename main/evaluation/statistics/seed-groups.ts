/** The difference of two groups of runs that differ by their seed alone: an interval over users and seeds. */
import { aggregate } from './paired.ts';
import { studentHalfWidth, studentTails } from './student.ts';
import type { Aggregation } from '../../../shared/metrics/metric.ts';

export interface SeedGroup {
  /** One array [users] a distinct seed, no NaN, users in the same order in both groups. */
  readonly seeds: readonly Float64Array[];
  /** The model draws nothing at random: its one run has no seed noise, instead of one that is unknown. */
  readonly seedless?: boolean;
}

export interface GroupedValues {
  readonly aggregation: Aggregation;
  readonly a: SeedGroup;
  readonly b: SeedGroup;
  /** [users] ratings behind each value; read where the aggregation is weighted. */
  readonly weights: Float64Array;
}

export interface GroupEstimate {
  /** Mean over the seeds of b − mean over the seeds of a. */
  readonly difference: number;
  /** The 95 % confidence interval of the difference. */
  readonly interval: [number, number];
  readonly standardError: number;
  /** Degrees of freedom of t (Satterthwaite 1946). */
  readonly freedom: number;
  readonly pValue: number;
  /** Parts of the squared standard error. */
  readonly variance: { readonly users: number; readonly seeds: number };
  /** Standard deviation of the metric over the seeds of each group; null where it is unknown, 0 without seeds. */
  readonly seedDeviation: { readonly a: number | null; readonly b: number | null };
}

/**
 * Two-way random effects, users × seeds. With d_u the difference of a user's means over seeds, V_u = var(d_u) / U; the
 * seeds add V_s = Σ s² / S over both groups, s² the variance of the metric over a group's seeds. Chance between a user
 * and a seed is in both, so its share R = Σ MSE / (S · U) is taken off once, MSE the residual mean square of a group's
 * users × seeds; not in a group of two seeds, which says too little of it. V = V_u + max(0, V_s − R), t with
 * Satterthwaite's degrees of freedom.
 * Metrics that are no means of users' values enter by their linearisation (see `linearise`), whose mean is the metric.
 */
export function compareGroups({ aggregation, a, b, weights }: GroupedValues): GroupEstimate {
  const users = weights.length;
  const [left, right] = [a, b].map((group) =>
    analyse(
      group.seeds.map((values) => linearise(values, weights, aggregation)),
      group.seedless ?? false,
    ),
  );
  const difference = right.mean - left.mean;
  let squares = 0;
  for (let u = 0; u < users; u++) squares += (right.users[u] - left.users[u] - difference) ** 2;
  const ofUsers = users > 1 ? squares / (users - 1) / users : Infinity;

  const spread = left.spread + right.spread;
  const ofSeeds = Math.max(0, spread - left.residual - right.residual);
  const share = spread > 0 ? ofSeeds / spread : 0;
  const variance = ofUsers + ofSeeds;
  const uncertainty = [left, right].reduce(
    (sum, { spread, freedom }) => sum + (freedom > 0 ? (share * spread) ** 2 / freedom : 0),
    ofUsers ** 2 / Math.max(1, users - 1),
  );
  const freedom =
    Number.isFinite(variance) && uncertainty > 0 ? variance ** 2 / uncertainty : Math.max(1, users - 1);
  const standardError = Math.sqrt(variance);
  const half = standardError > 0 ? studentHalfWidth(0.05, freedom) * standardError : 0;
  return {
    difference,
    interval: [difference - half, difference + half],
    standardError,
    freedom,
    pValue: difference === 0 ? 1 : studentTails(difference / standardError, freedom),
    variance: { users: ofUsers, seeds: ofSeeds },
    seedDeviation: { a: left.deviation, b: right.deviation },
  };
}

interface Analysis {
  readonly mean: number;
  /** [users] means over seeds. */
  readonly users: Float64Array;
  /** s² / S, what is taken off of it, and degrees of freedom of s². */
  readonly spread: number;
  readonly residual: number;
  readonly freedom: number;
  readonly deviation: number | null;
}

function analyse(seeds: readonly Float64Array[], seedless: boolean): Analysis {
  const S = seeds.length;
  const U = seeds[0].length;
  const users = new Float64Array(U);
  const means = seeds.map((values) => {
    let sum = 0;
    for (let u = 0; u < U; u++) {
      sum += values[u];
      users[u] += values[u] / S;
    }
    return sum / U;
  });
  const mean = means.reduce((a, b) => a + b, 0) / S;
  if (S === 1) return { mean, users, spread: 0, residual: 0, freedom: 0, deviation: seedless ? 0 : null };
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (S - 1);
  let squares = 0;
  seeds.forEach((values, s) => {
    const shift = mean - means[s];
    for (let u = 0; u < U; u++) squares += (values[u] - users[u] + shift) ** 2;
  });
  const residual = S > 2 && U > 1 ? squares / ((U - 1) * (S - 1)) / (S * U) : 0;
  return { mean, users, spread: variance / S, residual, freedom: S - 1, deviation: Math.sqrt(variance) };
}

/**
 * Users' shares in a metric, scaled so that their mean is the metric and their spread that of its estimate: values
 * themselves for a mean. For one over ratings, m + U · w (x − m) ÷ Σw; for its root, with x² and the slope 1 ÷ 2m
 * (Taylor).
 */
export function linearise(
  values: Float64Array,
  weights: Float64Array,
  aggregation: Aggregation,
): Float64Array {
  if (aggregation === 'mean') return values;
  const root = aggregation === 'root';
  const metric = aggregate(values, weights, aggregation);
  // The root of nothing but zeros has no slope; no user moves it.
  if (root && metric === 0) return new Float64Array(values.length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = values.length / total / (root ? 2 * metric : 1);
  const centre = root ? metric * metric : metric;
  return values.map((x, u) => metric + scale * weights[u] * ((root ? x * x : x) - centre));
}
