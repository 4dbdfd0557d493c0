/** The search of one entry, and what it has cost so far. */
import { type Job, Search, type SearchSettings, type Trial } from '../../search/search.ts';
import type { StoredTrial } from '../../store/sweeps.ts';
import { directionOf, type Plan } from './sweep-plan.ts';

/** Trials that fail at the start before others are not tried. */
const FAILURES = 5;

/** What training came to; null: it was cut before it had a figure. */
export interface JobResult {
  /** NaN: it failed. */
  readonly figure: number;
  /** It was trained to its end: the next rungs have the same figure. */
  readonly whole: boolean;
}

/**
 * Hands out what to train and takes its figures. Where trials are the budget they are taken in the order in which the
 * work was handed out, whatever ended first: what is tried next then hangs on figures alone, and is the same the next
 * time. Where time is, each is taken at once.
 */
export class Lane {
  readonly entry: number;
  readonly search: Search;
  readonly #inOrder: boolean;
  readonly #atOnce: number;
  readonly #pending: { readonly job: Job; result?: JobResult | null }[] = [];
  readonly #whole = new Map<number, number>();
  #exhausted = false;
  /** Seconds that its trials have taken, from their start to their end. */
  spent: number;
  /** Seconds of a trial beside training and evaluation: processes, reading. */
  overhead: number | null = null;

  constructor(plan: () => Plan, entry: number, stored: readonly StoredTrial[], spent = 0) {
    this.spent = spent;
    const { entries, parallel, searchSeed, budget } = plan();
    const { space, search } = entries[entry];
    this.entry = entry;
    this.#inOrder = budget.minutes === null;
    this.#atOnce = parallel;
    const settings: SearchSettings = {
      ...search,
      space: space as SearchSettings['space'],
      better: directionOf(plan()),
      seed: searchSeed,
      get budget() {
        return plan().budget.trials ?? Infinity;
      },
    };
    this.search = new Search(settings, stored.map(toTrial));
    for (const { number, whole, figures } of stored)
      if (whole && figures.length > 0) this.#whole.set(number, figures[figures.length - 1]);
  }

  /** Nothing more comes, and nothing is under way. */
  get ended(): boolean {
    return this.#exhausted && this.#pending.length === 0;
  }

  /** What to train now, or null: nothing, or not before another result is taken. */
  next(): Job | null {
    while (this.#pending.length < this.#atOnce) {
      const job = this.#hopeless ? null : this.search.next();
      this.#exhausted = job === null && this.#pending.length === 0;
      if (!job) return null;
      const figure = this.#whole.get(job.trial);
      this.#pending.push(figure === undefined ? { job } : { job, result: { figure, whole: true } });
      if (figure === undefined) return job;
      // Nothing is left to train of it: its figure is taken in its turn.
    }
    return null;
  }

  /** The first trials have all failed, and so would others. */
  get #hopeless(): boolean {
    const { trials } = this.search;
    return trials.length >= FAILURES && trials.every(({ failed }) => failed);
  }

  /** @param result null: it was cut, and takes no further part */
  settle(job: Job, result: JobResult | null): void {
    const pending = this.#pending.find((one) => one.job === job);
    if (!pending) throw new RangeError(`trial ${job.trial} is not under way`);
    pending.result = result;
  }

  /** Takes the next result into account, where there is one. Returns its trial; null: there is none. */
  takeOne(): number | null {
    const at = this.#inOrder ? 0 : this.#pending.findIndex(({ result }) => result !== undefined);
    const taken = this.#pending[at];
    if (taken?.result === undefined) return null;
    this.#pending.splice(at, 1);
    const { job, result } = taken;
    if (result) this.search.report(job.trial, result.figure);
    if (result?.whole) this.#whole.set(job.trial, result.figure);
    return job.trial;
  }

  isWhole(trial: number): boolean {
    return this.#whole.has(trial);
  }
}

/** A stored trial as a search takes it up again. */
export function toTrial({ number, point, figures, failed }: StoredTrial): Trial {
  return { number, point, values: [...figures], running: null, failed };
}
