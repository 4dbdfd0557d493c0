/** Users and items of a data set: their ids and what is known of them. Positions are the indices of the arrays. */
import { WorkbenchError } from '../base/errors.ts';
import type { ItemRow } from './datasets.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';

/** @throws WorkbenchError `user-missing` */
export function userPosition(database: ReadableDatabase, dataset: number, id: string): number {
  return positionOf(database, 'users', dataset, id);
}

/** @throws WorkbenchError `item-missing` */
export function itemPosition(database: ReadableDatabase, dataset: number, id: string): number {
  return positionOf(database, 'items', dataset, id);
}

function positionOf(
  database: ReadableDatabase,
  table: 'users' | 'items',
  dataset: number,
  id: string,
): number {
  const row = database
    .prepare(`SELECT position FROM ${table} WHERE dataset = ? AND id = ?`)
    .get(dataset, id) as { position: number } | undefined;
  if (row) return row.position;
  const one = table === 'users' ? 'user' : 'item';
  const near = database.prepare(`SELECT id FROM ${table} WHERE dataset = ? LIMIT 3`).all(dataset) as {
    id: string;
  }[];
  throw new WorkbenchError(
    `${one}-missing`,
    `The data set has no ${one} "${id}".`,
    `Ids are text, exactly as in the file, e.g. ${near.map((row) => row.id).join(', ')}.`,
  );
}

/** The id of the user at a position. */
export function userIdAt(database: ReadableDatabase, dataset: number, position: number): string {
  return database
    .prepare('SELECT id FROM users WHERE dataset = ? AND position = ?')
    .pluck()
    .get(dataset, position) as string;
}

/** Ids of all users, by position. */
export function userIds(database: ReadableDatabase, dataset: number): string[] {
  const rows = database.prepare('SELECT id FROM users WHERE dataset = ? ORDER BY position').all(dataset);
  return (rows as { id: string }[]).map((row) => row.id);
}

/** All items, by position. */
export function allItems(database: ReadableDatabase, dataset: number): ItemRow[] {
  return database
    .prepare('SELECT id, title, genres, year, image FROM items WHERE dataset = ? ORDER BY position')
    .all(dataset) as ItemRow[];
}

/** Users whose id begins with the text, in the order of the index, so that no more are read than are wanted. */
export function findUsers(
  database: ReadableDatabase,
  dataset: number,
  text: string,
  limit: number,
): { position: number; id: string }[] {
  return database
    .prepare('SELECT position, id FROM users WHERE dataset = ? AND id >= ? AND id < ? ORDER BY id LIMIT ?')
    .all(dataset, text, `${text}\u{10ffff}`, limit) as { position: number; id: string }[];
}

/** Titles of items by their ids; what is no item of the data set is left out. */
export function titlesOf(
  database: ReadableDatabase,
  dataset: number,
  ids: readonly string[],
): { item: string; title: string }[] {
  const find = database.prepare(
    'SELECT id AS item, coalesce(title, id) AS title FROM items WHERE dataset = ? AND id = ?',
  );
  return ids.flatMap((id) => find.all(dataset, id) as { item: string; title: string }[]);
}

/** Items whose id or title holds the text, at most `limit`. */
export function findItems(
  database: ReadableDatabase,
  dataset: number,
  text: string,
  limit: number,
): { position: number; id: string; title: string | null }[] {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return database
    .prepare(
      `SELECT position, id, title FROM items
       WHERE dataset = ? AND (title LIKE ? ESCAPE '\\' OR id = ?) ORDER BY position LIMIT ?`,
    )
    .all(dataset, pattern, text, limit) as { position: number; id: string; title: string | null }[];
}

/**
 * Joins metadata on the item id. Returns how many items got some, and how many rows met no item.
 */
export function attachItems(
  database: WritableDatabase,
  dataset: number,
  rows: readonly ItemRow[],
): { matched: number; unmatched: number } {
  const update = database.prepare(
    `UPDATE items SET title = coalesce(@title, title), genres = coalesce(@genres, genres), year = coalesce(@year, year),
       image = coalesce(@image, image)
     WHERE dataset = @dataset AND id = @id`,
  );
  let matched = 0;
  database
    .transaction(() => {
      for (const row of rows) matched += update.run({ ...row, dataset }).changes;
      database
        .prepare(
          `UPDATE datasets SET
             titles = (SELECT count(title) FROM items WHERE dataset = key),
             genres = @genres
           WHERE key = @dataset`,
        )
        .run({ dataset, genres: countGenres(database, dataset) });
    })
    .immediate();
  return { matched, unmatched: rows.length - matched };
}

/** Distinct genres of all items. */
export function countGenres(database: ReadableDatabase, dataset: number): number {
  const rows = database.prepare('SELECT DISTINCT genres FROM items WHERE dataset = ?').all(dataset);
  return new Set((rows as { genres: string | null }[]).flatMap((row) => row.genres?.split('|') ?? [])).size;
}
