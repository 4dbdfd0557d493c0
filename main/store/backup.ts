/** Copies of a database that may take its place. */
import Database from 'better-sqlite3';
import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { isSqlite } from '../base/data-folder.ts';
import { WorkbenchError } from '../base/errors.ts';
import { isOurDatabase, openDatabase, type ReadableDatabase } from './database.ts';

/** What a database holds, as a person would ask. */
export interface Holdings {
  readonly datasets: number;
  readonly runs: number;
}

/** Whether a file begins as a database does, before much is done with it. @throws WorkbenchError `not-a-backup` */
export function assertBackup(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw notABackup(path, 'there is no such file');
  if (!found.isFile()) throw notABackup(path, 'it is a folder, a device or a pipe');
  if (!isSqlite(path)) throw notABackup(path, 'it is no database');
}

/**
 * Copies a database that another program has open, or that a crash has left with a log beside it.
 * @param progress told the share that is done; throws to end it
 */
export async function copyLogged(
  path: string,
  to: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const database = new Database(path, { readonly: true, timeout: 5000 });
  try {
    await backUpTo(database, to, progress);
  } finally {
    database.close();
  }
}

/** Pages copied between two looks at other work: some 8 MB. */
const pagesAtOnce = 2000;

/**
 * Copies an open database while work goes on. What this connection writes meanwhile is copied too, until the returned
 * promise is settled.
 */
export async function backUpTo(
  database: Database.Database,
  to: string,
  progress: (done: number, total: number) => void,
): Promise<void> {
  await database.backup(to, {
    progress({ totalPages, remainingPages }) {
      progress(totalPages - remainingPages, totalPages);
      return pagesAtOnce;
    },
  });
}

/**
 * Proves that a copy can be used, by using it: it is opened as the engine does (an old one is brought up to date), all
 * of it is read, and it is on the disk when this returns.
 * @param origin the file that it is a copy of, for what is said
 * @throws WorkbenchError `not-a-backup`, `backup-damaged`, `database-newer`, `disk-full`
 */
export function proveBackup(copy: string, origin: string): Holdings {
  if (!isOurDatabase(copy)) throw notABackup(origin, 'it is damaged, or a database of another program');
  try {
    const database = openDatabase(copy);
    try {
      assertWhole(database, origin);
      assertSchema(database, origin);
      return holdings(database);
    } finally {
      database.close();
      sync(copy);
    }
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw damaged(origin, String(error));
    if (error.code === 'database-damaged') throw damaged(origin, error.message);
    throw new WorkbenchError(error.code, error.message.replaceAll(copy, origin), error.hint);
  }
}

/** @throws WorkbenchError `backup-damaged` */
export function assertWhole(database: ReadableDatabase, path: string): void {
  const [first] = database.prepare('PRAGMA integrity_check(1)').pluck().all();
  if (first !== 'ok') throw damaged(path, String(first));
  if (database.prepare('PRAGMA foreign_key_check').get() !== undefined)
    throw damaged(path, 'rows refer to others that are not there');
}

/** A tool or a person may have changed what the mark cannot tell. @throws WorkbenchError `backup-damaged` */
function assertSchema(database: ReadableDatabase, path: string): void {
  const found = objectsOf(database);
  const fresh = openDatabase(':memory:');
  try {
    const known = objectsOf(fresh);
    const lacking = [...known].find((object) => !found.has(object));
    if (lacking !== undefined) throw damaged(path, `it lacks the ${lacking}`);
    const strange = [...found].find((object) => /^(trigger|view) /.test(object) && !known.has(object));
    if (strange !== undefined) throw damaged(path, `it has a ${strange}, which is not of the workbench`);
  } finally {
    fresh.close();
  }
}

/** Tables with their columns, indexes, triggers and views: `table settings (name, value)`. */
function objectsOf(database: ReadableDatabase): Set<string> {
  const objects = `
    SELECT type || ' ' || name || coalesce(' (' || (SELECT group_concat(name, ', ') FROM pragma_table_info(o.name)) || ')', '')
    FROM sqlite_master AS o WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^'`;
  return new Set(database.prepare(objects).pluck().all() as string[]);
}

export function holdings(database: ReadableDatabase): Holdings {
  const count = (table: string): number =>
    database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  return { datasets: count('datasets'), runs: count('runs') };
}

/** All that was written to the file is on the disk. */
export function sync(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function notABackup(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'not-a-backup',
    `${path} is no backup of the workbench: ${reason}.`,
    'Choose a file that "Back up" or the command backup made, or the workbench.db of a data folder.',
  );
}

function damaged(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'backup-damaged',
    `The backup ${path} is damaged: ${reason}. Nothing was changed.`,
    'Choose another backup.',
  );
}
