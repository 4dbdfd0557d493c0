/** Messages between the engine and a trainer process; structured clones, so typed arrays travel as they are. */
import type { ComputeRecord, RunConfig } from '../../shared/config.ts';
import type { Epoch, ErrorShape } from '../../shared/contract.ts';
import type { ComputeReport } from './measure-compute.ts';
import type { TrialProgress, TrialResult, TuningResult } from './trial.ts';

/** Engine → trainer. One `start` in the life of a process. */
export type ToTrainer =
  | {
      readonly type: 'start';
      /** Path of the database, which the trainer opens for reading alone. */
      readonly database: string;
      readonly dataset: string;
      /** Id of the run. Training continues from the run's checkpoint, if there is one. */
      readonly run: string;
      readonly config: RunConfig;
      /** Seconds between checkpoints; default 30, null: none. */
      readonly checkpointSeconds?: number | null;
      /** A trial of a search: validation alone, to this epoch at most (null: all of them). */
      readonly tuning?: { readonly until: number | null } | null;
    }
  /** Instead of `start`: what computes here, and how fast. */
  | { readonly type: 'self-test'; readonly threads: number | null }
  /** `epoch`: end after the present epoch and test; `now`: cancel, there is no result. */
  | { readonly type: 'stop'; readonly after: 'epoch' | 'now' };

/** Trainer → engine. Ends with one `result` or one `failed`; without either the run was interrupted. */
export type FromTrainer =
  | {
      readonly type: 'started';
      readonly compute: ComputeRecord;
      readonly target: string;
      /** What the checkpoint holds of the curve: the engine may have been killed before it stored them all. */
      readonly epochs: readonly Epoch[];
      readonly split: TrainerSplit;
    }
  | { readonly type: 'progress'; readonly progress: TrialProgress }
  | { readonly type: 'epoch'; readonly epoch: Epoch }
  /** The run's checkpoint is on the disk. */
  | { readonly type: 'checkpoint' }
  | { readonly type: 'result'; readonly result: TrialResult }
  | { readonly type: 'tuned'; readonly result: TuningResult }
  | { readonly type: 'self-test'; readonly report: readonly ComputeReport[] }
  | { readonly type: 'failed'; readonly error: ErrorShape; readonly cancelled: boolean };

/** The split as the trainer made it: stored once for all runs on it. */
export interface TrainerSplit {
  readonly name: string;
  readonly hash: string;
  /** [ratings] part of each row. */
  readonly part: Uint8Array;
}
