/** What the Compare screen and the report make of a comparison: pairs by run, rows of the metric table, sentences. */
import type { CompareResult, Pair, Slice } from '../compare.ts';
import { count, decimal, interval, percent, plural, signed } from '../format.ts';
import { sortMetricKeys } from '../metrics/registry.ts';
import { arrow, direction, isBetter, metricTitle, parseMetric } from '../metrics/words.ts';

/** With the pairs of metrics that the verdict is not about. */
export function withOtherPairs(result: CompareResult, pairs: CompareResult['pairs']): CompareResult {
  return { ...result, pairs: [...result.pairs, ...pairs.filter(({ metric }) => metric !== result.metric)] };
}

/** b against a, whichever way round the engine paired them. */
export function pairOf(
  { pairs }: Pick<CompareResult, 'pairs'>,
  a: string,
  b: string,
  metric: string,
): Pair | null {
  for (const pair of pairs) {
    if (pair.metric !== metric) continue;
    if (pair.a === a && pair.b === b) return pair;
    if (pair.a === b && pair.b === a) return flip(pair);
  }
  return null;
}

function flip(pair: Pair): Pair {
  const [low, high] = pair.interval;
  return {
    ...pair,
    a: pair.b,
    b: pair.a,
    difference: -pair.difference,
    interval: [-high, -low],
    rankSign: -pair.rankSign,
    better: pair.worse,
    worse: pair.better,
  };
}

/** The same slice for the pair turned round. */
export function sliceFor(slice: Slice, a: string): Slice {
  if (slice.a === a) return slice;
  const [low, high] = slice.interval;
  return { ...slice, a: slice.b, b: slice.a, difference: -slice.difference, interval: [-high, -low] };
}

/** All pairs of some runs, each turned so that b is the better by the metric; the leading pair first. */
export function orientedPairs(result: CompareResult, ids: readonly string[]): { a: string; b: string }[] {
  const value = (id: string) => result.runs.find((run) => run.id === id)?.metrics[result.metric] ?? null;
  const turned = (a: string, b: string) => {
    const [x, y] = [value(a), value(b)];
    return x !== null && y !== null && isBetter(result.metric, x, y) ? { a: b, b: a } : { a, b };
  };
  const isLead = (pair: { a: string; b: string }) =>
    result.lead !== undefined && result.lead.includes(pair.a) && result.lead.includes(pair.b);
  const pairs = ids.flatMap((a, index) => ids.slice(index + 1).map((b) => turned(a, b)));
  return [...pairs.filter(isLead), ...pairs.filter((pair) => !isLead(pair))];
}

export interface MetricRow {
  key: string;
  title: string;
  arrow: string;
  values: (number | null)[];
  /** Indices of the best values. */
  best: number[];
  /** Of the chosen pair, b − a. */
  difference: number | null;
  pair: Pair | null;
  decimals: number;
}

/** One K where metrics have several: that of the verdict's metric, else 10. */
export function metricRows(result: CompareResult, a: string, b: string): MetricRow[] {
  const chosenK = parseMetric(result.metric).k;
  const keys = new Set(result.runs.flatMap((run) => Object.keys(run.metrics)));
  const ks = new Set([...keys].flatMap((key) => parseMetric(key).k ?? []));
  const k = chosenK ?? (ks.has(10) ? 10 : ([...ks][0] ?? null));
  const shown = sortMetricKeys(
    [...keys].filter((key) => parseMetric(key).k === null || parseMetric(key).k === k),
  );
  const rows = shown.map((key): MetricRow => {
    const values = result.runs.map((run) => run.metrics[key] ?? null);
    return rowOf(key, values, result, a, b, parseMetric(key).base === 'novelty' ? 3 : 4);
  });
  const chosen = rows.findIndex((row) => row.key === result.metric);
  if (chosen > 0) rows.unshift(...rows.splice(chosen, 1));
  const seconds = result.runs.map((run) => run.seconds);
  rows.push(rowOf('seconds', seconds, result, a, b, Math.min(...seconds) < 1 ? 2 : 1));
  return rows;
}

function rowOf(
  key: string,
  values: (number | null)[],
  result: CompareResult,
  a: string,
  b: string,
  decimals: number,
): MetricRow {
  const known = values.flatMap((value) => value ?? []);
  const top = known.reduce<number | null>(
    (best, value) => (best === null || isBetter(key, value, best) ? value : best),
    null,
  );
  const at = (id: string) => values[result.runs.findIndex((run) => run.id === id)] ?? null;
  const [va, vb] = [at(a), at(b)];
  const pair = pairOf(result, a, b, key);
  return {
    key,
    title: metricTitle(key),
    arrow: arrow(key),
    values,
    best: new Set(known).size < 2 ? [] : values.flatMap((value, index) => (value === top ? [index] : [])),
    difference: pair?.difference ?? (va === null || vb === null ? null : vb - va),
    pair,
    decimals,
  };
}

/** Largest magnitude of some intervals: the shared scale of their whiskers. */
export function reachOf(intervals: readonly (readonly [number, number])[]): number {
  return Math.max(1e-12, ...intervals.flatMap((range) => range.map(Math.abs)));
}

/** Whether an interval leaves zero out. */
export function isClear(range: readonly [number, number]): boolean {
  return range[0] > 0 || range[1] < 0;
}

/** What the slices come to. */
export function sliceSentence(slices: readonly Slice[], metric: string, better: string): string {
  const sign = direction(metric);
  const worst = slices.find((slice) => slice.worst);
  const harmed = slices.filter((slice) => slice.difference * sign < 0 && isClear(slice.interval));
  if (harmed.length === 0) return `No group is clearly worse with ${better}.`;
  const one = worst && harmed.includes(worst) ? worst : harmed[0];
  if (!one) return '';
  return `${better} is clearly worse for ${plural(harmed.length, 'group')}; most for ${one.label.toLowerCase()}: ${signed(one.difference)} ${interval(one.interval)}.`;
}

/** Users whose difference, b − a, falls between two values. */
export interface DifferenceBin {
  low: number;
  high: number;
  users: number;
}

/** Which users change, and by how much at the ends: bins count as far where they lie wholly beyond half the reach. */
export function distributionSentence(bins: readonly DifferenceBin[], same: number, users: number): string {
  const limit = Math.max(...bins.map((bin) => Math.max(Math.abs(bin.low), Math.abs(bin.high)))) / 2;
  const edge = Math.min(
    ...bins.flatMap((bin) => [bin.low, -bin.high]).filter((inner) => inner >= limit - 1e-9),
  );
  const sum = (far: (bin: DifferenceBin) => boolean) =>
    bins.reduce((total, bin) => (far(bin) ? total + bin.users : total), 0);
  const up = sum((bin) => bin.low >= edge - 1e-9);
  const down = sum((bin) => -bin.high >= edge - 1e-9);
  const change = Number.isFinite(edge)
    ? `; ${plural(up, 'user')} ${up === 1 ? 'rises' : 'rise'} by ${decimal(edge, 2)} or more, ${count(down)} ${down === 1 ? 'falls' : 'fall'} as much`
    : '';
  return `${percent(same / (users || 1), 0)} of the users see no change${change}.`;
}
