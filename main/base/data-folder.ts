/** Where the data are, how a data folder is told from any other, and what in it is ours to take away. */
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { WorkbenchError } from './errors.ts';

/** Where the app keeps its data unless told: the usual per-user place of each system. */
export function defaultDataDir(platform = process.platform, env = process.env): string {
  if (env.WORKBENCH_DATA_DIR) return env.WORKBENCH_DATA_DIR;
  const name = 'recommender-workbench';
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), name);
}

/** The file that marks a folder as one of ours. */
export const markerName = 'workbench-folder.json';
const marker = `${JSON.stringify({ format: 'recommender-workbench data folder', version: 1 })}\n`;
/** A file of that name that is longer is not ours. */
const longestMarker = 1000;

export const databaseName = 'workbench.db';
const sqliteMagic = 'SQLite format 3\0';

/**
 * `marked`: it carries our mark; one that a crash cut short counts. `newer`: the mark of a later version of the app.
 * `unmarked`: there is none.
 */
export type Mark = 'marked' | 'newer' | 'unmarked';

export function markOf(folder: string): Mark {
  const path = join(folder, markerName);
  if (!isOwnFile(path)) return 'unmarked';
  const text = headOf(path, longestMarker);
  if (marker.startsWith(text)) return 'marked';
  const version = /^\{"format":"recommender-workbench data folder","version":(\d{1,9})[,}]/.exec(text)?.[1];
  if (version === undefined) return 'unmarked';
  return Number(version) > 1 ? 'newer' : 'marked';
}

/** Marks the folder, whole or not at all on any disk that is not full; a cut mark counts. */
export function writeMark(folder: string): void {
  const path = join(folder, markerName);
  if (isOwnFile(path) && headOf(path, longestMarker) === marker) return;
  writeFileSync(path, marker, { mode: 0o600 });
}

/**
 * Makes and marks a data folder before anything else is put into it. One that is there and holds something stays as it
 * is: the engine says whether it is ours. What cannot be made is left to the engine as well.
 */
export function claimNewFolder(folder: string): void {
  if (folder.trim() === '') return;
  try {
    makeFolder(resolve(folder));
    if (readdirSync(folder).length === 0) writeMark(folder);
  } catch {
    // The engine meets the same, and says so.
  }
}

/**
 * As `mkdir -p`. Node's own `recursive` never returns where a parent takes no folders, as in /proc.
 * @throws WorkbenchError `not-a-folder` where a file has the name, or nothing can be made there
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    const found = statSync(path, { throwIfNoEntry: false });
    // Another process may have made it meanwhile.
    if (found?.isDirectory()) return;
    const reason = (error as NodeJS.ErrnoException).code ?? null;
    if (!found && (reason === null || !unmakeable.has(reason))) throw error;
    throw new WorkbenchError(
      'not-a-folder',
      found
        ? `${path} is a file, and a folder is needed there.`
        : `The folder ${path} cannot be made (${String(reason)}).`,
      'Choose another folder.',
    );
  }
}

/** What a place says that takes no folders, or none of ours. */
const unmakeable: ReadonlySet<string> = new Set(['EACCES', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS']);

/**
 * Whether nothing of another program may be written in the folder: it is marked, or holds a database by the name of
 * ours, as the folders of the first version did before they were marked.
 */
export function isDataFolder(folder: string): boolean {
  if (markOf(folder) !== 'unmarked') return true;
  const database = join(folder, databaseName);
  return isOwnFile(database) && isSqlite(database);
}

/** Whether the file begins as every SQLite database does. */
export function isSqlite(path: string): boolean {
  return headOf(path, sqliteMagic.length) === sqliteMagic;
}

/** The first bytes as text; empty where they cannot be read. Never called for what could block, as a FIFO would. */
function headOf(path: string, bytes: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(bytes + 1);
      return buffer.toString('latin1', 0, readSync(file, buffer, 0, bytes, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

/** By what they are, not by their names; false where one is not there. */
export function isSameFolder(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

/** A regular file itself, not a link to one. */
export function isOwnFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * Makes a folder of ours inside another one of ours.
 * @throws WorkbenchError `folder-unusable` where a link or a file has its name: we neither write nor delete behind a link
 */
export function makeOwnFolder(path: string): void {
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found) throw error;
    if (found.isDirectory()) return;
    throw new WorkbenchError(
      'folder-unusable',
      `${path} is a ${found.isSymbolicLink() ? 'link' : 'file'}, where the workbench keeps a folder of its own.`,
      'Move it away, or choose another data folder with --data-dir.',
    );
  }
}

/**
 * Takes away what a crash has left in a folder of ours. What is behind a link, and whatever bears a name that we never
 * give or is of another kind than we make under it, stays.
 * @param isLeftOver whether a name is one of ours that nobody uses any more
 */
export function sweepFolder(
  folder: string,
  kind: 'files' | 'folders',
  isLeftOver: (name: string) => boolean,
): void {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of readdirSync(folder)) {
    if (!isLeftOver(name)) continue;
    const path = join(folder, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (kind === 'files' ? found?.isFile() : found?.isDirectory())
      rmSync(path, { recursive: true, force: true });
  }
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const uuidOnly = new RegExp(`^${uuid}$`);
export const isUuid = (name: string): boolean => uuidOnly.test(name);

/** Whether a process of this machine and user's view is there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
