/**
 * The TensorFlow.js back ends, loaded by name. tfjs keeps one back end for the whole process: loading another one
 * switches to it, so a process uses one at a time (the trainer process has one for its life).
 */
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { ComputeRecord } from '../../shared/config.ts';
import { WorkbenchError } from '../base/errors.ts';
import { reinstall } from '../base/reinstall.ts';
import { messageOf } from '../base/message-of.ts';
import type { Compute } from '../base/compute-record.ts';

/** The API of tfjs, the same for every back end. Use the functional forms (`tf.add(a, b)`), not the chained ones. */
export type Tf = typeof import('@tensorflow/tfjs');

/** `tensorflow` is native TensorFlow alone; `wasm` and `cpu` are the back ends that tfjs brings itself. */
export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

export interface TensorFlow extends Compute {
  readonly name: BackendName;
  readonly tf: Tf;
  readonly record: ComputeRecord;
  /** Makes this back end the process's present one again, after another was loaded. */
  activate(): Promise<void>;
  dispose(): void;
}

export interface TensorFlowOptions {
  /** Threads of native TensorFlow (set before it loads, once a process); the others run on one. */
  readonly threads?: number | null;
}

const registered: Record<BackendName, string> = { tensorflow: 'tensorflow', wasm: 'wasm', cpu: 'cpu' };

/**
 * Loads a back end and makes it the present one.
 * @throws WorkbenchError `compute-unavailable` with the reason where it does not load: a named back end never falls back.
 */
export async function loadTensorFlow(
  name: BackendName,
  options: TensorFlowOptions = {},
): Promise<TensorFlow> {
  try {
    const load = { tensorflow: loadNative, wasm: loadWasm, cpu: loadCpu }[name];
    const { tf, record } = await load(options.threads ?? os.availableParallelism());
    const activate = async (): Promise<void> => {
      if (!(await tf.setBackend(registered[name])))
        throw new Error(`tfjs could not start its ${name} back end`);
    };
    await activate();
    return { name, tf, record, activate, dispose: () => tf.disposeVariables() };
  } catch (error) {
    throw unavailable(name, error);
  }
}

interface Loaded {
  readonly tf: Tf;
  readonly record: ComputeRecord;
}

/** Threads that native TensorFlow was started with: it reads its environment once, when its library loads. */
let nativeThreads = 0;

async function loadNative(threads: number): Promise<Loaded> {
  if (nativeThreads === 0) {
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
    process.env['TF_NUM_INTEROP_THREADS'] = '1';
    process.env['OMP_NUM_THREADS'] = String(threads);
    restoreRemovedUtilities();
  }
  const tf = await import('@tensorflow/tfjs');
  const node = await import('@tensorflow/tfjs-node').catch((error: unknown) => {
    throw withoutBuildAdvice(error);
  });
  if (nativeThreads === 0) nativeThreads = threads;
  await tf.setBackend('tensorflow');
  const backend: object = tf.backend();
  const version = `libtensorflow ${nativeVersionOf(backend)}, tfjs-node ${node.version['tfjs-node']}`;
  const record = { engine: 'tensorflow', backend: 'native', version, simd: 'none' } as const;
  return { tf, record: { ...record, threads: nativeThreads } };
}

/** tfjs-node's own words for a missing library name a rebuild that fetches it from where it may not be had. */
function withoutBuildAdvice(error: unknown): unknown {
  const isMissing = /native addon module .* can not be found/.test(messageOf(error));
  return isMissing ? new Error('its library is not installed.') : error;
}

/** tfjs-node's binding tells the version of the library that was mapped into the process. */
function nativeVersionOf(backend: object): string {
  const binding: unknown = 'binding' in backend ? backend.binding : null;
  const known = typeof binding === 'object' && binding !== null && 'TF_Version' in binding;
  return known ? String(binding.TF_Version) : 'of unknown version';
}

/** tfjs-node 4.22 calls `util.isNullOrUndefined` and `util.isArray`, which Node 23 removed or warns about. */
function restoreRemovedUtilities(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}

/**
 * Emscripten's start-up code adds handlers of its own for uncaught errors, which rethrow and so hide the trainer's:
 * what is added while `start` runs is taken away again.
 */
async function withoutNewProcessHandlers(start: () => Promise<unknown>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.rawListeners(event));
  await start();
  events.forEach((event, index) => {
    for (const listener of process.rawListeners(event))
      if (!before[index].includes(listener)) process.off(event, listener as () => void);
  });
}

/** The paths can be set only before the back end starts. */
let wasmPlaced = false;

async function loadWasm(): Promise<Loaded> {
  const tf = await import('@tensorflow/tfjs');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  if (!wasmPlaced) {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(path.dirname(entry) + path.sep);
    wasmPlaced = true;
  }
  await withoutNewProcessHandlers(() => tf.setBackend('wasm'));
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? 'plain' : 'none';
  const version = `tfjs ${tf.version_core}`;
  return { tf, record: { engine: 'wasm', backend: 'tfjs wasm', version, simd, threads: 1 } };
}

async function loadCpu(): Promise<Loaded> {
  const tf = await import('@tensorflow/tfjs');
  const version = `tfjs ${tf.version_core}`;
  await tf.setBackend('cpu');
  // Keeps tfjs from advertising its native package on the console at the back end's first use.
  Object.assign(tf.backend(), { firstUse: false });
  return { tf, record: { engine: 'cpu', backend: 'tfjs cpu', version, simd: 'none', threads: 1 } };
}

const hints: Record<BackendName, string> = {
  tensorflow: `${reinstall()} to fetch the native library (doctor says more), or choose --compute auto, fused or wasm.`,
  wasm: `${reinstall()}, or choose --compute auto.`,
  cpu: `${reinstall()}.`,
};

function unavailable(name: BackendName, error: unknown): WorkbenchError {
  const title = {
    tensorflow: 'Native TensorFlow',
    wasm: 'The tfjs WASM back end',
    cpu: 'The tfjs cpu back end',
  };
  const reason = messageOf(error).slice(0, 300);
  return new WorkbenchError('compute-unavailable', `${title[name]} does not load: ${reason}`, hints[name]);
}
