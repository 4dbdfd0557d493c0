/**
 * A trial: a pure function of (ratings, split, configuration) to artifacts. Whoever runs it, here or on another
 * machine, gives the ratings and takes the result back.
 */
import type { ComputeRecord, Parameters, RunConfig } from '../../shared/config.ts';
import type { Epoch, RunCost } from '../../shared/contract.ts';
import type { Ratings } from '../ratings/ratings.ts';
import type { Evaluation, EvaluationRequest, ItemVectors } from '../evaluation/evaluation.ts';
import type { RankUsers } from '../evaluation/ranking/ranking.ts';
import type { Split } from '../ratings/split.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelDefinition } from '../model/model.ts';
import type { ModelState } from '../numeric/state.ts';

export interface Trial {
  readonly ratings: Ratings;
  readonly split: Split;
  readonly config: RunConfig;
  /** Genres of the items for the diversity of lists, or null. */
  readonly genres?: ItemVectors | null;
  /** Where to go on; its compute is taken again, whatever the configuration says. */
  readonly checkpoint?: ModelState | null;
  /** Seconds between checkpoints (taken after an epoch); 0: after every epoch; null: none. */
  readonly checkpointSeconds?: number | null;
}

export type Stage = 'training' | 'validation' | 'refit' | 'test';

export interface TrialProgress {
  readonly stage: Stage;
  /** The epoch under way, from 1, and the most there can be. */
  readonly epoch: number;
  readonly epochs: number;
  /** Examples of the epoch that are done. */
  readonly done: number;
  readonly total: number;
}

/** How a trial is watched and stopped. */
export interface TrialCallbacks {
  /** The engine and the target are known: training begins, behind the epochs that the checkpoint holds. */
  started?(compute: ComputeRecord, target: string, epochs: readonly Epoch[]): void;
  progress?(progress: TrialProgress): void;
  epoch?(epoch: Epoch): void;
  /** Named arrays to be stored, each good until the next is asked for; `trial.checkpoint` takes them back. */
  checkpoint?(arrays: Iterable<readonly [string, ModelState[string]]>): void;
  /** Asked between pieces of work: `epoch` ends the training after the present epoch, `now` cancels the trial. */
  stop?(): 'no' | 'epoch' | 'now';
}

/** What a trial of a search comes to: validation alone, nothing was tested and no weights are kept. */
export interface TuningResult {
  readonly compute: ComputeRecord;
  readonly parameters: Parameters;
  readonly target: string;
  readonly epochs: readonly Epoch[];
  readonly bestEpoch: number;
  /** `rung`: it waits after the epoch asked for, and goes on from its checkpoint. */
  readonly stopped: 'epochs' | 'patience' | 'user' | 'rung';
  /** Figures of the best epoch. */
  readonly validation: Record<string, number>;
  readonly seconds: { readonly train: number; readonly evaluate: number };
  readonly examplesPerSecond: number;
  readonly peakMemoryMb: number;
  readonly cost: RunCost;
  readonly notes: readonly string[];
}

export interface TrialResult {
  readonly compute: ComputeRecord;
  /** Hyper-parameters with defaults filled in. */
  readonly parameters: Parameters;
  /** Metric that chose the epoch. */
  readonly target: string;
  readonly epochs: readonly Epoch[];
  /** The epoch whose weights were tested (with refit: the number of epochs that were trained again). */
  readonly bestEpoch: number;
  /** Why training ended: all epochs done, no better figure for `patience` epochs, or the user. */
  readonly stopped: TuningResult['stopped'];
  readonly metrics: {
    readonly validation: Record<string, number>;
    readonly test: Record<string, number>;
  };
  readonly seconds: { readonly train: number; readonly evaluate: number };
  /** Examples of an epoch ÷ median seconds of an epoch, evaluation left out. */
  readonly examplesPerSecond: number;
  readonly peakMemoryMb: number;
  readonly cost: RunCost;
  /** What the model's `scorer` needs. */
  readonly weights: ModelState;
  /** Weights were trained on train + validation. */
  readonly refit: boolean;
  /** The last checkpoint is of the last epoch: a trial with more `epochs` goes on from it, to the same bits. */
  readonly endKept: boolean;
  /** Per-user vectors, lists, ranks and predictions on test. */
  readonly test: Evaluation;
  /** What a reader of the figures should know, alarms included. */
  readonly notes: readonly string[];
}

export type Evaluate = (request: EvaluationRequest) => Promise<Evaluation>;

/** What a trial uses and tests may replace. */
export interface TrialServices {
  findModel(name: string): ModelDefinition | undefined;
  evaluate: Evaluate;
  /**
   * Fast ranking on the kernels of the model, or on its own ones where the model trains on another engine; null: the
   * plain code.
   */
  openRanking(
    kernels: Kernels | null,
    threads: number | null,
  ): Promise<{ rank: RankUsers; dispose(): void } | null>;
}
