/** A thread of the kernels: waits for a command in shared memory, runs it, says so. Ends with END or with the process. */
import { parentPort, workerData } from 'node:worker_threads';
import { END, kernelNames, waitWhile, type KernelFunction, type WorkerStart } from '../kernels/control.ts';
import * as control from '../kernels/kernels.generated.ts';

const { module, memory, index, threads } = workerData as WorkerStart;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
const names = kernelNames(module);
const words = new Int32Array(memory.buffer);
const values = new Float64Array(memory.buffer);

let seen = Atomics.load(words, control.COMMAND >> 2);
parentPort?.postMessage('ready');

for (;;) {
  waitWhile(words, control.COMMAND >> 2, seen, 20_000);
  seen = Atomics.load(words, control.COMMAND >> 2);
  const kernel = words[control.KERNEL >> 2];
  if (kernel === END) break;
  const first = control.ARGUMENTS >> 3;
  const given = values.slice(first, first + words[control.ARGUMENT_COUNT >> 2]);
  try {
    (kernels[names[kernel]] as KernelFunction)(index, threads, ...given);
  } catch {
    // A trap. The caller reports it; the others must not wait for this thread.
    Atomics.compareExchange(words, control.ABORTED >> 2, 0, index + 1);
    Atomics.notify(words, control.BARRIER_GENERATION >> 2);
  }
  Atomics.add(words, control.DONE >> 2, 1);
  Atomics.notify(words, control.DONE >> 2);
}
