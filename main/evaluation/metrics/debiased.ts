/** Ranking metrics that take off the part of popularity in what was observed at all. */
import type { Ranks } from '../ranking/ranking.ts';

/**
 * [itemCount] chance, up to a factor, that a liked item is observed: train rows to the power (γ + 1) ÷ 2 (Yang et al.,
 * Unbiased offline recommender evaluation for missing-not-at-random implicit feedback, RecSys 2018, §3.3). An item
 * without a train row counts as one with one.
 * @param gamma exponent of the power law of popularity; 0 … 3, and 1 makes the chance proportional to the rows
 */
export function propensities(trainCount: Uint32Array, gamma = 1.5): Float64Array {
  return Float64Array.from(trainCount, (count) => Math.max(count, 1) ** ((gamma + 1) / 2));
}

/**
 * Self-normalised inverse propensity scores (Swaminathan & Joachims, NeurIPS 2015; Yang et al. 2018): each test item of
 * a user weighs 1 ÷ its propensity, and the weights of a user sum to 1. `recall` is the weight of the hits in the first
 * k, `dcg` sums weight ÷ log₂(place + 1) over them. Ties by expectation over the places of the tied candidates.
 * @param start [users + 1] into the rows of `ranks`; a user without rows gets NaN
 * @param items [rows] the item of each row
 */
export function debiasedMetrics(
  ranks: Ranks,
  start: Uint32Array,
  items: Uint32Array,
  propensity: Float64Array,
  k: number,
): { recall: Float64Array; dcg: Float64Array } {
  const users = start.length - 1;
  const discount = new Float64Array(k + 1);
  for (let p = 1; p <= k; p++) discount[p] = discount[p - 1] + 1 / Math.log2(p + 1);
  const recall = new Float64Array(users).fill(NaN);
  const dcg = new Float64Array(users).fill(NaN);
  for (let u = 0; u < users; u++) {
    let [total, hits, gain] = [0, 0, 0];
    for (let row = start[u]; row < start[u + 1]; row++) {
      const weight = 1 / propensity[items[row]];
      const places = ranks.equal[row] + 1;
      const first = Math.min(k, ranks.above[row]);
      const last = Math.min(k, ranks.above[row] + places);
      total += weight;
      hits += (weight * (last - first)) / places;
      gain += (weight * (discount[last] - discount[first])) / places;
    }
    if (total === 0) continue;
    recall[u] = hits / total;
    dcg[u] = gain / total;
  }
  return { recall, dcg };
}
