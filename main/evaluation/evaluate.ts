import { TEST, VALIDATION, type Ratings } from '../ratings/ratings.ts';
import { ranksSampledCandidates, candidatesOf, rankCandidates } from './ranking/candidates.ts';
import type { Evaluation, EvaluationRequest } from './evaluation.ts';
import { countsOf, heldOut, type HeldOut } from './ranking/held-out.ts';
import { easyUserNotes } from './metrics/easy-users.ts';
import { showRatings } from './ranking/list-scores.ts';
import { listMetrics, type ListMetrics } from './metrics/lists.ts';
import { meanOfDefined, rankMetrics } from './metrics/ranking-metrics.ts';
import { ratingErrors } from './metrics/rating-errors.ts';
import { rankUsers } from './ranking/rank-users.ts';
import { LIST_LENGTH, type Ranking, type RankingResult } from './ranking/ranking.ts';

export type * from './evaluation.ts';

/**
 * Evaluates a scorer on one part of a split: every metric of shared/metrics/, by user where it has users. Ranking
 * metrics are functions of `ranking`, list metrics of its lists (so of the first 50 places at most), errors of
 * `predictions`: whoever has the exported files can compute them again.
 *
 * Full ranking unless `config.candidates` is `given` or `sampledN`; then the ranks, and the metrics that follow from
 * them, are over those candidates and carry their name as prefix, while lists stay those of full ranking.
 * @throws WorkbenchError where candidates are `given` and the split has none.
 */
export async function evaluate(request: EvaluationRequest): Promise<Evaluation> {
  const { ratings, config, scorer, kind } = request;
  const want = request.want ?? {
    ratings: kind === 'ratings' && !ratings.implicit,
    ranking: true,
    lists: true,
  };
  const held = heldOut(request);
  const metrics: Record<string, number> = {};
  const values: Record<string, Float64Array> = {};
  const alarms: string[] = [];

  let predictions: Evaluation['predictions'] = null;
  if (want.ratings) {
    predictions = { rows: held.rows, values: await predict(request, held) };
    const actual = new Float32Array(held.rows.length);
    for (let n = 0; n < actual.length; n++) actual[n] = ratings.value[held.rows[n]];
    const errors = ratingErrors(predictions.values, actual, held.start, ratings);
    if (Number.isNaN(errors.metrics.rmse)) alarms.push('Some predicted ratings are not numbers.');
    else Object.assign(metrics, errors.metrics);
    Object.assign(values, errors.perUser);
  }

  let ranking: Ranking | null = null;
  let constantUsers = 0;
  let listed: ListMetrics | null = null;
  if (want.ranking) {
    const sampled = ranksSampledCandidates(config);
    const full = !sampled || want.lists ? await rankAll(request, held, !sampled, want.lists) : null;
    const ranks = sampled ? await rankSampled(request, held) : withMissed(held, full as RankingResult);
    const prefix = sampled ? `${(ranks as SampledRanks).name}/` : '';
    ranking = { rows: held.positives, ...ranks, lists: full?.lists ?? null };
    const perUser = rankMetrics(ranking, held.positiveStart, config.k, !sampled);
    for (const name in perUser) {
      values[prefix + name] = perUser[name];
      const mean = meanOfDefined(perUser[name]);
      if (!Number.isNaN(mean)) metrics[prefix + name] = mean;
    }
    constantUsers = full ? full.constantUsers : 0;
    alarms.push(...rankingAlarms(held, full, sampled ? (ranks as SampledRanks) : null));
    alarms.push(...easyUserNotes(ranking, ratings, config.k, prefix.slice(0, -1)));
    if (ranking.lists) {
      const cuts = config.k.filter((k) => k <= LIST_LENGTH).sort((a, b) => a - b);
      listed = listMetrics(ranking.lists, held, cuts, request.genres ?? null, scorer.factors ?? null);
      Object.assign(metrics, listed.metrics);
      Object.assign(values, listed.perUser);
    }
  }

  return {
    metrics,
    perUser: { users: held.users, values, ratings: ratingCounts(held, want.ratings) },
    ranking,
    predictions,
    counts: countsOf(held, constantUsers),
    diversityBy: listed?.diversityBy ?? null,
    alarms,
  };
}

function ratingCounts(held: HeldOut, predicted: boolean): Uint32Array {
  return Uint32Array.from(held.users, (_, u) => (predicted ? held.start[u + 1] - held.start[u] : 0));
}

/** Predicted ratings of every held-out row, [rows], in batches. */
async function predict(request: EvaluationRequest, held: HeldOut): Promise<Float32Array> {
  const batch = 1 << 16;
  const rows = held.rows.length;
  const users = new Uint32Array(rows);
  held.users.forEach((u, k) => users.fill(u, held.start[k], held.start[k + 1]));
  const items = held.rows.map((row) => request.ratings.item[row]);
  const values = new Float32Array(rows);
  for (let from = 0; from < rows; from += batch) {
    const to = Math.min(from + batch, rows);
    values.set(await request.scorer.predict(users.subarray(from, to), items.subarray(from, to)), from);
    await request.tick?.();
  }
  return values;
}

/** Full ranking of the positives that are candidates, with lists or without. */
async function rankAll(
  request: EvaluationRequest,
  held: HeldOut,
  withRanks: boolean,
  withLists: boolean,
): Promise<RankingResult> {
  const { ratings, config, scorer } = request;
  const kept = new Uint32Array(withRanks ? held.positives.length : 0);
  let count = 0;
  const positiveStart = new Uint32Array(held.users.length + 1);
  for (let u = 0; u < held.users.length; u++) {
    for (let p = held.positiveStart[u]; withRanks && p < held.positiveStart[u + 1]; p++)
      if (!held.missed[p]) kept[count++] = ratings.item[held.positives[p]];
    positiveStart[u + 1] = count;
  }
  const task = {
    itemCount: ratings.itemCount,
    users: held.users,
    positiveStart,
    positives: kept.subarray(0, count),
    seenStart: held.seenStart,
    seen: held.seen,
    excluded:
      config.candidates === 'train' ? Uint8Array.from(held.trainCount, (n) => (n === 0 ? 1 : 0)) : null,
    listLength: withLists ? LIST_LENGTH : 0,
  };
  const result = await (request.rank ?? rankUsers)(scorer, task, request.tick);
  if (result.lists && request.kind === 'ratings' && scorer.factors) await showRatings(scorer, result.lists);
  return result;
}

/** Ranks of all positives: those that are no candidates stand behind all that are, tied with each other. */
function withMissed(held: HeldOut, full: RankingResult): Omit<Ranking, 'rows' | 'lists'> {
  const count = held.positives.length;
  const above = new Uint32Array(count);
  const equal = new Uint32Array(count);
  const candidates = new Uint32Array(count);
  let kept = 0;
  for (let u = 0; u < held.users.length; u++) {
    let missed = 0;
    for (let p = held.positiveStart[u]; p < held.positiveStart[u + 1]; p++) missed += held.missed[p];
    for (let p = held.positiveStart[u]; p < held.positiveStart[u + 1]; p++) {
      candidates[p] = full.candidates[u] + missed;
      above[p] = held.missed[p] ? full.candidates[u] : full.above[kept];
      equal[p] = held.missed[p] ? missed - 1 : full.equal[kept];
      if (!held.missed[p]) kept++;
    }
  }
  return { above, equal, candidates };
}

interface SampledRanks extends Omit<Ranking, 'rows' | 'lists'> {
  /** How the candidates are named beside a metric, such as `given99` or `sampled99`. */
  readonly name: string;
  readonly constantRows: number;
  readonly notNumbers: number;
}

/** Ranks over given or sampled candidates. */
async function rankSampled(request: EvaluationRequest, held: HeldOut): Promise<SampledRanks> {
  const { ratings, split, part, config, scorer, tick } = request;
  const { candidates, name } = candidatesOf(ratings, split, part, config);
  const users = new Uint32Array(held.positives.length);
  held.users.forEach((u, k) => users.fill(u, held.positiveStart[k], held.positiveStart[k + 1]));
  const items = held.positives.map((row) => ratings.item[row]);
  const order = orderInPart(ratings, split.part, part === 'test' ? TEST : VALIDATION, held.positives);
  const ranks = await rankCandidates(scorer, users, items, candidates, order, tick);
  return { ...ranks, name };
}

/** For each of some rows of a part, its number among all rows of the part. */
function orderInPart(ratings: Ratings, part: Uint8Array, mark: number, rows: Uint32Array): Uint32Array {
  const order = new Uint32Array(rows.length);
  let number = 0;
  for (let row = 0, k = 0; row < ratings.item.length && k < rows.length; row++) {
    if (row === rows[k]) order[k++] = number;
    if (part[row] === mark) number++;
  }
  return order;
}

function rankingAlarms(held: HeldOut, full: RankingResult | null, sampled: SampledRanks | null): string[] {
  const alarms: string[] = [];
  const say = (n: number, of: number, what: string): void => {
    if (n > 0) alarms.push(`${n === of ? 'All' : `${n} of`} ${of} ${what}`);
  };
  say(full?.constantUsers ?? 0, held.users.length, 'users got one and the same score for every candidate.');
  say(
    sampled?.constantRows ?? 0,
    held.positives.length,
    'test items were tied with all of their candidates.',
  );
  const notNumbers = (full?.notNumbers ?? 0) + (sampled?.notNumbers ?? 0);
  if (notNumbers > 0) alarms.push(`${notNumbers} scores were not numbers; they rank last.`);
  return alarms;
}
