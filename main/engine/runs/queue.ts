/** Runs wait here for their turn: so many train at once, the others are queued in an order that can be changed. */
import { availableParallelism } from 'node:os';
import type { ErrorShape, QueuedRun, QueueState } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { findModel } from '../../models/registry.ts';
import type { WritableDatabase } from '../../store/database.ts';
import {
  findAnyRun,
  lastPlace,
  listRuns,
  placeRun,
  queuedRuns,
  type StoredRun,
  updateRun,
} from '../../store/runs.ts';
import { readSettings } from '../../store/settings.ts';
import type { Events } from '../events.ts';
import type { JobControl, Jobs } from '../jobs.ts';
import type { Executor, ExecutorTerms } from './executor.ts';
import { type Estimate, Estimates, workDone } from './estimates.ts';
import { memoryNow, memoryRoom, type Memory, threadShare, usualParallel } from './sharing.ts';
import { Company, SideBySide } from './side-by-side.ts';
import { endRun, Turn } from './turn.ts';

interface Waiting {
  readonly key: number;
  readonly id: string;
  /** Its model and data set in words: runs of one kind share what was measured of them. */
  readonly kind: string;
  readonly tuning: ExecutorTerms['tuning'];
  readonly control: JobControl;
  readonly done: (error?: unknown) => void;
  /** Looked at once its turn has come. */
  cost: Estimate | null;
  waitsFor: string | null;
}

/** A run that trains. */
interface Running extends Waiting {
  readonly turn: Turn;
  readonly threads: number;
  /** Whether it has the machine for itself because that was measured to be faster, or is to be measured. */
  readonly alone: boolean;
  ended: Promise<void>;
}

/** What the queue knows of the machine; tests have machines of their own. */
export interface Machine {
  readonly cores: number;
  memory(): Memory;
  /** Of the disk of the data folder. */
  freeBytes(): number;
  /** A full disk makes runs wait for room instead of ending them: the windows' engine stays to see it. */
  readonly patient: boolean;
  /** Milliseconds between two looks at what runs wait for. */
  readonly lookEvery: number;
  /** Seconds of a clock that goes on evenly. */
  now(): number;
}

const thisMachine: Machine = {
  cores: availableParallelism(),
  memory: memoryNow,
  freeBytes: () => Infinity,
  patient: false,
  lookEvery: 2000,
  now: () => performance.now() / 1000,
};

/** Free bytes without which no run begins: what it leaves behind has to be stored. */
const roomNeeded = 16 << 20;

export class Queue {
  readonly #database: WritableDatabase;
  readonly #events: Events;
  readonly #jobs: Jobs;
  readonly #execute: Executor;
  readonly #machine: Machine;
  readonly #waiting = new Map<string, Waiting>();
  readonly #running = new Map<string, Running>();
  readonly #raised = new Map<string, number>();
  readonly #sideBySide = new SideBySide();
  readonly #company = new Company();
  #closing = false;
  #held: string | null = null;
  #filling: NodeJS.Immediate | null = null;
  #look: NodeJS.Timeout | null = null;

  constructor(
    database: WritableDatabase,
    events: Events,
    jobs: Jobs,
    execute: Executor,
    machine: Partial<Machine> = {},
  ) {
    this.#database = database;
    this.#events = events;
    this.#jobs = jobs;
    this.#execute = execute;
    this.#machine = { ...thisMachine, ...machine };
  }

  /**
   * Queues a stored run; its job has the run's id and ends with the run.
   * @param tuning a trial of a search: how far it is trained
   * @param kind `trial`: it is shown with its sweep, as the runs at the end of one are until all of them are tested
   */
  add(
    idOrName: string,
    tuning: ExecutorTerms['tuning'] = null,
    kind: 'run' | 'trial' = tuning ? 'trial' : 'run',
  ): void {
    const { key, run } = findAnyRun(this.#database, idOrName);
    this.#jobs.start({ kind, title: run.name, id: run.id, queued: true }, (control) => {
      if (this.#closing) return Promise.reject(closed(run.name));
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const done = (error?: unknown): void => (error === undefined ? resolve(run.id) : reject(error));
      const { id } = run;
      const kind = `${findModel(run.model)?.title ?? run.model} on ${run.datasetName}`;
      this.#waiting.set(id, { key, id, kind, tuning, control, done, cost: null, waitsFor: null });
      const placed = this.#database.prepare('SELECT place FROM runs WHERE key = ?').pluck().get(key);
      updateRun(this.#database, key, { status: 'queued', place: placed ?? lastPlace(this.#database) });
      control.signal.addEventListener('abort', () => {
        if (this.isActive(id)) this.stop(id, 'now');
      });
      this.#fillSoon();
      return promise;
    });
  }

  /** Ends a run after its epoch (its figures are kept), or now. A queued run is cancelled either way. */
  stop(id: string, when: 'epoch' | 'now'): void {
    const running = this.#running.get(id);
    if (running) {
      running.turn.stop(when);
      return;
    }
    // A run that an earlier engine had queued is in no queue of this one: only its status has to change.
    const { key, run } = findAnyRun(this.#database, id);
    if (run.status === 'queued') endRun(this.#parts, key, id, 'cancelled', {});
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.done(cancelled(id));
    this.#fillSoon();
  }

  /** What trains is interrupted, to be resumed; what waits stays queued for the next engine. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#filling) clearImmediate(this.#filling);
    if (this.#look) clearTimeout(this.#look);
    for (const { id, done } of this.#waiting.values()) done(closed(id));
    this.#waiting.clear();
    const running = [...this.#running.values()];
    for (const { turn } of running) turn.stop('now');
    await Promise.all(running.map(({ ended }) => ended));
  }

  isActive(id: string): boolean {
    return this.#running.has(id) || this.#waiting.has(id);
  }

  get parallel(): number {
    const set = readSettings(this.#database).parallel ?? usualParallel(this.#machine.cores);
    return Math.max(set, ...this.#raised.values());
  }

  /** A sweep that was asked to have more trials at once, for as long as it runs; null: it has ended. */
  raise(sweep: string, parallel: number | null): void {
    if (parallel === null) this.#raised.delete(sweep);
    else this.#raised.set(sweep, parallel);
    this.#fillSoon();
  }

  state(): QueueState {
    const estimates = new Estimates(this.#database);
    const stored = (status: 'running' | 'queued'): Map<string, StoredRun> =>
      new Map(
        listRuns(this.#database, { archived: true, trials: true, status }).map(({ run }) => [run.id, run]),
      );
    const runs = new Map([...stored('running'), ...stored('queued')]);
    const shown = (ids: readonly string[], all: ReadonlyMap<string, Waiting>): QueuedRun[] =>
      ids.flatMap((id) => {
        const run = runs.get(id);
        return run ? this.#shown(run, all.get(id), estimates) : [];
      });
    return {
      parallel: this.parallel,
      paused: readSettings(this.#database).queuePaused,
      held: this.#held,
      sharing: this.#sideBySide.say(),
      running: shown([...this.#running.keys()], this.#running),
      queued: shown(queuedRuns(this.#database), this.#waiting),
    };
  }

  /** Settings have changed: whether more, or any, may begin. */
  settingsChanged(): void {
    this.#fillSoon();
  }

  /** @throws WorkbenchError `not-queued` */
  move(idOrName: string, to: 'first' | 'last' | number): void {
    const { run } = findAnyRun(this.#database, idOrName);
    if (run.status !== 'queued')
      throw new WorkbenchError(
        'not-queued',
        `Run "${run.name}" is ${run.status}, so it has no place in the queue.`,
        'The command queue lists what waits.',
      );
    placeRun(this.#database, run.id, to === 'first' ? 1 : to === 'last' ? Number.MAX_SAFE_INTEGER : to);
    this.#fillSoon();
  }

  #shown(run: StoredRun, known: Waiting | undefined, estimates: Estimates): QueuedRun {
    if (known) known.cost ??= estimates.of(run.dataset, run.config);
    return {
      run: run.id,
      name: run.name,
      model: run.model,
      datasetName: run.datasetName,
      seed: run.seed,
      sweep: run.sweep?.id ?? null,
      threads: this.#running.get(run.id)?.threads ?? null,
      memoryMb: known?.cost?.memoryMb ?? null,
      seconds: known?.cost?.seconds ?? null,
      waitsFor: known
        ? known.waitsFor
        : 'the workbench, which was closed while it waited: windows go on with it',
    };
  }

  /** After all that is added at once: threads are shared by those that begin together. */
  #fillSoon(): void {
    if (this.#closing) return;
    this.#filling ??= setImmediate(() => {
      this.#filling = null;
      this.#fill();
    });
  }

  #fill(): void {
    if (this.#closing || this.#waiting.size === 0) return;
    const most = this.parallel;
    if (readSettings(this.#database).queuePaused) {
      this.#say([...this.#waiting.values()], 'the queue, which is paused');
      return;
    }
    if (this.#machine.patient && this.#machine.freeBytes() < roomNeeded) {
      this.#hold();
      return;
    }
    this.#held = null;
    for (const one of this.#waiting.values()) {
      if (one.waitsFor !== null) one.control.wait('');
      one.waitsFor = null;
    }
    for (const id of queuedRuns(this.#database)) {
      const next = this.#waiting.get(id);
      if (!next) continue;
      const atOnce = this.#atOnce(next, most);
      if (this.#running.size >= atOnce || [...this.#running.values()].some(({ alone }) => alone)) break;
      if (this.#fits(next)) this.#begin(next, atOnce, most);
    }
    const waiting = [...this.#waiting.values()];
    if (waiting.some(({ waitsFor }) => waitsFor !== null)) this.#lookAgain();
  }

  /** How many may train while this one does. One that was told its threads is measured by nobody. */
  #atOnce({ id, kind }: Waiting, most: number): number {
    if (most < 2 || findAnyRun(this.#database, id).run.config.threads !== null) return most;
    const alike = [...this.#waiting.values()].filter((one) => one.kind === kind).length;
    return this.#sideBySide.choose(kind, most, alike);
  }

  #begin(next: Waiting, atOnce: number, most: number): void {
    this.#waiting.delete(next.id);
    const beginning = Math.min(atOnce - this.#running.size, this.#waiting.size + 1);
    const taken = [...this.#running.values()].map(({ threads }) => threads);
    const threads = threadShare(this.#machine.cores, taken, beginning);
    const turn = new Turn(this.#parts, next, next.control);
    const running: Running = {
      ...next,
      waitsFor: null,
      turn,
      threads: threads ?? this.#machine.cores,
      alone: atOnce < most,
      ended: Promise.resolve(),
    };
    this.#running.set(next.id, running);
    const fresh = findAnyRun(this.#database, next.id).run.epoch === 0;
    const spent = this.#company.joins(this.#machine.now);
    running.ended = turn.train({ threads, tuning: next.tuning }).then(({ error, back }) => {
      this.#running.delete(next.id);
      const { seconds, atOnce: met } = spent();
      // What goes on from a checkpoint, or broke off, did an unknown part of its work.
      if (fresh && !back && error === undefined)
        this.#sideBySide.ended(next.kind, workDone(this.#database, next.id), seconds, met, most);
      if (!back) next.done(error);
      else {
        this.#waiting.set(next.id, next);
        this.#hold();
      }
      this.#fillSoon();
    });
  }

  get #parts(): ConstructorParameters<typeof Turn>[0] {
    return {
      database: this.#database,
      events: this.#events,
      execute: this.#execute,
      stopError: (id) => (this.#closing ? closed(id) : cancelled(id)),
      goesBack: ({ code }: ErrorShape) => code === 'disk-full' && this.#machine.patient && !this.#closing,
    };
  }

  /** Whether there is memory for a run; one that never has any ends here, saying so. */
  #fits(next: Waiting): boolean {
    const { run } = findAnyRun(this.#database, next.id);
    next.cost ??= new Estimates(this.#database).of(run.dataset, run.config);
    const { memoryMb } = next.cost;
    const memory = this.#machine.memory();
    const others = [...this.#running.values()].map(({ cost }) => cost?.memoryMb ?? 0);
    const room = memoryRoom(memoryMb ?? 0, others, memory);
    if (room === 'fits') return true;
    const need = `about ${megabytes(memoryMb ?? 0)} of memory`;
    if (room === 'later') {
      this.#say([next], `${need}: ${megabytes(memory.availableMb)} are free`);
      return false;
    }
    this.#waiting.delete(next.id);
    const error = new WorkbenchError(
      'out-of-memory',
      `The run would need ${need}, and this machine has ${megabytes(memory.totalMb)}: it was not started.`,
      'Choose a smaller model, fewer items (a k-core of the data set), or another machine.',
    );
    const { code, message, hint } = error;
    endRun(this.#parts, next.key, next.id, 'failed', { error: { code, message, hint } });
    next.done(error);
    return false;
  }

  #hold(): void {
    this.#held = 'The disk is full. Runs go on by themselves when there is room.';
    this.#say([...this.#waiting.values()], 'room on the disk');
    this.#lookAgain();
  }

  #say(waiting: readonly Waiting[], what: string): void {
    for (const one of waiting) {
      if (one.waitsFor === what) continue;
      one.waitsFor = what;
      one.control.wait(`waits for ${what}`);
    }
  }

  #lookAgain(): void {
    this.#look ??= setTimeout(() => {
      this.#look = null;
      this.#fill();
    }, this.#machine.lookEvery);
  }
}

const megabytes = (mb: number): string => `${Math.round(mb).toLocaleString('en-US')} MB`;

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
