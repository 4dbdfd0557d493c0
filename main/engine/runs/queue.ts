/** Runs wait here for their turn: one trains at a time, the others are queued. */
import type { ErrorShape, Run } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { TrialProgress } from '../../training/trial.ts';
import { deleteCheckpoint } from '../../store/checkpoints.ts';
import type { WritableDatabase } from '../../store/database.ts';
import { findRun, logOf, replaceEpochs, type StoredRun, updateRun, writeEpoch } from '../../store/runs.ts';
import type { Events } from '../events.ts';
import type { Executor } from './executor.ts';
import { toErrorShape } from '../failures.ts';
import type { JobControl, Jobs } from '../jobs.ts';
import { storeResult } from './results.ts';
import { RunLog } from './run-log.ts';

interface Waiting {
  readonly key: number;
  readonly id: string;
  readonly control: JobControl;
  readonly done: (error?: unknown) => void;
}

/** The run that trains. */
interface Turn {
  readonly id: string;
  stop: (when: 'epoch' | 'now') => void;
  ended: Promise<void>;
}

/** Faults of the machine, not of the run: it can be resumed from its last checkpoint. */
const interrupting = new Set(['trainer-ended', 'engine-closed', 'disk-full', 'folder-unusable']);

export class Queue {
  readonly #database: WritableDatabase;
  readonly #events: Events;
  readonly #jobs: Jobs;
  readonly #execute: Executor;
  readonly #waiting: Waiting[] = [];
  #running: Turn | null = null;
  #closing = false;

  constructor(database: WritableDatabase, events: Events, jobs: Jobs, execute: Executor) {
    this.#database = database;
    this.#events = events;
    this.#jobs = jobs;
    this.#execute = execute;
  }

  /** Queues a stored run; its job has the run's id and ends with the run. */
  add(idOrName: string): void {
    const { key, run } = findRun(this.#database, idOrName);
    this.#jobs.start({ kind: 'run', title: run.name, id: run.id, queued: true }, (control) => {
      if (this.#closing) return Promise.reject(closed(run.name));
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      this.#waiting.push({
        key,
        id: run.id,
        control,
        done: (error) => (error === undefined ? resolve(run.id) : reject(error)),
      });
      control.signal.addEventListener('abort', () => {
        if (this.isActive(run.id)) this.stop(run.id, 'now');
      });
      this.#next();
      return promise;
    });
  }

  /** Ends a run after its epoch (its figures are kept), or now. A queued run is cancelled either way. */
  stop(id: string, when: 'epoch' | 'now'): void {
    if (this.#running?.id === id) {
      this.#running.stop(when);
      return;
    }
    // A run that an earlier engine had queued is in no queue of this one: only its status has to change.
    const { key, run } = findRun(this.#database, id);
    if (run.status === 'queued') this.#end(key, id, 'cancelled', {});
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place >= 0) this.#waiting.splice(place, 1)[0].done(cancelled(id));
  }

  /** What trains is interrupted, to be resumed; what waits stays queued for the next engine. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { id, done } of this.#waiting.splice(0)) done(closed(id));
    this.#running?.stop('now');
    await this.#running?.ended;
  }

  isActive(id: string): boolean {
    return this.#running?.id === id || this.#waiting.some((waiting) => waiting.id === id);
  }

  #next(): void {
    if (this.#running || this.#closing) return;
    const next = this.#waiting.shift();
    if (!next) return;
    // The turn is taken before the first await, so that no other call can start a second run meanwhile.
    const turn: Turn = { id: next.id, stop: () => undefined, ended: Promise.resolve() };
    this.#running = turn;
    turn.ended = this.#train(next, turn).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  /** Never rejects: how it ended is told to `done`. */
  async #train({ key, id, control, done }: Waiting, turn: Turn): Promise<void> {
    let asked = false;
    let log = new RunLog([]);
    try {
      const { run } = findRun(this.#database, id);
      log = new RunLog(logOf(this.#database, key));
      log.add(run.epoch > 0 ? `started again after epoch ${run.epoch}` : `started, seed ${run.seed}`);
      updateRun(this.#database, key, { status: 'running', startedAt: Date.now(), error: null });
      control.begin();
      this.#changed(id);
      const execution = this.#execute(run, this.#callbacks(key, run, control, log));
      turn.stop = (when) => {
        asked ||= when === 'now';
        execution.stop(when);
      };
      const outcome = await execution.result;
      updateRun(this.#database, key, { log: log.lines });
      storeResult(this.#database, key, run, outcome);
      this.#changed(id);
      done();
    } catch (thrown) {
      const stopped = this.#closing ? closed(id) : cancelled(id);
      const error = asked ? stopped : thrown;
      this.#record(key, id, toErrorShape(error), log);
      done(error);
    }
  }

  /** How a run ended without a result. */
  #record(key: number, id: string, error: ErrorShape, log: RunLog): void {
    const asked = error.code === 'cancelled';
    const status = asked ? 'cancelled' : interrupting.has(error.code) ? 'interrupted' : 'failed';
    log.add(asked ? 'stopped' : `${status}: ${error.message}`);
    try {
      this.#end(key, id, status, { log: log.lines, ...(!asked && { error }) });
    } catch (unstored) {
      // A full disk: the next engine finds it running, and marks it interrupted.
      process.stderr.write(`How run ${id} ended could not be stored: ${String(unstored)}\n`);
    }
  }

  #callbacks(key: number, run: StoredRun, control: JobControl, log: RunLog): Parameters<Executor>[1] {
    return {
      started: ({ compute, split, target, epochs }) => {
        log.started(compute);
        replaceEpochs(this.#database, key, epochs);
        updateRun(this.#database, key, {
          log: log.lines,
          compute,
          splitName: split.name,
          splitHash: split.hash,
        });
        if (target !== run.target)
          this.#database.prepare('UPDATE runs SET target = ? WHERE key = ?').run(target, key);
        this.#changed(run.id);
      },
      progress: (progress, speed) => control.progress({ ...toJobProgress(progress), ...speed }),
      epoch: (epoch) => {
        writeEpoch(this.#database, key, epoch);
        log.epoch(epoch);
        this.#events.emit({ event: 'run.epoch', payload: { run: run.id, epoch } });
      },
      checkpoint: () => updateRun(this.#database, key, { log: log.lines }),
    };
  }

  #end(key: number, id: string, status: Run['status'], changes: Parameters<typeof updateRun>[2]): void {
    updateRun(this.#database, key, { ...changes, status, finishedAt: Date.now() });
    // What was stopped can go on from where it was, as what was interrupted can.
    if (status === 'failed') deleteCheckpoint(this.#database, id);
    this.#changed(id);
  }

  #changed(run: string): void {
    this.#events.emit({ event: 'runs.changed', payload: { run } });
  }
}

function cancelled(id: string): WorkbenchError {
  return new WorkbenchError('cancelled', `Run ${id} was stopped.`, 'Start it again, or clone it.');
}

function closed(id: string): WorkbenchError {
  return new WorkbenchError(
    'engine-closed',
    `Run ${id} was left when the workbench was closed.`,
    'What waited begins when it is opened again; what trained can be resumed from its last checkpoint.',
  );
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
