/** Hyper-parameters and the figure of trials as axes from 0 (low) to 1 (high). */
import type { ParameterSchema, ParameterValue } from '../../shared/config.ts';
import type { Dimension } from '../../shared/search.ts';
import type { SweepTrial } from '../../shared/sweeps.ts';
import { logTicks, niceTicks } from '../../shared/figures/layout.ts';
import { decimal, parameter, sentence, words } from '../lib/format.ts';
import { direction, metricTitle } from '../lib/metrics.ts';

export interface TrialAxis {
  readonly id: string;
  readonly title: string;
  /** Where a trial stands, in [0, 1]; null: it has no such value. */
  readonly place: (trial: SweepTrial) => number | null;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** The value at a place. */
  readonly text: (at: number) => string;
  /** How far an arrow key moves along it. */
  readonly step: number;
}

/** The figure's axis, beside those of hyper-parameters. */
export const FIGURE = 'figure';

/** One axis a hyper-parameter in their order, and the figure last. */
export function axesOf(
  space: readonly Dimension[],
  schemas: readonly ParameterSchema[],
  trials: readonly SweepTrial[],
  metric: string,
): TrialAxis[] {
  return [
    ...space.map((dimension) => parameterAxis(dimension, titleOf(dimension.name, schemas), trials)),
    figureAxis(trials, metric),
  ];
}

export function titleOf(name: string, schemas: readonly ParameterSchema[]): string {
  return schemas.find((schema) => schema.name === name)?.title ?? sentence(words(name));
}

function parameterAxis(dimension: Dimension, title: string, trials: readonly SweepTrial[]): TrialAxis {
  const { name } = dimension;
  const values = trials.flatMap(({ parameters }) => parameters[name] ?? []);
  if (dimension.kind === 'choice') return choiceAxis(name, title, [...dimension.values, ...values]);
  // The first trial has the defaults, which may stand outside of where the search looks.
  const numbers = [dimension.low, dimension.high, ...values.map(Number)];
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return numberAxis(
    name,
    title,
    { low, high, log: dimension.scale === 'log' && low > 0, integer: dimension.integer },
    ({ parameters }) => (name in parameters ? Number(parameters[name]) : null),
    (value) => parameter(dimension.integer ? Math.round(value) : Number(value.toPrecision(3))),
  );
}

function choiceAxis(name: string, title: string, all: readonly ParameterValue[]): TrialAxis {
  const values = [...new Set(all)];
  const at = (value: ParameterValue): number => (values.indexOf(value) + 0.5) / values.length;
  return {
    id: name,
    title,
    place: ({ parameters }) => (name in parameters ? at(parameters[name]) : null),
    ticks: values.map((value) => ({ at: at(value), label: parameter(value) })),
    text: (place) => parameter(values[Math.min(values.length - 1, Math.floor(place * values.length))]),
    step: 1 / values.length,
  };
}

function figureAxis(trials: readonly SweepTrial[], metric: string): TrialAxis {
  const figures = trials.flatMap(({ validation }) => validation ?? []);
  const [low, high] =
    figures.length === 0
      ? [0, 1]
      : figures.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  return numberAxis(
    FIGURE,
    `${metricTitle(metric)}${direction(metric) < 0 ? ', lower is better' : ''}`,
    { low, high, log: false, integer: false },
    ({ validation }) => validation,
    (value) => decimal(value),
  );
}

interface Extent {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly integer: boolean;
}

function numberAxis(
  id: string,
  title: string,
  { low, high, log, integer }: Extent,
  value: (trial: SweepTrial) => number | null,
  format: (value: number) => string,
): TrialAxis {
  const [a, b] = log ? [Math.log(low), Math.log(high)] : [low, high];
  const at = (number: number): number => (b > a ? ((log ? Math.log(number) : number) - a) / (b - a) : 0.5);
  const back = (place: number): number => (log ? Math.exp(a + place * (b - a)) : a + place * (b - a));
  const round = (log ? logTicks(low, high, 4) : niceTicks(low, high, 4)).filter(
    (tick) => tick > low && tick < high && at(tick) > 0.08 && at(tick) < 0.92,
  );
  const whole = integer && high - low < 20;
  return {
    id,
    title,
    place: (trial) => {
      const number = value(trial);
      return number === null ? null : at(number);
    },
    ticks: [low, ...(high > low ? [...round, high] : [])].map((tick) => ({
      at: at(tick),
      label: format(tick),
    })),
    text: (place) => format(back(place)),
    step: whole && high > low && !log ? 1 / (high - low) : 0.02,
  };
}
