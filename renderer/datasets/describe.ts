/** Words and figures about a data set: cells of the table, sentences under the charts. */
import type { Dataset } from '../../shared/contract.ts';
import type { Profile } from '../../shared/imports.ts';
import {
  count,
  date,
  decimal,
  monthSpan,
  percent,
  plain,
  plural,
  sentence,
  shortCount,
  words,
} from '../lib/format.ts';

export function scaleText(dataset: Dataset): string {
  if (dataset.implicit || !dataset.scale) return 'implicit';
  const { minimum, maximum, step } = dataset.scale;
  const range =
    minimum < 0 ? `${plain(minimum)} to ${plain(maximum)}` : `${plain(minimum)}–${plain(maximum)}`;
  return step === null ? range : `${range}, step ${plain(step)}`;
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

/** The top tenth is rounded up, as in the profile. */
export function longTailSentence(dataset: Dataset, profile: Profile): string {
  const items = Math.ceil(dataset.items / 10);
  return `The ${plural(items, 'most rated item')} take ${percent(profile.topTenthShare)} of ratings; half of the items have ${count(Math.round(profile.perItem.median))} or fewer.`;
}

/** Ratings of more than a hundred values are counted in bins; each bears its lower edge. */
export function valueLabels({ values }: Profile, step: number | null | undefined): string[] {
  if (step !== null && step !== undefined) return values.map((bin) => plain(bin.value));
  const width = (values[1]?.value ?? 0) - (values[0]?.value ?? 0);
  return values.map((bin) => `${plain(bin.value)} to ${plain(bin.value + width)}`);
}

export function valuesSentence(profile: Profile, step: number | null | undefined): string {
  const total = profile.values.reduce((sum, bin) => sum + bin.count, 0);
  if (step === null || step === undefined) {
    const most = profile.values.reduce(
      (best, bin, at) => (bin.count > (profile.values[best]?.count ?? 0) ? at : best),
      0,
    );
    const share = percent((profile.values[most]?.count ?? 0) / (total || 1));
    const mean = profile.mean === null ? '' : ` The mean is ${decimal(profile.mean, 2)}.`;
    return `The fullest bin, ${valueLabels(profile, step)[most] ?? ''}, has ${share} of ratings.${mean}`;
  }
  const top = profile.values.slice(-2);
  const share = top.reduce((sum, bin) => sum + bin.count, 0) / (total || 1);
  const names = top.map((bin) => plain(bin.value)).join(' or ');
  const mean = profile.mean === null ? '' : `; the mean is ${decimal(profile.mean, 2)}`;
  return `${percent(share)} of ratings are ${names}${mean}.`;
}

/**
 * Where a global split by time falls in a histogram over time: its place in bars from the left, the start of the bar it
 * falls in, and the ratings held out, which are round(n · testShare) as the split takes them.
 */
export function splitInTime(
  overTime: NonNullable<Profile['overTime']>,
  testShare: number,
): { at: number; from: number; heldOut: number } {
  const { counts, starts } = overTime;
  const total = counts.reduce((sum, value) => sum + value, 0);
  const heldOut = Math.round(total * testShare);
  let rest = total - heldOut;
  let bin = 0;
  while (bin < counts.length - 1 && rest >= (counts[bin] ?? 0)) rest -= counts[bin++] ?? 0;
  return { at: bin + rest / (counts[bin] || 1), from: starts[bin] ?? 0, heldOut };
}

/** A bin over time by its start: 1997-09 for a month, else the day. */
export function startText({ unit }: { unit: string }, start: number): string {
  return unit === 'month' ? date(start).slice(0, 7) : date(start);
}

/** Without the empty bins before the first full one. */
export function withoutEmptyStart(histogram: Histogram): Histogram {
  const first = Math.max(
    0,
    histogram.counts.findIndex((value) => value > 0),
  );
  return { ...histogram, counts: histogram.counts.slice(first), edges: histogram.edges.slice(first) };
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

const delimiters: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  tab: 'tab',
  ' ': 'space',
  '|': 'bar',
};
const units: Record<string, string> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'ISO dates',
  dmy: 'dates, day first',
  mdy: 'dates, month first',
  order: 'row order',
};
const kept: Record<string, string> = {
  last: 'last kept',
  first: 'first kept',
  mean: 'mean taken',
  max: 'highest kept',
  reject: 'rejected',
};

/** Where a data set came from and how its file was read, as label and words; what goes without saying is left out. */
export function sourceLines(source: Record<string, string>): [string, string][] {
  const { file, user, item, rating, time, delimiter, encoding, header, format, wide, ...others } = source;
  const lines: [string, string][] = [];
  const add = (label: string, text: string | undefined | false) => {
    if (text) lines.push([label, text]);
  };
  add('File', file);
  add('In the zip', others['member']);
  if (wide === 'true') add('Layout', `matrix, not rated is ${others['missing'] ?? 'empty'}`);
  else if (user && item) {
    const columns = [`user ${user}`, `item ${item}`, rating && `rating ${rating}`, time && `time ${time}`];
    add('Columns', columns.filter(Boolean).join(', '));
  }
  if (format === 'text' || format === undefined) {
    const parts = [delimiter && (delimiters[delimiter] ?? delimiter), encoding?.toUpperCase()];
    if (header !== undefined) parts.push(header === 'true' ? 'header' : 'no header');
    add('Read as', parts.filter(Boolean).join(', '));
  } else add('Read as', format);
  if (others['decimal'] === ',') add('Decimal mark', 'comma');
  add('Time unit', time && others['timeUnit'] && (units[others['timeUnit']] ?? others['timeUnit']));
  add('Left out', others['missingRating'] !== undefined && `ratings “${others['missingRating']}”`);
  if (others['duplicates']) add('Duplicates', kept[others['duplicates']] ?? others['duplicates']);
  const told = [
    'member',
    'missing',
    'decimal',
    'timeUnit',
    'missingRating',
    'duplicates',
    'quote',
    'implicit',
  ];
  for (const [name, value] of Object.entries(others)) {
    if (told.includes(name) || name === 'maxRejected') continue;
    add(sentence(words(name)), value);
  }
  return lines;
}
