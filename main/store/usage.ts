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

/** Gives free pages back to the disk. Nobody else may be reading. */
export function compact(database: WritableDatabase): void {
  database.exec('VACUUM');
  database.pragma('wal_checkpoint(TRUNCATE)');
}
