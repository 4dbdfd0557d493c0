/** Two hyper-parameters against each other: the best trial of each cell. */
import type { Dimension } from '../../shared/search.ts';
import type { SweepTrial } from '../../shared/sweeps.ts';
import { parameter } from '../lib/format.ts';
import { isBetter } from '../lib/metrics.ts';

/** Cells along a range. */
const BINS = 5;

export interface Band {
  readonly label: string;
  readonly has: (value: SweepTrial['parameters'][string] | undefined) => boolean;
}

export interface Cell {
  readonly column: number;
  readonly row: number;
  /** Null: no trial with a figure. */
  readonly best: number | null;
  readonly trials: number;
}

/** Values one by one where there are few, else parts of the range, equally wide on its scale. */
export function bandsOf(dimension: Dimension, trials: readonly SweepTrial[]): Band[] {
  const { name } = dimension;
  if (dimension.kind === 'choice')
    return dimension.values.map((value) => ({ label: parameter(value), has: (one) => one === value }));
  const { low, high, scale, integer } = dimension;
  if (integer && high - low < BINS)
    return Array.from({ length: high - low + 1 }, (_, k) => ({
      label: parameter(low + k),
      has: (one) => one === low + k,
    }));
  const numbers = trials.flatMap(({ parameters }) => (name in parameters ? Number(parameters[name]) : []));
  const [from, to] = [Math.min(low, ...numbers), Math.max(high, ...numbers)];
  const log = scale === 'log' && from > 0;
  const cut = (k: number): number =>
    log ? from * (to / from) ** (k / BINS) : from + ((to - from) * k) / BINS;
  const text = (value: number): string =>
    parameter(integer ? Math.round(value) : Number(value.toPrecision(2)));
  return Array.from({ length: BINS }, (_, k) => ({
    label: `${text(cut(k))}–${text(cut(k + 1))}`,
    has: (one) =>
      typeof one === 'number' && (k === 0 || one >= cut(k)) && (k === BINS - 1 || one < cut(k + 1)),
  }));
}

/** Row by row; trials without one of the values are in none. */
export function cellsOf(
  trials: readonly SweepTrial[],
  [across, up]: readonly [string, string],
  columns: readonly Band[],
  rows: readonly Band[],
  metric: string,
): Cell[] {
  return rows.flatMap((band, row) =>
    columns.map((other, column): Cell => {
      const inside = trials.filter(
        ({ parameters }) => other.has(parameters[across]) && band.has(parameters[up]),
      );
      const figures = inside.flatMap(({ validation }) => validation ?? []);
      const best = figures.reduce<number | null>(
        (top, value) => (top === null || isBetter(metric, value, top) ? value : top),
        null,
      );
      return { column, row, best, trials: inside.length };
    }),
  );
}
