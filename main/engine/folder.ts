/** The data folder: who owns it, and how others reach the owner. */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { fileError, WorkbenchError } from '../base/errors.ts';
import { databaseError } from '../store/database.ts';
import { holdLock } from '../store/lock.ts';

/** Where the app keeps its data unless told: the usual per-user place of each system. */
export function defaultDataDir(platform = process.platform, env = process.env): string {
  if (env.WORKBENCH_DATA_DIR) return env.WORKBENCH_DATA_DIR;
  const name = 'recommender-workbench';
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), name);
}

const Owner = v.object({ pid: v.number(), address: v.string(), version: v.string() });
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

/** As `mkdir -p`. Node's own `recursive` never returns where a parent takes no folders, as in /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Who owned the folder last, as published; null where nobody says so. */
export function readOwner(dataDir: string): Owner | null {
  try {
    return v.parse(Owner, JSON.parse(readFileSync(ownerPath(dataDir), 'utf8')));
  } catch {
    return null;
  }
}
