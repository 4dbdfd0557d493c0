/** Beyond accuracy: what the top lists of all users together, and each alone, look like. */
import type { Factors } from '../../model/model.ts';
import type { ItemVectors } from '../evaluation.ts';
import type { TopLists } from '../ranking/ranking.ts';
import { listDiversity } from './diversity.ts';
import { meanOfDefined } from './ranks.ts';

export interface ListMetrics {
  readonly metrics: Record<string, number>;
  readonly perUser: Record<string, Float64Array>;
  readonly diversityBy: 'genres' | 'factors' | null;
}

/**
 * coverage, gini, popularityLift, novelty and diversity @ each k.
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
  for (const k of cuts) {
    const counts = exposure(lists, trained.trainCount.length, k);
    metrics[`coverage@${k}`] = coverage(counts);
    metrics[`gini@${k}`] = gini(counts);
  }
  const add = (name: string, columns: Float64Array[]): void =>
    cuts.forEach((k, c) => {
      perUser[`${name}@${k}`] = columns[c];
      const mean = meanOfDefined(columns[c]);
      if (!Number.isNaN(mean)) metrics[`${name}@${k}`] = mean;
    });
  add('popularityLift', listMeans(lists, popularityRatio(trained.trainCount), cuts));
  add('novelty', listMeans(lists, selfInformation(trained.trainCount, trained.trainUsers), cuts));
  const vectors = genres ?? (factors && { values: factors.items, size: factors.k });
  if (vectors) add('diversity', listDiversity(lists, vectors, cuts));
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

/** Share of the items that are in a list. */
export function coverage(counts: Uint32Array): number {
  let shown = 0;
  for (const count of counts) if (count > 0) shown++;
  return shown / counts.length;
}

/** Gini coefficient of the counts over all items, those never shown included; 0 where nothing is shown. */
export function gini(counts: Uint32Array): number {
  const sorted = counts.slice().sort();
  const n = sorted.length;
  let weighted = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    weighted += (2 * (i + 1) - n - 1) * sorted[i];
    total += sorted[i];
  }
  return total > 0 ? weighted / (n * total) : 0;
}

/**
 * Means of `values[item]` over the first k of each list, for several k at once; NaN for an empty list.
 * @param cuts ascending
 */
export function listMeans(
  lists: TopLists,
  values: ArrayLike<number>,
  cuts: readonly number[],
): Float64Array[] {
  const users = lists.start.length - 1;
  const means = cuts.map(() => new Float64Array(users).fill(NaN));
  for (let u = 0; u < users; u++) {
    const from = lists.start[u];
    const length = lists.start[u + 1] - from;
    let sum = 0;
    let place = 0;
    cuts.forEach((k, c) => {
      for (; place < k && place < length; place++) sum += values[lists.items[from + place]];
      if (place > 0) means[c][u] = sum / place;
    });
  }
  return means;
}

/** [itemCount] −log₂ of the share of users who know the item; an item of no train row counts as known to one. */
export function selfInformation(trainCount: Uint32Array, trainUsers: number): Float64Array {
  return Float64Array.from(trainCount, (count) => -Math.log2(Math.max(count, 1) / Math.max(trainUsers, 1)));
}

/** [itemCount] train rows of an item, against those of the item of a train row drawn at random. */
export function popularityRatio(trainCount: Uint32Array): Float64Array {
  let rows = 0;
  let squares = 0;
  for (const count of trainCount) {
    rows += count;
    squares += count * count;
  }
  return Float64Array.from(trainCount, (count) => (squares > 0 ? (count * rows) / squares : 0));
}
