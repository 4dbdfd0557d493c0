// The threads' meeting point inside a kernel, and the page of shared memory through which they talk. Byte addresses; words
// that different threads write are on different cache lines.

export const BARRIER_COUNT: usize = 1024;
export const BARRIER_GENERATION: usize = 1088;
/** 0, or 1 + the index of the thread whose kernel failed: the others leave their barriers. */
export const ABORTED: usize = 1152;
// What follows is read by main/kernels/kernels.ts and the threads' main/entries/kernels-worker.ts alone.
/** Goes up with every command. */
export const COMMAND: usize = 1216;
/** Index of the kernel among the module's exports, and how many arguments it has. */
export const KERNEL: usize = 1280;
export const ARGUMENT_COUNT: usize = 1284;
/** Workers that have finished the command. */
export const DONE: usize = 1344;
/** f64 [MAXIMUM_ARGUMENTS] */
export const ARGUMENTS: usize = 1408;
export const MAXIMUM_ARGUMENTS: i32 = 24;
/** First byte that buffers may take. */
export const FIRST_BYTE: usize = 65536;

/** About 20 µs: most waits between phases are shorter than waking a thread takes. */
const SPINS: i32 = 20000;

/**
 * Returns when all `threads` threads have called it. Writes before it are seen by everyone after it. Traps when
 * another thread has failed, so that nobody waits for ever.
 */
export function barrier(threads: i32): void {
  if (threads < 2) return;
  const generation = atomic.load<i32>(BARRIER_GENERATION);
  if (atomic.add<i32>(BARRIER_COUNT, 1) + 1 == threads) {
    atomic.store<i32>(BARRIER_COUNT, 0);
    atomic.add<i32>(BARRIER_GENERATION, 1);
    atomic.notify(BARRIER_GENERATION, threads);
    return;
  }
  let spins = SPINS;
  while (atomic.load<i32>(BARRIER_GENERATION) == generation) {
    if (spins > 0) spins--;
    else atomic.wait<i32>(BARRIER_GENERATION, generation, -1);
    if (atomic.load<i32>(ABORTED) != 0) unreachable();
  }
}
