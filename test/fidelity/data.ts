/** The data sets of the fidelity rows, read straight from their files (the importer has tests of its own). */
import { readFileSync } from 'node:fs';
import { TEST, type Ratings } from '../../main/ratings/ratings.ts';
import type { GivenSplit } from '../../main/evaluation/splits/make-split.ts';
import { sharedDataFolder } from '../fixtures/shared-data.ts';

export type DataName = 'ml-100k' | 'ml-1m' | 'ncf' | 'caser-ml1m';

export interface FidelityData {
  readonly ratings: Ratings;
  readonly given?: GivenSplit;
  /** The file's id of each item. */
  readonly itemIds: readonly number[];
}

export function loadData(name: DataName): FidelityData {
  if (name === 'ml-100k') return build([{ file: 'ml-100k/u.data', columns: [0, 1, 2, 3] }]);
  if (name === 'ml-1m') return build([{ file: 'ml-1m/ratings.tsv', columns: [0, 1, 2, 4], skip: 1 }]);
  if (name === 'caser-ml1m') {
    const files = ['train', 'test'].map((part) => `caser-ml1m/test/${part}.txt`);
    return build(files.map((file) => ({ file, columns: [0, 1] })));
  }
  const files = ['ncf/ml-1m.train.rating', 'ncf/ml-1m.test.rating'];
  const negatives = readFileSync(`${sharedDataFolder}ncf/ml-1m.test.negative`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => Uint32Array.from(line.split('\t').slice(1), Number));
  return build(
    files.map((file) => ({ file, columns: [0, 1, 2] })),
    negatives,
  );
}

interface Source {
  readonly file: string;
  /** Positions of user, item, and where they are there rating and time. */
  readonly columns: readonly number[];
  /** Lines of header. */
  readonly skip?: number;
}

/** Columns of whole numbers, [rows] each. A field that is no number is left 0. */
function readColumns({ file, columns, skip = 0 }: Source): Float64Array[] {
  const bytes = readFileSync(sharedDataFolder + file);
  let lines = 0;
  for (const byte of bytes) if (byte === 10) lines++;
  const wanted = columns.map((column) => ({ column, values: new Float64Array(lines - skip) }));
  let line = -skip;
  let column = 0;
  let value = 0;
  for (const byte of bytes) {
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48;
      continue;
    }
    if (byte === 13) continue;
    if (line >= 0) for (const one of wanted) if (one.column === column) one.values[line] = value;
    value = 0;
    if (byte === 10) {
      line++;
      column = 0;
    } else column++;
  }
  return wanted.map(({ values }) => values);
}

/**
 * One file: its ratings. Two: the second is the test part. Without a time column the order of the rows is the time.
 * @param negatives given candidates of each test row
 */
function build(sources: readonly Source[], negatives: readonly Uint32Array[] = []): FidelityData {
  const parts = sources.map(readColumns);
  const lengths = parts.map(([user]) => user.length);
  const n = lengths.reduce((sum, length) => sum + length, 0);
  const column = (which: number): Float64Array => {
    const out = new Float64Array(n);
    parts.forEach((part, k) => out.set(part[which], k === 0 ? 0 : lengths[0]));
    return out;
  };
  const { columns } = sources[0];
  const user = indexed(column(0));
  const item = indexed(column(1), negatives);
  const implicit = columns.length < 3;
  const rating = implicit ? null : column(2);
  const time = columns.length < 4 ? Float64Array.from(user.index, (_, row) => row) : column(3);
  const order = Uint32Array.from(user.index, (_, row) => row).sort(
    (a, b) => user.index[a] - user.index[b] || time[a] - time[b] || a - b,
  );
  const start = new Uint32Array(user.ids.length + 1);
  for (const u of user.index) start[u + 1]++;
  for (let u = 0; u < user.ids.length; u++) start[u + 1] += start[u];
  const ratings: Ratings = {
    userCount: user.ids.length,
    itemCount: item.ids.length,
    start,
    item: order.map((row) => item.index[row]),
    value: Float32Array.from(order, (row) => (rating ? rating[row] : 1)),
    time: Float64Array.from(order, (row) => time[row]),
    implicit,
    minimum: 1,
    maximum: implicit ? 1 : 5,
  };
  if (parts.length === 1) return { ratings, itemIds: item.ids };
  const part = Uint8Array.from(order, (row) => (row >= lengths[0] ? TEST : 0));
  if (negatives.length === 0) return { ratings, itemIds: item.ids, given: { part } };
  const tests = order.filter((row) => row >= lengths[0]);
  const lists = Array.from(tests, (row) => negatives[row - lengths[0]]);
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, t) => (starts[t + 1] = starts[t] + list.length));
  const places = new Map(item.ids.map((id, index) => [id, index]));
  const candidates = new Uint32Array(starts[lists.length]);
  lists.forEach((list, t) =>
    candidates.set(
      list.map((id) => places.get(id) ?? 0),
      starts[t],
    ),
  );
  return { ratings, itemIds: item.ids, given: { part, candidates: { start: starts, items: candidates } } };
}

/** Indices in order of first appearance; `more`: ids that no row has. */
function indexed(
  column: Float64Array,
  more: readonly Uint32Array[] = [],
): { index: Uint32Array; ids: number[] } {
  const places = new Map<number, number>();
  const indexOf = (id: number): number => {
    const known = places.get(id);
    if (known === undefined) places.set(id, places.size);
    return known ?? places.size - 1;
  };
  const index = Uint32Array.from(column, indexOf);
  for (const list of more) list.forEach(indexOf);
  return { index, ids: [...places.keys()] };
}
