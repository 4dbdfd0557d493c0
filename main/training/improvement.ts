/** Whether validation got better by more than the chance of which users are in it. */
import { aggregationOf, findMetricKey, metricDirection } from '../../shared/metrics/registry.ts';
import type { PerUser } from '../evaluation/evaluation.ts';

/** The target of one epoch, user by user: what makes it a sum over users. */
export interface TargetByUser {
  /** [users]; squared where the figure is a root of a mean of squares. NaN where a user has none. */
  readonly values: Float64Array;
  /** [users] a user's weight in the mean: ratings predicted, or 1. */
  readonly weights: Float64Array;
}

/** The target's values of users, or null where it is not taken by user. */
export function targetByUser(target: string, { values, ratings }: PerUser): TargetByUser | null {
  const key = findMetricKey(Object.keys(values), target);
  if (key === undefined) return null;
  const of = values[key];
  const rule = aggregationOf(target);
  return {
    values: rule === 'root' ? of.map((value) => value * value) : of,
    weights: rule === 'mean' ? new Float64Array(of.length).fill(1) : Float64Array.from(ratings),
  };
}

/**
 * By how many standard errors `after` is better than `before`, of the same users in the same order: D / SE with
 * D = Σ w_u d_u / Σ w_u of the differences d_u in the metric's direction, and SE = √(U / (U − 1) Σ w_u² (d_u − D)²) / Σ w_u
 * (the ratio estimator with users as clusters). Negative where it is worse; infinite where no user differs from another.
 */
export function standardErrorsBetter(target: string, before: TargetByUser, after: TargetByUser): number {
  const direction = metricDirection(target);
  const difference = (u: number): number => direction * (after.values[u] - before.values[u]);
  let [users, weight, sum] = [0, 0, 0];
  for (let u = 0; u < after.values.length; u++) {
    const d = difference(u);
    if (Number.isNaN(d) || after.weights[u] === 0) continue;
    users++;
    weight += after.weights[u];
    sum += after.weights[u] * d;
  }
  if (users === 0 || sum === 0) return 0;
  const mean = sum / weight;
  let squares = 0;
  for (let u = 0; u < after.values.length; u++) {
    const d = difference(u);
    if (!Number.isNaN(d)) squares += (after.weights[u] * (d - mean)) ** 2;
  }
  return sum / Math.sqrt((squares * users) / Math.max(1, users - 1));
}
