/** Runs wait here for their turn: one trains at a time, the others are queued. */
import type { Run } from '../../shared/contract.ts';
import { WorkbenchError } from '../errors.ts';
import type { TrialProgress } from '../trainer/trial.ts';
import { deleteCheckpoint } from '../store/checkpoints.ts';
import type { WritableDatabase } from '../store/database.ts';
import { dropEpochsAfter, findRun, type StoredRun, updateRun, writeEpoch } from '../store/runs.ts';
import type { Events } from './events.ts';
import type { Executor } from './executor.ts';
import { toErrorShape } from './failures.ts';
import type { JobControl, Jobs } from './jobs.ts';
import { storeResult } from './results.ts';

interface Waiting {
  readonly key: number;
  readonly id: string;
  readonly control: JobControl;
  readonly done: (error?: unknown) => void;
}

export class Queue {
  readonly #database: WritableDatabase;
  readonly #events: Events;
  readonly #jobs: Jobs;
  readonly #execute: Executor;
  readonly #waiting: Waiting[] = [];
  #running: { id: string; stop: (when: 'epoch' | 'now') => void; job: string } | null = null;

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
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      this.#waiting.push({
        key,
        id: run.id,
        control,
        done: (error) => (error === undefined ? resolve(run.id) : reject(error)),
      });
      control.signal.addEventListener('abort', () => this.stop(run.id, 'now'));
      this.#next();
      return promise;
    });
  }

  /** Ends a run after its epoch (its figures are kept), or now. A queued run is cancelled either way. */
  stop(id: string, when: 'epoch' | 'now'): void {
    const place = this.#waiting.findIndex((waiting) => waiting.id === id);
    if (place >= 0) {
      const [waiting] = this.#waiting.splice(place, 1);
      this.#end(waiting.key, waiting.id, 'cancelled', {});
      waiting.done(cancelled(waiting.id));
      return;
    }
    if (this.#running?.id === id) this.#running.stop(when);
  }

  isActive(id: string): boolean {
    return this.#running?.id === id || this.#waiting.some((waiting) => waiting.id === id);
  }

  #next(): void {
    if (this.#running) return;
    const next = this.#waiting.shift();
    if (!next) return;
    // Claims the turn before the first await.
    this.#running = { id: next.id, stop: () => undefined, job: next.id };
    void this.#train(next).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  async #train({ key, id, control, done }: Waiting): Promise<void> {
    const { run } = findRun(this.#database, id);
    updateRun(this.#database, key, { status: 'running', startedAt: Date.now(), error: null });
    control.begin();
    this.#changed(id);
    let asked = false;
    try {
      const execution = this.#execute(run, this.#callbacks(key, run, control));
      this.#running = {
        id,
        job: id,
        stop: (when) => {
          asked ||= when === 'now';
          execution.stop(when);
        },
      };
      const outcome = await execution.result;
      storeResult(this.#database, key, run, outcome);
      this.#changed(id);
      done();
    } catch (error) {
      if (asked) {
        this.#end(key, id, 'cancelled', {});
        done(cancelled(id));
        return;
      }
      const shape = toErrorShape(error);
      const status = shape.code === 'trainer-ended' ? 'interrupted' : 'failed';
      this.#end(key, id, status, { error: shape });
      done(error);
    }
  }

  #callbacks(key: number, run: StoredRun, control: JobControl): Parameters<Executor>[1] {
    return {
      started: ({ compute, split, target }) => {
        updateRun(this.#database, key, { compute, splitName: split.name, splitHash: split.hash });
        if (target !== run.target)
          this.#database.prepare('UPDATE runs SET target = ? WHERE key = ?').run(target, key);
        this.#changed(run.id);
      },
      progress: (progress, speed) => control.progress({ ...toJobProgress(progress), ...speed }),
      epoch: (epoch) => {
        writeEpoch(this.#database, key, epoch);
        this.#events.emit({ event: 'run.epoch', payload: { run: run.id, epoch } });
      },
      checkpoint: (epoch) => dropEpochsAfter(this.#database, key, epoch),
    };
  }

  #end(key: number, id: string, status: Run['status'], changes: Parameters<typeof updateRun>[2]): void {
    updateRun(this.#database, key, { ...changes, status, finishedAt: Date.now() });
    if (status !== 'interrupted') deleteCheckpoint(this.#database, id);
    this.#changed(id);
  }

  #changed(run: string): void {
    this.#events.emit({ event: 'runs.changed', payload: { run } });
  }
}

function cancelled(id: string): WorkbenchError {
  return new WorkbenchError('cancelled', `Run ${id} was stopped.`, 'Start it again, or clone it.');
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
