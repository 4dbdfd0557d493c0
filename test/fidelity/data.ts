/** The data sets of the fidelity rows, read straight from their files (the importer has tests of its own). */
import { readFileSync } from 'node:fs';
import { TEST, type Ratings } from '../../main/data/ratings.ts';
import type { GivenSplit } from '../../main/evaluation/splits.ts';
import { sharedDataFolder } from '../fixtures/shared-data.ts';

export type DataName = 'ml-100k' | 'ml-1m' | 'ncf' | 'caser-ml1m';

export interface FidelityData {
  readonly ratings: Ratings;
  readonly given?: GivenSplit;
  /** The file's id of each item. */
  readonly itemIds: readonly number[];
}

export function loadData(name: DataName): FidelityData {
  const path = (file: string): string => sharedDataFolder + file;
  if (name === 'ml-100k') return build(table(path('ml-100k/u.data'), '\t'), { value: 2, time: 3 });
  if (name === 'ml-1m') return build(table(path('ml-1m/ratings.tsv'), '\t', 1), { value: 2, time: 4 });
  if (name === 'caser-ml1m') {
    const train = table(path('caser-ml1m/test/train.txt'), ' ');
    const test = table(path('caser-ml1m/test/test.txt'), ' ');
    return build([...train, ...test], { tests: test.length });
  }
  const train = table(path('ncf/ml-1m.train.rating'), '\t');
  const test = table(path('ncf/ml-1m.test.rating'), '\t').map((row) => row.slice(0, 3));
  const negatives = readFileSync(path('ncf/ml-1m.test.negative'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t').slice(1).map(Number));
  return build([...train, ...test], { value: 2, tests: test.length, negatives });
}

function table(path: string, separator: string, skip = 0): number[][] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(skip);
  return lines.map((line) => line.split(separator).map(Number));
}

interface Columns {
  /** Column of the rating; without one the data are implicit. */
  readonly value?: number;
  /** Column of the time; without one the order of the rows is the time. */
  readonly time?: number;
  /** The last rows are the test part. */
  readonly tests?: number;
  /** Given candidates of each of those. */
  readonly negatives?: readonly (readonly number[])[];
}

function build(
  rows: readonly (readonly number[])[],
  { value, time, tests = 0, negatives }: Columns,
): FidelityData {
  const users = new Map<number, number>();
  const items = new Map<number, number>();
  const indexOf = (ids: Map<number, number>, id: number): number => {
    const known = ids.get(id);
    if (known !== undefined) return known;
    ids.set(id, ids.size);
    return ids.size - 1;
  };
  const user = Uint32Array.from(rows, (row) => indexOf(users, row[0]));
  const item = Uint32Array.from(rows, (row) => indexOf(items, row[1]));
  for (const list of negatives ?? []) for (const id of list) indexOf(items, id);
  const at = (row: number): number => (time === undefined ? row : rows[row][time]);
  const order = Uint32Array.from(rows, (_, row) => row).sort(
    (a, b) => user[a] - user[b] || at(a) - at(b) || a - b,
  );
  const start = new Uint32Array(users.size + 1);
  for (const u of user) start[u + 1]++;
  for (let u = 0; u < users.size; u++) start[u + 1] += start[u];
  const values = Float32Array.from(order, (row) => (value === undefined ? 1 : rows[row][value]));
  const ratings: Ratings = {
    userCount: users.size,
    itemCount: items.size,
    start,
    item: Uint32Array.from(order, (row) => item[row]),
    value: values,
    time: Float64Array.from(order, at),
    implicit: value === undefined,
    minimum: value === undefined ? 1 : 1,
    maximum: value === undefined ? 1 : 5,
  };
  const itemIds = [...items.keys()];
  if (tests === 0) return { ratings, itemIds };
  const firstTest = rows.length - tests;
  const part = Uint8Array.from(order, (row) => (row >= firstTest ? TEST : 0));
  if (!negatives) return { ratings, itemIds, given: { part } };
  const lists = [...order].filter((row) => row >= firstTest).map((row) => negatives[row - firstTest]);
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, t) => (starts[t + 1] = starts[t] + list.length));
  const candidates = { start: starts, items: Uint32Array.from(lists.flat(), (id) => items.get(id) ?? 0) };
  return { ratings, itemIds, given: { part, candidates } };
}
