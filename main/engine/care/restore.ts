/**
 * A backup takes the place of the database. It is copied into the folder and proven there while work goes on; a rename
 * to `restored-<when>.db` decides it; whoever opens the folder next puts the old database aside and the new one in its
 * place. A kill at any moment leaves the old one in use or the new one.
 */
import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { databaseName, isOwnFile, isUuid, makeOwnFolder, sweepFolder } from '../../base/data-folder.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { assertBackup, copyLogged, type Holdings, proveBackup } from '../../store/backup.ts';
import { openDatabase, type WritableDatabase } from '../../store/database.ts';
import { databasePath } from '../folder.ts';
import type { JobControl } from '../jobs.ts';
import { newStaging } from '../staging.ts';

/** Names in the data folder: what is to take the place, and the folder of what it took the place of. */
const stamp = String.raw`\d{8}T\d{6}`;
const restoredName = new RegExp(`^restored-(${stamp})\\.db$`);
export const replacedName = new RegExp(`^replaced-(${stamp})$`);
/** The way back, in two steps: the new database is taken away, then the old one is put in its place. */
const leavingName = new RegExp(`^leaving-(${stamp})$`);
const returningName = new RegExp(`^returning-(${stamp})$`);
/** A database is these files; the second and third where it was not closed. */
const endings = ['', '-wal', '-shm'];

export interface Restored extends Holdings {
  /** Where the database is kept that was replaced. */
  readonly replaced: string;
}

/**
 * Decides that a backup replaces the database at the next opening. Nothing is changed where this throws.
 * @throws WorkbenchError `not-a-backup`, `backup-damaged`, `database-newer`, `disk-full`
 */
export async function prepareRestore(
  dataDir: string,
  path: string,
  { signal, progress }: JobControl,
): Promise<Restored> {
  assertBackup(path);
  const [own, given] = [databasePath(dataDir), path].map((file) => statSync(file));
  if (own.ino === given.ino && own.dev === given.dev)
    throw new WorkbenchError(
      'not-a-backup',
      `${path} is the database that is in use.`,
      'Choose a backup of it.',
    );
  const staging = newStaging(dataDir);
  mkdirSync(staging, { mode: 0o700 });
  const copy = join(staging, databaseName);
  try {
    progress({ stage: 'copying', unit: 'bytes', total: given.size });
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
    if (log && log.size > 0)
      await copyLogged(path, copy, (done, total) => {
        signal.throwIfAborted();
        progress({ done: (given.size * done) / total });
      });
    else await copyFile(path, copy, signal, (done) => progress({ done }));
    progress({ stage: 'checking' });
    // The event loop is not held before the windows have shown what is done.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const held = proveBackup(copy, path);
    signal.throwIfAborted();
    const when = new Date().toISOString().replace(/[-:]|\..*$/g, '');
    renameSync(copy, join(dataDir, `restored-${when}.db`));
    return { ...held, replaced: join(dataDir, `replaced-${when}`) };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

async function copyFile(
  from: string,
  to: string,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<void> {
  let done = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      done += chunk.length;
      progress(done);
      pass(null, chunk);
    },
  });
  const output = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  await pipeline(createReadStream(from), meter, output, { signal });
}

/**
 * Opens the database of a folder that this process owns, after what was decided or begun before: the rest of a restore,
 * or the way back from one whose database does not open.
 */
export function openRestored(dataDir: string): WritableDatabase {
  const path = databasePath(dataDir);
  goBack(dataDir);
  const when = stampsOf(dataDir, restoredName).at(-1);
  if (when === undefined) return openDatabase(path);
  sweepFolder(dataDir, 'files', (name) => restoredName.test(name) && name !== `restored-${when}.db`);
  putAside(dataDir, when);
  renameSync(join(dataDir, `restored-${when}.db`), path);
  try {
    const database = openDatabase(path);
    sweepFolder(dataDir, 'folders', (name) => replacedName.test(name) && name !== `replaced-${when}`);
    return database;
  } catch (error) {
    if (!isOwnFile(join(dataDir, `replaced-${when}`, databaseName))) throw error;
    process.stderr.write(
      `The restored database could not be opened (${String(error)}); the one before it is in use again.\n`,
    );
    renameSync(join(dataDir, `replaced-${when}`), join(dataDir, `leaving-${when}`));
    goBack(dataDir);
    return openDatabase(path);
  }
}

/** Moves the database aside, and keeps the checkpoints of its runs beside it. Goes on where it was killed. */
function putAside(dataDir: string, when: string): void {
  const aside = join(dataDir, `replaced-${when}`);
  makeOwnFolder(aside);
  keepCheckpoints(dataDir, aside);
  const path = databasePath(dataDir);
  for (const ending of endings.toReversed())
    if (isOwnFile(path + ending)) renameSync(path + ending, join(aside, databaseName + ending));
}

/** The database that was moved aside takes its place again. Goes on where it was killed. */
function goBack(dataDir: string): void {
  const path = databasePath(dataDir);
  for (const when of stampsOf(dataDir, leavingName)) {
    for (const ending of endings) rmSync(path + ending, { force: true });
    renameSync(join(dataDir, `leaving-${when}`), join(dataDir, `returning-${when}`));
  }
  for (const when of stampsOf(dataDir, returningName)) {
    const aside = join(dataDir, `returning-${when}`);
    for (const ending of endings)
      if (isOwnFile(join(aside, databaseName + ending)))
        renameSync(join(aside, databaseName + ending), path + ending);
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Runs of the new database that are there too go on from the same checkpoints, so these are copied, not moved. */
function keepCheckpoints(dataDir: string, aside: string): void {
  const from = join(dataDir, 'checkpoints');
  if (!lstatSync(from, { throwIfNoEntry: false })?.isDirectory()) return;
  makeOwnFolder(join(aside, 'checkpoints'));
  for (const name of readdirSync(from))
    if (isUuid(name) && isOwnFile(join(from, name)))
      copyFileSync(join(from, name), join(aside, 'checkpoints', name));
}

/** When the restores were decided whose names are there, the earliest first. */
function stampsOf(dataDir: string, name: RegExp): string[] {
  return readdirSync(dataDir)
    .flatMap((each) => name.exec(each)?.[1] ?? [])
    .toSorted();
}
