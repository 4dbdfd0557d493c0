/** Words and figures about a data set: cells of the table, sentences under the charts. */
import type { Dataset } from '../../shared/contract.ts';
import type { Profile } from '../../shared/imports.ts';
import { count, date, decimal, monthSpan, percent, plural, shortCount } from '../lib/format.ts';

export function scaleText(dataset: Dataset): string {
  if (dataset.implicit || !dataset.scale) return 'implicit';
  const { minimum, maximum, step } = dataset.scale;
  return `${minimum}–${maximum}${step === null ? '' : `, step ${step}`}`;
}

export function timeText(dataset: Dataset): string {
  if (dataset.timeKind === 'order') return 'row order';
  return dataset.timeSpan && dataset.timeKind === 'time' ? monthSpan(dataset.timeSpan) : 'no time column';
}

/** Children after their parent, in the order of the list. */
export function asTree(list: readonly Dataset[]): { dataset: Dataset; depth: number }[] {
  const known = new Set(list.map((dataset) => dataset.id));
  const rows: { dataset: Dataset; depth: number }[] = [];
  const add = (dataset: Dataset, depth: number) => {
    rows.push({ dataset, depth });
    for (const child of list)
      if (child.parent === dataset.id && child.id !== dataset.id) add(child, depth + 1);
  };
  for (const dataset of list) if (dataset.parent === null || !known.has(dataset.parent)) add(dataset, 0);
  return rows;
}

export type Histogram = Profile['perUser'];

export function perUserSentence(histogram: Histogram): string {
  const from = Math.max(0, histogram.counts.length - 2);
  const many = histogram.counts.slice(from).reduce((sum, value) => sum + value, 0);
  const edge = histogram.edges[from] ?? 0;
  return `Half of the users gave ${plural(Math.round(histogram.median), 'rating')} or fewer; ${count(many)} gave ${count(edge)} or more.`;
}

export function longTailSentence(dataset: Dataset, profile: Profile): string {
  const items = Math.max(1, Math.round(dataset.items / 10));
  return `The ${plural(items, 'most rated item')} take ${percent(profile.topTenthShare)} of ratings; half of the items have ${count(Math.round(profile.perItem.median))} or fewer.`;
}

export function valuesSentence(profile: Profile): string {
  const total = profile.values.reduce((sum, bin) => sum + bin.count, 0);
  const top = profile.values.slice(-2);
  const share = top.reduce((sum, bin) => sum + bin.count, 0) / (total || 1);
  const names = top.map((bin) => String(bin.value)).join(' or ');
  const mean = profile.mean === null ? '' : `; the mean is ${decimal(profile.mean, 2)}`;
  return `${percent(share)} of ratings are ${names}${mean}.`;
}

/** Where a global split by time falls in a histogram over time: the bin, its date, the ratings after it. */
export function splitInTime(
  overTime: NonNullable<Profile['overTime']>,
  testShare: number,
): { bin: number; time: number; after: number } {
  const total = overTime.counts.reduce((sum, value) => sum + value, 0);
  let before = 0;
  let bin = 0;
  while (
    bin < overTime.counts.length - 1 &&
    before + (overTime.counts[bin] ?? 0) <= total * (1 - testShare)
  ) {
    before += overTime.counts[bin] ?? 0;
    bin += 1;
  }
  return { bin, time: overTime.starts[bin] ?? 0, after: total - before };
}

/** The busiest bin, in words. */
export function overTimeSentence(overTime: NonNullable<Profile['overTime']>): string {
  let most = 0;
  overTime.counts.forEach((value, index) => {
    if (value > (overTime.counts[most] ?? 0)) most = index;
  });
  const at = overTime.starts[most] ?? 0;
  return `The busiest ${overTime.unit} began on ${date(at)} with ${plural(overTime.counts[most] ?? 0, 'rating')}.`;
}

/** Edges of bins as axis labels. */
export function edgeTexts(edges: readonly number[]): string[] {
  return edges.map((edge) => (Math.abs(edge) >= 1e4 ? shortCount(edge) : count(Math.round(edge))));
}

/** Place of a value among bins, in bars from the left. */
export function placeInBins(edges: readonly number[], value: number): number {
  for (let bin = 0; bin < edges.length - 1; bin += 1) {
    const low = edges[bin] ?? 0;
    const high = edges[bin + 1] ?? low;
    if (value < high) return bin + Math.max(0, value - low) / (high - low || 1);
  }
  return edges.length - 1;
}
