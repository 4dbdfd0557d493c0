/** What the page of a sweep computes from its trials. */
import type { SweepEntry, SweepTrial } from '../../shared/sweeps.ts';
import { isBetter } from '../lib/metrics.ts';
import type { Sort } from '../ui/table.ts';
import type { TrialAxis } from './axes.ts';

/** What a range on each axis leaves, from and to in [0, 1]. */
export type Brushes = Readonly<Record<string, readonly [number, number]>>;

export interface Step {
  /** Counted from 1, as runs are named. */
  readonly trial: number;
  readonly value: number;
}

/**
 * The best after each trial that improved it, as the search decides: among the trials that came furthest. Figures of
 * fewer epochs do not compare with theirs.
 */
export function bestSoFar(trials: readonly SweepTrial[], metric: string): Step[] {
  const furthest = trials.reduce((most, { rungs }) => Math.max(most, rungs.length), 0);
  if (furthest === 0) return [];
  const steps: Step[] = [];
  for (const { index, rungs } of trials) {
    if (rungs.length < furthest) continue;
    const value = rungs[furthest - 1];
    const best = steps.at(-1);
    if (!best || isBetter(metric, value, best.value)) steps.push({ trial: index + 1, value });
  }
  return steps;
}

export interface Rung {
  readonly epochs: number;
  /** Trials that came to it, with their figure there. */
  readonly reached: readonly { readonly trial: SweepTrial; readonly figure: number; readonly on: boolean }[];
}

/** Of each rung who came to it and who went on. */
export function rungsOf({ rungs, trials }: Pick<SweepEntry, 'rungs' | 'trials'>): Rung[] {
  return rungs.map((epochs, rung) => ({
    epochs,
    reached: trials.flatMap((trial) =>
      trial.rungs.length > rung
        ? [
            {
              trial,
              figure: trial.rungs[rung],
              on: rung < rungs.length - 1 && (trial.rungs.length > rung + 1 || trial.epochs > epochs),
            },
          ]
        : [],
    ),
  }));
}

/** Trials inside the ranges of all axes; a trial without a value of a ranged axis is outside. */
export function within(
  trials: readonly SweepTrial[],
  axes: readonly TrialAxis[],
  brushes: Brushes,
): SweepTrial[] {
  const ranged = axes.flatMap((axis) => (axis.id in brushes ? [{ axis, range: brushes[axis.id] }] : []));
  return trials.filter((trial) =>
    ranged.every(({ axis, range: [from, to] }) => {
      const at = axis.place(trial);
      // Ends that were dragged to a value have it.
      return at !== null && at >= from - 1e-9 && at <= to + 1e-9;
    }),
  );
}

type Key = number | string | null;

/** Sorted by a column; what has no value there comes last. */
export function sorted(trials: readonly SweepTrial[], sort: Sort, metric: string): SweepTrial[] {
  const read: Record<string, (trial: SweepTrial) => Key> = {
    trial: ({ index }) => index,
    status: ({ status }) => status,
    epochs: ({ epochs }) => epochs,
    figure: ({ validation }) => validation,
    time: ({ seconds }) => seconds,
  };
  const keyOf = read[sort.column] ?? (({ parameters }) => keyOfValue(parameters[sort.column]));
  // From the best on, also where less is better.
  const turned = sort.column === 'figure' && isBetter(metric, 0, 1);
  const sign = sort.descending === turned ? 1 : -1;
  return [...trials].sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    if (x === null || y === null) return x === y ? a.index - b.index : x === null ? 1 : -1;
    const order = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y)) : x - y;
    return sign * order || a.index - b.index;
  });
}

function keyOfValue(value: SweepTrial['parameters'][string] | undefined): Key {
  return typeof value === 'boolean' ? Number(value) : (value ?? null);
}

/** In five steps from the worst to the best by rank, 0…4; null without a figure. */
export function shadesOf(trials: readonly SweepTrial[], metric: string): Map<number, number> {
  const ranked = trials
    .flatMap(({ index, validation }) => (validation === null ? [] : [{ index, validation }]))
    .sort((a, b) => (isBetter(metric, b.validation, a.validation) ? -1 : 1));
  return new Map(ranked.map(({ index }, at) => [index, Math.floor((at * 5) / ranked.length)]));
}
