/**
 * The page of shared memory through which the threads talk: barrier, command, results. Byte addresses; the first three
 * are also in assembly/barrier.ts. Words that different threads write are on different cache lines.
 */
export const control = {
  barrierCount: 1024,
  barrierGeneration: 1024 + 64,
  /** 0, or 1 + the index of the thread whose kernel failed: the others leave their barriers. */
  aborted: 1024 + 128,
  /** Goes up with every command. */
  command: 1024 + 192,
  /** Index of the kernel among the module's exports; −1 ends the worker. */
  kernel: 1024 + 256,
  argumentCount: 1024 + 260,
  /** Workers that have finished the command. */
  done: 1024 + 320,
  /** Up to 24 arguments, f64. */
  arguments: 1024 + 384,
} as const;

export const maximumArguments = 24;
export const END = -1;

/** First byte that buffers may take: the page below belongs to control. */
export const firstByte = 65536;

/** What a worker is started with. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly index: number;
  readonly threads: number;
}

export type KernelFunction = (...values: number[]) => number | void;

/** The kernels of a module in one fixed order: a command names a kernel by its place here. */
export function kernelNames(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.exports(module)
    .filter((entry) => entry.kind === 'function')
    .map((entry) => entry.name);
}

/**
 * Returns when the word is no longer `old`: looks `spins` times, then sleeps. Most waits are shorter than waking a
 * thread takes.
 */
export function waitWhile(words: Int32Array, word: number, old: number, spins: number): void {
  for (let i = 0; i < spins; i++) if (Atomics.load(words, word) !== old) return;
  while (Atomics.load(words, word) === old) Atomics.wait(words, word, old);
}
