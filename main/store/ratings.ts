import type { Ratings } from '../ratings/ratings.ts';
import { WorkbenchError } from '../base/errors.ts';
import { readColumn } from './columns.ts';
import type { ReadableDatabase } from './database.ts';

/** Everything of a data set that training and evaluation read. */
export interface LoadedDataset {
  readonly ratings: Ratings;
  /** A split and candidates that came with the files, where there are any. */
  readonly given: GivenSplit | null;
  /** Genres of each item, for diversity and slices; null where no item has any. */
  readonly genres: readonly (readonly string[])[] | null;
}

export interface GivenSplit {
  /** [n] TRAIN or TEST of each row. */
  readonly part: Uint8Array;
  /** Candidates of each test row, in row order, or null. */
  readonly candidates: { readonly start: Uint32Array; readonly items: Uint32Array } | null;
}

/**
 * Reads a data set into memory by its id.
 * @param withTime false: leaves the times, half of its bytes, where they are
 * @throws WorkbenchError `dataset-missing`
 */
export function readDataset(database: ReadableDatabase, id: string, withTime = true): LoadedDataset {
  const row = database
    .prepare(
      "SELECT key, users, items, implicit, minimum, maximum FROM datasets WHERE id = ? AND status = 'ready'",
    )
    .get(id) as
    | { key: number; users: number; items: number; implicit: number; minimum: number; maximum: number }
    | undefined;
  if (!row)
    throw new WorkbenchError('dataset-missing', `There is no data set ${id}.`, 'It may have been deleted.');
  const bytes = (name: string): ArrayBuffer | null =>
    (readColumn(database, row.key, name)?.buffer as ArrayBuffer | undefined) ?? null;
  const needed = (name: string): ArrayBuffer => {
    const found = bytes(name);
    if (found) return found;
    throw new WorkbenchError(
      'dataset-damaged',
      `Column ${name} of data set ${id} is missing.`,
      'Import it again.',
    );
  };
  const time = withTime ? bytes('time') : null;
  const value = bytes('value');
  const item = new Uint32Array(needed('item'));
  const ratings: Ratings = {
    userCount: row.users,
    itemCount: row.items,
    start: new Uint32Array(needed('start')),
    item,
    value: value ? new Float32Array(value) : new Float32Array(item.length).fill(1),
    time: time ? new Float64Array(time) : null,
    implicit: row.implicit === 1,
    minimum: row.minimum,
    maximum: row.maximum,
  };
  return { ratings, given: readGiven(bytes), genres: readGenres(database, row.key) };
}

/** What came with the files, as a split is made of it. */
export function givenOf(
  given: GivenSplit | null,
): { part: Uint8Array; candidates?: NonNullable<GivenSplit['candidates']> } | undefined {
  return given ? { part: given.part, ...(given.candidates && { candidates: given.candidates }) } : undefined;
}

function readGiven(bytes: (name: string) => ArrayBuffer | null): GivenSplit | null {
  const part = bytes('part');
  if (!part) return null;
  const start = bytes('givenStart');
  const items = bytes('givenItems');
  return {
    part: new Uint8Array(part),
    candidates: start && items ? { start: new Uint32Array(start), items: new Uint32Array(items) } : null,
  };
}

function readGenres(database: ReadableDatabase, dataset: number): string[][] | null {
  const rows = database
    .prepare('SELECT genres FROM items WHERE dataset = ? ORDER BY position')
    .all(dataset) as {
    genres: string | null;
  }[];
  if (rows.every((row) => !row.genres)) return null;
  return rows.map((row) => row.genres?.split('|') ?? []);
}
