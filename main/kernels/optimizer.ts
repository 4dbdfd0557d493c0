/** The optimiser's block in kernel memory; assembly/adam.ts reads it. */
import { resolveOptimizer, usualEpsilon } from '../numeric/optimizer.ts';
import type { OptimizerName, OptimizerOptions } from '../numeric/optimizer.ts';
import type { Buffer, KernelMemory } from './memory.ts';

/** In the order of the kernels' numbers. */
export const optimizerNames: readonly OptimizerName[] = ['sgd', 'adagrad', 'adam'];

export interface OptimizerSettings {
  readonly kind: OptimizerName;
  readonly learningRate: number;
  /** Coupled weight decay: L2 factor, added to the gradient as factor · w. */
  readonly coupledDecay?: number;
  /** Decoupled weight decay (AdamW): w ← w · (1 − learningRate · factor) at each move. */
  readonly decoupledDecay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

const CORRECTIONS = 16384;

/** An optimiser of the kernels. `at` goes to kernels; the learning rate may change between calls (schedules). */
export interface KernelOptimizer {
  readonly at: number;
  setLearningRate(rate: number): void;
}

/**
 * Writes the settings for the kernels: words kind, rate, coupled, decoupled, β1, β2, ε, address of the bias
 * corrections [16384, 2] of Adam (1 / (1 − β1^t) and 1 / √(1 − β2^t)), 1 − β1, 1 − β2.
 */
export function createOptimizer(memory: KernelMemory, settings: OptimizerSettings): KernelOptimizer {
  const beta1 = settings.beta1 ?? 0.9;
  const beta2 = settings.beta2 ?? 0.999;
  const block = memory.f32(10);
  const words = new Uint32Array(block.data.buffer, block.at, 8);
  words[0] = optimizerNames.indexOf(settings.kind);
  block.data[1] = settings.learningRate;
  block.data[2] = settings.coupledDecay ?? 0;
  block.data[3] = settings.decoupledDecay ?? 0;
  block.data[4] = beta1;
  block.data[5] = beta2;
  block.data[6] = settings.epsilon ?? usualEpsilon[settings.kind];
  block.data[8] = 1 - beta1;
  block.data[9] = 1 - beta2;
  if (settings.kind === 'adam') words[7] = corrections(memory, beta1, beta2).at;
  return {
    at: block.at,
    setLearningRate: (rate) => {
      block.data[1] = rate;
    },
  };
}

/** The same from a model's options. */
export function optimizerSettings(options: OptimizerOptions): OptimizerSettings {
  const { optimizer, learningRate, regularization, decay, beta1, beta2, epsilon } = resolveOptimizer(options);
  const decayed =
    decay === 'decoupled' ? { decoupledDecay: regularization } : { coupledDecay: regularization };
  return { kind: optimizer, learningRate, ...decayed, beta1, beta2, epsilon };
}

function corrections(memory: KernelMemory, beta1: number, beta2: number): Buffer<Float32Array> {
  const table = memory.f32(2 * CORRECTIONS);
  for (let t = 1; t < CORRECTIONS; t++) {
    table.data[2 * t] = 1 / (1 - beta1 ** t);
    table.data[2 * t + 1] = 1 / Math.sqrt(1 - beta2 ** t);
  }
  return table;
}
