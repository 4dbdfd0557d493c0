/** Beyond accuracy: what the top lists of all users together, and each alone, look like. */
import type { MetricDefinition } from '../../../shared/metrics/metric.ts';
import { metrics as definitions } from '../../../shared/metrics/registry.ts';
import type { Factors } from '../../model/model.ts';
import type { ItemVectors } from '../evaluation.ts';
import type { TopLists } from '../ranking/ranking.ts';
import { meanOfDefined } from './ranking-metrics.ts';

const listDefinitions = definitions.filter(
  (metric): metric is Extract<MetricDefinition, { family: 'lists' }> => metric.family === 'lists',
);

export interface ListMetrics {
  readonly metrics: Record<string, number>;
  readonly perUser: Record<string, Float64Array>;
  readonly diversityBy: 'genres' | 'factors' | null;
}

/**
 * Every metric of lists @ each k.
 * @param cuts ascending, none longer than the lists were made for
 * @param trained train rows of each item, and users with one
 */
export function listMetrics(
  lists: TopLists,
  trained: { readonly trainCount: Uint32Array; readonly trainUsers: number },
  cuts: readonly number[],
  genres: ItemVectors | null,
  factors: Factors | null,
): ListMetrics {
  const metrics: Record<string, number> = {};
  const perUser: Record<string, Float64Array> = {};
  const vectors = genres ?? (factors && { values: factors.items, size: factors.k });
  const shown = cuts.map((k) => exposure(lists, trained.trainCount.length, k));
  for (const metric of listDefinitions) {
    if (!metric.perUser) {
      cuts.forEach((k, c) => (metrics[`${metric.name}@${k}`] = metric.ofExposure(shown[c])));
      continue;
    }
    metric.ofLists(lists, { ...trained, vectors }, cuts)?.forEach((values, c) => {
      const key = `${metric.name}@${cuts[c]}`;
      perUser[key] = values;
      const mean = meanOfDefined(values);
      if (!Number.isNaN(mean)) metrics[key] = mean;
    });
  }
  return { metrics, perUser, diversityBy: genres ? 'genres' : factors ? 'factors' : null };
}

/** [itemCount] how often each item is among the first k of a list. */
export function exposure(lists: TopLists, itemCount: number, k: number): Uint32Array {
  const counts = new Uint32Array(itemCount);
  for (let u = 0; u + 1 < lists.start.length; u++) {
    const end = Math.min(lists.start[u + 1], lists.start[u] + k);
    for (let place = lists.start[u]; place < end; place++) counts[lists.items[place]]++;
  }
  return counts;
}
