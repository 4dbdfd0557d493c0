/** Sweeps and tournaments as programs and people read them. */
import type { ParameterValue } from '../../../shared/config.ts';
import type { SweepDetail, SweepSummary } from '../../../shared/contract.ts';
import { figure, table } from './text.ts';

export function sweepJson({ summary, entries: [entry], final }: SweepDetail): Record<string, unknown> {
  const { id, name, status, stage, metric, seconds, notes, error, budget } = summary;
  return {
    sweep: {
      ...{ id, name, status, stage, metric, budget, search: entry.search, rungs: entry.rungs },
      ...{ space: entry.space, trials: entry.trials, best: entry.best, importance: entry.importance },
      ...{ seconds, notes, error },
    },
    ...(final && { final }),
  };
}

export function tournamentJson({ summary, entries, tournament }: SweepDetail): Record<string, unknown> {
  const { id, name, status, stage, metric, seconds, notes, error, budget } = summary;
  return {
    tournament: {
      ...{ id, name, status, stage, metric, budget, seconds, notes, error },
      entries: tournament?.entries ?? [],
      pairs: tournament?.pairs ?? [],
      bars: tournament?.bars ?? [],
      finals: tournament?.finals ?? [],
      slices: tournament?.slices ?? [],
      honesty: tournament?.notes ?? [],
      sentence: tournament?.sentence ?? '',
      searches: entries,
    },
  };
}

export function sweepText({ summary, entries: [entry], final }: SweepDetail): string {
  const { name, metric, status, notes, seconds } = summary;
  const names = [...new Set(entry.trials.flatMap(({ parameters }) => Object.keys(parameters)))];
  const rows = entry.trials.map((trial) => [
    // Counted from 1, as trials are named and the windows show them.
    `${trial.index === entry.best?.index ? '▸ ' : ''}${trial.index + 1}`,
    ...names.map((key) => shown(trial.parameters[key])),
    trial.status,
    trial.epochs,
    trial.validation,
    trial.seconds,
  ]);
  const tested = Object.entries(final?.metrics.test ?? {}).map(([key, { mean, sd }]) => [key, mean, sd]);
  return [
    `${name}: ${status}, ${entry.trials.length} trials by ${entry.search} in ${seconds.toFixed(1)} s, ${metric} on validation`,
    ...notes.map((note) => `Note: ${note}`),
    table(['trial', ...names, 'status', 'epochs', metric, 'seconds'], rows),
    ...(entry.importance
      ? [
          `What matters: ${entry.importance.map(({ name: of, share }) => `${of} ${Math.round(100 * share)} %`).join(', ')}.`,
        ]
      : []),
    ...(final
      ? [
          `The best, trained on train + validation with ${final.runs.length} ${final.runs.length === 1 ? 'seed' : 'seeds'} (group "${final.group}"):`,
          table(['test metric', 'mean', 'sd'], tested),
        ]
      : []),
  ].join('\n');
}

export function tournamentText({ summary, tournament }: SweepDetail): string {
  const { name, status, metric, seconds, notes } = summary;
  const rows = (tournament?.entries ?? []).map((entry) => [
    entry.rank === null ? '–' : `${entry.rank}${entry.tiedWithBest ? ' =' : ''}`,
    entry.title,
    entry.test?.mean ?? null,
    entry.test?.interval ? `[${entry.test.interval.map((end) => figure(end)).join(', ')}]` : '–',
    entry.runs.length,
    entry.validation,
    entry.trials,
    entry.seconds.tuning,
    entry.seconds.final,
  ]);
  return [
    `${name}: ${status} after ${seconds.toFixed(1)} s`,
    ...(tournament ? [tournament.sentence] : []),
    ...notes.map((note) => `Note: ${note}`),
    table(
      ['rank', 'model', `${metric} test`, '95 %', 'seeds', 'validation', 'trials', 's tuning', 's final'],
      rows,
    ),
    '= cannot be told apart from the first.',
  ].join('\n');
}

export function sweepsText(sweeps: readonly SweepSummary[]): string {
  if (sweeps.length === 0)
    return 'No sweeps yet. Start one: sweep --dataset … --model bpr, or tournament --dataset ….';
  return table(
    ['id', 'name', 'kind', 'status', 'stage', 'data set', 'models', 'trials', 'seconds'],
    sweeps.map((one) => [
      one.id.slice(0, 8),
      ...[one.name, one.kind, one.status, one.stage, one.datasetName, one.models.join(',')],
      one.trials,
      one.seconds,
    ]),
  );
}

function shown(value: ParameterValue | undefined): string | number | null {
  if (value === undefined) return null;
  return typeof value === 'number' ? (Number.isInteger(value) ? value : value.toPrecision(3)) : String(value);
}
