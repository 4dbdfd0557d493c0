/** What a run is expected to take by its operations and the measured speed of this computer, before any was timed. */
import { availableParallelism } from 'node:os';
import type { Parameters } from '../../../shared/config.ts';
import type { DataSize, ModelDefinition } from '../../model/model.ts';

export interface Expectation {
  readonly seconds: number;
  readonly memoryMb: number;
}

/** Of a process with the libraries, without data. */
const BASE_MB = 90;
/** A rating as columns, as part of a split, as train rows, and by item. */
const BYTES_A_RATING = 40;
/** To begin a process and load what it needs. */
const START_SECONDS = 0.6;
const SECONDS_A_RATING = 2e-7;
/** Users that are ranked after an epoch where there are more. */
const VALIDATED = 2000;
/** The kernels of a thread do so many operations while plain code does one (measured: 8 to 40, by model). */
const KERNEL_SPEED = 8;

/** Operations of training and ranking, with as many epochs as the parameters say. */
export function operationsOf(
  model: Pick<ModelDefinition, 'work' | 'iterative'>,
  parameters: Parameters,
  data: DataSize,
): number {
  const { epoch, score } = model.work(data, parameters);
  const epochs = model.iterative ? Number(parameters['epochs'] ?? 1) : 1;
  const validated = model.iterative ? Math.min(data.users, VALIDATED) * data.items * score : 0;
  return epochs * (epoch + validated) + 2 * data.users * data.items * score;
}

/** @param speed operations a second of plain code, see `plainSpeed` */
export function expectRun(
  model: Pick<ModelDefinition, 'work' | 'iterative'>,
  parameters: Parameters,
  data: DataSize,
  speed: number,
  threads = availableParallelism(),
): Expectation {
  const { bytes } = model.work(data, parameters);
  const operations = operationsOf(model, parameters, data);
  return {
    seconds: START_SECONDS + SECONDS_A_RATING * data.ratings + operations / (speed * KERNEL_SPEED * threads),
    memoryMb: BASE_MB + (bytes + BYTES_A_RATING * data.ratings) / 2 ** 20,
  };
}

let measured: number | null = null;

/** Operations a second of plain code on this computer: products of vectors, for some milliseconds, once. */
export function plainSpeed(): number {
  // The first ones run before the compiler has made the loop fast.
  measured ??= Math.max(...Array.from({ length: 5 }, measure));
  return measured;
}

function measure(): number {
  const size = 1024;
  const [a, b] = [new Float32Array(size).fill(1.5), new Float32Array(size).fill(0.5)];
  const began = performance.now();
  let [operations, sum] = [0, 0];
  for (; performance.now() - began < 4; operations += 2 * size) {
    for (let k = 0; k < size; k++) sum += a[k] * b[k];
  }
  // What is never read may never be computed.
  if (!Number.isFinite(sum)) throw new Error('a sum of products is finite');
  return (1000 * operations) / (performance.now() - began);
}
