import type { WritableDatabase } from '../store/database.ts';
import { giveBack } from '../store/usage.ts';
import { toErrorShape } from './failures.ts';
import { freeBytes, release, reserve } from './reserve.ts';

/** Free bytes under which what is deleted is given back to the disk at once. */
const scarce = 256 << 20;

/** Deletes on a full disk too: with the room that was kept for it. */
export function deleting(dataDir: string, database: WritableDatabase, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (toErrorShape(error).code !== 'disk-full' || !release(dataDir)) throw error;
    work();
  }
  if (freeBytes(dataDir) >= scarce) return;
  try {
    giveBack(database);
  } catch (error) {
    // The deletion holds; another one, or compacting, gives more back.
    if (toErrorShape(error).code !== 'disk-full') throw error;
  }
  reserve(dataDir);
}
