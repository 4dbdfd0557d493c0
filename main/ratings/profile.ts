/** What a data set looks like: the figures of the Datasets screen. */
import type { Profile } from '../../shared/imports.ts';
import { warningsOf } from './profile-warnings.ts';
import type { Ratings } from './ratings.ts';

type Histogram = Profile['perUser'];

/** Points of the long tail's curve. */
const CURVE = 50;
/** Most distinct rating values that are shown one by one; more are put into as many bins. */
const VALUES = 100;
const DAY = 86_400_000;

/** @param timeKind only `time` is shown over time; an order has no dates */
export function profileOf(ratings: Ratings, timeKind: 'time' | 'order' | 'none'): Profile {
  const { userCount, itemCount, start, item, value, time } = ratings;
  const n = item.length;
  const perUserCounts = new Uint32Array(userCount);
  for (let u = 0; u < userCount; u++) perUserCounts[u] = start[u + 1] - start[u];
  const perItemCounts = new Uint32Array(itemCount);
  for (let k = 0; k < n; k++) perItemCounts[item[k]]++;
  const byRatings = perItemCounts.slice().sort().reverse();
  const perUser = activityHistogram(perUserCounts.sort());
  const perItem = activityHistogram(perItemCounts.sort());
  const density = n / Math.max(1, userCount * itemCount);
  const values = ratings.implicit ? [] : valueCounts(value);
  const topTenthShare = shareOfTop(byRatings, 0.1, n);
  let sum = 0;
  for (let k = 0; k < n; k++) sum += value[k];
  const profile: Profile = {
    perUser,
    perItem,
    longTail: longTail(byRatings, n),
    topTenthShare,
    values,
    mean: ratings.implicit || n === 0 ? null : sum / n,
    density,
    overTime: timeKind === 'time' && time ? overTime(time) : null,
    warnings: [],
  };
  profile.warnings = warningsOf(ratings, perUserCounts, perItemCounts, profile, timeKind);
  return profile;
}

/** Largest step (of whole thousandths) that all ratings are apart by, or null where there are many or but one. */
export function stepOf(value: Float32Array): number | null {
  const counts = distinctCounts(value);
  return counts === null ? null : stepBetween(counts.map((each) => each.value));
}

function stepBetween(sorted: readonly number[]): number | null {
  let step = 0;
  for (let k = 1; k < sorted.length; k++) {
    const gap = (sorted[k] - sorted[k - 1]) * 1000;
    if (gap > 1e9 || Math.abs(gap - Math.round(gap)) > 0.05) return null;
    step = greatestCommonDivisor(step, Math.round(gap));
  }
  return step === 0 ? null : step / 1000;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Bins 1, 2, 3–4, 5–9, 10–19, 20–49 … over sorted counts. */
function activityHistogram(sorted: Uint32Array): Histogram {
  const maximum = sorted.at(-1) ?? 0;
  const edges = [1, 2, 3, 5];
  for (let scale = 10; (edges.at(-1) ?? 0) <= maximum; scale *= 10) edges.push(scale, 2 * scale, 5 * scale);
  while (edges.length > 2 && edges[edges.length - 2] > maximum) edges.pop();
  const counts = new Array<number>(edges.length - 1).fill(0);
  let sum = 0;
  let bin = 0;
  for (const count of sorted) {
    sum += count;
    while (bin + 1 < counts.length && count >= edges[bin + 1]) bin++;
    if (count >= edges[0]) counts[bin]++;
  }
  const middle = sorted.length >> 1;
  const median =
    sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  const mean = sorted.length === 0 ? 0 : sum / sorted.length;
  return { edges, counts, minimum: sorted[0] ?? 0, median, mean, maximum };
}

function shareOfTop(descending: Uint32Array, share: number, n: number): number {
  const top = Math.max(1, Math.ceil(descending.length * share));
  let sum = 0;
  for (let k = 0; k < Math.min(top, descending.length); k++) sum += descending[k];
  return n === 0 ? 0 : sum / n;
}

/** Share of the ratings on the most rated share of the items. */
function longTail(descending: Uint32Array, n: number): [number, number][] {
  const points: [number, number][] = [[0, 0]];
  let sum = 0;
  let at = 0;
  for (let point = 1; point <= CURVE; point++) {
    const until = Math.round((descending.length * point) / CURVE);
    for (; at < until; at++) sum += descending[at];
    points.push([descending.length === 0 ? 0 : until / descending.length, n === 0 ? 0 : sum / n]);
  }
  return points;
}

/** Distinct values, ascending, with their counts; null where there are more than `VALUES`. */
function distinctCounts(value: Float32Array): { value: number; count: number }[] | null {
  // Open addressing by the float's bits: a Map would cost more than all the rest of a profile.
  const bits = new Uint32Array(value.buffer, value.byteOffset, value.length);
  const keys = new Uint32Array(1024);
  const counts = new Uint32Array(1024);
  let distinct = 0;
  for (let k = 0; k < bits.length; k++) {
    let slot = Math.imul(bits[k], 0x9e3779b1) >>> 22;
    while (counts[slot] > 0 && keys[slot] !== bits[k]) slot = (slot + 1) & 1023;
    if (counts[slot] === 0) {
      if (++distinct > VALUES) return null;
      keys[slot] = bits[k];
    }
    counts[slot]++;
  }
  const floats = new Float32Array(keys.buffer);
  const found: { value: number; count: number }[] = [];
  for (let slot = 0; slot < 1024; slot++) {
    if (counts[slot] > 0) found.push({ value: floats[slot], count: counts[slot] });
  }
  return found.sort((a, b) => a.value - b.value);
}

function valueCounts(value: Float32Array): Profile['values'] {
  const counts = distinctCounts(value);
  return counts === null
    ? binnedValues(value)
    : counts.map((each) => ({ value: tidy(each.value), count: each.count }));
}

/** Continuous ratings: as many equal bins, each under its lower edge. */
function binnedValues(value: Float32Array): Profile['values'] {
  let low = Infinity;
  let high = -Infinity;
  for (let k = 0; k < value.length; k++) {
    if (value[k] < low) low = value[k];
    if (value[k] > high) high = value[k];
  }
  const bins = 40;
  const width = (high - low) / bins || 1;
  const counts = new Array<number>(bins).fill(0);
  for (let k = 0; k < value.length; k++) counts[Math.min(bins - 1, Math.floor((value[k] - low) / width))]++;
  return counts.map((count, k) => ({ value: tidy(low + k * width), count }));
}

/** The shortest number that the 32-bit float stands for: 3.9 rather than 3.9000000953674316. */
const tidy = (value: number): number => Number(Math.fround(value).toPrecision(7));

function overTime(time: Float64Array): Profile['overTime'] {
  if (time.length === 0) return null;
  let from = Infinity;
  let to = -Infinity;
  for (let k = 0; k < time.length; k++) {
    if (time[k] < from) from = time[k];
    if (time[k] > to) to = time[k];
  }
  const days = (to - from) / DAY;
  const unit = days > 365 * 12 ? 'year' : days > 200 ? 'month' : days > 3 ? 'day' : 'hour';
  const starts =
    unit === 'year' || unit === 'month'
      ? calendar(from, to, unit)
      : evenly(from, to, unit === 'day' ? DAY : DAY / 24);
  const counts = new Array<number>(starts.length).fill(0);
  // Rows of a user follow each other in time: most fall into the bin of the row before.
  let bin = 0;
  for (let k = 0; k < time.length; k++) {
    if (time[k] < starts[bin] || time[k] >= (starts[bin + 1] ?? Infinity)) bin = lastAtMost(starts, time[k]);
    counts[bin]++;
  }
  return { unit, starts, counts };
}

function calendar(from: number, to: number, unit: 'year' | 'month'): number[] {
  const first = new Date(from);
  const starts: number[] = [];
  for (let month = unit === 'year' ? 0 : first.getUTCMonth(); ; month += unit === 'year' ? 12 : 1) {
    const start = Date.UTC(first.getUTCFullYear(), month, 1);
    if (start > to || starts.length > 2000) return starts;
    starts.push(start);
  }
}

function evenly(from: number, to: number, width: number): number[] {
  const starts: number[] = [];
  for (let start = Math.floor(from / width) * width; start <= to; start += width) starts.push(start);
  return starts;
}

/** Index of the last start that is not later than the time. */
function lastAtMost(starts: readonly number[], time: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
