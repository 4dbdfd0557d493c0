import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What arrays outside V8's heap may grow by between two collections. */
const GROWTH_BYTES = 3 << 20;

let collect: (() => void) | undefined;
let left = 0;

/**
 * Frees what is no longer referenced, now: the memory of kernels and the columns that a phase has used are tens of
 * megabytes which V8 would let stand while the next phase takes its own.
 */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  left = process.memoryUsage().arrayBuffers;
}

/**
 * The same where it is worth its milliseconds: megabytes of arrays were made since the last time, or just let go of.
 * @param released bytes of arrays that were there the last time and are no longer referenced
 */
export function collectIfGrown(released = 0): void {
  if (process.memoryUsage().arrayBuffers + released > left + GROWTH_BYTES) collectGarbage();
}
