import { auc } from './auc.ts';
import { coverage } from './coverage.ts';
import { diversity } from './diversity.ts';
import { gini } from './gini.ts';
import { hr } from './hr.ts';
import { mae } from './mae.ts';
import { maeClipped } from './mae-clipped.ts';
import { map } from './map.ts';
import { mrr } from './mrr.ts';
import { ndcg } from './ndcg.ts';
import { novelty } from './novelty.ts';
import { popularityLift } from './popularity-lift.ts';
import { precision } from './precision.ts';
import { recall } from './recall.ts';
import { rmse } from './rmse.ts';
import { rmseClipped } from './rmse-clipped.ts';
import { tieRate } from './tie-rate.ts';
import type { Aggregation, MetricDefinition } from './metric.ts';

/**
 * Every metric, in the order of the tables: rating errors, ranking, lists. Adding one = its file and a line here: forms, command line,
 * comparison and screens ask the object. Keys as on the command line: `hr@10`, `sampled99/ndcg@10`.
 */
export const metrics: readonly MetricDefinition[] = [
  rmse,
  rmseClipped,
  mae,
  maeClipped,
  ndcg,
  recall,
  hr,
  precision,
  mrr,
  map,
  auc,
  coverage,
  novelty,
  gini,
  popularityLift,
  diversity,
  tieRate,
];

const byName = new Map(metrics.map((metric) => [metric.name, metric]));

export interface MetricKey {
  /** `sampled99`, `given99`, or empty for full ranking. */
  readonly prefix: string;
  readonly name: string;
  /** Null where the metric is not cut. */
  readonly k: number | null;
}

/** Parts of a key such as `sampled99/hr@10`. */
export function parseMetricKey(key: string): MetricKey {
  const slash = key.indexOf('/');
  const [name, k] = key.slice(slash + 1).split('@');
  return { prefix: slash < 0 ? '' : key.slice(0, slash), name, k: k === undefined ? null : Number(k) };
}

/** The definition behind a key, or undefined. */
export function metricDefinition(key: string): MetricDefinition | undefined {
  return byName.get(parseMetricKey(key).name);
}

/** `ndcg@10` → "NDCG@10", `sampled99/hr@10` → "HR@10 (sampled99)". */
export function metricTitle(key: string): string {
  const { prefix, name, k } = parseMetricKey(key);
  const title = (byName.get(name)?.title ?? name) + (k === null ? '' : `@${k}`);
  return prefix ? `${title} (${prefix})` : title;
}

/** 1 where higher is better, −1 where lower is. An unknown metric counts as higher is better. */
export function metricDirection(key: string): 1 | -1 {
  return metricDefinition(key)?.better === 'lower' ? -1 : 1;
}

/** The key under which a metric was taken: itself, or itself over sampled or given candidates. */
export function findMetricKey(keys: Iterable<string>, metric: string): string | undefined {
  let prefixed: string | undefined;
  for (const key of keys) {
    if (key === metric) return key;
    if (key.endsWith(`/${metric}`)) prefixed = key;
  }
  return prefixed;
}

/** How users' values become the figure of a key. An unknown metric is a mean. */
export function aggregationOf(key: string): Aggregation {
  return metricDefinition(key)?.aggregation ?? 'mean';
}

/** Place of a key in the tables: rating errors, ranking, lists; then by K. */
export function sortMetricKeys(keys: Iterable<string>): string[] {
  const place = (key: string): number => {
    const at = metrics.findIndex(({ name }) => name === parseMetricKey(key).name);
    return at < 0 ? metrics.length : at;
  };
  const length = (key: string): number => parseMetricKey(key).k ?? 0;
  return [...keys].sort((a, b) => place(a) - place(b) || length(a) - length(b) || a.localeCompare(b));
}
