export interface RatingErrors {
  /** rmse, rmseClipped, mae, maeClipped over all rows. */
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
  const names = ['rmse', 'rmseClipped', 'mae', 'maeClipped'];
  const perUser = Object.fromEntries(names.map((name) => [name, new Float64Array(users).fill(NaN)]));
  const totals = [0, 0, 0, 0];
  for (let u = 0; u < users; u++) {
    const rows = start[u + 1] - start[u];
    const sums = [0, 0, 0, 0];
    for (let row = start[u]; row < start[u + 1]; row++) {
      const error = predicted[row] - actual[row];
      const clipped = Math.min(scale.maximum, Math.max(scale.minimum, predicted[row])) - actual[row];
      sums[0] += error * error;
      sums[1] += clipped * clipped;
      sums[2] += Math.abs(error);
      sums[3] += Math.abs(clipped);
    }
    for (let m = 0; m < 4; m++) {
      totals[m] += sums[m];
      if (rows > 0) perUser[names[m]][u] = m < 2 ? Math.sqrt(sums[m] / rows) : sums[m] / rows;
    }
  }
  const mean = totals.map((total) => total / predicted.length);
  return {
    metrics: { rmse: Math.sqrt(mean[0]), rmseClipped: Math.sqrt(mean[1]), mae: mean[2], maeClipped: mean[3] },
    perUser,
  };
}
