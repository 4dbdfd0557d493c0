/**
 * Hands a trial to whoever computes it and takes the artifacts back: here a trainer process on this machine. Another
 * executor (a remote worker) would keep the same interface.
 */
import type { ComputeRecord } from '../../../shared/config.ts';
import type { Epoch } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { Forker } from '../../process/channel.ts';
import { ManagedProcess } from '../../process/managed.ts';
import type { StoredRun } from '../../store/runs.ts';
import type { FromTrainer, ToTrainer, TrainerSplit } from '../../training/trainer-protocol.ts';
import type { TrialProgress } from '../../training/trial.ts';
import { fromErrorShape } from '../failures.ts';
import { Pace } from './pace.ts';
import type { TrialOutcome, TuningOutcome } from './results.ts';

export interface ExecutorCallbacks {
  /** `epochs`: the curve so far, empty where the run begins. */
  started(start: {
    compute: ComputeRecord;
    split: TrainerSplit;
    target: string;
    epochs: readonly Epoch[];
  }): void;
  progress(progress: TrialProgress, speed: { rate: number | null; secondsLeft: number | null }): void;
  epoch(epoch: Epoch): void;
  /** A checkpoint is stored. */
  checkpoint(): void;
}

export interface Execution {
  /** Rejects with `trainer-ended` where the process ended without a word. */
  readonly result: Promise<TrialOutcome | TuningOutcome>;
  stop(when: 'epoch' | 'now'): void;
}

/** How a run is computed here, beside its configuration. */
export interface ExecutorTerms {
  /** Threads where the configuration names none; null: as many as there are cores. */
  readonly threads: number | null;
  /** A trial of a search: validation alone, to this epoch at most. */
  readonly tuning: { readonly until: number | null } | null;
}

/** Runs a trial, from its checkpoint where there is one. */
export type Executor = (run: StoredRun, callbacks: ExecutorCallbacks, terms: ExecutorTerms) => Execution;

/** Milliseconds that a trainer has to end by itself before it is killed: it holds nothing that could be lost. */
const grace = 1500;

/** One trainer process a trial. */
export function processExecutor(forker: Forker, database: string): Executor {
  return (run, callbacks, { threads, tuning }) => {
    const trainer = new ManagedProcess(forker, 'trainer', { grace });
    const { promise, resolve, reject } = Promise.withResolvers<TrialOutcome | TuningOutcome>();
    const pace = new Pace();
    let split: TrainerSplit | null = null;
    let epoch = 0;
    const send = (message: ToTrainer): void => void trainer.post(message);

    const take = (message: FromTrainer): void => {
      switch (message.type) {
        case 'started':
          split = message.split;
          epoch = message.epochs.length;
          callbacks.started(message);
          break;
        case 'progress':
          callbacks.progress(message.progress, pace.after(message.progress));
          break;
        case 'epoch':
          epoch = message.epoch.epoch;
          callbacks.epoch(message.epoch);
          break;
        case 'checkpoint':
          callbacks.checkpoint();
          break;
        case 'result':
          if (split) resolve({ result: message.result, split: storedSplit(run, split) });
          break;
        case 'tuned':
          if (split) resolve({ tuned: message.result, split: storedSplit(run, split) });
          break;
        case 'failed':
          reject(fromErrorShape(message.error));
          break;
      }
    };
    trainer.onMessage((message) => {
      try {
        take(message as FromTrainer);
      } catch (error) {
        // What it reports cannot be stored (a full disk), so there is no use in going on.
        reject(error instanceof Error ? error : new Error(String(error)));
        void trainer.kill();
      }
    });
    trainer.onEnd(({ code, signal }) =>
      reject(
        new WorkbenchError(
          'trainer-ended',
          `Training was interrupted in epoch ${epoch + 1}: its process ended (${signal ?? `code ${code}`}).`,
          'Resume goes on from the last checkpoint. If it happens again, the machine may be short of memory.',
        ),
      ),
    );
    trainer.start();
    // Its parameters were made whole when it was stored: defaults may have changed since.
    const { config: asked, parameters } = run;
    const config = { ...asked, parameters, threads: asked.threads ?? threads };
    send({ type: 'start', database, dataset: run.dataset, run: run.id, config, tuning });
    return {
      result: promise,
      stop(when) {
        send({ type: 'stop', after: when });
        if (when === 'now') setTimeout(() => void trainer.stop(grace), grace).unref();
      },
    };
  };
}

function storedSplit({ config }: StoredRun, { name, hash, part }: TrainerSplit): TrialOutcome['split'] {
  return { config: { ...config.split, name: config.split.name ?? name }, hash, part };
}
