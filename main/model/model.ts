/**
 * What a model is to the rest of the workbench. Each model is one folder of `main/models`, and nothing outside
 * of that folder and the registry's list knows it by name.
 */
import type { Preset } from './preset.ts';
import type { ParameterSchema, Parameters } from '../../shared/config.ts';
import type { Ratings } from '../ratings/ratings.ts';
import type { ModelState } from '../numeric/state.ts';

export interface ModelDefinition {
  readonly name: string;
  /** At most 14 characters: it stands in heads of tables, labels of charts and chips. */
  readonly title: string;
  /** What its scores mean: predicted ratings, an order only, or an order that reads the history as a sequence. */
  readonly kind: 'ratings' | 'ranking' | 'sequence';
  readonly baseline: boolean;
  /** Closed forms and counts train in one pass: no epochs, no early stopping. */
  readonly iterative: boolean;
  /** It draws nothing at random: every seed gives the same model. */
  readonly seedless?: true;
  /** Plain words for the gallery: what it learns; when it is good; what it costs. */
  readonly summary: string;
  readonly goodWhen: string;
  readonly cost: 'fast' | 'medium' | 'slow';
  /** The scoring function and the loss, one a line, in plain text with Unicode. */
  readonly equation: string;
  /** The same in LaTeX, one a line, for its page; a test holds that it can be set. */
  readonly latex: string;
  /** Plain words for its page: where it does badly, and what it must not be used for. */
  readonly failsWhen: string;
  /** Paper and section. */
  readonly reference: string;
  readonly parameters: readonly ParameterSchema[];
  /** What `auto` is on data of a size: a number for each parameter whose schema has an `auto`. */
  readonly auto?: (data: DataSize, given: Parameters) => Parameters;
  /** What training costs, roughly: for predictions before it ran here. @param parameters every name of the schema */
  readonly work: (data: DataSize, parameters: Parameters) => Work;
  /** Configurations of it that are known to reach a figure. */
  readonly presets?: readonly Preset[];
  /**
   * It is run on the sample data set when that is opened, with these hyper-parameters and otherwise its defaults. All
   * such runs together are to take under ten seconds on two cores.
   */
  readonly sample?: Parameters;
  /**
   * How it can be computed, loaded on demand. `fused`: kernels; `tensorflow`: a tfjs definition (serves native, wasm
   * and cpu back ends); `cpu`: plain code, for counts and closed forms.
   */
  readonly factories: {
    readonly fused?: () => Promise<FusedFactory>;
    readonly tensorflow?: () => Promise<TensorFlowFactory>;
    readonly cpu?: () => Promise<CpuFactory>;
  };
  /** What the suite of all models (test/unit/models) needs to know of this one. */
  readonly suite?: SuiteNotes;
  /** Scores from stored weights in plain code: for inspection, export and what-if, in any process. */
  readonly scorer: (saved: SavedModel) => Scorer;
  /** Scores of any history from stored weights: for reasons and what-if. Without it the model is asked neither. */
  readonly history?: (saved: SavedModel) => HistoryScorer;
}

export interface DataSize {
  readonly users: number;
  readonly items: number;
  readonly ratings: number;
}

/** A multiplication or addition of a kernel is one operation; plain code counts ten for each of its own. */
export interface Work {
  /** Of an epoch, or of the one pass. */
  readonly epoch: number;
  /** Of the score of one user and one item. */
  readonly score: number;
  /** Weights, the state of the optimizer, buffers; ratings left out. */
  readonly bytes: number;
}

/** What somebody has, oldest first, each item once. */
export interface History {
  readonly items: Uint32Array;
  readonly values: Float32Array;
}

/** Scores of histories that need not be those of a user: for reasons and what-if. */
export interface HistoryScorer {
  /**
   * `exact`: a closed form of the history, whose parts add up; `fold-in`: the person's row is learned again with the items
   * as they are; `leave-one-out`: the model reads the history that is left.
   */
  readonly method: 'exact' | 'fold-in' | 'leave-one-out';
  /** How, in a sentence for people. */
  readonly how: string;
  /** [itemCount] @param user whose row is used where the model keeps more of users than their history; null: nobody's */
  score(history: History, user: number | null): Float32Array;
  /**
   * What each item of the history adds to the score of `item`, [history]: score = base + their sum. Exact methods alone.
   */
  contributions?(
    history: History,
    item: number,
    user: number | null,
  ): { readonly base: number; readonly parts: Float64Array };
  /**
   * The history without one item, for those (`most` of them, at most) that weigh most on the score of `item`, where there
   * is a shorter way than `score` of each; what is not named changes nothing, or less. The same as `score` would give.
   */
  leftOut?(history: History, user: number | null, item: number, most: number): LeftOut[];
  /** [itemCount] what `score` gives of the history without its item at a place, where there is a shorter way to it. */
  scoreWithout?(history: History, place: number, user: number | null): Float32Array;
  /** A ranking of the catalogue takes so long that only the first ranks without an item are told. */
  readonly slow?: true;
}

export interface LeftOut {
  /** Place in the history of the item that is left out. */
  readonly place: number;
  /** Of the item in question, then. */
  readonly score: number;
  /** [itemCount] of every item, then. */
  scores(): Float32Array;
}

export interface SuiteNotes {
  /** A board whose even users like what its odd users dislike says nothing to it: it knows averages alone. */
  readonly noCheckerboard?: boolean;
  /** Parameters with which it learns a board of 24 × 20 cells, where the usual small ones do not fit. */
  readonly parameters?: Parameters;
  /** Other losses and parts of it that have code of their own: each is compared on all of its computes. */
  readonly variants?: readonly Parameters[];
}

/** What training sees: the train part alone. Validation and test rows are not here. */
export interface TrainingContext {
  readonly train: Ratings;
  /** Resolved and validated hyper-parameters: every name of the schema has a value. */
  readonly parameters: Parameters;
  readonly seed: number;
}

export type FusedFactory = (
  context: TrainingContext,
  compute: import('../kernels/kernels.ts').Kernels,
) => Promise<TrainableModel>;
export type TensorFlowFactory = (
  context: TrainingContext,
  compute: import('../tensorflow/tensorflow.ts').TensorFlow,
) => Promise<TrainableModel>;
export type CpuFactory = (context: TrainingContext) => Promise<TrainableModel>;

export interface TrainableModel {
  /** Examples of one epoch, in the model's own unit (ratings, triples, labelled samples, target positions). */
  readonly examplesPerEpoch: number;
  /**
   * One pass over the data. Awaits `tick(examplesDone)` at least every 50 ms of work: it reports progress and rejects
   * to cancel, after which the model may be disposed of but not trained further.
   * Returns the mean loss of the epoch (the loss the equation names, regularization left out).
   */
  trainEpoch(epoch: number, tick: (examplesDone: number) => Promise<void>): Promise<{ loss: number }>;
  /** Scores with the present weights; valid until the next trainEpoch or dispose. */
  scorer(): Scorer;
  /**
   * Everything the next step depends on: restore(state()) then trainEpoch gives the same bits. To be read before the
   * next step: large arrays may be copied only then.
   */
  state(): ModelState;
  restore(state: ModelState): void;
  /** The part of the state that scoring needs (a copy): what is stored with the run. */
  weights(): ModelState;
  /**
   * Takes `weights()` of this model back, to score with them as then. A fraction of a state to keep; but the optimizer
   * and the random streams stay where they are, so nothing is trained after it.
   */
  restoreWeights(weights: ModelState): void;
  dispose(): void;
  /** Where the gradients come from automatic differentiation (tfjs): what checks them by finite differences. */
  gradientCheck?(): GradientCheck;
}

/** The loss of one fixed batch, without dropout and weight decay, and its gradient by every parameter. */
export interface GradientCheck {
  /** The loss at the present values of the parameters. */
  loss(): number;
  readonly parameters: readonly { readonly values: Float32Array; readonly gradient: Float32Array }[];
}

/** A trained model at rest. */
export interface SavedModel {
  readonly weights: ModelState;
  readonly parameters: Parameters;
  /** The interactions that it was trained on (histories for ItemKNN, EASE, Caser, fold-in). */
  readonly train: Ratings;
}

export interface Factors {
  /** [userCount, k] and [itemCount, k], row-major, stride k. */
  readonly users: Float32Array;
  readonly items: Float32Array;
  readonly k: number;
  /** [itemCount], or null. */
  readonly itemBias: Float32Array | null;
  /** Writes a user's row at `at` of `out`; where it is there, `users` is only made when it is asked for. */
  readonly writeUser?: (user: number, out: Float32Array, at: number) => void;
}

export interface Scorer {
  /** Where score(u, i) = itemBias[i] + users[u]·items[i] up to a constant of the user: ranking takes the fast path. */
  readonly factors?: Factors;
  /** [itemCount, k] what places the items where there are no factors. */
  readonly itemEmbeddings?: { readonly values: Float32Array; readonly k: number };
  /** Scores of some users for all items into out [users.length, itemCount], row-major. Higher is better. */
  scoreUsers(users: Uint32Array, out: Float32Array): void | Promise<void>;
  /** Score, or predicted rating, of each pair (unclipped), [users.length]. */
  predict(users: Uint32Array, items: Uint32Array): Float32Array | Promise<Float32Array>;
}
