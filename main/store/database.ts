import Database from 'better-sqlite3';
import { existsSync, lstatSync, rmSync } from 'node:fs';
import { WorkbenchError } from '../base/errors.ts';
import { initial } from './migrations/001-initial.ts';
import { itemImages } from './migrations/002-item-images.ts';
import { sweeps } from './migrations/006-sweeps.ts';
import { sweepTime } from './migrations/008-sweep-time.ts';
import { pinsAndTrash } from './migrations/003-pins-and-trash.ts';
import { runCost } from './migrations/004-run-cost.ts';
import { golden } from './migrations/005-golden.ts';
import { continuedRuns } from './migrations/007-continued-runs.ts';

/** A database that may be written. Only the engine holds one. */
export type WritableDatabase = Database.Database;
/** A database opened read-only: trainers hold one. The brand keeps it out of functions that write. */
export type ReadableDatabase = Pick<Database.Database, 'prepare' | 'close'>;

/** Migration k brings a database from version k to k + 1. Never edited once released; new ones are added. */
export const migrations: readonly string[] = [
  initial,
  itemImages,
  pinsAndTrash,
  runCost,
  golden,
  sweeps,
  continuedRuns,
  sweepTime,
];

/** What SQLite keeps in a file for its program: 'rwb' and 1. The first version of the app wrote none. */
const applicationId = 0x72776201;

/**
 * Whether a file is a database of ours: by its mark, or by the tables of the first version, which had no mark. One that
 * a newer version wrote is ours as well; no file at all is not.
 */
export function isOurDatabase(path: string): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  // The first way needs no room on the disk, and leaves no file beside one that is not ours; the second is for a file
  // that somebody has open.
  return asksForMark(path, true) || asksForMark(path, false);
}

function asksForMark(path: string, alone: boolean): boolean {
  try {
    const database = new Database(path, { readonly: !alone, timeout: 0 });
    try {
      if (alone) database.pragma('locking_mode = EXCLUSIVE');
      return hasOurMark(database);
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

function hasOurMark(database: Database.Database): boolean {
  const mark = database.pragma('application_id', { simple: true });
  if (mark !== 0) return mark === applicationId;
  const tables = "name IN ('datasets', 'columns', 'runs', 'epochs', 'artifacts', 'settings')";
  const count = `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND ${tables}`;
  return database.prepare(count).pluck().get() === 6;
}

/**
 * Opens the database of a data folder, creating or migrating it. Each migration is one transaction; a copy of the old
 * file stays beside it as `<path>.v<version>.backup`.
 * @throws WorkbenchError `database-newer` where a newer version of the app wrote it; `database-foreign` where another
 *   program did; `database-damaged`
 */
export function openDatabase(path: string, steps: readonly string[] = migrations): WritableDatabase {
  try {
    return open(path, steps, false);
  } catch (error) {
    const known = notOpened(path, error);
    if (known.code !== 'disk-full') throw known;
  }
  // Nobody else can read beside us then; but without room for what connections share, nobody could at all.
  try {
    return open(path, steps, true);
  } catch (error) {
    throw notOpened(path, error);
  }
}

function open(path: string, steps: readonly string[], alone: boolean): WritableDatabase {
  const database = new Database(path);
  try {
    if (alone) database.pragma('locking_mode = EXCLUSIVE');
    assertOurs(database, path);
    // A new file: later, what is deleted can be given back to a disk that is full.
    if (versionOf(database) === 0) database.pragma('auto_vacuum = INCREMENTAL');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    database.pragma('foreign_keys = ON');
    database.pragma('busy_timeout = 5000');
    migrate(database, path, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
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

/** `PASSIVE`: what can be copied beside readers and writers. `TRUNCATE`: all, and the log's room is given back. */
export type CheckpointMode = 'PASSIVE' | 'TRUNCATE';

/** A connection that only copies the log of a database into it, on a thread beside the writer's. */
export function openForCheckpoints(path: string): { run(mode: CheckpointMode): void; close(): void } {
  // It waits for nobody: whoever has to wait for it would be the engine.
  const database = new Database(path, { fileMustExist: true, timeout: 0 });
  database.pragma('synchronous = NORMAL');
  return {
    run: (mode) => void database.pragma(`wal_checkpoint(${mode})`),
    close: () => void database.close(),
  };
}

/** The version of the schema that a database has. */
export function versionOf(database: WritableDatabase): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Before anything of it is changed. */
function assertOurs(database: WritableDatabase, path: string): void {
  const isEmpty = database.prepare('SELECT count(*) FROM sqlite_master').pluck().get() === 0;
  const version = versionOf(database);
  if (isEmpty ? version === 0 : version > 0 && hasOurMark(database)) return;
  throw new WorkbenchError(
    'database-foreign',
    `${path} is a database of another program.`,
    'Move it away, or choose another data folder with --data-dir.',
  );
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
  if (version > 0 && version < steps.length) backUp(database, backupPath(path, version));
  for (let from = version; from < steps.length; from++) {
    database
      .transaction(() => {
        database.exec(steps[from]);
        database.pragma(`user_version = ${from + 1}`);
        database.pragma(`application_id = ${applicationId}`);
      })
      .immediate();
  }
}

/** A migration is one transaction, safe without its copy: a disk that has no room for one keeps nobody from deleting. */
function backUp(database: WritableDatabase, path: string): void {
  try {
    database.prepare('VACUUM INTO ?').run(path);
  } catch (error) {
    rmSync(path, { force: true });
    if (databaseError(error)?.code !== 'disk-full') throw error;
    process.stderr.write(
      'The disk is full: the database is brought up to date without a copy of the old one.\n',
    );
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
  // The second: no room for the memory that connections to one database share.
  if (/^SQLITE_(FULL|IOERR_SHMSIZE)/.test(code)) {
    return new WorkbenchError(
      'disk-full',
      'The disk is full. Nothing of what was being written was kept.',
      'Free some space, then try again.',
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
    'Fix its disk or the rights of its folder, or choose another with --data-dir.',
  );
}

function damaged(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'database-damaged',
    `The database ${path} cannot be read: ${reason}.`,
    'Move the file aside to start anew, or restore a backup of it.',
  );
}
