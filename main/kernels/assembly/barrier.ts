// The threads' meeting point inside a kernel. The addresses are those of main/kernels/control.ts.

const COUNT: usize = 1024;
const GENERATION: usize = 1024 + 64;
const ABORTED: usize = 1024 + 128;
/** About 20 µs: most waits between phases are shorter than waking a thread takes. */
const SPINS: i32 = 20000;

/**
 * Returns when all `threads` threads have called it. Writes before it are seen by everyone after it. Traps when
 * another thread has failed, so that nobody waits for ever.
 */
export function barrier(threads: i32): void {
  if (threads < 2) return;
  const generation = atomic.load<i32>(GENERATION);
  if (atomic.add<i32>(COUNT, 1) + 1 == threads) {
    atomic.store<i32>(COUNT, 0);
    atomic.add<i32>(GENERATION, 1);
    atomic.notify(GENERATION, threads);
    return;
  }
  let spins = SPINS;
  while (atomic.load<i32>(GENERATION) == generation) {
    if (spins > 0) spins--;
    else atomic.wait<i32>(GENERATION, generation, -1);
    if (atomic.load<i32>(ABORTED) != 0) unreachable();
  }
}
