/** The runs at the end: the best configuration of each entry, with several seeds, on train + validation, tested once. */
import { setTimeout as pause } from 'node:timers/promises';
import { findModel } from '../../models/registry.ts';
import { findAnyRun, groupNames } from '../../store/runs.ts';
import { finalRuns, type StoredSweep, trialsOf } from '../../store/sweeps.ts';
import type { RunConfig } from '../../../shared/config.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import { toErrorShape } from '../failures.ts';
import type { Lane } from './lane.ts';
import type { Plan } from './sweep-plan.ts';
import type { SweepContext } from './sweep-context.ts';
import { costOf, finalSeconds } from './sweep-clock.ts';
import { configOf, insertSweepRun } from './trial-runs.ts';

/** Faults of the machine: the sweep waits to be taken up again. */
export const halting = new Set(['engine-closed', 'disk-full', 'folder-unusable']);

interface Task {
  readonly entry: number;
  readonly seed: number;
  readonly config: RunConfig;
  readonly group: string;
}

export interface EndTerms {
  /** Runs at once. */
  readonly slots: number;
  /** Seconds that are left. */
  left(): number;
  progress(done: number, total: number): void;
}

export class Ends {
  readonly #context: SweepContext;
  readonly #sweep: StoredSweep;
  readonly #plan: Plan;
  readonly #lanes: readonly Lane[];
  readonly #terms: EndTerms;
  readonly #active = new Set<string>();
  /** Seconds of a run of each entry: as expected, then as measured. */
  readonly #seconds = new Map<number, number>();
  readonly runs: string[] = [];
  #stopped = false;
  halted: Error | null = null;

  constructor(
    context: SweepContext,
    sweep: StoredSweep,
    plan: Plan,
    lanes: readonly Lane[],
    terms: EndTerms,
  ) {
    this.#context = context;
    this.#sweep = sweep;
    this.#plan = plan;
    this.#lanes = lanes;
    this.#terms = terms;
  }

  stop(): void {
    this.#stopped = true;
    for (const run of this.#active) this.#context.queue.stop(run, 'now');
  }

  /** Trains what the time allows. Returns what a reader should know: which seeds were left out, and why. */
  async train(): Promise<string[]> {
    const tasks = this.#tasks();
    const notes: string[] = [];
    const late: Task[] = [];
    const left = [...tasks];
    let done = 0;
    const work = async (): Promise<void> => {
      for (let task = left.shift(); task && !this.#stopped && !this.halted; task = left.shift()) {
        // The first seed of each is tried whatever it is expected to take.
        const expected = this.#seconds.get(task.entry) ?? 0;
        if (this.#terms.left() <= 0 || (task.seed > 0 && expected > this.#terms.left())) {
          late.push(task);
          continue;
        }
        const note = await this.#train(task, this.#limitOf(task, left));
        if (note) notes.push(note);
        this.#terms.progress(++done, tasks.length);
      }
    };
    this.#terms.progress(0, tasks.length);
    await Promise.all(Array.from({ length: this.#terms.slots }, work));
    return late.length > 0 ? [this.#tooLate(late), ...notes] : notes;
  }

  /** Seed by seed, of the first the quickest first: what time cuts off are seeds, not models. */
  #tasks(): Task[] {
    const direction = metricDirection(this.#plan.metric);
    const entries = this.#lanes
      .flatMap((lane) => {
        const best = lane.search.best();
        return best ? [{ lane, best, value: best.values[best.values.length - 1] }] : [];
      })
      .sort((a, b) => direction * (b.value - a.value));
    const taken = new Set(groupNames(this.#context.database));
    const known = finalRuns(this.#context.database, this.#sweep.key);
    const trials = trialsOf(this.#context.database, this.#sweep.key);
    const tasks: Task[] = [];
    for (const { lane, best } of entries) {
      const { entry } = lane;
      const { model } = this.#plan.entries[entry];
      const definition = findModel(model);
      const before = known.find((run) => run.entry === entry);
      const group = before
        ? findAnyRun(this.#context.database, before.id).run.group
        : nameOfGroup(this.#nameOf(definition?.title ?? model), taken);
      taken.add(group ?? '');
      const [run] = trials.find((trial) => trial.entry === entry && trial.number === best.number)?.runs ?? [];
      if (run) {
        const cost = costOf(findAnyRun(this.#context.database, run.id).run, lane.isWhole(best.number));
        this.#seconds.set(entry, finalSeconds(cost, lane.overhead));
      }
      const seeds = definition?.seedless ? 1 : this.#plan.finalSeeds;
      for (let seed = 0; seed < seeds; seed++) {
        const config = { ...configOf(this.#plan, entry, best.point, seed), refit: true };
        tasks.push({ entry, seed, config, group: group ?? '' });
      }
    }
    const seconds = ({ seed, entry }: Task): number => (seed === 0 ? (this.#seconds.get(entry) ?? 0) : 0);
    return tasks.sort((a, b) => a.seed - b.seed || seconds(a) - seconds(b));
  }

  /** Seconds that a run may take: the others that come after it and are the first of their model keep theirs. */
  #limitOf(task: Task, after: readonly Task[]): number {
    const left = this.#terms.left();
    if (left === Infinity || task.seed > 0) return left;
    const others = after.filter(({ seed }) => seed === 0);
    const needed = others.reduce((sum, { entry }) => sum + (this.#seconds.get(entry) ?? 0), 0);
    const { slots } = this.#terms;
    return Math.min(left, Math.max((left * slots) / (others.length + 1), left - needed / slots));
  }

  /** Returns a note where it came to nothing. */
  async #train(task: Task, limit: number): Promise<string | null> {
    const { database, queue, jobs } = this.#context;
    const id = this.#runOf(task);
    this.runs.push(id);
    const { run } = findAnyRun(database, id);
    if (run.status === 'finished') return null;
    const began = performance.now();
    this.#active.add(id);
    const over = new AbortController();
    try {
      queue.add(id, null, 'trial');
      void this.#endInTime(id, limit, over.signal);
      await jobs.wait(id);
      const took = (performance.now() - began) / 1000;
      this.#seconds.set(task.entry, took);
      return null;
    } catch (error) {
      const shape = toErrorShape(error);
      if (halting.has(shape.code)) this.halted ??= error instanceof Error ? error : new Error(String(error));
      if (this.#stopped || this.halted) return null;
      return this.#leftOut(
        task,
        shape.code === 'cancelled' ? 'its training did not end in time' : shape.message,
      );
    } finally {
      over.abort();
      this.#active.delete(id);
    }
  }

  /** The budget is a promise: what still trains when it is up is stopped. */
  async #endInTime(id: string, limit: number, over: AbortSignal): Promise<void> {
    if (limit === Infinity) return;
    try {
      await pause(Math.max(0, limit * 1000), undefined, { signal: over });
    } catch {
      return;
    }
    if (this.#context.queue.isActive(id)) this.#context.queue.stop(id, 'now');
  }

  /** The run of a task: one that an earlier engine began goes on. */
  #runOf({ entry, config, group }: Task): string {
    const { database } = this.#context;
    const known = finalRuns(database, this.#sweep.key).find(
      (run) => run.entry === entry && findAnyRun(database, run.id).run.seed === config.seed,
    );
    if (known) return known.id;
    const definition = findModel(config.model);
    const title = definition?.title ?? config.model;
    const alone = this.#plan.finalSeeds === 1 || definition?.seedless;
    const name = `${this.#nameOf(title)}${alone ? '' : ` seed ${config.seed}`}`;
    return insertSweepRun(this.#context, this.#sweep, this.#plan, {
      entry,
      trial: null,
      config,
      name,
      group,
    });
  }

  /** Of a tournament the model, and by its number which tournament: "BPR, T3". */
  #nameOf(title: string): string {
    const { kind, key, name } = this.#sweep;
    return kind === 'tournament' ? `${title}, T${key}` : name;
  }

  /** One sentence for all, or a short budget would bury the other notes. */
  #tooLate(tasks: readonly Task[]): string {
    const told = [...Map.groupBy(tasks, ({ entry }) => entry)].map(([entry, missing]) => {
      const seeds = missing.map(({ config }) => config.seed).sort((a, b) => a - b);
      return `${this.#titleOf(entry)} (${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')})`;
    });
    return `There was no time left to test ${told.join(', ')}.`;
  }

  #titleOf(entry: number): string {
    return findModel(this.#plan.entries[entry].model)?.title ?? '';
  }

  #leftOut({ entry, config }: Task, why: string): string {
    return `${this.#titleOf(entry)} was not tested with seed ${config.seed}: ${why}.`;
  }
}

/** A name that no other group has. */
function nameOfGroup(wanted: string, taken: ReadonlySet<string>): string {
  for (let k = 1; ; k++) {
    const name = k === 1 ? wanted : `${wanted} (${k})`;
    if (!taken.has(name)) return name;
  }
}
