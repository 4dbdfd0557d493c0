/**
 * The rows of some users, which stand together: sorted by time, then row, and repeats of one item by one user merged.
 * Several threads may each do a range of users of the same columns.
 */
import type { DuplicatePolicy } from '../types.ts';

/** Columns of rows that stand by user. */
export interface Columns {
  item: Uint32Array;
  value: Float32Array;
  time: Float64Array | null;
  tag: Uint8Array | null;
}

/** Users `from` … `to` − 1; the rows of user u are `start[u]` … `start[u + 1]` − 1. */
export interface UserRange {
  readonly start: Uint32Array;
  readonly from: number;
  readonly to: number;
  readonly itemCount: number;
  readonly duplicates: DuplicatePolicy;
}

export interface ArrangedUsers {
  /** Rows merged away: the others stand at the front of the range. */
  readonly duplicates: number;
  /** Of the values that stay; infinite where there are none. */
  readonly minimum: number;
  readonly maximum: number;
}

/** @param kept [users] gets the rows that stay of each user of the range */
export function arrangeUsers(columns: Columns, range: UserRange, kept: Uint32Array): ArrangedUsers {
  const { start, from, to } = range;
  if (columns.time) sortByTime(range, columns, columns.time);
  for (let u = from; u < to; u++) kept[u] = start[u + 1] - start[u];
  const duplicates = countRepeats(range, columns.item);
  if (duplicates > 0) mergeRepeats(range, columns, kept);
  const { value } = columns;
  let [minimum, maximum] = [Infinity, -Infinity];
  for (let k = start[from]; k < start[to] - duplicates; k++) {
    if (value[k] < minimum) minimum = value[k];
    if (value[k] > maximum) maximum = value[k];
  }
  return { duplicates, minimum, maximum };
}

/** Arrays that are used for one user after another. */
class Scratch {
  keys = new Float64Array(1024);
  order = new Uint32Array(1024);
  spare = new Uint32Array(1024);

  /** @param n rows that they must hold */
  fit(n: number): void {
    if (n <= this.order.length) return;
    const capacity = 2 ** Math.ceil(Math.log2(n));
    this.keys = new Float64Array(capacity);
    this.order = new Uint32Array(capacity);
    this.spare = new Uint32Array(capacity);
  }
}

/** Sorts every user's rows by time; rows of one time keep the file's order. */
function sortByTime({ start, from, to }: UserRange, columns: Columns, time: Float64Array): void {
  const scratch = new Scratch();
  for (let u = from; u < to; u++) {
    const first = start[u];
    const end = start[u + 1];
    let k = first + 1;
    while (k < end && !(time[k] < time[k - 1])) k++;
    if (k >= end) continue;
    scratch.fit(end - first);
    if (!orderWholeTimes(time, first, end, scratch)) orderByTime(time, first, end, scratch);
    permute(columns.item, first, end, scratch);
    permute(columns.value, first, end, scratch);
    permute(time, first, end, scratch);
    if (columns.tag) permute(columns.tag, first, end, scratch);
  }
}

/**
 * The order of rows whose times are whole numbers: one number holds a row's time and place exactly, and an array of
 * numbers is sorted three times as fast as rows that are compared. False where such numbers would not be exact.
 */
function orderWholeTimes(time: Float64Array, from: number, to: number, { keys, order }: Scratch): boolean {
  const n = to - from;
  let [low, high] = [Infinity, -Infinity];
  for (let k = from; k < to; k++) {
    const t = time[k];
    if (t !== Math.floor(t)) return false;
    if (t < low) low = t;
    if (t > high) high = t;
  }
  // A power of two: dividing by it is exact.
  const places = 2 ** Math.ceil(Math.log2(n));
  if (!((high - low + 1) * places <= Number.MAX_SAFE_INTEGER) || Math.abs(low) > Number.MAX_SAFE_INTEGER)
    return false;
  for (let k = 0; k < n; k++) keys[k] = (time[from + k] - low) * places + k;
  keys.subarray(0, n).sort();
  for (let k = 0; k < n; k++) order[k] = keys[k] - Math.floor(keys[k] / places) * places;
  return true;
}

/** The order of rows from … to − 1 by time then row, by merging short runs bottom up. */
function orderByTime(time: Float64Array, from: number, to: number, scratch: Scratch): void {
  const n = to - from;
  let { order, spare } = scratch;
  for (let k = 0; k < n; k++) order[k] = k;
  // Insertion sort of short runs, then merges of doubling width.
  const run = 16;
  for (let low = 0; low < n; low += run) {
    const high = Math.min(n, low + run);
    for (let k = low + 1; k < high; k++) {
      const row = order[k];
      const t = time[from + row];
      let j = k - 1;
      while (j >= low && time[from + order[j]] > t) {
        order[j + 1] = order[j];
        j--;
      }
      order[j + 1] = row;
    }
  }
  for (let width = run; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width) {
      const middle = Math.min(n, low + width);
      const high = Math.min(n, low + 2 * width);
      let a = low;
      let b = middle;
      for (let k = low; k < high; k++) {
        const takeA = a < middle && (b >= high || time[from + order[a]] <= time[from + order[b]]);
        spare[k] = takeA ? order[a++] : order[b++];
      }
    }
    [order, spare] = [spare, order];
  }
  scratch.order = order;
  scratch.spare = spare;
}

/** A column's rows from … to − 1 in their new order; a number of any column fits the scratch's keys exactly. */
function permute(
  column: Columns['item' | 'value'] | Float64Array | Uint8Array,
  from: number,
  to: number,
  { order, keys }: Scratch,
): void {
  for (let k = from; k < to; k++) keys[k - from] = column[k];
  for (let k = from; k < to; k++) column[k] = keys[order[k - from]];
}

/** Rows of an item that the user has already. */
function countRepeats({ start, from, to, itemCount }: UserRange, item: Uint32Array): number {
  // Where the user at hand has the item, plus 1; older users' entries lie below their start.
  const place = new Uint32Array(itemCount);
  let duplicates = 0;
  for (let u = from; u < to; u++) {
    const first = start[u];
    for (let k = first; k < start[u + 1]; k++) {
      if (place[item[k]] > first) duplicates++;
      place[item[k]] = k + 1;
    }
  }
  return duplicates;
}

/** Merges repeats in place and closes the gaps within the range. */
function mergeRepeats(
  { start, from, to, itemCount, duplicates: policy }: UserRange,
  { item, value, time, tag }: Columns,
  kept: Uint32Array,
): void {
  const base = start[from];
  const keep = new Uint8Array(start[to] - base).fill(1);
  const place = new Uint32Array(itemCount);
  const sums = policy === 'mean' ? new Float64Array(itemCount) : null;
  const counts = policy === 'mean' ? new Uint32Array(itemCount) : null;
  let next = base;
  for (let u = from; u < to; u++) {
    const first = start[u];
    for (let k = first; k < start[u + 1]; k++) {
      const i = item[k];
      const earlier = place[i] - 1;
      if (earlier < first) {
        if (sums && counts) {
          sums[i] = value[k];
          counts[i] = 1;
        }
        place[i] = k + 1;
        continue;
      }
      const stays =
        policy === 'first' || policy === 'reject' || (policy === 'max' && value[earlier] > value[k]);
      keep[(stays ? k : earlier) - base] = 0;
      if (!stays) place[i] = k + 1;
      if (sums && counts) {
        sums[i] += value[k];
        value[k] = sums[i] / ++counts[i];
      }
    }
  }
  for (let u = from; u < to; u++) {
    const before = next;
    for (let k = start[u]; k < start[u + 1]; k++) {
      if (keep[k - base] === 0) continue;
      item[next] = item[k];
      value[next] = value[k];
      if (time) time[next] = time[k];
      if (tag) tag[next] = tag[k];
      next++;
    }
    kept[u] = next - before;
  }
}
