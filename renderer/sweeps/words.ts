/** Sentences and rows that several views of a sweep share. */
import type { ParameterSchema } from '../../shared/config.ts';
import type { SearchKind, SweepEntry, SweepTrial } from '../../shared/sweeps.ts';
import { count, decimal, duration, listing, lowerFirst, parameter, percent, plural } from '../lib/format.ts';
import { metricTitle } from '../lib/metrics.ts';
import { titleOf } from './axes.ts';
import type { Band, Cell } from './heat.ts';
import type { Rung, Step } from './trials.ts';

export const searchTitles: Record<SearchKind, string> = {
  grid: 'grid',
  random: 'random',
  asha: 'ASHA',
  tpe: 'TPE',
  'asha+tpe': 'ASHA + TPE',
};

export const statusWords: Record<SweepTrial['status'], string> = {
  queued: 'waits',
  running: 'learns',
  finished: 'trained whole',
  stopped: 'ended early',
  failed: 'failed',
};

export const trialName = ({ index }: Pick<SweepTrial, 'index'>): string => `Trial ${count(index + 1)}`;

/** "learning rate .05, embedding size 64" */
export function settingsText(
  parameters: SweepTrial['parameters'],
  schemas: readonly ParameterSchema[],
): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${lowerFirst(titleOf(name, schemas))} ${parameter(value)}`)
    .join(', ');
}

/** What a tooltip tells of a trial. */
export function trialTip(
  trial: SweepTrial,
  schemas: readonly ParameterSchema[],
  metric: string,
): { title: string; rows: [string, string][] } {
  return {
    title: `${trialName(trial)}, ${statusWords[trial.status]}`,
    rows: [
      [metricTitle(metric), decimal(trial.validation)],
      ...Object.entries(trial.parameters).map(([name, value]): [string, string] => [
        titleOf(name, schemas),
        parameter(value),
      ]),
      ['Epochs', count(trial.epochs)],
      ['Time', duration(trial.seconds)],
    ],
  };
}

export function bestSentence(steps: readonly Step[], trials: number, metric: string): string {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) return 'No trial has a figure yet.';
  const title = metricTitle(metric);
  if (steps.length === 1)
    return `Trial ${count(last.trial)} leads with ${title} ${decimal(last.value)} on validation; none of ${plural(trials, 'trial')} is better.`;
  return `Trial ${count(last.trial)} leads with ${title} ${decimal(last.value)} on validation, ${decimal(Math.abs(last.value - first.value))} better than trial ${count(first.trial)}, the first to come as far.`;
}

export function rungSentence(rungs: readonly Rung[]): string {
  const [first] = rungs;
  if (!first || first.reached.length === 0) return 'No trial has come to the first rung yet.';
  const beyond = rungs
    .slice(1)
    .map((rung, k) =>
      k === rungs.length - 2
        ? `${count(rung.reached.length)} to the last of ${plural(rung.epochs, 'epoch')}`
        : `${count(rung.reached.length)} to ${count(rung.epochs)}`,
    );
  return `${plural(first.reached.length, 'trial')} came to ${plural(first.epochs, 'epoch')}, ${listing(beyond)}.`;
}

export function importanceSentence(
  importance: SweepEntry['importance'],
  schemas: readonly ParameterSchema[],
): string {
  const [first, second] = importance ?? [];
  if (!first) return 'Eight trials with unlike figures are needed to tell what matters.';
  const name = (one: { name: string }): string => lowerFirst(titleOf(one.name, schemas));
  const start = `Alone, ${name(first)} explains ${percent(first.share, 0)} of how the figures vary`;
  return second ? `${start}, ${name(second)} ${percent(second.share, 0)}.` : `${start}.`;
}

export function heatSentence(
  cells: readonly Cell[],
  best: Cell | null,
  [across, up]: readonly [string, string],
  columns: readonly Band[],
  rows: readonly Band[],
  metric: string,
): string {
  if (!best) return 'No trial has a figure yet.';
  const empty = cells.filter(({ trials }) => trials === 0).length;
  const tried = empty > 0 ? ` Nothing was tried in ${empty} of ${plural(cells.length, 'cell')}.` : '';
  return `The best stands at ${lowerFirst(across)} ${columns[best.column]?.label ?? ''} and ${lowerFirst(up)} ${rows[best.row]?.label ?? ''}: ${metricTitle(metric)} ${decimal(best.best)}.${tried}`;
}
