import type { RankingMetric, UserRanking } from '../../../shared/metrics/metric.ts';
import { metrics } from '../../../shared/metrics/registry.ts';
import { levelsOf, PlaceSums } from '../../../shared/metrics/ties.ts';
import type { Ranks } from '../ranking/ranking.ts';

const rankingMetrics = metrics.filter((metric): metric is RankingMetric => metric.family === 'ranking');

/** A metric at one list length: a column of values by user. */
interface Column {
  readonly key: string;
  readonly metric: RankingMetric;
  /** Infinity without a cut. */
  readonly k: number;
  readonly values: Float64Array;
}

/**
 * Ranking metrics of each user from the ranks of their positives alone, by key.
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
  const columns = columnsOf(cuts, users);
  const places = ranks.candidates.reduce((most, n) => Math.max(most, n), Math.max(...cuts));
  const sums = new PlaceSums(places);
  for (let u = 0; u < users; u++) {
    const rows = start[u + 1] - start[u];
    if (rows === 0) continue;
    for (const { values } of columns) values[u] = 0;
    const rankings = together ? 1 : rows;
    for (let r = 0; r < rankings; r++) {
      const from = start[u] + r;
      const ranking = userRanking(ranks, from, together ? start[u + 1] : from + 1, sums);
      for (const { metric, k, values } of columns) values[u] += metric.ofUser(ranking, k) / rankings;
    }
  }
  return Object.fromEntries(columns.map(({ key, values }) => [key, values]));
}

/** All keys: those with a list length first, then those over the whole ranking. */
function columnsOf(cuts: readonly number[], users: number): Column[] {
  const column = (key: string, metric: RankingMetric, k: number): Column => {
    return { key, metric, k, values: new Float64Array(users).fill(NaN) };
  };
  const cut = rankingMetrics.filter(({ lengths }) => lengths !== 'whole');
  const whole = rankingMetrics.filter(({ lengths }) => lengths !== 'cut');
  return [
    ...cut.flatMap((metric) => cuts.map((k) => column(`${metric.name}@${k}`, metric, k))),
    ...whole.map((metric) => column(metric.name, metric, Infinity)),
  ];
}

function userRanking(
  { above, equal, candidates }: Ranks,
  from: number,
  to: number,
  sums: PlaceSums,
): UserRanking {
  let tied = 0;
  for (let row = from; row < to; row++) if (equal[row] > 0) tied++;
  const levels = levelsOf(above, equal, from, to);
  return { levels, positives: to - from, candidates: candidates[from], tied, sums };
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
