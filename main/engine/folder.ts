/** The data folder: who owns it, and how others reach the owner. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { label, path as address, whole } from '../../shared/fields.ts';
import { makeFolder } from '../base/data-folder.ts';
import { fileError, WorkbenchError } from '../base/errors.ts';
import { databaseError } from '../store/database.ts';
import { holdLock } from '../store/lock.ts';

const Owner = v.object({ pid: whole(1, 2 ** 32 - 1), address, version: label });
export type Owner = v.InferOutput<typeof Owner>;

export const databasePath = (dataDir: string): string => join(dataDir, 'workbench.db');
/** Files in the making: imports, uploads, downloads. Emptied at start. */
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
 * @throws WorkbenchError `folder-owned` where another engine owns it, `folder-unusable` or `disk-full` where it cannot be
 *   written
 */
export function takeOwnership(dataDir: string): Ownership {
  let release: (() => void) | null;
  try {
    makeFolder(resolve(dataDir));
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
        throw unusable(dataDir, error);
      }
    },
    release() {
      rmSync(ownerPath(dataDir), { force: true });
      release();
    },
  };
}

function unusable(dataDir: string, error: unknown): WorkbenchError {
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
