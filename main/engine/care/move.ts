/**
 * The data move to another folder, of any disk: all is copied there and proven, then the old folder is told where its
 * data are, in one rename; whoever opens the new place next takes the old data away. A kill before the rename leaves the
 * old folder in use as it was; after it, the new one.
 */
import {
  copyFileSync,
  type Dirent,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import {
  databaseName,
  isDataFolder,
  isOwnFile,
  isSameFolder,
  isUuid,
  makeFolder,
  makeOwnFolder,
  markerName,
  markOf,
  sweepFolder,
  writeMark,
} from '../../base/data-folder.ts';
import { fileError, WorkbenchError } from '../../base/errors.ts';
import { dropMove, leadsTo, writeMove } from '../../base/moved-folder.ts';
import { assertWhole, backUpTo, sync } from '../../store/backup.ts';
import { openDatabase, type WritableDatabase } from '../../store/database.ts';
import { holdLock } from '../../store/file-lock.ts';
import { pagesOf } from '../../store/usage.ts';
import { databasePath } from '../folder.ts';
import type { JobControl } from '../jobs.ts';
import { freeBytes } from '../reserve.ts';
import { sweepStaging } from '../staging.ts';
import { replacedName } from './restore.ts';

/** In the new folder until the old one is empty: where that is. */
const originName = 'workbench-came-from.json';
/** The ending of a copy's name until the copy is complete and takes its final name. */
const copyEnding = '.moving';
const copyName = databaseName + copyEnding;

/** An absolute path that the data may be moved to. @throws WorkbenchError `wrong-target` */
export function targetOf(dataDir: string, to: string): string {
  if (!isAbsolute(to)) throw wrongTarget(to, 'it is no full path');
  const target = resolve(to);
  if (existsSync(target) && isSameFolder(target, dataDir))
    throw wrongTarget(target, 'the data are there already');
  const found = statSync(target, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) throw wrongTarget(target, 'it is a file');
  const names = found ? readdirSync(target) : [];
  if (names.length > 0 && !isHusk(target, dataDir))
    throw wrongTarget(
      target,
      isDataFolder(target)
        ? 'it is a data folder with data of its own'
        : `it is not empty: it holds ${names[0]}`,
    );
  for (let above = dirname(found ? realpathSync(target) : target); ; above = dirname(above)) {
    const there = statSync(above, { throwIfNoEntry: false });
    if (there && !there.isDirectory()) throw wrongTarget(target, `${above} is a file`);
    if (there && isDataFolder(above)) throw wrongTarget(target, `it lies in the data folder ${above}`);
    if (dirname(above) === above) return found ? realpathSync(target) : target;
  }
}

/** A data folder whose data were moved away, or that a move was to and did not come to its end. */
function isHusk(folder: string, dataDir: string): boolean {
  if (markOf(folder) !== 'marked') return false;
  if (isUndecided(folder, dataDir)) return true;
  const names = readdirSync(folder);
  return !names.some(
    (name) => name === databaseName || /^(restored|replaced|leaving|returning)-\w+$/.test(name),
  );
}

/** Whether a move from `dataDir` was killed when all was there and nobody had been told. */
function isUndecided(folder: string, dataDir: string): boolean {
  const origin = originOf(join(folder, originName));
  return origin !== null && isSameFolder(origin, dataDir) && !leadsTo(dataDir, folder);
}

/**
 * Copies everything, and decides. Nothing may be written but by this connection, and no run may train.
 * @param target as `targetOf` gave it
 * @throws WorkbenchError `folder-owned`, `disk-full`, `backup-damaged`: nothing is changed then
 */
export async function moveData(
  dataDir: string,
  database: WritableDatabase,
  target: string,
  { signal, progress }: JobControl,
): Promise<void> {
  const wasThere = existsSync(target);
  makeFolder(target);
  const release = holdLock(join(target, 'engine.lock'));
  if (!release) throw wrongTarget(target, 'another engine owns it');
  const copy = join(target, copyName);
  try {
    writeMark(target);
    dropCopy(dataDir, target);
    assertRoom(database, target);
    progress({ stage: 'copying', unit: 'pages' });
    for (const { from, name } of besides(dataDir)) {
      signal.throwIfAborted();
      await cp(from, join(target, name + copyEnding), { recursive: true, force: true });
    }
    copyCheckpoints(dataDir, target);
    await backUpTo(database, copy, (done, total) => {
      signal.throwIfAborted();
      progress({ done, total });
    });
    // From here to the end nothing else runs in this process: what the copy lacks cannot come to be.
    prove(copy);
    for (const { name } of besides(dataDir)) renameSync(join(target, name + copyEnding), join(target, name));
    writeFileSync(join(target, originName), JSON.stringify({ from: dataDir }), { mode: 0o600, flush: true });
    renameSync(copy, databasePath(target));
    dropMove(target);
    writeMove(dataDir, target);
  } catch (error) {
    dropCopy(dataDir, target);
    release();
    if (!wasThere) dropNew(target);
    throw error;
  }
  release();
}

function assertRoom(database: WritableDatabase, target: string): void {
  const { bytes } = pagesOf(database);
  const free = freeBytes(target);
  if (free > 1.05 * bytes) return;
  const mb = (size: number): string => `${(size / 1e6).toFixed(0)} MB`;
  throw new WorkbenchError(
    'disk-full',
    `The data take ${mb(bytes)}, and the disk of ${target} has ${mb(free)} free. Nothing was moved.`,
    'Free some space there, or choose a folder on another disk.',
  );
}

function prove(copy: string): void {
  const database = openDatabase(copy);
  try {
    assertWhole(database, copy);
  } finally {
    database.close();
  }
  sync(copy);
}

/** What else is kept: databases that a restore put aside. */
function besides(dataDir: string): { from: string; name: string }[] {
  return readdirSync(dataDir, { withFileTypes: true })
    .filter((entry: Dirent) => entry.isDirectory() && replacedName.test(entry.name))
    .map(({ name }) => ({ from: join(dataDir, name), name }));
}

function copyCheckpoints(dataDir: string, target: string): void {
  const from = join(dataDir, 'checkpoints');
  if (!lstatSync(from, { throwIfNoEntry: false })?.isDirectory()) return;
  const to = join(target, 'checkpoints');
  makeOwnFolder(to);
  for (const name of readdirSync(from)) {
    if (!isUuid(name) || !isOwnFile(join(from, name))) continue;
    copyFileSync(join(from, name), join(to, name));
    sync(join(to, name));
  }
}

/** What a move that came to nothing has left in the new place. */
function dropCopy(dataDir: string, target: string): void {
  const files = isUndecided(target, dataDir) ? [copyName, databaseName] : [copyName];
  for (const name of files)
    for (const ending of ['-journal', '-wal', '-shm', ''])
      rmSync(join(target, name + ending), { force: true });
  sweepFolder(target, 'folders', (name) => {
    const stem = name.slice(0, -copyEnding.length);
    return name === stem + copyEnding && replacedName.test(stem);
  });
  sweepFolder(join(target, 'checkpoints'), 'files', isUuid);
  rmSync(join(target, originName), { force: true });
}

/** A folder that was made for the move alone. */
function dropNew(target: string): void {
  for (const name of [markerName, 'engine.lock']) rmSync(join(target, name), { force: true });
  try {
    rmdirSync(join(target, 'checkpoints'));
  } catch {
    // The folder was not there, so nothing has to be taken away.
  }
  try {
    rmdirSync(target);
  } catch {
    // The folder is not empty: somebody else has put something there, and it stays.
  }
}

/**
 * Takes the data away that were moved into this folder from another one, once they are open here. Only what is ours
 * goes; the mark stays, and where it leads.
 */
export function finishMove(dataDir: string): void {
  const path = join(dataDir, originName);
  if (!isOwnFile(path)) return;
  const from = originOf(path);
  if (from !== null && !leaveOld(from, dataDir)) return;
  rmSync(path, { force: true });
}

/** Whether nothing of it is left to take away. */
function leaveOld(from: string, dataDir: string): boolean {
  if (!leadsTo(from, dataDir) || isSameFolder(from, dataDir)) return true;
  try {
    const release = holdLock(join(from, 'engine.lock'));
    if (!release) return false;
    try {
      for (const ending of ['-shm', '-wal', '']) rmSync(databasePath(from) + ending, { force: true });
      for (const name of ['reserve', 'engine.json', originName]) rmSync(join(from, name), { force: true });
      sweepFolder(from, 'folders', (name) => replacedName.test(name));
      sweepFolder(join(from, 'checkpoints'), 'files', isUuid);
      sweepStaging(from);
    } finally {
      release();
    }
    return true;
  } catch (error) {
    // Its disk is gone or may not be written any more: the next start tries again.
    if (!fileError(error)) throw error;
    return false;
  }
}

function originOf(path: string): string | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null && 'from' in value && typeof value.from === 'string'
      ? value.from
      : null;
  } catch {
    return null;
  }
}

function wrongTarget(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'wrong-target',
    `The data cannot be moved to ${path}: ${reason}.`,
    'Choose a new or an empty folder.',
  );
}
