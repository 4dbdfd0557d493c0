/**
 * From rows in file order to the stored order: by user, then time, then row. Repeats of one item by one user are
 * merged on the way.
 */
import type { Ratings } from '../../ratings/ratings.ts';
import type { DuplicatePolicy } from '../types.ts';
import type { RowBlocks } from './rows.ts';

export interface Arranged {
  ratings: Ratings;
  /** Rows merged away. */
  duplicates: number;
  /** [n] extra column that went along, where there was one. */
  tag: Uint8Array | null;
}

interface Columns {
  item: Uint32Array;
  value: Float32Array;
  time: Float64Array | null;
  tag: Uint8Array | null;
}

/**
 * @param rows rows in file order; emptied column by column as they are read: both copies are never whole at once
 * @param tags one byte a row that stays with it (the part of a given split), or null
 */
export function arrange(
  rows: RowBlocks,
  userCount: number,
  itemCount: number,
  options: { timed: boolean; implicit: boolean; duplicates: DuplicatePolicy; tags?: Uint8Array | null },
): Arranged {
  const start = new Uint32Array(userCount + 1);
  for (const block of rows.blocks) {
    const { user, length } = block;
    for (let k = 0; k < length; k++) start[user[k] + 1]++;
  }
  for (let u = 0; u < userCount; u++) start[u + 1] += start[u];

  const columns = scatter(rows, start, options.timed, options.tags ?? null);
  if (columns.time) sortByTime(start, columns);
  const { kept, duplicates } = merge(start, columns, itemCount, options.duplicates);

  const { item, value, time, tag } = cut(columns, kept);
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let k = 0; k < kept; k++) {
    if (value[k] < minimum) minimum = value[k];
    if (value[k] > maximum) maximum = value[k];
  }
  if (kept === 0) minimum = maximum = 0;
  const { implicit } = options;
  return {
    ratings: { userCount, itemCount, start, item, value, time, implicit, minimum, maximum },
    duplicates,
    tag,
  };
}

/** Stable counting sort by user. */
function scatter(rows: RowBlocks, start: Uint32Array, timed: boolean, tags: Uint8Array | null): Columns {
  const n = rows.length;
  const item = move(rows, start, 'item', new Uint32Array(n));
  const value = move(rows, start, 'value', new Float32Array(n));
  const time = timed ? move(rows, start, 'time', new Float64Array(n)) : null;
  const tag = tags ? new Uint8Array(n) : null;
  if (tag && tags) {
    const next = start.slice();
    let row = 0;
    for (const { user, length } of rows.blocks)
      for (let k = 0; k < length; k++) tag[next[user[k]]++] = tags[row++];
  }
  rows.release();
  return { item, value, time, tag };
}

/** One column of the blocks into its place by user; the memory of each block's part is given back at once. */
function move<Column extends 'item' | 'value' | 'time'>(
  { blocks }: RowBlocks,
  start: Uint32Array,
  column: Column,
  into: RowBlocks['blocks'][number][Column],
): RowBlocks['blocks'][number][Column] {
  const next = start.slice();
  for (const block of blocks) {
    const { user, length } = block;
    const from = block[column];
    for (let k = 0; k < length; k++) into[next[user[k]]++] = from[k];
    // A detached buffer holds nothing, without waiting for the collector.
    (from.buffer as ArrayBuffer).transfer(0);
  }
  return into;
}

/** Sorts every user's rows by time; rows of one time keep the file's order. */
function sortByTime(start: Uint32Array, columns: Columns): void {
  const { item, value, tag } = columns;
  const time = columns.time as Float64Array;
  for (let u = 0; u + 1 < start.length; u++) {
    const from = start[u];
    const to = start[u + 1];
    let sorted = true;
    for (let k = from + 1; k < to && sorted; k++) sorted = !(time[k] < time[k - 1]);
    if (sorted) continue;
    const order = orderByTime(time, from, to);
    permute(item, order, from);
    permute(value, order, from);
    permute(time, order, from);
    if (tag) permute(tag, order, from);
  }
}

/** Rows from … to − 1 by time then row, by merging natural runs bottom up. */
function orderByTime(time: Float64Array, from: number, to: number): Uint32Array {
  const n = to - from;
  let order = new Uint32Array(n);
  for (let k = 0; k < n; k++) order[k] = from + k;
  // Insertion sort of short runs, then merges of doubling width.
  const run = 16;
  for (let low = 0; low < n; low += run) {
    const high = Math.min(n, low + run);
    for (let k = low + 1; k < high; k++) {
      const row = order[k];
      const t = time[row];
      let j = k - 1;
      while (j >= low && time[order[j]] > t) {
        order[j + 1] = order[j];
        j--;
      }
      order[j + 1] = row;
    }
  }
  let spare = new Uint32Array(n);
  for (let width = run; width < n; width *= 2) {
    for (let low = 0; low < n; low += 2 * width) {
      const middle = Math.min(n, low + width);
      const high = Math.min(n, low + 2 * width);
      let a = low;
      let b = middle;
      for (let k = low; k < high; k++) {
        const takeA = a < middle && (b >= high || time[order[a]] <= time[order[b]]);
        spare[k] = takeA ? order[a++] : order[b++];
      }
    }
    [order, spare] = [spare, order];
  }
  return order;
}

function permute<T extends Uint32Array | Float32Array | Float64Array | Uint8Array>(
  column: T,
  order: Uint32Array,
  from: number,
): void {
  const moved = column.slice(from, from + order.length);
  for (let k = 0; k < order.length; k++) column[from + k] = moved[order[k] - from];
}

/** Merges repeats in place and closes the gaps; `start` is rewritten. */
function merge(
  start: Uint32Array,
  { item, value, time, tag }: Columns,
  itemCount: number,
  policy: DuplicatePolicy,
): { kept: number; duplicates: number } {
  const userCount = start.length - 1;
  // Where the user at hand has the item, plus 1; older users' entries lie below their start.
  const place = new Uint32Array(itemCount);
  const total = item.length;
  let duplicates = 0;
  for (let u = 0; u < userCount; u++) {
    const from = start[u];
    for (let k = from; k < start[u + 1]; k++) {
      if (place[item[k]] > from) duplicates++;
      place[item[k]] = k + 1;
    }
  }
  if (duplicates === 0) return { kept: total, duplicates };

  const keep = new Uint8Array(total).fill(1);
  const sums = policy === 'mean' ? new Float64Array(itemCount) : null;
  const counts = policy === 'mean' ? new Uint32Array(itemCount) : null;
  place.fill(0);
  for (let u = 0; u < userCount; u++) {
    const from = start[u];
    for (let k = from; k < start[u + 1]; k++) {
      const i = item[k];
      const earlier = place[i] - 1;
      if (earlier < from) {
        if (sums && counts) {
          sums[i] = value[k];
          counts[i] = 1;
        }
        place[i] = k + 1;
        continue;
      }
      const stays =
        policy === 'first' || policy === 'reject' || (policy === 'max' && value[earlier] > value[k]);
      keep[stays ? k : earlier] = 0;
      if (!stays) place[i] = k + 1;
      if (sums && counts) {
        sums[i] += value[k];
        value[k] = sums[i] / ++counts[i];
      }
    }
  }
  let kept = 0;
  for (let u = 0, from = 0; u < userCount; u++) {
    const to = start[u + 1];
    for (let k = from; k < to; k++) {
      if (keep[k] === 0) continue;
      item[kept] = item[k];
      value[kept] = value[k];
      if (time) time[kept] = time[k];
      if (tag) tag[kept] = tag[k];
      kept++;
    }
    from = to;
    start[u + 1] = kept;
  }
  return { kept, duplicates };
}

function cut(columns: Columns, kept: number): Columns {
  if (columns.item.length === kept) return columns;
  return {
    item: columns.item.slice(0, kept),
    value: columns.value.slice(0, kept),
    time: columns.time?.slice(0, kept) ?? null,
    tag: columns.tag?.slice(0, kept) ?? null,
  };
}
