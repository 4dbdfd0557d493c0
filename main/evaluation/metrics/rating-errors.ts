import type { RatingMetric } from '../../../shared/metrics/metric.ts';
import { metrics } from '../../../shared/metrics/registry.ts';

const ratingMetrics = metrics.filter((metric): metric is RatingMetric => metric.family === 'ratings');

export interface RatingErrors {
  /** By key, over all rows. */
  readonly metrics: Record<string, number>;
  /** The same for each user, NaN without rows. */
  readonly perUser: Record<string, Float64Array>;
}

/**
 * Errors of predicted ratings, over all rows (not the mean of users' values), as they are and clipped to the scale.
 * @param start [users + 1] into predicted and actual [rows]
 * @param scale smallest and largest rating of the data set
 */
export function ratingErrors(
  predicted: Float32Array,
  actual: Float32Array,
  start: Uint32Array,
  scale: { readonly minimum: number; readonly maximum: number },
): RatingErrors {
  const users = start.length - 1;
  const errors: RatingErrors = { metrics: {}, perUser: {} };
  for (const { name, clipped, ofError, aggregation } of ratingMetrics) {
    const finish = (mean: number): number => (aggregation === 'root' ? Math.sqrt(mean) : mean);
    const values = new Float64Array(users).fill(NaN);
    let total = 0;
    for (let u = 0; u < users; u++) {
      let sum = 0;
      for (let row = start[u]; row < start[u + 1]; row++) {
        const prediction = clipped ? clip(predicted[row], scale) : predicted[row];
        sum += ofError(prediction - actual[row]);
      }
      total += sum;
      const rows = start[u + 1] - start[u];
      if (rows > 0) values[u] = finish(sum / rows);
    }
    errors.metrics[name] = finish(total / predicted.length);
    errors.perUser[name] = values;
  }
  return errors;
}

function clip(value: number, { minimum, maximum }: { minimum: number; maximum: number }): number {
  return Math.min(maximum, Math.max(minimum, value));
}
