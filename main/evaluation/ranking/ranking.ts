/**
 * What ranking is: the task, its result, and the rules that every implementation keeps (plain code in
 * `rank-users.ts`, kernels beside it).
 *
 * - A user's candidates are all items that are neither in `seen` of that user nor `excluded`.
 * - Scores compare as float32. A score that is not a number, or −∞, counts as the lowest finite one.
 * - `above` counts the candidates scored strictly higher than the positive, `equal` those with exactly its score,
 *   itself left out; other positives of the user are candidates like any other.
 * - Lists hold the highest scores first; among equal scores the lower item index comes first.
 */
import type { Scorer } from '../../model/model.ts';

/** The longest list that is stored with a run and exported. */
export const LIST_LENGTH = 50;

export interface RankingTask {
  readonly itemCount: number;
  /** Users to rank, ascending. */
  readonly users: Uint32Array;
  /** [users.length + 1]: positives of users[k] are positives[positiveStart[k] … positiveStart[k + 1] − 1]. */
  readonly positiveStart: Uint32Array;
  /** Held-out items: each is a candidate of its user, none appears twice for one user. A user may have none. */
  readonly positives: Uint32Array;
  /** [users.length + 1] into `seen`. */
  readonly seenStart: Uint32Array;
  /** Items that are not candidates for users[k]; an item may be repeated. */
  readonly seen: Uint32Array;
  /** [itemCount] 1 where the item is a candidate for nobody; null where every item is a candidate. */
  readonly excluded: Uint8Array | null;
  /** Length of the lists, 0 for none. */
  readonly listLength: number;
}

/** The best candidates of each user, best first. */
export interface TopLists {
  readonly users: Uint32Array;
  /** [users.length + 1] into items and scores; a list is shorter where candidates are fewer. */
  readonly start: Uint32Array;
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

export interface RankingResult {
  /** [positives.length] */
  readonly above: Uint32Array;
  readonly equal: Uint32Array;
  /** [users.length] number of candidates. */
  readonly candidates: Uint32Array;
  /** Users with two candidates or more, all of one score. */
  readonly constantUsers: number;
  /** Scores met that were not a number. */
  readonly notNumbers: number;
  /** Null where listLength is 0. */
  readonly lists: TopLists | null;
}

/**
 * Ranks users by a scorer. `tick` is awaited between blocks (at least every 50 ms of work) and rejects to cancel.
 */
export type RankUsers = (
  scorer: Scorer,
  task: RankingTask,
  tick?: () => Promise<void>,
) => Promise<RankingResult>;

/** Where the held-out items of an evaluation stand: what `ranks` and `lists` export, and all metrics follow from. */
export interface Ranking {
  /** Row of the ratings of each held-out item, ascending; duplicates of (user, item) and rows below `positive` are out. */
  readonly rows: Uint32Array;
  /** [rows.length] candidates scored higher than the item, and equal to it (itself left out). */
  readonly above: Uint32Array;
  readonly equal: Uint32Array;
  /** [rows.length] candidates that it was ranked among, itself included. */
  readonly candidates: Uint32Array;
  /** Top lists over all candidates of the evaluated users; null where not asked for. */
  readonly lists: TopLists | null;
}

export interface Ranks {
  /** [rows] of the held-out positives, users one after the other. */
  readonly above: Uint32Array;
  readonly equal: Uint32Array;
  readonly candidates: Uint32Array;
}
