/** How the threads of the kernels are commanded, through the words of assembly/barrier.ts. */
/** The kernel number that ends a worker. */
export const END = -1;

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
