/** What a metric is: one object that says what it means, how it is computed and how it is aggregated. */
import type { Level, PlaceSums } from './ties.ts';

/**
 * How users' values become one figure: their mean, their mean weighted by ratings, or the root of the weighted mean of
 * their squares (errors are over ratings, not over users).
 */
export type Aggregation = 'mean' | 'weighted' | 'root';

interface Words {
  /** Key without prefix and K. */
  readonly name: string;
  readonly title: string;
  readonly better: 'higher' | 'lower';
  /** Unit in words, empty for a pure number or share. */
  readonly unit: string;
  readonly definition: string;
  /** K, T (the user's test items), C (candidates): plain text with Unicode. */
  readonly formula: string;
  /** The same in LaTeX, for the glossary. */
  readonly latex: string;
  readonly reference: string;
  /** Takes a list length K (`hr@10`), none (`auc`), or either (`map@10`, `map`). */
  readonly lengths: 'cut' | 'whole' | 'both';
  /** Has a value for each user: comparisons are paired by user. */
  readonly perUser: boolean;
  readonly aggregation: Aggregation;
  /** Offered as the figure that chooses the best epoch. */
  readonly choosesEpoch: boolean;
}

/** The ranks of one user's test items among the candidates. */
export interface UserRanking {
  /** Levels of tied candidates that hold test items, best first. */
  readonly levels: readonly Level[];
  /** T, the user's test items. */
  readonly positives: number;
  /** C, candidates with the test items. */
  readonly candidates: number;
  /** Test items whose score another candidate shares. */
  readonly tied: number;
  readonly sums: PlaceSums;
}

export interface RankingMetric extends Words {
  readonly family: 'ranking';
  /** The user's value; `k` is Infinity without a cut. NaN where it is not defined. */
  ofUser(ranking: UserRanking, k: number): number;
}

export interface RatingMetric extends Words {
  readonly family: 'ratings';
  /** Predictions are clipped to the rating scale first. */
  readonly clipped: boolean;
  /** What an error r̂ − r adds to the sum whose mean is taken. */
  ofError(error: number): number;
}

/** Top lists of users, one after the other: user u has places start[u] … start[u + 1] − 1 of `items`. */
export interface UserLists {
  /** [users + 1] */
  readonly start: Uint32Array;
  readonly items: Uint32Array;
}

/** What list metrics know of the items. */
export interface ListFacts {
  /** [itemCount] train rows of each item. */
  readonly trainCount: Uint32Array;
  /** Users with a train row. */
  readonly trainUsers: number;
  /** Genres of the items (0 or 1), or their factors, [itemCount, size]; null where neither is known. */
  readonly vectors: { readonly values: Float32Array; readonly size: number } | null;
}

/** Of all lists together: how often each item is shown. */
export interface ExposureMetric extends Words {
  readonly family: 'lists';
  readonly perUser: false;
  /** @param counts [itemCount] how often each item is among the first K of a list */
  ofExposure(counts: Uint32Array): number;
}

/** Of each list alone. */
export interface ListMetric extends Words {
  readonly family: 'lists';
  readonly perUser: true;
  /**
   * [users] for each of the cuts; NaN where a list has no value; null where the facts that it needs are not there.
   * @param cuts ascending
   */
  ofLists(lists: UserLists, facts: ListFacts, cuts: readonly number[]): Float64Array[] | null;
}

export type MetricDefinition = RankingMetric | RatingMetric | ExposureMetric | ListMetric;

/** McSherry & Najork: every ranking metric here is its expectation over the orders of tied candidates. */
export const tiesReference =
  'McSherry & Najork, Computing information retrieval performance measures efficiently in the presence of tied scores, ECIR 2008';

/** What the ranking metrics share unless they say otherwise. */
export const rankingDefaults = {
  family: 'ranking',
  better: 'higher',
  unit: '',
  reference: tiesReference,
  lengths: 'cut',
  perUser: true,
  aggregation: 'mean',
  choosesEpoch: true,
} as const;

/** What the errors of predicted ratings share. */
export const ratingDefaults = {
  family: 'ratings',
  better: 'lower',
  unit: 'rating points',
  reference: 'Herlocker et al., Evaluating collaborative filtering recommender systems, TOIS 2004',
  lengths: 'whole',
  perUser: true,
} as const;

/** What the metrics of top lists share. */
export const listDefaults = {
  family: 'lists',
  better: 'higher',
  unit: '',
  lengths: 'cut',
  aggregation: 'mean',
  choosesEpoch: false,
} as const;
