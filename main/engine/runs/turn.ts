/** One run's turn to train: from the moment that it begins to what is stored of it. */
import type { ErrorShape, Run } from '../../../shared/contract.ts';
import { type WorkbenchError } from '../../base/errors.ts';
import { deleteCheckpoint } from '../../store/checkpoints.ts';
import type { WritableDatabase } from '../../store/database.ts';
import { findAnyRun, logOf, replaceEpochs, type StoredRun, updateRun, writeEpoch } from '../../store/runs.ts';
import type { TrialProgress } from '../../training/trial.ts';
import type { Events } from '../events.ts';
import { toErrorShape } from '../failures.ts';
import type { JobControl } from '../jobs.ts';
import type { Executor, ExecutorTerms } from './executor.ts';
import { storeResult, storeTuning } from './results.ts';
import { RunLog } from './run-log.ts';

/** Faults of the machine, not of the run: it can be resumed from its last checkpoint. */
const interrupting = new Set(['trainer-ended', 'engine-closed', 'disk-full', 'folder-unusable']);

export interface TurnContext {
  readonly database: WritableDatabase;
  readonly events: Events;
  readonly execute: Executor;
  /** What a run that is asked to stop now ends with. */
  readonly stopError: (id: string) => WorkbenchError;
  /** Whether a fault makes the run wait for its turn once more instead of ending it. */
  readonly goesBack: (error: ErrorShape) => boolean;
}

/** How a turn ended: with a result, with an error, or back in the queue. */
export type TurnEnd = { readonly error?: unknown; readonly back?: true };

export class Turn {
  readonly #context: TurnContext;
  readonly #key: number;
  readonly id: string;
  readonly #control: JobControl;
  #sweep: string | null = null;
  #asked: 'epoch' | 'now' | null = null;
  #stop: (when: 'epoch' | 'now') => void = () => undefined;

  constructor(context: TurnContext, run: { readonly key: number; readonly id: string }, control: JobControl) {
    this.#context = context;
    this.#key = run.key;
    this.id = run.id;
    this.#control = control;
  }

  stop(when: 'epoch' | 'now'): void {
    if (this.#asked !== 'now') this.#asked = when;
    // Said at once: an epoch may take minutes to end.
    this.#control.progress({ stopping: this.#asked });
    this.#stop(when);
  }

  /** Never rejects. */
  async train(terms: ExecutorTerms): Promise<TurnEnd> {
    const { database, execute } = this.#context;
    let log = new RunLog([]);
    try {
      const { run } = findAnyRun(database, this.id);
      log = new RunLog(logOf(database, this.#key));
      log.add(run.epoch > 0 ? `started again after epoch ${run.epoch}` : `started, seed ${run.seed}`);
      updateRun(database, this.#key, { status: 'running', startedAt: Date.now(), error: null, place: null });
      this.#control.begin();
      this.#sweep = run.sweep?.id ?? null;
      this.#changed();
      const execution = execute(run, this.#callbacks(run, log), terms);
      this.#stop = (when) => execution.stop(when);
      // Asked before there was anything to stop.
      if (this.#asked) execution.stop(this.#asked);
      const outcome = await execution.result;
      updateRun(database, this.#key, { log: log.lines });
      if ('tuned' in outcome) storeTuning(database, this.#key, run, outcome);
      else storeResult(database, this.#key, run, outcome);
      this.#changed();
      return {};
    } catch (thrown) {
      const error = this.#asked === 'now' ? this.#context.stopError(this.id) : thrown;
      const shape = toErrorShape(error);
      if (this.#context.goesBack(shape)) return this.#goBack(shape, log);
      this.#record(shape, log);
      return { error };
    }
  }

  /** What could not be stored of the run's end is found and mended at the next start. */
  #goBack(shape: ErrorShape, log: RunLog): TurnEnd {
    log.add(`waits: ${shape.message}`);
    this.#storing(() =>
      updateRun(this.#context.database, this.#key, { status: 'queued', place: 0, log: log.lines }),
    );
    this.#changed();
    return { back: true };
  }

  /** How a run ended without a result. */
  #record(error: ErrorShape, log: RunLog): void {
    const asked = error.code === 'cancelled';
    const status = asked ? 'cancelled' : interrupting.has(error.code) ? 'interrupted' : 'failed';
    log.add(asked ? 'stopped' : `${status}: ${error.message}`);
    this.#storing(() =>
      endRun(this.#context, this.#key, this.id, status, { log: log.lines, ...(!asked && { error }) }),
    );
  }

  #storing(write: () => void): void {
    try {
      write();
    } catch (unstored) {
      // A full disk: the next engine finds it running, and marks it interrupted.
      process.stderr.write(`How run ${this.id} ended could not be stored: ${String(unstored)}\n`);
    }
  }

  #callbacks(run: StoredRun, log: RunLog): Parameters<Executor>[1] {
    const { database, events } = this.#context;
    const key = this.#key;
    return {
      started: ({ compute, split, target, epochs }) => {
        log.started(compute);
        replaceEpochs(database, key, epochs);
        updateRun(database, key, {
          ...{ log: log.lines, compute },
          ...{ splitName: split.name, splitHash: split.hash },
        });
        if (target !== run.target)
          database.prepare('UPDATE runs SET target = ? WHERE key = ?').run(target, key);
        this.#changed();
      },
      progress: (progress, speed) => this.#control.progress({ ...toJobProgress(progress), ...speed }),
      epoch: (epoch) => {
        writeEpoch(database, key, epoch);
        log.epoch(epoch);
        if (!run.sweep) events.emit({ event: 'run.epoch', payload: { run: run.id, epoch } });
      },
      checkpoint: () => updateRun(database, key, { log: log.lines }),
    };
  }

  #changed(): void {
    announce(this.#context.events, this.id, this.#sweep);
  }
}

/** Runs of a sweep are shown with it. */
function announce(events: Events, run: string, sweep: string | null): void {
  events.emit(
    sweep === null
      ? { event: 'runs.changed', payload: { run } }
      : { event: 'sweeps.changed', payload: { sweep } },
  );
}

/** Stores how a run ended that has no result. */
export function endRun(
  { database, events }: Pick<TurnContext, 'database' | 'events'>,
  key: number,
  id: string,
  status: Run['status'],
  changes: Parameters<typeof updateRun>[2],
): void {
  updateRun(database, key, { ...changes, status, finishedAt: Date.now(), place: null });
  // What was stopped can go on from where it was, as what was interrupted can.
  if (status === 'failed') deleteCheckpoint(database, id);
  announce(events, id, findAnyRun(database, id).run.sweep?.id ?? null);
}

function toJobProgress(progress: TrialProgress): {
  done: number;
  total: number;
  unit: string;
  stage: string;
} {
  const { stage, epoch, epochs, done, total } = progress;
  const finished = Math.max(0, epoch - 1) + (total > 0 ? done / total : 0);
  return { done: Math.min(finished, epochs), total: epochs, unit: 'epochs', stage };
}
