import { aggregationOf } from '../../../shared/metrics/registry.ts';
import { Z95 } from '../../numeric/normal.ts';

/**
 * 95 % interval (normal) of a metric that is a mean over users; null for one that is not, or of fewer than two users.
 * @param values of users, NaN where the metric is undefined
 * @param mean of them
 */
export function meanInterval(
  values: Float64Array,
  mean: number,
  metric: string,
): [low: number, high: number] | null {
  if (aggregationOf(metric) !== 'mean') return null;
  const defined = values.filter((value) => !Number.isNaN(value));
  if (defined.length < 2) return null;
  const centre = defined.reduce((a, b) => a + b, 0) / defined.length;
  const variance = defined.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (defined.length - 1);
  const half = Z95 * Math.sqrt(variance / defined.length);
  return [mean - half, mean + half];
}
