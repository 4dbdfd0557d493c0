import {
  areaUnderCurve,
  averagePrecisionAtK,
  hitAtK,
  hitsAtK,
  levelsOf,
  mrrAtK,
  ndcgAtK,
  PlaceSums,
} from './ties.ts';
import type { Ranks } from '../ranking/ranking.ts';

/**
 * Ranking metrics of each user from the ranks of their positives alone.
 * @param start [users + 1] into the rows of `ranks`; a user without rows gets NaN.
 * @param cuts list lengths K
 * @param together true: a user's positives are in one ranking; false: each row is a ranking of its own (sampled or
 *   given candidates) and the user's value is the mean over rows.
 */
export function rankMetrics(
  ranks: Ranks,
  start: Uint32Array,
  cuts: readonly number[],
  together: boolean,
): Record<string, Float64Array> {
  const users = start.length - 1;
  const column = (): Float64Array => new Float64Array(users).fill(NaN);
  const values: Record<string, Float64Array> = {};
  for (const name of ['hr', 'recall', 'precision', 'ndcg', 'mrr', 'map'])
    for (const k of cuts) values[`${name}@${k}`] = column();
  for (const name of ['map', 'auc', 'tieRate']) values[name] = column();
  const columns = cuts.map((k) => ({
    k,
    hr: values[`hr@${k}`],
    recall: values[`recall@${k}`],
    precision: values[`precision@${k}`],
    ndcg: values[`ndcg@${k}`],
    mrr: values[`mrr@${k}`],
    map: values[`map@${k}`],
  }));
  const places = ranks.candidates.reduce((most, n) => Math.max(most, n), Math.max(...cuts));
  const sums = new PlaceSums(places);

  for (let u = 0; u < users; u++) {
    const rows = start[u + 1] - start[u];
    if (rows === 0) continue;
    for (const name in values) values[name][u] = 0;
    const rankings = together ? 1 : rows;
    for (let r = 0; r < rankings; r++) {
      const from = start[u] + r;
      const to = together ? start[u + 1] : from + 1;
      add(u, from, to, 1 / rankings);
    }
  }
  return values;

  function add(u: number, from: number, to: number, weight: number): void {
    const levels = levelsOf(ranks.above, ranks.equal, from, to);
    const positives = to - from;
    for (const { k, hr, recall, precision, ndcg, mrr, map } of columns) {
      const hits = hitsAtK(levels, k);
      hr[u] += weight * hitAtK(levels, k);
      recall[u] += (weight * hits) / positives;
      precision[u] += (weight * hits) / k;
      ndcg[u] += weight * ndcgAtK(levels, positives, k, sums);
      mrr[u] += weight * mrrAtK(levels, k);
      map[u] += weight * averagePrecisionAtK(levels, positives, k, sums);
    }
    values.map[u] += weight * averagePrecisionAtK(levels, positives, Infinity, sums);
    values.auc[u] += weight * areaUnderCurve(levels, positives, ranks.candidates[from]);
    let tied = 0;
    for (let row = from; row < to; row++) if (ranks.equal[row] > 0) tied++;
    values.tieRate[u] += (weight * tied) / positives;
  }
}

/** Mean over the users for whom a value is defined; NaN where there is none. */
export function meanOfDefined(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
