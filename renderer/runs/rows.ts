/** Rows of the Runs table: filtered, grouped, sorted. */
import type { Run } from '../../shared/contract.ts';
import { direction, isBetter } from '../lib/metrics.ts';
import { comparisonKey, configurationKey, groupRuns, type RunGroup } from '../lib/runs.ts';
import type { Sort } from '../ui/table.ts';
import { sortMetricKeys } from '../../shared/metrics/registry.ts';

export interface RunRow extends RunGroup {
  /** Mean over seeds, or the run's value. */
  value: number | null;
  /** Difference to the pinned baseline of the same data set, split and candidates; null where there is none. */
  versus: number | null;
  /** The first run of the pinned baseline. */
  baseline: Run | null;
  /** It is that baseline. */
  isBaseline: boolean;
  /** Best of its data set, split and candidates. */
  isBest: boolean;
  coverage: number | null;
}

/** The metric that most finished runs chose their epoch by; else the first there is. */
export function usualMetric(runs: readonly Run[]): string {
  const votes = new Map<string, number>();
  for (const run of runs) votes.set(run.target, (votes.get(run.target) ?? 0) + (run.baseline ? 0.1 : 1));
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'ndcg@10';
}

/** Metric keys that any of the runs has on test. */
export function metricChoices(runs: readonly Run[]): string[] {
  const lists = new Set<string>();
  for (const run of runs) lists.add(metricsOf(run));
  return sortMetricKeys(new Set([...lists].flatMap((list) => list.split(' ').filter(Boolean))));
}

/** Metric keys of a run, joined: of thousands of runs few lists differ. */
function metricsOf(run: Run): string {
  let list = metricLists.get(run);
  if (list === undefined) {
    list = [...Object.keys(run.metrics.test), ...Object.keys(run.metrics.validation)].join(' ');
    metricLists.set(run, list);
  }
  return list;
}
const metricLists = new WeakMap<Run, string>();

/** The group of seeds of the pinned run by data set, split and candidates. */
export function baselinesOf(runs: readonly Run[], metric: string): Map<string, RunGroup> {
  const pinned = new Map<string, Run>();
  for (const run of runs) if (run.pinned) pinned.set(configurationKey(run), run);
  if (pinned.size === 0) return new Map();
  const seeds = runs.filter(
    (run) =>
      run.pinned ||
      (run.status === 'finished' && !run.archived && !run.trashed && pinned.has(configurationKey(run))),
  );
  return new Map(groupRuns(seeds, metric, true).map((group) => [comparisonKey(group.lead), group]));
}

export function rowsOf(
  runs: readonly Run[],
  all: readonly Run[],
  metric: string,
  groupSeeds: boolean,
  sort: Sort,
): RunRow[] {
  const baselines = baselinesOf(all, metric);
  const rows = groupRuns(runs, metric, groupSeeds).map((group): RunRow => {
    const value = group.mean;
    const baseline = baselines.get(comparisonKey(group.lead));
    const than = baseline?.mean ?? null;
    const isBaseline =
      baseline !== undefined && configurationKey(baseline.lead) === configurationKey(group.lead);
    return {
      ...group,
      value,
      baseline: baseline?.lead ?? null,
      versus: value !== null && than !== null && !isBaseline ? value - than : null,
      isBaseline,
      isBest: false,
      coverage: coverageOf(group.lead),
    };
  });
  markBest(rows, metric);
  return rows.sort(comparer(sort, metric));
}

/** The best of each data set, split and candidates, where there is another to be better than; figures elsewhere do not compare. */
function markBest(rows: readonly RunRow[], metric: string): void {
  const places = Map.groupBy(
    rows.filter((row) => row.value !== null && row.lead.split !== null),
    (row) => comparisonKey(row.lead),
  );
  for (const members of places.values()) {
    if (members.length < 2) continue;
    const best = members.reduce<number | null>(
      (top, { value }) => (value !== null && (top === null || isBetter(metric, value, top)) ? value : top),
      null,
    );
    for (const row of members) row.isBest = row.value === best;
  }
}

/** Rows to be tested against the pinned baseline: 500 at most, the first in the table. */
export function testedRows(rows: readonly RunRow[], metric: string): RunRow[] {
  return rows
    .filter((row) => row.baseline && !row.isBaseline && row.counted.some((run) => metric in run.metrics.test))
    .slice(0, 500);
}

function coverageOf(run: Run): number | null {
  return run.metrics.test['coverage@10'] ?? run.metrics.test[coverageKey(run)] ?? null;
}
const coverageKey = (run: Run) =>
  Object.keys(run.metrics.test).find((key) => key.startsWith('coverage@')) ?? '';

type Key = number | string | null;

function comparer(sort: Sort, metric: string): (a: RunRow, b: RunRow) => number {
  const read: Record<string, (row: RunRow) => Key> = {
    name: (row) => row.lead.name.toLowerCase(),
    status: (row) => row.lead.status,
    model: (row) => row.lead.modelTitle,
    dataset: (row) => row.lead.datasetName,
    n: (row) => row.runs.length,
    metric: (row) => row.value,
    versus: (row) => row.versus,
    coverage: (row) => row.coverage,
    epoch: (row) => row.lead.bestEpoch,
    time: (row) => row.lead.seconds.train,
    split: (row) => row.lead.split?.name ?? row.lead.config.split.name,
    seed: (row) => row.lead.seed,
    memory: (row) => row.lead.peakMemoryMb,
    started: (row) => row.lead.createdAt,
  };
  const parameter = sort.column.startsWith('p:') ? sort.column.slice(2) : null;
  const of =
    parameter === null
      ? (read[sort.column] ?? ((row: RunRow) => row.lead.createdAt))
      : (row: RunRow): Key => {
          const value = row.lead.parameters[parameter];
          return typeof value === 'boolean' ? Number(value) : (value ?? null);
        };
  // Best first: for a metric where less is better, descending means from the best to the worst too.
  const better = sort.column === 'metric' || sort.column === 'versus' ? direction(metric) : 1;
  const sign = (sort.descending ? -1 : 1) * better;
  return (a, b) => {
    const x = of(a);
    const y = of(b);
    if (x === null || y === null) return x === y ? b.lead.number - a.lead.number : x === null ? 1 : -1;
    const order = typeof x === 'string' || typeof y === 'string' ? String(x).localeCompare(String(y)) : x - y;
    return sign * order || b.lead.number - a.lead.number;
  };
}

/** Seconds of training, as the person waits: spent while it runs, in all once it ended. */
export function timeOf(run: Run): number | null {
  return run.status === 'queued' ? null : run.seconds.train;
}
