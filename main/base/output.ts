/**
 * The one way in which the workbench writes a file that a person named. It refuses what would destroy something, writes
 * beside the name and renames when all is there, so that neither a failure nor a kill leaves half a file. A lint rule
 * keeps every other file from opening one.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { safeCsv } from '../../shared/safe-csv.ts';
import { WorkbenchError } from './errors.ts';
import { isDataFolder, isRunning, isSqlite } from './data-folder.ts';

export interface OutputOptions {
  /** Files that are being read, as paths: none of them may be replaced, by whatever name. */
  readonly reading?: readonly string[];
  /** CSV alone: an apostrophe goes before cells that a spreadsheet would take for formulas. */
  readonly safeForSpreadsheets?: boolean;
}

/** A file in the making. */
export interface Draft {
  /** Where it is written, for what writes by itself (a database's backup); nothing is there until the first `write`. */
  readonly path: string;
  /** Appends; of a CSV whole records. */
  write(data: string | Uint8Array): void;
}

/**
 * Writes a file through `fill` and returns what that came to.
 * @throws WorkbenchError `file-unusable` for a place that is refused; `disk-full`; whatever `fill` throws
 */
export async function writeOutput<T>(
  path: string,
  fill: (draft: Draft) => T | Promise<T>,
  options: OutputOptions = {},
): Promise<T> {
  const target = targetOf(path, options);
  const before = statSync(target, { throwIfNoEntry: false });
  const folder = dirname(target);
  sweepDrafts(folder);
  const draft = join(folder, `${draftStem}${process.pid}-${randomBytes(6).toString('hex')}.part`);
  let file: number | null = null;
  const write = (data: string | Uint8Array): void => {
    file ??= openSync(draft, 'wx', 0o666);
    if (typeof data !== 'string') return writeAll(file, data);
    writeAll(file, Buffer.from(options.safeForSpreadsheets ? safeCsv(data) : data));
  };
  try {
    const result = await fill({ path: draft, write });
    if (file === null && !lstatSync(draft, { throwIfNoEntry: false })) write('');
    file ??= openSync(draft, 'r+');
    fsyncSync(file);
    closeSync(file);
    file = null;
    if (before) chmodSync(draft, before.mode & 0o777);
    // Something may have been put there since the first look, so it is checked again.
    if (targetOf(path, options) !== target) throw refused(path, 'it was changed while it was written');
    renameSync(draft, target);
    return result;
  } catch (error) {
    if (file !== null) closeSync(file);
    for (const ending of ['', '-journal']) rmSync(draft + ending, { force: true });
    throw named(error, draft, path);
  }
}

/** A folder that a person named for several files, as RecBole wants one. @throws WorkbenchError `file-unusable` */
export function makeOutputFolder(path: string): void {
  const folder = realFolderOf(path);
  const target = join(folder, basename(resolve(path)));
  const found = statSync(target, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw refused(path, 'it is a file, and a folder is to be written');
  assertOutsideDataFolders(path, found ? realpathSync.native(target) : folder);
  if (!found) mkdirSync(target);
}

/** @throws WorkbenchError `file-unusable` where nothing may be written, before anything is read or computed */
export function assertOutput(path: string, options: OutputOptions = {}): void {
  targetOf(path, options);
}

/** The real path that a name stands for. */
function targetOf(path: string, { reading = [] }: OutputOptions): string {
  const folder = realFolderOf(path);
  let target = join(folder, basename(resolve(path)));
  const link = lstatSync(target, { throwIfNoEntry: false });
  if (link?.isSymbolicLink()) {
    try {
      target = realpathSync.native(target);
    } catch {
      throw refused(path, 'it is a link that leads nowhere');
    }
  }
  const found = statSync(target, { throwIfNoEntry: false });
  if (found || !canStandBeside(target)) assertOutsideDataFolders(path, dirname(target));
  if (found) assertReplaceable(path, target, found, reading);
  return target;
}

function realFolderOf(path: string): string {
  try {
    return realpathSync.native(dirname(resolve(path)));
  } catch (error) {
    throw named(error, dirname(resolve(path)), path);
  }
}

function assertReplaceable(path: string, target: string, found: Stats, reading: readonly string[]): void {
  if (found.isDirectory()) throw refused(path, 'it is a folder, not a file');
  if (!found.isFile()) throw refused(path, 'it is a device or a pipe, not a file');
  const isRead = reading.some((each) => {
    const read = statSync(each, { throwIfNoEntry: false });
    return read?.ino === found.ino && read.dev === found.dev;
  });
  if (isRead) throw refused(path, 'it is one of the files to read');
  if (found.nlink > 1 && isSqlite(target)) throw refused(path, 'it is another name of a database');
  try {
    accessSync(target, constants.W_OK);
  } catch {
    throw refused(path, 'this user may not');
  }
}

/** Whether a path inside a data folder is one that a shell gave out for an export that a browser fetches. */
export const handedOut =
  /^staging[\\/]shell-\d+-[0-9a-f-]{36}[\\/](exports|uploads)[\\/][0-9a-f-]{36}([\\/]|$)/;

/**
 * Whether a new file may lie in a data folder itself, where people keep their exports too: a CSV, for nothing of ours
 * is one. It replaces nothing, and a second one of its name is refused.
 */
function canStandBeside(target: string): boolean {
  const isOnlyThere = isDataFolder(dirname(target)) && !isDataFolder(dirname(dirname(target)));
  return isOnlyThere && target.toLowerCase().endsWith('.csv');
}

/** By what is in the folders above, not by their names: every spelling of a folder, and every mount of it, has the mark. */
function assertOutsideDataFolders(path: string, folder: string): void {
  for (let above = folder; ; above = dirname(above)) {
    if (isDataFolder(above) && !handedOut.test(folder.slice(above.length).replace(/^[\\/]/, ''))) {
      throw refused(path, `it lies in ${above}, a data folder of the workbench`);
    }
    if (dirname(above) === above) return;
  }
}

function refused(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'file-unusable',
    `${path} cannot be written: ${reason}.`,
    'Choose another file or folder.',
  );
}

/** An error of the system about the draft is one about the file that the person named. */
function named(error: unknown, draft: string, path: string): unknown {
  if (error instanceof Error && 'path' in error && error.path === draft) Object.assign(error, { path });
  return error;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/** Names of drafts say which process of which machine makes them: a folder may be shared. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const draftStem = `.workbench-${machine}-`;
const draftName = new RegExp(String.raw`^\.workbench-${machine}-(\d+)-[0-9a-f]{12}\.part(-journal|\.csv)?$`);

/** Takes away drafts whose process was killed. */
function sweepDrafts(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // A folder may take files and show none.
    return;
  }
  for (const name of names) {
    const pid = draftName.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(folder, name);
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path, { force: true });
  }
}
