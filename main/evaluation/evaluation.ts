/** What an evaluation is asked and what it answers. */
import type { EvaluationConfig } from '../../shared/config.ts';
import type { Ratings } from '../ratings/ratings.ts';
import type { ModelDefinition, Scorer } from '../model/model.ts';
import type { Ranking, RankUsers } from './ranking/ranking.ts';
import type { Split } from '../ratings/split.ts';

/** Features of items, for the diversity of lists: genres as 0/1, or latent factors. */
export interface ItemVectors {
  /** [itemCount, size], row-major. An item whose row is all 0 has none known. */
  readonly values: Float32Array;
  readonly size: number;
}

export interface EvaluationRequest {
  readonly ratings: Ratings;
  readonly split: Split;
  /** `validation` masks the train rows of a user, `test` train and validation rows. */
  readonly part: 'validation' | 'test';
  readonly scorer: Scorer;
  readonly kind: ModelDefinition['kind'];
  readonly config: EvaluationConfig;
  /** The scorer was trained on train + validation: an item with a row in either is known to it. */
  readonly refit?: boolean;
  /** Only these users, ascending: the sample of the validation after an epoch. */
  readonly users?: Uint32Array;
  /** What to compute. Default: ratings for kind `ratings` on explicit data, ranking and lists always. */
  readonly want?: { readonly ratings: boolean; readonly ranking: boolean; readonly lists: boolean };
  /** A faster ranking than the plain one, with the same rules. */
  readonly rank?: RankUsers;
  /** Genres of the items; without them the scorer's factors measure diversity, without both it is left out. */
  readonly genres?: ItemVectors | null;
  /** Awaited between blocks; rejects to cancel. */
  readonly tick?: () => Promise<void>;
}

export interface PerUser {
  /** Users with a row in the part, ascending. */
  readonly users: Uint32Array;
  /** [users.length] for each metric that is taken by user; NaN where it is undefined for the user. */
  readonly values: Record<string, Float64Array>;
  /** [users.length] ratings predicted, the weight of a user's rmse and mae. */
  readonly ratings: Uint32Array;
}

export interface EvaluationCounts {
  readonly users: number;
  /** Users of the data set (or of the sample) without a held-out row: left out. */
  readonly usersWithoutTest: number;
  /** Held-out rows, and the positives among them that are ranked. */
  readonly rows: number;
  readonly positives: number;
  /** Evaluated users and distinct held-out items without a row that the model was trained on. */
  readonly coldUsers: number;
  readonly coldItems: number;
  /** Held-out rows of a cold user or item. */
  readonly coldRows: number;
  /** Held-out items that are no candidates (seen, or unknown under `train`): they stand behind every candidate. */
  readonly notCandidates: number;
  /** Second and later held-out rows of one user and item: ranked once. */
  readonly duplicates: number;
  /** Users whose candidates all got one score. */
  readonly constantUsers: number;
}

export interface Evaluation {
  /** By the keys of shared/metrics/. */
  readonly metrics: Record<string, number>;
  readonly perUser: PerUser;
  readonly ranking: Ranking | null;
  /** Of each held-out row, unclipped. */
  readonly predictions: { readonly rows: Uint32Array; readonly values: Float32Array } | null;
  readonly counts: EvaluationCounts;
  /** What `diversity@K` is measured by. */
  readonly diversityBy: 'genres' | 'factors' | null;
  /** Sentences on what makes the figures doubtful: constant scores, scores that are not numbers. */
  readonly alarms: readonly string[];
}
