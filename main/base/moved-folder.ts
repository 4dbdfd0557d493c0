/** A data folder that was moved leaves a file behind that names its new place: who opens the old one gets there. */
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSameFolder, markOf } from './data-folder.ts';
import { WorkbenchError } from './errors.ts';

const movedName = 'workbench-moved.json';
/** Moves from one place to the next that are followed. */
const longestChain = 20;
/** Bytes of such a file; a longer one is not ours. */
const longestFile = 100_000;

/** Where the folder was moved to; null where it was not. */
export function movedTo(folder: string): string | null {
  const path = join(folder, movedName);
  try {
    const found = lstatSync(path);
    if (!found.isFile() || found.size > longestFile) return null;
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('movedTo' in value)) return null;
    return typeof value.movedTo === 'string' ? value.movedTo : null;
  } catch {
    // Whoever opens the folder says what is wrong with it.
    return null;
  }
}

/** Whole or not at all. @param to an absolute path */
export function writeMove(from: string, to: string): void {
  const path = join(from, movedName);
  writeFileSync(`${path}.new`, JSON.stringify({ movedTo: to }), { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}

/** The folder is used again. */
export function dropMove(folder: string): void {
  rmSync(join(folder, movedName), { force: true });
}

/**
 * The folder that a name leads to now. Of a chain of moves the first is told the last, so that it stays short.
 * @throws WorkbenchError `folder-moved` where the new place is not there: nothing new is begun in its stead
 */
export function followMoves(folder: string): string {
  if (folder.trim() === '') return folder;
  let at = folder;
  for (let moves = 0; moves < longestChain; moves++) {
    const next = movedTo(at);
    if (next === null) {
      if (moves > 1) writeMove(folder, at);
      return at;
    }
    if (markOf(next) === 'unmarked') throw gone(at, next);
    at = next;
  }
  throw gone(folder, at);
}

function gone(from: string, to: string): WorkbenchError {
  return new WorkbenchError(
    'folder-moved',
    `The data folder ${from} was moved to ${to}, which is not there now.`,
    `Connect the disk that it is on, or name the folder's new place with --data-dir. To begin anew in the old place, delete ${join(from, movedName)}.`,
  );
}

/** Whether `folder` says that its data are in `to`. */
export function leadsTo(folder: string, to: string): boolean {
  const next = movedTo(folder);
  return next !== null && isSameFolder(next, to);
}
