import type { SplitConfig } from '../../shared/config.ts';
import { bytesOf } from './columns.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';

/** Keeps a split once for all runs on it. */
export function writeSplit(
  database: WritableDatabase,
  dataset: number,
  split: { hash: string; config: SplitConfig; part: Uint8Array },
): void {
  database
    .prepare('INSERT OR IGNORE INTO splits (dataset, hash, config, part) VALUES (?, ?, ?, ?)')
    .run(dataset, split.hash, JSON.stringify(split.config), bytesOf(split.part));
}

/** [ratings] the part of each row, or null where no run with this split has been stored. */
export function readParts(database: ReadableDatabase, dataset: number, hash: string): Uint8Array | null {
  const row = database
    .prepare('SELECT part FROM splits WHERE dataset = ? AND hash = ?')
    .get(dataset, hash) as { part: Buffer } | undefined;
  return row ? new Uint8Array(row.part) : null;
}
