/** What the Runs screen computes from a list of runs: best values, groups, differences, names. */
import {
  comparisonKey as makeComparisonKey,
  configurationKey as makeConfigurationKey,
} from '../../shared/run-identity.ts';
import type { Run } from '../../shared/contract.ts';
import { distinctSeeds, spread } from '../../shared/seed-groups.ts';
import { parameter, words } from './format.ts';

/** Value of a metric on test, else on validation while it runs. */
export function metricOf(run: Run, key: string): number | null {
  return run.metrics.test[key] ?? run.metrics.validation[key] ?? null;
}

/** Equal for runs that differ by seed alone. Runs are never changed in place, so a key is made once. */
export const configurationKey = remembered(makeConfigurationKey);
/** Equal for runs that compare: the same data, split and candidates. */
export const comparisonKey = remembered(makeComparisonKey);

/** Metric keys of a run, joined: of thousands of runs few lists differ. */
export const metricList = remembered(({ metrics: { test, validation } }) =>
  [...Object.keys(test), ...Object.keys(validation)].join(' '),
);

/** Makes the keys of some runs, so that the first screen that groups thousands of them is not held up by it. */
export function prepareKeys(runs: readonly Run[]): void {
  for (const run of runs) {
    configurationKey(run);
    comparisonKey(run);
    settingsKey(run);
    metricList(run);
  }
}

function remembered(make: (run: Run) => string): (run: Run) => string {
  const keys = new WeakMap<Run, string>();
  return (run) => {
    let key = keys.get(run);
    if (key === undefined) keys.set(run, (key = make(run)));
    return key;
  };
}

/** Kinds of split as a narrow column says them. */
const splitTitles: Record<string, string> = {
  'leave-last-out': 'last out',
  'user-ratio': 'by user',
  'global-time': 'by time',
  'k-fold': 'folds',
  rolling: 'rolling',
};

export function splitTitle(run: Run): string {
  const name = run.split?.name ?? run.config.split.name;
  return splitTitles[name] ?? name;
}

export interface RunGroup {
  key: string;
  /** The first of its runs, a finished one where there is any: it speaks for the group. */
  lead: Run;
  runs: Run[];
  /**
   * One run a distinct seed that has the metric: a seed that was trained again counts once, and what learns counts only
   * where nothing has finished.
   */
  counted: Run[];
  mean: number | null;
  /** Sample standard deviation of the metric over seeds; null under two values. */
  sd: number | null;
}

/** Groups of runs that differ by seed alone, or one group a run; order of first appearance. */
export function groupRuns(runs: readonly Run[], metric: string, bySeed: boolean): RunGroup[] {
  const groups = Map.groupBy(runs, bySeed ? configurationKey : (run) => run.id);
  return [...groups].map(([key, members]) => summarise(key, members, metric));
}

function summarise(key: string, runs: Run[], metric: string): RunGroup {
  const finished = runs.filter((run) => run.status === 'finished');
  const speaking = finished.length > 0 ? finished : runs;
  const lead = speaking.reduce((first, run) => (run.number < first.number ? run : first));
  const counted = distinctSeeds(speaking.filter((run) => metricOf(run, metric) !== null));
  if (counted.length === 0) return { key, lead, runs, counted, mean: null, sd: null };
  return { key, lead, runs, counted, ...spread(counted.map((run) => metricOf(run, metric) ?? NaN)) };
}

/** How a group stands: what learns or waits is told first, what failed only where nothing else came of it. */
export function statusOf({ runs, lead }: RunGroup): Run['status'] {
  const order = ['running', 'queued', 'finished', 'interrupted', 'cancelled'] as const;
  return order.find((status) => runs.some((run) => run.status === status)) ?? lead.status;
}

/**
 * Equal for runs that compare, told of those that wait too: their split is that of others with the same settings.
 * @param all runs that the splits are known from
 */
export function placesOf(all: readonly Run[]): (run: Run) => string {
  const known = new Map<string, string>();
  for (const run of all) if (run.split) known.set(settingsKey(run), comparisonKey(run));
  return (run) => (run.split ? comparisonKey(run) : (known.get(settingsKey(run)) ?? comparisonKey(run)));
}
const settingsKey = remembered((run) => makeComparisonKey({ ...run, split: null }));

export interface Difference {
  name: string;
  values: string[];
}

/** Settings of a run by name, as text: hyper-parameters, split, evaluation, seed. */
export function settingsOf(run: Run): Record<string, string> {
  const settings: Record<string, string> = { model: run.modelTitle };
  for (const [name, value] of Object.entries(run.parameters)) settings[words(name)] = parameter(value);
  settings['data set'] = run.datasetName;
  settings['split'] = run.split?.name ?? run.config.split.name;
  settings['candidates'] = run.config.evaluation.candidates;
  settings['refit'] = run.config.refit ? 'yes' : 'no';
  settings['seed'] = String(run.seed);
  return settings;
}

/** Settings that are not the same in every run; missing ones show as –. */
export function differences(runs: readonly Run[]): Difference[] {
  const all = runs.map(settingsOf);
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  const rows: Difference[] = [];
  for (const name of names) {
    const values = all.map((settings) => settings[name] ?? '–');
    if (new Set(values).size > 1) rows.push({ name, values });
  }
  return rows;
}

/** Hyper-parameters that differ between runs of one model anywhere in the list: the columns worth showing. */
export function differingParameters(runs: readonly Run[]): string[] {
  const models = new Map<string, Map<string, Set<unknown>>>();
  for (const { model, parameters } of runs) {
    let known = models.get(model);
    if (!known) models.set(model, (known = new Map<string, Set<unknown>>()));
    for (const name in parameters) {
      const values = known.get(name);
      if (values) values.add(parameters[name]);
      else known.set(name, new Set([parameters[name]]));
    }
  }
  const names = new Map<string, number>();
  for (const known of models.values()) {
    for (const [name, values] of known) {
      if (values.size < 2 || name === 'seed') continue;
      names.set(name, (names.get(name) ?? 0) + values.size);
    }
  }
  return [...names].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/**
 * Names as short as the differences allow, for chart labels: the model's title; where that repeats the run's own name,
 * or its number where the name is long or another's too.
 */
export function shortLabels(
  runs: readonly Pick<Run, 'name' | 'model' | 'modelTitle' | 'number'>[],
): string[] {
  const alone = (key: 'name' | 'model', value: string): boolean =>
    runs.filter((run) => run[key] === value).length < 2;
  return runs.map(({ name, model, modelTitle, number }) => {
    if (alone('model', model)) return modelTitle;
    return alone('name', name) && name.length <= 14 ? name : `${modelTitle}, run ${number}`;
  });
}

/** Seconds left of a running run, from its epochs so far; null before the first. */
export function secondsLeft(run: Run): number | null {
  if (run.epoch <= 0 || run.epochs <= 0) return null;
  return ((run.seconds.train + run.seconds.evaluate) / run.epoch) * (run.epochs - run.epoch);
}

/** The two latest finished runs of one data set, split and candidate rule, the later first; null where there are none. */
export function latestComparable(runs: readonly Run[]): [Run, Run] | null {
  const finished = runs
    .filter((run) => run.status === 'finished' && !run.archived)
    .sort((a, b) => b.number - a.number);
  const seen = new Map<string, Run>();
  for (const run of finished) {
    const key = comparisonKey(run);
    const later = seen.get(key);
    if (later) return [later, run];
    seen.set(key, run);
  }
  return null;
}
