/** Rows of the Runs table: filtered, grouped, sorted. */
import type { Run } from '../../shared/contract.ts';
import { direction, isBetter } from '../lib/metrics.ts';
import {
  comparisonKey,
  configurationKey,
  groupRuns,
  metricList,
  placesOf,
  type RunGroup,
  statusOf,
} from '../lib/runs.ts';
import { distinctSeeds, spread } from '../../shared/seed-groups.ts';
import type { Sort } from '../ui/table.ts';
import { sortMetricKeys } from '../../shared/metrics/registry.ts';

export interface RunRow extends RunGroup {
  kind: 'row';
  /** How the group stands: what learns or waits first. */
  status: Run['status'];
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
  /** The largest value there, the scale of the bars. */
  most: number;
  coverage: number | null;
  /** It is one run of the group above it. */
  member: boolean;
}

/** The head over the rows that compare with each other. */
export interface PlaceRow {
  kind: 'place';
  key: string;
  lead: Run;
  rows: number;
  baseline: Run | null;
}
export type TableRow = RunRow | PlaceRow;

/** The metric that most finished runs chose their epoch by; else the first there is. */
export function usualMetric(runs: readonly Run[]): string {
  const votes = new Map<string, number>();
  for (const run of runs) votes.set(run.target, (votes.get(run.target) ?? 0) + (run.baseline ? 0.1 : 1));
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'ndcg@10';
}

/** Metric keys that any of the runs has on test. */
export function metricChoices(runs: readonly Run[]): string[] {
  const lists = new Set<string>();
  for (const run of runs) lists.add(metricList(run));
  return sortMetricKeys(new Set([...lists].flatMap((list) => list.split(' ').filter(Boolean))));
}

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

/** Rows of groups: not filtered, not sorted, so that they are made again only when runs change. */
export function rowsOf(
  groups: readonly RunGroup[],
  all: readonly Run[],
  metric: string,
  place: (run: Run) => string = placesOf(all),
): RunRow[] {
  const baselines = baselinesOf(all, metric);
  return groups.map((group): RunRow => rowOf(group, baselines.get(place(group.lead))));
}

function rowOf(group: RunGroup, baseline: RunGroup | undefined): RunRow {
  const value = group.mean;
  const than = baseline?.mean ?? null;
  const isBaseline =
    baseline !== undefined && configurationKey(baseline.lead) === configurationKey(group.lead);
  return {
    ...group,
    kind: 'row',
    status: statusOf(group),
    value,
    baseline: baseline?.lead ?? null,
    versus: value !== null && than !== null && !isBaseline ? value - than : null,
    isBaseline,
    isBest: false,
    most: 0,
    coverage: coverageOf(group),
    member: false,
  };
}

/**
 * The table: rows sorted within their data set, split and candidates, under a head of it where there are several, and
 * never across; the runs of open groups under theirs.
 */
export function tableOf(
  rows: readonly RunRow[],
  sort: Sort,
  metric: string,
  open: readonly string[],
  place: (run: Run) => string,
): TableRow[] {
  const opened = new Set(open);
  const order = comparer(sort, metric);
  const places = Map.groupBy(rows, (row) => place(row.lead));
  const heads = [...places].sort(([, a], [, b]) => latest(b) - latest(a));
  return heads.flatMap(([key, members]): TableRow[] => {
    const sorted = ranked(members, metric).sort(order);
    const listed = sorted.flatMap((row) =>
      opened.has(row.key) && row.runs.length > 1 ? [row, ...membersOf(row, metric)] : [row],
    );
    if (places.size < 2) return listed;
    const [{ lead, baseline }] = sorted;
    return [{ kind: 'place', key: `place ${key}`, lead, rows: sorted.length, baseline }, ...listed];
  });
}

const latest = (rows: readonly RunRow[]): number =>
  rows.reduce((last, { runs }) => runs.reduce((most, run) => Math.max(most, run.number), last), 0);

/** Each run of a group for itself, by seed. */
function membersOf(row: RunRow, metric: string): RunRow[] {
  return groupRuns(row.runs, metric, false)
    .map((group): RunRow => ({
      ...row,
      ...rowOf(group, undefined),
      baseline: null,
      isBaseline: false,
      member: true,
    }))
    .sort((a, b) => a.lead.seed - b.lead.seed || a.lead.number - b.lead.number);
}

/** With the best of those that compare marked, where there is another to be better than, and the scale of their bars. */
function ranked(rows: readonly RunRow[], metric: string): RunRow[] {
  const values = rows.flatMap((row) => (row.status === 'finished' ? (row.value ?? []) : []));
  const best = values.reduce<number | null>(
    (top, value) => (top === null || isBetter(metric, value, top) ? value : top),
    null,
  );
  const most = rows.reduce((top, { value }) => Math.max(top, value ?? 0), 0);
  return rows.map((row) => ({ ...row, most, isBest: values.length > 1 && row.value === best }));
}

/** Rows to be tested against the pinned baseline: 500 at most, the first in the table. */
export function testedRows(rows: readonly RunRow[], metric: string): RunRow[] {
  return rows
    .filter((row) => row.baseline && !row.isBaseline && row.counted.some((run) => metric in run.metrics.test))
    .slice(0, 500);
}

/** Mean over seeds, as the metric is. */
function coverageOf({ counted, lead }: RunGroup): number | null {
  const values = (counted.length > 0 ? counted : [lead]).flatMap((run) => coverageOfRun(run) ?? []);
  return values.length > 0 ? spread(values).mean : null;
}
const coverageOfRun = (run: Run): number | null =>
  run.metrics.test['coverage@10'] ??
  run.metrics.test[Object.keys(run.metrics.test).find((key) => key.startsWith('coverage@')) ?? ''] ??
  null;

type Key = number | string | null;

function comparer(sort: Sort, metric: string): (a: RunRow, b: RunRow) => number {
  const read: Record<string, (row: RunRow) => Key> = {
    name: (row) => row.lead.name.toLowerCase(),
    status: (row) => row.status,
    model: (row) => row.lead.modelTitle,
    dataset: (row) => row.lead.datasetName,
    n: (row) => distinctSeeds(row.runs).length,
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
