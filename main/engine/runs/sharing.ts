/** How the machine is shared out between runs that train at once. */
import { availableParallelism, totalmem } from 'node:os';

/** Runs at once unless it is set: half as many as there are cores, at least one. */
export function usualParallel(cores = availableParallelism()): number {
  return Math.max(1, Math.floor(cores / 2));
}

/**
 * Threads of a run that begins: what those that run have left, shared by all that can begin now; at least one. Null
 * where it gets the whole machine.
 * @param taken threads of the runs under way
 * @param beginning runs that can begin now, this one included
 */
export function threadShare(cores: number, taken: readonly number[], beginning: number): number | null {
  if (taken.length === 0 && beginning <= 1) return null;
  const left = cores - taken.reduce((sum, threads) => sum + threads, 0);
  return Math.max(1, Math.floor(left / Math.max(1, beginning)));
}

export interface Memory {
  readonly totalMb: number;
  readonly availableMb: number;
}

/** What this process may have at most, and what is free now: of the machine, or of the container that it runs in. */
export function memoryNow(): Memory {
  const limit = process.constrainedMemory();
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  return { totalMb: total / 2 ** 20, availableMb: process.availableMemory() / 2 ** 20 };
}

/**
 * Whether a run has room beside others: `never` where it would have none on an idle machine.
 * @param needMb as predicted
 * @param othersMb predicted needs of the runs under way, which may not have taken theirs yet
 */
export function memoryRoom(
  needMb: number,
  othersMb: readonly number[],
  { totalMb, availableMb }: Memory,
): 'fits' | 'later' | 'never' {
  if (needMb > totalMb) return 'never';
  const others = othersMb.reduce((sum, mb) => sum + mb, 0);
  return needMb <= Math.min(availableMb, totalMb - others) ? 'fits' : 'later';
}
