/**
 * A search for hyper-parameters as a state machine: `next` says what to train, `report` takes its figure. What comes
 * next depends on the settings and on what was reported, in which order, alone.
 *
 * With `eta` it is ASHA (Li et al., A system for massively parallel hyperparameter tuning, MLSys 2020, algorithm 2):
 * rungs at r, r·η, r·η² … epochs; a trial that is among the best 1/η of its rung goes on to the next, from its
 * checkpoint and without waiting for others; where none may, a new one begins. Without it every trial is trained whole.
 */
import type { SearchMethod, SearchSpace } from '../../shared/search.ts';
import { Random } from '../numeric/random.ts';
import { gridPoints } from './grid.ts';
import { pointKey, randomPoint, type Point } from './space.ts';
import { suggest, type Observed } from './tpe.ts';

/** Random points that are looked at for one that is new before a space counts as used up. */
const DRAWS = 200;

export interface SearchSettings {
  readonly space: SearchSpace;
  readonly method: SearchMethod;
  /** Values of a number on a grid, ends included. */
  readonly steps?: number;
  /** Reduction factor of ASHA, 2 or more; null: every trial is trained to the end. */
  readonly eta: number | null;
  /** Epochs of the first rung and of the last; without `eta` the last alone. */
  readonly epochs: { readonly least: number; readonly most: number };
  readonly better: 'higher' | 'lower';
  /** Trials that may begin; Infinity where time is the budget. */
  readonly budget: number;
  readonly seed: number;
  /** Points that are tried before any other: the defaults, presets. */
  readonly first?: readonly Point[];
}

export interface Trial {
  /** 0, 1, 2 … in the order in which they began. */
  readonly number: number;
  readonly point: Point;
  /** The figure at each rung that was reached. */
  readonly values: number[];
  /** The rung that it is being trained for; null: it waits. */
  running: number | null;
  /** It ended without a figure and takes part no more. */
  failed: boolean;
}

/** Training that is due. */
export interface Job {
  readonly trial: number;
  readonly point: Point;
  readonly rung: number;
  /** Epochs that its checkpoint has, 0 for a new trial, and those to train to. */
  readonly from: number;
  readonly to: number;
}

export class Search {
  readonly #settings: SearchSettings;
  readonly #trials: Trial[];
  /** Epochs of each rung, ascending. */
  readonly rungs: readonly number[];

  /** @param trials of a search that goes on where it was; those that ran are trained again from their last rung */
  constructor(settings: SearchSettings, trials: readonly Trial[] = []) {
    this.#settings = settings;
    this.rungs = rungsOf(settings);
    this.#trials = trials.map((trial) => ({ ...trial, values: [...trial.values], running: null }));
  }

  get trials(): readonly Readonly<Trial>[] {
    return this.#trials;
  }

  /** What to train now; null: nothing until another report comes, or at all where nothing runs. */
  next(): Job | null {
    const trial = this.#interrupted() ?? this.#promotable() ?? this.#begun();
    if (!trial) return null;
    const rung = trial.values.length;
    trial.running = rung;
    const from = rung === 0 ? 0 : this.rungs[rung - 1];
    return { trial: trial.number, point: trial.point, rung, from, to: this.rungs[rung] };
  }

  /** The figure of a trial at the rung that it was trained for; one that is no number ends the trial. */
  report(number: number, value: number): void {
    const trial = this.#runningTrial(number);
    trial.running = null;
    if (Number.isFinite(value)) trial.values.push(value);
    else trial.failed = true;
  }

  /** The trial ended without a figure. */
  fail(number: number): void {
    this.report(number, NaN);
  }

  /** Of the trials that came furthest the best; null where none has a figure. */
  best(): Readonly<Trial> | null {
    const furthest = this.#trials.reduce((most, { values }) => Math.max(most, values.length), 0);
    return furthest === 0 ? null : this.#ranked(furthest - 1)[0];
  }

  /** Begun before the search stopped, and without a figure yet. */
  #interrupted(): Trial | undefined {
    return this.#trials.find(({ values, running, failed }) => !values.length && running === null && !failed);
  }

  /** The best trial that may go on, from the highest rung that has one. */
  #promotable(): Trial | undefined {
    const { eta } = this.#settings;
    for (let rung = this.rungs.length - 2; eta !== null && rung >= 0; rung--) {
      const ranked = this.#ranked(rung);
      const found = ranked
        .slice(0, Math.floor(ranked.length / eta))
        .find(({ values, running, failed }) => values.length === rung + 1 && running === null && !failed);
      if (found) return found;
    }
    return undefined;
  }

  /** A new trial; none where the budget or the space is used up. */
  #begun(): Trial | undefined {
    if (this.#trials.length >= this.#settings.budget) return undefined;
    const tried = new Set(this.#trials.map(({ point }) => pointKey(point)));
    const point = this.#newPoint((candidate) => !tried.has(pointKey(candidate)));
    if (!point) return undefined;
    const trial = { number: this.#trials.length, point, values: [], running: null, failed: false };
    this.#trials.push(trial);
    return trial;
  }

  /** The same trial gives the same figure: no point is tried twice. */
  #newPoint(isNew: (point: Point) => boolean): Point | undefined {
    const { space, method, steps = 5, seed, first = [] } = this.#settings;
    const given = first.find(isNew);
    if (given) return given;
    if (method === 'grid') {
      for (const point of gridPoints(space, steps)) if (isNew(point)) return point;
      return undefined;
    }
    // One generator a trial: a search that goes on draws what it would have drawn.
    const random = new Random(Math.imul(seed, 0x01000193) + this.#trials.length, 'search');
    if (method === 'tpe') {
      const point = suggest(space, this.#observed(), random);
      if (isNew(point)) return point;
    }
    for (let draw = 0; draw < DRAWS; draw++) {
      const point = randomPoint(space, random);
      if (isNew(point)) return point;
    }
    return undefined;
  }

  #observed(): Observed[] {
    const sign = this.#settings.better === 'lower' ? 1 : -1;
    return this.#trials.map(({ point, values, failed }) => {
      const value = values.at(-1);
      const loss = value !== undefined ? sign * value : failed ? Infinity : null;
      return { point, loss, rung: values.length };
    });
  }

  /** Trials with a figure at a rung, the best first, among equals the earlier. */
  #ranked(rung: number): Trial[] {
    const sign = this.#settings.better === 'lower' ? 1 : -1;
    return this.#trials
      .filter(({ values }) => values.length > rung)
      .sort((a, b) => sign * (a.values[rung] - b.values[rung]) || a.number - b.number);
  }

  #runningTrial(number: number): Trial {
    const trial = this.#trials.at(number);
    if (!trial || trial.running === null) throw new RangeError(`trial ${number} does not run`);
    return trial;
  }
}

/** r·η^k below the most, and the most. */
function rungsOf({ eta, epochs: { least, most } }: SearchSettings): number[] {
  const rungs: number[] = [];
  for (let rung = least; eta !== null && rung < most; rung *= eta) rungs.push(Math.round(rung));
  return [...rungs, most];
}
