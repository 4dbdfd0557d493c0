/** A sweep or tournament under way: tuning on validation, then the runs at the end, tested once. */
import { tuningSeconds } from '../../../shared/tournament.ts';
import type { Job } from '../../search/search.ts';
import { findModel } from '../../models/registry.ts';
import { epochsOf, findAnyRun } from '../../store/runs.ts';
import {
  deleteTrialCheckpoints,
  type StoredSweep,
  trialsOf,
  updateSweep,
  writeTrial,
} from '../../store/sweeps.ts';
import { toErrorShape } from '../failures.ts';
import type { JobControl } from '../jobs.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { Ends, halting } from './ends.ts';
import { type JobResult, Lane } from './lane.ts';
import type { Plan } from './sweep-plan.ts';
import { costOf, finalSeconds } from './sweep-clock.ts';
import type { SweepContext } from './sweep-context.ts';
import { bestOf, runsOfTrial } from './trial-runs.ts';

/** Milliseconds that an epoch has to end by itself when time is up. */
const EPOCH_GRACE = 3000;
interface Active {
  readonly lane: Lane;
  readonly job: Job;
  runs: readonly string[];
  /** Told to end. */
  cut: boolean;
  done: Promise<void>;
  limit: NodeJS.Timeout | null;
}

export class SweepRunner {
  readonly #context: SweepContext;
  readonly #sweep: StoredSweep;
  readonly #control: JobControl;
  readonly #lanes: Lane[];
  readonly #active = new Set<Active>();
  readonly #began = performance.now();
  #plan: Plan;
  #notes: string[];
  #finish = false;
  #stopped = false;
  #halted: Error | null = null;
  #lastError: Error | null = null;
  #wake: () => void = () => undefined;
  #ends: Ends | null = null;

  constructor(context: SweepContext, sweep: StoredSweep, control: JobControl) {
    this.#context = context;
    this.#sweep = sweep;
    this.#control = control;
    this.#plan = sweep.plan as Plan;
    this.#notes = [...sweep.notes];
    const stored = Map.groupBy(trialsOf(context.database, sweep.key), ({ entry }) => entry);
    this.#lanes = this.#plan.entries.map(
      (_, k) => new Lane(() => this.#plan, k, stored.get(k) ?? [], sweep.spent[k]),
    );
    control.signal.addEventListener('abort', () => this.stop());
  }

  /** No more trials: the end with what there is. */
  finish(): void {
    this.#finish = true;
    this.#wake();
  }

  /** No end either. */
  stop(): void {
    this.#stopped = true;
    for (const active of this.#active) this.#cut(active, 'now');
    this.#ends?.stop();
    this.#wake();
  }

  /** A larger budget. */
  extend(plan: Plan): void {
    this.#plan = plan;
    this.#wake();
  }

  /** Seconds until tuning and all of it ends; null where time is no budget. */
  get timeLeft(): { tuning: number; all: number } | null {
    const { minutes } = this.#plan.budget;
    if (minutes === null) return null;
    const elapsed = this.#elapsed();
    return {
      tuning: Math.max(0, this.#tuningEnd() - elapsed),
      all: Math.max(0, minutes * 60 - elapsed),
    };
  }

  /** @returns the id of the sweep */
  async run(): Promise<string> {
    const { database } = this.#context;
    updateSweep(database, this.#sweep.key, { status: 'running', error: null, finishedAt: null });
    this.#changed();
    if (this.#plan.raises) this.#context.queue.raise(this.#sweep.id, this.#plan.parallel);
    try {
      if (this.#sweep.stage === 'tuning') await this.#tune();
      this.#goOnlyUnhalted();
      if (!this.#stopped) await this.#end();
      this.#goOnlyUnhalted();
      if (this.#stopped)
        throw new WorkbenchError('cancelled', `"${this.#sweep.name}" was stopped.`, 'Extend it to go on.');
      return this.#sweep.id;
    } catch (error) {
      await this.#record(error);
      throw error;
    } finally {
      this.#context.queue.raise(this.#sweep.id, null);
      this.#changed();
    }
  }

  /** Throws what ended the machine's part: a full disk, a closed engine. */
  #goOnlyUnhalted(): void {
    if (this.#halted) throw this.#halted;
  }

  async #tune(): Promise<void> {
    while (!this.#over()) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      // One result at a time, and what it makes room for before the next: see Lane.
      do this.#issue();
      while (this.#takeOne());
      if (this.#active.size === 0) break;
      const timer = this.#alarm();
      await Promise.race([woken, ...[...this.#active].map(({ done }) => done)]);
      if (timer) clearTimeout(timer);
    }
    for (const active of this.#active) this.#cut(active, this.#stopped ? 'now' : 'epoch');
    await Promise.all([...this.#active].map(({ done }) => done));
    while (this.#takeOne());
  }

  #takeOne(): boolean {
    for (const lane of this.#lanes) {
      const trial = lane.takeOne();
      if (trial === null) continue;
      this.#store(lane, trial);
      return true;
    }
    return false;
  }

  #over(): boolean {
    const { minutes } = this.#plan.budget;
    const late = minutes !== null && this.#elapsed() >= this.#tuningEnd();
    return late || this.#finish || this.#stopped || this.#halted !== null;
  }

  /** Wakes the loop when tuning has to end. */
  #alarm(): NodeJS.Timeout | null {
    if (this.#plan.budget.minutes === null) return null;
    const left = Math.max(0, this.#tuningEnd() - this.#elapsed());
    return setTimeout(() => this.#wake(), Math.min(left * 1000, 60_000) + 5);
  }

  /** Begins what may begin: of several models first that which has had the least. */
  #issue(): void {
    const slots = this.#slots();
    while (this.#active.size < slots) {
      const open = [...this.#lanes].sort(
        (a, b) => a.spent - b.spent || a.search.trials.length - b.search.trials.length || a.entry - b.entry,
      );
      let begun = false;
      for (const lane of open) {
        const job = lane.next();
        if (!job) continue;
        this.#begin(lane, job);
        begun = true;
        break;
      }
      if (!begun) return;
    }
  }

  /** Trials at once: those of a sweep as it was asked for, and of a tournament as many as the queue has runs. */
  #slots(): number {
    return this.#plan.entries.length > 1 ? this.#context.queue.parallel : this.#plan.parallel;
  }

  #begin(lane: Lane, job: Job): void {
    const started = performance.now();
    const active: Active = { lane, job, runs: [], cut: false, limit: null, done: Promise.resolve() };
    this.#active.add(active);
    active.done = this.#trained(active, started);
  }

  async #trained(active: Active, started: number): Promise<void> {
    const { lane, job } = active;
    let result: JobResult | null = { figure: NaN, whole: false };
    try {
      active.runs = runsOfTrial(this.#context, this.#sweep, this.#plan, lane.entry, job);
      this.#limit(active);
      result = await this.#train(active);
    } catch (error) {
      this.#lastError = error instanceof Error ? error : new Error(String(error));
      if (halting.has(toErrorShape(error).code)) this.#halted ??= this.#lastError;
      if (active.cut || this.#halted) result = null;
    }
    if (active.limit) clearTimeout(active.limit);
    const wall = (performance.now() - started) / 1000;
    const trained = active.runs.reduce((sum, run) => {
      const { seconds } = findAnyRun(this.#context.database, run).run;
      return sum + seconds.train + seconds.evaluate;
    }, 0);
    lane.spent += wall;
    if (job.from === 0 && active.runs.length > 0) {
      const beside = Math.max(0, wall - trained) / active.runs.length;
      lane.overhead = lane.overhead === null ? beside : (lane.overhead + beside) / 2;
    }
    lane.settle(job, result);
    this.#active.delete(active);
    this.#progress();
  }

  /** Trains the runs of a trial to its rung. Its figure is the mean of their best so far. */
  async #train(active: Active): Promise<JobResult> {
    const { database, queue, jobs } = this.#context;
    const { job } = active;
    const last = job.to === this.#plan.entries[active.lane.entry].search.epochs.most;
    const until = last ? null : job.to;
    const due = active.runs.filter((id) => {
      const { run } = findAnyRun(database, id);
      return run.status !== 'finished' || run.epoch < job.to;
    });
    for (const id of due) queue.add(id, { until });
    const ends = await Promise.allSettled(due.map((id) => jobs.wait(id)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
    const curves = active.runs.map((id) => epochsOf(database, findAnyRun(database, id).key));
    const figures = curves.map((epochs) => bestOf(epochs, this.#plan.metric, job.to) ?? NaN);
    const figure = figures.reduce((sum, value) => sum + value, 0) / figures.length;
    const isWhole = last || curves.every((epochs) => epochs.length < job.to);
    return { figure, whole: isWhole && !active.cut };
  }

  /** A trial gets no more than an even share of the time that is left for tuning. */
  #limit(active: Active): void {
    if (this.#plan.budget.minutes === null) return;
    const left = Math.max(0, this.#tuningEnd() - this.#elapsed());
    const open = Math.max(1, this.#lanes.filter(({ ended }) => !ended).length);
    const share = (left * this.#slots()) / open;
    active.limit = setTimeout(() => this.#cut(active, 'epoch'), 1000 * Math.min(left, Math.max(1, share)));
  }

  #cut(active: Active, when: 'epoch' | 'now'): void {
    active.cut = true;
    const { queue } = this.#context;
    for (const run of active.runs) if (queue.isActive(run)) queue.stop(run, when);
    if (when === 'epoch' && this.#over())
      setTimeout(() => {
        if (this.#active.has(active)) this.#cut(active, 'now');
      }, EPOCH_GRACE);
  }

  #store(lane: Lane, trial: number): void {
    const { database } = this.#context;
    const { number, point, values, failed } = lane.search.trials[trial];
    database
      .transaction(() => {
        writeTrial(database, this.#sweep.key, {
          ...{ entry: lane.entry, number, point, figures: values, failed },
          whole: lane.isWhole(number),
        });
        this.#storeClock();
      })
      .immediate();
    this.#changed();
  }

  #storeClock(): void {
    updateSweep(this.#context.database, this.#sweep.key, {
      ...{ seconds: this.#elapsed(), notes: this.#notes },
      spent: this.#lanes.map(({ spent }) => spent),
    });
  }

  /** The best configuration of each entry is trained anew and tested; what is known then is the outcome. */
  async #end(): Promise<void> {
    const { database } = this.#context;
    const { key } = this.#sweep;
    if (this.#lanes.every(({ search }) => search.best() === null)) {
      if (this.#lastError) throw this.#lastError;
      throw new WorkbenchError(
        'no-trial-finished',
        `No trial of "${this.#sweep.name}" reached a result.`,
        'Give it more time, or look at the log of its trials.',
      );
    }
    if (this.#plan.finalSeeds > 0) {
      updateSweep(database, key, { stage: 'final' });
      this.#changed();
      const { minutes } = this.#plan.budget;
      this.#ends = new Ends(this.#context, this.#sweep, this.#plan, this.#lanes, {
        slots: this.#slots(),
        left: () => (minutes === null ? Infinity : minutes * 60 - this.#elapsed()),
        progress: (done, total) =>
          this.#control.progress({
            done,
            total,
            unit: 'runs',
            stage: 'training the best on train + validation',
          }),
      });
      this.#notes.push(...(await this.#ends.train()));
      this.#halted ??= this.#ends.halted;
      if (this.#stopped || this.#halted) return;
    }
    deleteTrialCheckpoints(database, key);
    const outcome = await this.#context.inspector.outcome(this.#sweep.id);
    updateSweep(database, key, {
      ...{ status: 'finished', stage: 'done', outcome },
      ...{ seconds: this.#elapsed(), notes: this.#notes, finishedAt: Date.now() },
    });
    this.#showEnds();
  }

  /** The runs at the end are seen from now on. */
  #showEnds(): void {
    for (const run of this.#ends?.runs ?? [])
      this.#context.events.emit({ event: 'runs.changed', payload: { run } });
  }

  /** How it ended without an outcome. */
  async #record(error: unknown): Promise<void> {
    const shape = toErrorShape(error);
    const { database } = this.#context;
    const { id, key } = this.#sweep;
    const status = statusOf(shape.code, this.#stopped);
    try {
      // What was tested is shown, whatever is missing.
      const isOver = this.#ends !== null && (status === 'cancelled' || status === 'failed');
      updateSweep(database, key, {
        ...{ status, seconds: this.#elapsed(), notes: this.#notes },
        ...(isOver && { stage: 'done', outcome: await this.#context.inspector.outcome(id) }),
        ...(status !== 'running' && { finishedAt: Date.now() }),
        ...(status !== 'cancelled' && status !== 'running' && { error: shape }),
      });
      if (isOver) this.#showEnds();
    } catch (unstored) {
      process.stderr.write(`How "${this.#sweep.name}" ended could not be stored: ${String(unstored)}\n`);
    }
  }

  #elapsed(): number {
    return this.#sweep.seconds + (performance.now() - this.#began) / 1000;
  }

  /** Seconds of the whole at which tuning ends: what the end takes is kept, by what the trials have cost. */
  #tuningEnd(): number {
    const { budget, finalSeeds, entries } = this.#plan;
    const all = (budget.minutes ?? 0) * 60;
    if (finalSeeds === 0) return all - Math.min(1, all / 10);
    const { database } = this.#context;
    const trials = trialsOf(database, this.#sweep.key);
    const ends = this.#lanes.flatMap((lane) => {
      const best = lane.search.best();
      if (!best) return [];
      const trial = trials.find(({ entry, number }) => entry === lane.entry && number === best.number);
      if (!trial || trial.runs.length === 0) return [];
      const cost = costOf(findAnyRun(database, trial.runs[0].id).run, lane.isWhole(best.number));
      const seeds = findModel(entries[lane.entry].model)?.seedless ? 1 : finalSeeds;
      return Array.from({ length: seeds }, () => finalSeconds(cost, lane.overhead));
    });
    return tuningSeconds(all, ends, this.#slots());
  }

  #progress(): void {
    const done = this.#lanes.reduce(
      (sum, { search }) =>
        sum + search.trials.filter(({ values, running }) => values.length > 0 && running === null).length,
      0,
    );
    const { minutes, trials } = this.#plan.budget;
    const left = this.timeLeft;
    this.#control.progress({
      done,
      total: minutes === null && trials !== null ? trials * this.#lanes.length : null,
      unit: 'trials',
      stage: 'tuning on validation',
      secondsLeft: left?.all ?? null,
    });
  }

  #changed(): void {
    this.#context.events.emit({ event: 'sweeps.changed', payload: { sweep: this.#sweep.id } });
  }
}

function statusOf(code: string, stopped: boolean): StoredSweep['status'] {
  // Closed by the windows, that is: the next engine goes on with it.
  if (code === 'engine-closed') return 'running';
  if (halting.has(code)) return 'interrupted';
  return stopped ? 'cancelled' : 'failed';
}
