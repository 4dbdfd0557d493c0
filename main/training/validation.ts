/** Validation: after each epoch on all users or a fixed sample, in the end on all of them. */
import type { Parameters } from '../../shared/config.ts';
import type { Split } from '../ratings/split.ts';
import { VALIDATION, type Ratings } from '../ratings/ratings.ts';
import type { Evaluation, EvaluationRequest } from '../evaluation/evaluation.ts';
import type { RankUsers } from '../evaluation/ranking/ranking.ts';
import { sizeOf } from '../model/counts.ts';
import type { ModelDefinition, Scorer } from '../model/model.ts';
import { Random } from '../numeric/random.ts';
import { type TargetByUser, targetByUser } from './improvement.ts';
import { isRatingError } from './targets.ts';
import type { Evaluate } from './trial.ts';

/** The smallest sample: below it the target's noise would choose the epoch. */
export const SMALLEST_SAMPLE = 2000;

/**
 * Multiplications and additions of a ranking that is never too long after an epoch: a quarter of a second on two cores.
 */
const FREE_OPERATIONS = 5e9;

/** Seed of the sample: fixed, so that runs on one split see the same users. */
const SAMPLE_SEED = 1;

/**
 * User–item pairs that are ranked in the time of training one example, by the model's cost; rounded down from
 * measurements. A rule on counts instead of a clock: the sample may not depend on how busy the machine is.
 */
const pairsPerExample: Record<ModelDefinition['cost'], number> = { fast: 10, medium: 5, slow: 400 };

export interface ValidatorOptions {
  readonly ratings: Ratings;
  readonly split: Split;
  readonly definition: ModelDefinition;
  readonly config: EvaluationRequest['config'];
  readonly genres: EvaluationRequest['genres'];
  readonly rank: RankUsers | undefined;
  readonly evaluate: Evaluate;
  readonly examplesPerEpoch: number;
  readonly parameters: Parameters;
  /** The metric that chooses the epoch. */
  readonly target: string;
}

/** Figures after an epoch. */
export interface Validated {
  readonly metrics: Record<string, number>;
  readonly byUser: TargetByUser | null;
}

export class Validator {
  readonly #options: ValidatorOptions;
  /** Users ranked after an epoch; null: all. */
  readonly #sample: Uint32Array | null;
  /** What a reader should know of the sample, or null. */
  readonly note: string | null;

  constructor(options: ValidatorOptions) {
    this.#options = options;
    const users = usersWithValidation(options.ratings, options.split);
    const size = sampleSize(users.length, options);
    this.#sample = size < users.length ? sampleUsers(users, size) : null;
    // Without epochs no epoch is chosen by a sample, and the validation figures are of all users.
    this.note = this.#sample && options.definition.iterative ? sampleNote(size, users.length) : null;
  }

  /** The figures after an epoch: ratings of all users, rankings of the sample; the target user by user. */
  async afterEpoch(scorer: Scorer, tick: () => Promise<void>): Promise<Validated> {
    const ratings = this.#rates;
    const { target } = this.#options;
    if (!this.#sample) {
      const whole = await this.#evaluate(scorer, { ratings, ranking: true, lists: false }, tick);
      return { metrics: whole.metrics, byUser: targetByUser(target, whole.perUser) };
    }
    const sampled = { ratings: false, ranking: true, lists: false };
    const ranked = await this.#evaluate(scorer, sampled, tick, this.#sample);
    const byUser = targetByUser(target, ranked.perUser);
    if (!ratings) return { metrics: ranked.metrics, byUser };
    const rated = await this.#evaluate(scorer, { ratings: true, ranking: false, lists: false }, tick);
    return {
      metrics: { ...rated.metrics, ...ranked.metrics },
      byUser: byUser ?? targetByUser(target, rated.perUser),
    };
  }

  /** All figures on all users. */
  inFull(scorer: Scorer, tick: () => Promise<void>): Promise<Evaluation> {
    return this.#evaluate(scorer, { ratings: this.#rates, ranking: true, lists: true }, tick);
  }

  get #rates(): boolean {
    return this.#options.definition.kind === 'ratings' && !this.#options.ratings.implicit;
  }

  #evaluate(
    scorer: Scorer,
    want: NonNullable<EvaluationRequest['want']>,
    tick: () => Promise<void>,
    users?: Uint32Array,
  ): Promise<Evaluation> {
    const { ratings, split, definition, config, genres, rank, evaluate } = this.#options;
    return evaluate({
      ratings,
      split,
      part: 'validation',
      scorer,
      kind: definition.kind,
      config,
      want,
      tick,
      genres: genres ?? null,
      ...(rank && { rank }),
      ...(users && { users }),
    });
  }
}

function sampleNote(size: number, users: number): string {
  return (
    `After each epoch ${size.toLocaleString('en-US')} of ${users.toLocaleString('en-US')} users were ranked ` +
    `on validation (a fixed sample, seed ${SAMPLE_SEED}); ranking all of them would have taken over a tenth of the ` +
    'epoch. The final validation figures are of all users.'
  );
}

/** Users with a validation row, ascending. */
function usersWithValidation({ start, userCount }: Ratings, { part }: Split): Uint32Array {
  const users: number[] = [];
  for (let u = 0; u < userCount; u++) {
    let row = start[u];
    while (row < start[u + 1] && part[row] !== VALIDATION) row++;
    if (row < start[u + 1]) users.push(u);
  }
  return Uint32Array.from(users);
}

/**
 * As many users as can be ranked in about a tenth of an epoch, at least SMALLEST_SAMPLE. Where a ranking chooses the
 * epoch, also as many as are ranked at once: a sample of 2,000 cannot tell one epoch from the next.
 */
function sampleSize(users: number, options: ValidatorOptions): number {
  const { definition, examplesPerEpoch, ratings, parameters, target } = options;
  const pairs = 0.1 * examplesPerEpoch * pairsPerExample[definition.cost];
  const { score } = definition.work(sizeOf(ratings), parameters);
  const free = isRatingError(target) ? 0 : FREE_OPERATIONS / score;
  return Math.min(users, Math.max(SMALLEST_SAMPLE, Math.floor(Math.max(pairs, free) / ratings.itemCount)));
}

function sampleUsers(users: Uint32Array, size: number): Uint32Array {
  const order = new Random(SAMPLE_SEED, 'split').permutation(users.length);
  return Uint32Array.from(order.subarray(0, size), (k) => users[k]).sort();
}
