/** One user's slice of a data set, and counts by item, without loading the rest. */
import { arrayFrom, readColumn, readSlice } from './columns.ts';
import type { ReadableDatabase } from './database.ts';

export interface History {
  /** Row of the data set that the slice begins at: rows are from … from + items.length − 1, oldest first. */
  readonly from: number;
  readonly items: Uint32Array;
  /** Null where the data are implicit. */
  readonly values: Float32Array | null;
  readonly times: Float64Array | null;
}

/** The interactions of the user at a position. */
export function readHistory(database: ReadableDatabase, dataset: number, user: number): History {
  const bounds = readSlice(database, dataset, 'start', user * 4, user * 4 + 8);
  const [from, to] = bounds ? arrayFrom('u32', bounds) : [0, 0];
  const slice = (name: string, size: number): Uint8Array | null =>
    readSlice(database, dataset, name, from * size, to * size);
  const items = slice('item', 4);
  const values = slice('value', 4);
  const times = slice('time', 8);
  return {
    from,
    items: items ? arrayFrom('u32', items) : new Uint32Array(0),
    values: values && arrayFrom('f32', values),
    times: times && arrayFrom('f64', times),
  };
}

/** [users + 1] where each user's rows begin. */
export function readStarts(database: ReadableDatabase, dataset: number): Uint32Array {
  return arrayFrom('u32', readColumn(database, dataset, 'start') ?? new Uint8Array(4));
}

/** Ratings and their mean by item; the mean of an item without ratings is NaN. */
export interface ItemCounts {
  readonly counts: Uint32Array;
  readonly sums: Float64Array;
  /** Popularity decile: 1 the most rated tenth of the items … 10 the least. Ties by item. */
  readonly decile: Uint8Array;
}

export function readItemCounts(database: ReadableDatabase, dataset: number): ItemCounts {
  const counts = arrayFrom('u32', readColumn(database, dataset, 'itemCounts') ?? new Uint8Array(0));
  const sums = arrayFrom('f64', readColumn(database, dataset, 'itemSums') ?? new Uint8Array(0));
  return { counts, sums, decile: decilesOf(counts) };
}

/** Popularity decile of each item by its number of ratings. */
export function decilesOf(counts: Uint32Array): Uint8Array {
  const order = Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
  const decile = new Uint8Array(counts.length);
  order.forEach((item, place) => (decile[item] = 1 + Math.floor((place * 10) / counts.length)));
  return decile;
}
