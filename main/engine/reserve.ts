/** Room of our own for the day when the disk is full: without some, not even a deletion can be written. */
import { randomFillSync } from 'node:crypto';
import { lstatSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Enough for the log of a large deletion; most pages of what is deleted are not written again. */
const reserveBytes = 4 << 20;
/** Free bytes under which the disk counts as full. */
const least = 1 << 20;
/** Free bytes above which the room is taken (again). */
const plenty = 3 * reserveBytes;

const pathOf = (dataDir: string): string => join(dataDir, 'reserve');

export function freeBytes(dataDir: string): number {
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    return bavail * bsize;
  } catch {
    // Some file systems do not report their free space; they are treated as having room.
    return Infinity;
  }
}

/** Gives the room up where the disk is full, so that the database can be opened. */
export function releaseIfFull(dataDir: string): void {
  if (freeBytes(dataDir) < least) release(dataDir);
}

/** Gives the room up; false where there was none. */
export function release(dataDir: string): boolean {
  if (!lstatSync(pathOf(dataDir), { throwIfNoEntry: false })?.isFile()) return false;
  rmSync(pathOf(dataDir), { force: true });
  return true;
}

/** Takes the room where the disk has plenty. Random bytes: a disk that compresses would keep none for zeros. */
export function reserve(dataDir: string): void {
  const found = lstatSync(pathOf(dataDir), { throwIfNoEntry: false });
  if (found?.size === reserveBytes || freeBytes(dataDir) < plenty) return;
  try {
    writeFileSync(pathOf(dataDir), randomFillSync(Buffer.allocUnsafe(reserveBytes)), { mode: 0o600 });
  } catch {
    // The disk filled while the reserve was written. A part of it would be too small to help, so it is given up.
    rmSync(pathOf(dataDir), { force: true });
  }
}
