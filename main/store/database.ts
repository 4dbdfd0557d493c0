import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { WorkbenchError } from '../base/errors.ts';
import { initial } from './migrations/001-initial.ts';
import { itemImages } from './migrations/002-item-images.ts';

/** A database that may be written. Only the engine holds one. */
export type WritableDatabase = Database.Database;
/** A database opened read-only: trainers hold one. The brand keeps it out of functions that write. */
export type ReadableDatabase = Pick<Database.Database, 'prepare' | 'close'>;

/** Migration k brings a database from version k to k + 1. Never edited once released; new ones are added. */
export const migrations: readonly string[] = [initial, itemImages];

/**
 * Opens the database of a data folder, creating or migrating it. Each migration is one transaction; a copy of the old
 * file stays beside it as `<path>.v<version>.backup`.
 * @throws WorkbenchError `database-newer` where a newer version of the app wrote it; `database-damaged`
 */
export function openDatabase(path: string, steps: readonly string[] = migrations): WritableDatabase {
  let database: WritableDatabase;
  try {
    database = new Database(path);
    database.pragma('journal_mode = WAL');
  } catch (error) {
    throw notOpened(path, error);
  }
  try {
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.pragma('busy_timeout = 5000');
    migrate(database, path, steps);
    return database;
  } catch (error) {
    database.close();
    throw notOpened(path, error);
  }
}

/** Opens a database for reading alone, in any process, beside the engine's writer. */
export function openReadable(path: string): ReadableDatabase {
  if (!existsSync(path)) {
    throw new WorkbenchError(
      'database-missing',
      `There is no database at ${path}.`,
      'Check the data folder.',
    );
  }
  const database = new Database(path, { readonly: true });
  database.pragma('busy_timeout = 5000');
  return database;
}

/** The version of the schema that a database has. */
export function versionOf(database: WritableDatabase): number {
  return Number(database.pragma('user_version', { simple: true }));
}

function migrate(database: WritableDatabase, path: string, steps: readonly string[]): void {
  const version = versionOf(database);
  if (version > steps.length) {
    throw new WorkbenchError(
      'database-newer',
      `${path} was written by a newer version of the workbench (schema ${version}, this one knows ${steps.length}).`,
      'Install the newer version, or choose another data folder.',
    );
  }
  if (version > 0 && version < steps.length) {
    database.prepare('VACUUM INTO ?').run(backupPath(path, version));
  }
  for (let from = version; from < steps.length; from++) {
    database
      .transaction(() => {
        database.exec(steps[from]);
        database.pragma(`user_version = ${from + 1}`);
      })
      .immediate();
  }
}

/** Where a migration leaves the old file; numbered where one is there already. */
function backupPath(path: string, version: number): string {
  const base = `${path}.v${version}.backup`;
  for (let k = 0; ; k++) {
    const candidate = k === 0 ? base : `${base}.${k}`;
    if (!existsSync(candidate)) return candidate;
  }
}

function notOpened(path: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  return databaseError(error, path) ?? damaged(path, error instanceof Error ? error.message : String(error));
}

/** What SQLite says of its file or disk at any time, in words; null where the error is none of that kind. */
export function databaseError(error: unknown, path = 'of the data folder'): WorkbenchError | null {
  if (!(error instanceof Database.SqliteError)) return null;
  const { code, message } = error;
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return damaged(path, message);
  if (code.startsWith('SQLITE_FULL')) {
    return new WorkbenchError(
      'disk-full',
      'The disk is full. Nothing of what was being written was kept.',
      'Free some space, then do it again.',
    );
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new WorkbenchError(
      'folder-owned',
      `Another program holds the database ${path}.`,
      'Close that program, or choose another folder with --data-dir.',
    );
  }
  if (!/^SQLITE_(READONLY|CANTOPEN|PERM|IOERR)/.test(code)) return null;
  return new WorkbenchError(
    'folder-unusable',
    `The database ${path} cannot be written: ${message}.`,
    'Mend its disk or the rights of its folder, or choose another with --data-dir.',
  );
}

function damaged(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'database-damaged',
    `The database ${path} cannot be read: ${reason}.`,
    'Move the file aside to start anew, or restore a backup of it.',
  );
}
