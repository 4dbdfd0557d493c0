/** What the database takes on disk, and copies of it. */
import type { ReadableDatabase, WritableDatabase } from './database.ts';

const pragma = (database: ReadableDatabase, name: string): number =>
  database.prepare(`PRAGMA ${name}`).pluck().get() as number;

/** Bytes of the database's pages, and of those that nothing uses. */
export function pagesOf(database: ReadableDatabase): { bytes: number; free: number } {
  const size = pragma(database, 'page_size');
  return { bytes: pragma(database, 'page_count') * size, free: pragma(database, 'freelist_count') * size };
}

/** Bytes of the arrays that each run left behind, largest first. */
export function runBytes(database: ReadableDatabase): { run: string; bytes: number }[] {
  return database
    .prepare(
      `SELECT runs.id AS run, COALESCE(SUM(LENGTH(artifacts.data)), 0) AS bytes
       FROM runs LEFT JOIN artifacts ON artifacts.run = runs.key GROUP BY runs.key ORDER BY bytes DESC`,
    )
    .all() as { run: string; bytes: number }[];
}

/** Pages moved in one step, so that the log stays small: some 1 MB. */
const pagesAtOnce = 250;

/**
 * Gives free pages back to the disk step by step, with next to no room of its own. Does nothing in a database of the
 * first version, which was not made for it: its free pages are used by what comes next.
 */
export function giveBack(database: WritableDatabase): void {
  for (let before = Infinity; ;) {
    const { free } = pagesOf(database);
    database.pragma('wal_checkpoint(TRUNCATE)');
    if (free === 0 || free >= before) return;
    before = free;
    database.pragma(`incremental_vacuum(${pagesAtOnce})`);
  }
}

/** Gives free pages back to the disk. Nobody else may be reading. */
export function compact(database: WritableDatabase): void {
  database.exec('VACUUM');
  database.pragma('wal_checkpoint(TRUNCATE)');
}
