/** Figures of lists that another tool made, by the rules and the code of every run. */
import { parseMetricKey } from '../../../shared/metrics/registry.ts';
import type { Evaluation, EvaluationRequest } from '../evaluation.ts';
import { easyUserNotes } from '../metrics/easy-users.ts';
import { listMetrics } from '../metrics/lists.ts';
import { meanOfDefined, rankMetrics } from '../metrics/ranking-metrics.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import { countsOf, heldOut, type HeldOut } from '../ranking/held-out.ts';
import { LIST_LENGTH, type Ranking, type TopLists } from '../ranking/ranking.ts';
import { rowsByUser, type ScoredRows } from './scored-rows.ts';

export type OutsideRequest = Pick<EvaluationRequest, 'ratings' | 'split' | 'config' | 'refit' | 'genres'> & {
  /** Awaited between users; rejects to cancel. */
  readonly tick?: (done: number, total: number) => Promise<void>;
};

export interface ListFigures {
  readonly evaluation: Evaluation;
  /** Rows of items that are no candidates of their user: rated before, or excluded. They are left out. */
  readonly seenRows: number;
  /** Rows whose score another row of the same user has. */
  readonly tiedRows: number;
  /** Evaluated users without a list: all of their test items count as missed. */
  readonly usersWithoutList: number;
  /** Every candidate of every evaluated user is in its list. */
  readonly complete: boolean;
  /** The longest list. */
  readonly longest: number;
  /** Keys of figures that need more than the lists hold. */
  readonly leftOut: readonly string[];
}

/** Users between two looks at the clock. */
const BATCH = 1024;

/**
 * Ranks, metrics and lists. A list orders its items by score; equal scores tie, and count by expectation. A test item
 * that is not in the list stands behind everything that is, and so is no hit, however short the list; figures over
 * more places than the longest list has are left out, and unless the lists hold every candidate those of the whole
 * ranking (AUC, MAP) and the tie rate as well.
 */
export async function evaluateLists(request: OutsideRequest, rows: ScoredRows): Promise<ListFigures> {
  const { ratings, config, genres = null, tick } = request;
  const held = heldOut({ ...request, part: 'test' });
  const counter = new ListCounter(held, ratings, config.candidates === 'train', Math.max(...config.k));
  const { start, order } = rowsByUser(rows, ratings.userCount);
  for (const [n, user] of held.users.entries()) {
    counter.take(n, order.subarray(start[user], start[user + 1]), rows);
    if (n % BATCH === 0) await tick?.(n, held.users.length);
  }
  const { longest, complete } = counter;
  const ranking: Ranking = { rows: held.positives, ...counter.ranks, lists: counter.lists() };
  const metrics: Record<string, number> = {};
  const values: Record<string, Float64Array> = {};
  const leftOut: string[] = [];
  const reaches = (key: string): boolean => {
    const { k, name } = parseMetricKey(key);
    return complete || (k !== null && k <= longest && name !== 'tieRate');
  };
  for (const [key, perUser] of Object.entries(rankMetrics(ranking, held.positiveStart, config.k, true))) {
    const mean = meanOfDefined(perUser);
    if (!reaches(key)) leftOut.push(key);
    else {
      values[key] = perUser;
      if (!Number.isNaN(mean)) metrics[key] = mean;
    }
  }
  const cuts = config.k.filter((k) => k <= LIST_LENGTH && (complete || k <= longest)).sort((a, b) => a - b);
  const listed = listMetrics(ranking.lists as TopLists, held, cuts, genres, null);
  Object.assign(metrics, listed.metrics);
  Object.assign(values, listed.perUser);
  if (genres === null) leftOut.push(...cuts.map((k) => `diversity@${k}`));
  return {
    evaluation: {
      metrics,
      perUser: { users: held.users, values, ratings: new Uint32Array(held.users.length) },
      ranking,
      predictions: null,
      counts: countsOf(held, 0),
      diversityBy: listed.diversityBy,
      alarms: easyUserNotes(ranking, ratings, config.k, ''),
    },
    seenRows: counter.seenRows,
    tiedRows: counter.tiedRows,
    usersWithoutList: counter.withoutList,
    complete,
    longest,
    leftOut,
  };
}

/** Takes the lists of the evaluated users one by one. */
class ListCounter {
  readonly #held: HeldOut;
  readonly #itemOf: Uint32Array;
  readonly #itemCount: number;
  readonly #untrained: Uint8Array;
  readonly #untrainedCount: number;
  readonly #longestCut: number;
  /** [itemCount] the user, by number, that an item is no candidate of; and place and group of what is listed. */
  readonly #noCandidate: Int32Array;
  readonly #listedFor: Int32Array;
  readonly #above: Uint32Array;
  readonly #equal: Uint32Array;
  readonly #start: Uint32Array;
  readonly #items: number[] = [];
  readonly #scores: number[] = [];
  readonly ranks: { above: Uint32Array; equal: Uint32Array; candidates: Uint32Array };
  seenRows = 0;
  tiedRows = 0;
  withoutList = 0;
  longest = 0;
  complete = true;

  constructor(held: HeldOut, { item, itemCount }: Ratings, trainedOnly: boolean, longestCut: number) {
    this.#held = held;
    this.#itemCount = itemCount;
    this.#longestCut = longestCut;
    this.#untrained = Uint8Array.from(held.trainCount, (rows) => (trainedOnly && rows === 0 ? 1 : 0));
    this.#untrainedCount = this.#untrained.reduce((sum, out) => sum + out, 0);
    this.#noCandidate = new Int32Array(itemCount).fill(-1);
    this.#listedFor = new Int32Array(itemCount).fill(-1);
    this.#above = new Uint32Array(itemCount);
    this.#equal = new Uint32Array(itemCount);
    this.#start = new Uint32Array(held.users.length + 1);
    const count = held.positives.length;
    const ranks = (): Uint32Array => new Uint32Array(count);
    this.ranks = { above: ranks(), equal: ranks(), candidates: ranks() };
    this.#itemOf = held.positives.map((row) => item[row]);
  }

  /** @param mine numbers of the user's rows */
  take(n: number, mine: Uint32Array, { item, score, place }: ScoredRows): void {
    const candidates = this.#candidatesOf(n);
    const listed = Array.from(mine.filter((row) => this.#isCandidate(n, item[row])));
    this.seenRows += mine.length - listed.length;
    listed.sort((a, b) => score[b] - score[a] || place[a] - place[b] || a - b);
    for (let from = 0; from < listed.length;) {
      let to = from + 1;
      while (to < listed.length && score[listed[to]] === score[listed[from]]) to++;
      if (to - from > 1) this.tiedRows += to - from;
      for (const row of listed.slice(from, to)) {
        this.#listedFor[item[row]] = n;
        this.#above[item[row]] = from;
        this.#equal[item[row]] = to - from - 1;
      }
      from = to;
    }
    for (const row of listed.slice(0, LIST_LENGTH)) {
      this.#items.push(item[row]);
      this.#scores.push(score[row]);
    }
    this.#start[n + 1] = this.#items.length;
    if (listed.length === 0) this.withoutList++;
    this.longest = Math.max(this.longest, listed.length);
    this.complete &&= listed.length === candidates;
    this.#rank(n, candidates);
  }

  #rank(n: number, candidates: number): void {
    const { positiveStart, missed } = this.#held;
    const [from, to] = [positiveStart[n], positiveStart[n + 1]];
    const { above, equal, candidates: among } = this.ranks;
    const isUnlisted = (at: number): boolean => !missed[at] && this.#listedFor[this.#itemOf[at]] !== n;
    let [missedCount, unlistedCount] = [0, 0];
    for (let at = from; at < to; at++) {
      missedCount += missed[at];
      if (isUnlisted(at)) unlistedCount++;
    }
    for (let at = from; at < to; at++) {
      const item = this.#itemOf[at];
      among[at] = candidates + missedCount;
      if (missed[at]) {
        above[at] = candidates;
        equal[at] = missedCount - 1;
      } else if (isUnlisted(at)) {
        // Behind every place that a figure looks at, even where the user has fewer candidates than that.
        above[at] = Math.max(candidates, this.#longestCut);
        equal[at] = unlistedCount - 1;
      } else {
        above[at] = this.#above[item];
        equal[at] = this.#equal[item];
      }
    }
  }

  /** Marks what is no candidate of the user, and counts what is. */
  #candidatesOf(n: number): number {
    const { seen, seenStart } = this.#held;
    let out = this.#untrainedCount;
    for (let k = seenStart[n]; k < seenStart[n + 1]; k++) {
      if (this.#noCandidate[seen[k]] === n) continue;
      this.#noCandidate[seen[k]] = n;
      if (this.#untrained[seen[k]] === 0) out++;
    }
    return this.#itemCount - out;
  }

  #isCandidate(n: number, item: number): boolean {
    return this.#noCandidate[item] !== n && this.#untrained[item] === 0;
  }

  lists(): TopLists {
    return {
      users: this.#held.users,
      start: this.#start,
      items: Uint32Array.from(this.#items),
      scores: Float32Array.from(this.#scores),
    };
  }
}
