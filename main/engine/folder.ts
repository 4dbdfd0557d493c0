/** The data folder: who owns it, and how others reach the owner. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { label, path as address, whole } from '../../shared/fields.ts';
import { databaseName, makeFolder, markOf, writeMark } from '../base/data-folder.ts';
import { fileError, WorkbenchError } from '../base/errors.ts';
import { databaseError, isOurDatabase } from '../store/database.ts';
import { holdLock } from '../store/file-lock.ts';

const Owner = v.object({ pid: whole(1, 2 ** 32 - 1), address, version: label });
export type Owner = v.InferOutput<typeof Owner>;

export const databasePath = (dataDir: string): string => join(dataDir, databaseName);
/** Files in the making: imports, uploads, downloads. What a crash left of ours is taken away at start. */
export const stagingPath = (dataDir: string): string => join(dataDir, 'staging');
const ownerPath = (dataDir: string): string => join(dataDir, 'engine.json');

export interface Ownership {
  /** Tells others where to join; called once the engine listens. */
  publish(owner: Owner): void;
  release(): void;
}

/**
 * Makes this process the one engine of a data folder. The lock is the operating system's, so it ends with the process
 * however that ends.
 * @throws WorkbenchError `not-a-data-folder` where it is somebody else's, `folder-owned` where another engine owns it,
 *   `folder-unusable` or `disk-full` where it cannot be written
 */
export function takeOwnership(dataDir: string): Ownership {
  let release: (() => void) | null;
  if (dataDir.trim() === '')
    throw new WorkbenchError('not-a-data-folder', 'The data folder has an empty name.', chooseAnother);
  try {
    makeFolder(resolve(dataDir));
    claim(dataDir);
    release = holdLock(join(dataDir, 'engine.lock'));
  } catch (error) {
    throw unusable(dataDir, error);
  }
  if (!release) {
    const owner = readOwner(dataDir);
    throw new WorkbenchError(
      'folder-owned',
      `Another engine${owner ? ` (process ${owner.pid})` : ''} owns the data folder ${dataDir}.`,
      'Close the other window or wait for the other command, or choose another folder with --data-dir.',
    );
  }
  return {
    publish(owner) {
      const path = ownerPath(dataDir);
      try {
        writeFileSync(`${path}.new`, JSON.stringify(owner), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        // On a full disk nobody can join; what is there can still be read and deleted.
        if (fileError(error)?.code !== 'disk-full') throw unusable(dataDir, error);
      }
    },
    release() {
      rmSync(ownerPath(dataDir), { force: true });
      release();
    },
  };
}

const chooseAnother =
  'Choose an empty or a new folder with --data-dir, or leave it out to take the folder of the app.';

/** Marks a new or empty folder, and one of the first version. @throws WorkbenchError `not-a-data-folder` */
function claim(dataDir: string): void {
  const mark = markOf(dataDir);
  if (mark === 'newer')
    throw new WorkbenchError(
      'database-newer',
      `The data folder ${dataDir} was made by a newer version of the workbench.`,
      'Install the newer version, or choose another data folder.',
    );
  if (mark === 'unmarked') {
    const names = readdirSync(dataDir);
    if (names.length > 0 && !isOurDatabase(databasePath(dataDir))) throw foreign(dataDir, names);
  }
  try {
    writeMark(dataDir);
  } catch (error) {
    // To look at what is there, and to delete it, needs no mark; it is written when there is room again.
    if (fileError(error)?.code !== 'disk-full') throw error;
  }
}

function foreign(dataDir: string, names: readonly string[]): WorkbenchError {
  const shown = names.toSorted().slice(0, 5).join(', ');
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  const database = names.includes(databaseName) ? ` Its ${databaseName} is of another program.` : '';
  return new WorkbenchError(
    'not-a-data-folder',
    `${dataDir} is not a data folder of the workbench: it holds ${shown}${more}.${database}`,
    chooseAnother,
  );
}

function unusable(dataDir: string, error: unknown): WorkbenchError {
  if (error instanceof WorkbenchError) return error;
  const known = fileError(error) ?? databaseError(error);
  if (known?.code === 'disk-full') return known;
  return new WorkbenchError(
    'folder-unusable',
    `The data folder ${dataDir} cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
    'Choose another with --data-dir.',
  );
}

/** Who owned the folder last, as published; null where nobody says so. */
export function readOwner(dataDir: string): Owner | null {
  try {
    return v.parse(Owner, JSON.parse(readFileSync(ownerPath(dataDir), 'utf8')));
  } catch {
    return null;
  }
}
