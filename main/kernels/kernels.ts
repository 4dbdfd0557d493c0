/**
 * The fused compute engine: one WASM module in several threads over one shared memory. A model takes buffers from
 * `memory`, then calls kernels by name; a kernel runs on all threads at once and returns when all are done.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ComputeRecord } from '../../shared/config.ts';
import { END, kernelNames, waitWhile, type KernelFunction, type WorkerStart } from './control.ts';
import * as control from './kernels.generated.ts';
import { KernelMemory } from './shared-memory.ts';
import type { Compute } from '../base/compute-record.ts';

export type SimdBuild = 'plain' | 'relaxed';

export interface KernelOptions {
  /** Threads, the caller's among them; default: as many as the machine has cores. */
  readonly threads?: number | null;
  /** `plain` (default): the same bits on every processor. `relaxed`: fused multiply-add where there is one. */
  readonly simd?: SimdBuild;
  /** Folder of the wasm files, where it is not beside the program. */
  readonly directory?: string;
  /** Guard words between buffers (tests). */
  readonly guards?: boolean;
}

/** A kernel as `kernels.generated.ts` of its folder shows it: its export, and its parameters in order. */
export interface Kernel<Name extends string> {
  readonly kernel: string;
  readonly takes: readonly Name[];
}

export interface Kernels extends Compute {
  readonly memory: KernelMemory;
  readonly threads: number;
  /** After `dispose`: resolves when its threads have ended. Until then they hold its memory as well. */
  readonly ended: Promise<unknown>;
  /**
   * Runs a kernel on every thread with the values of its parameters, and returns what thread 0 returned (0 for
   * nothing). Blocks: cut the work in slices of at most 50 ms. Throws when a thread traps.
   */
  run<Name extends string>(kernel: Kernel<Name>, values: Readonly<Record<Name, number>>): number;
}

const source = import.meta.url.endsWith('.ts');

let prepared: { readonly threads: number; readonly kernels: Promise<Kernels> } | null = null;

/** Begins to load what `loadKernels` will be asked for next: the threads start while the caller does other work. */
export function prepareKernels(threads: number | null): void {
  const kernels = load({ threads });
  // Whoever takes them learns of a failure.
  kernels.catch(() => undefined);
  prepared = { threads: threadsOf({ threads }), kernels };
}

/** Loads the kernels and starts their threads. Throws when the build is missing or the processor lacks SIMD. */
export async function loadKernels(options: KernelOptions = {}): Promise<Kernels> {
  const { simd = 'plain', directory, guards } = options;
  const waiting = prepared;
  prepared = null;
  if (!waiting) return load(options);
  if (waiting.threads === threadsOf(options) && simd === 'plain' && directory === undefined && !guards)
    return waiting.kernels;
  waiting.kernels.then(
    (unused) => unused.dispose(),
    () => undefined,
  );
  return load(options);
}

function threadsOf({ threads }: KernelOptions): number {
  return Math.max(1, Math.floor(threads ?? availableParallelism()));
}

async function load(options: KernelOptions): Promise<Kernels> {
  const simd = options.simd ?? 'plain';
  const threads = threadsOf(options);
  const bytes = readFileSync(wasmFile(simd, options.directory));
  if (!WebAssembly.validate(bytes))
    throw new Error(`This processor or Node cannot run the ${simd} SIMD kernels.`);
  // Functions are compiled when they are first called, so this does not take long.
  const module = new WebAssembly.Module(bytes);
  const memory = new KernelMemory(options.guards);
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const record: ComputeRecord = { engine: 'fused', backend: 'wasm', version, simd, threads };
  const workers = await startWorkers(module, memory.memory, threads);
  return new ThreadedKernels(module, memory, record, workers);
}

class ThreadedKernels implements Kernels {
  readonly memory: KernelMemory;
  readonly record: ComputeRecord;
  readonly threads: number;
  readonly ended: Promise<unknown>;
  readonly #exports: WebAssembly.Exports;
  readonly #indices: Map<string, number>;
  readonly #workers: readonly Worker[];
  readonly #words: Int32Array;
  readonly #values: Float64Array;

  constructor(
    module: WebAssembly.Module,
    memory: KernelMemory,
    record: ComputeRecord,
    workers: readonly Worker[],
  ) {
    this.memory = memory;
    this.record = record;
    this.threads = record.threads;
    this.#workers = workers;
    this.ended = Promise.all(
      workers.map((worker) => new Promise((resolve) => void worker.once('exit', resolve))),
    );
    this.#exports = new WebAssembly.Instance(module, { env: { memory: memory.memory } }).exports;
    this.#indices = new Map(kernelNames(module).map((name, index) => [name, index]));
    this.#words = new Int32Array(memory.memory.buffer);
    this.#values = new Float64Array(memory.memory.buffer);
  }

  run<Name extends string>({ kernel: name, takes }: Kernel<Name>, given: Record<Name, number>): number {
    const values = takes.map((each) => given[each]);
    const index = this.#indices.get(name);
    if (index === undefined) throw new Error(`There is no kernel "${name}".`);
    if (values.length > control.MAXIMUM_ARGUMENTS)
      throw new Error(`Kernel ${name}: more than ${control.MAXIMUM_ARGUMENTS} arguments.`);
    this.#command(index, values);
    let result: number | void = 0;
    let failure: unknown;
    try {
      result = (this.#exports[name] as KernelFunction)(0, this.threads, ...values);
    } catch (error) {
      failure = error;
      Atomics.compareExchange(this.#words, control.ABORTED >> 2, 0, 1);
      Atomics.notify(this.#words, control.BARRIER_GENERATION >> 2);
    }
    this.#finish(name, failure);
    return result ?? 0;
  }

  dispose(): void {
    this.#command(END, []);
    for (const worker of this.#workers) void worker.terminate();
  }

  #command(kernel: number, values: readonly number[]): void {
    if (this.threads === 1) return;
    const words = this.#words;
    this.#values.set(values, control.ARGUMENTS >> 3);
    words[control.KERNEL >> 2] = kernel;
    words[control.ARGUMENT_COUNT >> 2] = values.length;
    Atomics.store(words, control.DONE >> 2, 0);
    Atomics.add(words, control.COMMAND >> 2, 1);
    Atomics.notify(words, control.COMMAND >> 2);
  }

  /** Waits for the others; a trap anywhere becomes an error here, and the threads are ready for the next call. */
  #finish(name: string, failure: unknown): void {
    const words = this.#words;
    for (;;) {
      const done = Atomics.load(words, control.DONE >> 2);
      if (this.threads === 1 || done === this.threads - 1) break;
      waitWhile(words, control.DONE >> 2, done, 20_000);
    }
    const aborted = Atomics.exchange(words, control.ABORTED >> 2, 0);
    if (aborted === 0) return;
    words[control.BARRIER_COUNT >> 2] = 0;
    throw new Error(`Kernel ${name} failed on thread ${aborted - 1}.`, { cause: failure });
  }
}

async function startWorkers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
): Promise<Worker[]> {
  const file =
    threads > 1
      ? firstThatExists(
          source ? ['../entries/kernels-worker.ts'] : ['./kernels-worker.js', '../kernels-worker.js'],
        )
      : null;
  const starting: Promise<Worker>[] = [];
  for (let index = 1; file && index < threads; index++) {
    const workerData: WorkerStart = { module, memory, index, threads };
    const worker = new Worker(file, { workerData, execArgv: [] });
    starting.push(
      new Promise((resolve, reject) => {
        worker.once('message', () => {
          worker.removeAllListeners();
          worker.unref();
          resolve(worker);
        });
        worker.once('error', reject);
      }),
    );
  }
  return Promise.all(starting);
}

/** The wasm file: in dist/kernels beside the sources, the bundle or the folder given. */
function wasmFile(simd: SimdBuild, directory: string | undefined): URL | string {
  const name = simd === 'plain' ? 'kernels.wasm' : 'kernels.relaxed.wasm';
  if (directory !== undefined) return `${directory}/${name}`;
  return firstThatExists(
    source ? [`../../dist/kernels/${name}`] : [`../kernels/${name}`, `../../kernels/${name}`],
  );
}

function firstThatExists(candidates: readonly string[]): URL {
  const found = candidates.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error('The compute kernels are not built: run npm run build.');
  return found;
}
