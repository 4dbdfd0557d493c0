/** The optimizer's block in kernel memory; assembly/adam.ts reads it. */
import { countsSteps, resolveOptimizer, usualEpsilon } from '../numeric/optimizer.ts';
import type { OptimizerName, OptimizerOptions } from '../numeric/optimizer.ts';
import { createBlock } from './block.ts';
import {
  ADAGRAD,
  ADAM,
  CORRECTIONS,
  Optimizer,
  ROW_ADAGRAD,
  ROW_ADAM,
  ROW_RMSPROP,
  SGD,
} from './kernels.generated.ts';
import type { KernelMemory } from './shared-memory.ts';

const kinds: Record<OptimizerName, number> = {
  ...{ sgd: SGD, adagrad: ADAGRAD, adam: ADAM },
  ...{ 'row-adagrad': ROW_ADAGRAD, 'row-rmsprop': ROW_RMSPROP, 'row-adam': ROW_ADAM },
};

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

/** An optimizer of the kernels. `at` goes to kernels; the learning rate may change between calls (schedules). */
export interface KernelOptimizer {
  readonly at: number;
  setLearningRate(rate: number): void;
}

export function createOptimizer(memory: KernelMemory, settings: OptimizerSettings): KernelOptimizer {
  const { kind, learningRate, beta1 = 0.9, beta2 = 0.999 } = settings;
  const block = createBlock(memory, Optimizer, {
    kind: kinds[kind],
    rate: learningRate,
    coupled: settings.coupledDecay ?? 0,
    decoupled: settings.decoupledDecay ?? 0,
    beta1,
    beta2,
    epsilon: settings.epsilon ?? usualEpsilon[kind],
    corrections: countsSteps(kind) ? corrections(memory, beta1, beta2) : 0,
    rest1: 1 - beta1,
    rest2: 1 - beta2,
  });
  return { at: block.at, setLearningRate: (rate) => block.set('rate', rate) };
}

/** The same from a model's options. */
export function optimizerSettings(options: OptimizerOptions): OptimizerSettings {
  const { optimizer, learningRate, regularization, decay, beta1, beta2, epsilon } = resolveOptimizer(options);
  const decayed =
    decay === 'decoupled' ? { decoupledDecay: regularization } : { coupledDecay: regularization };
  return { kind: optimizer, learningRate, ...decayed, beta1, beta2, epsilon };
}

/** Address of Adam's bias corrections [CORRECTIONS, 2]. */
function corrections(memory: KernelMemory, beta1: number, beta2: number): number {
  const table = memory.f32(2 * CORRECTIONS);
  for (let t = 1; t < CORRECTIONS; t++) {
    table.data[2 * t] = 1 / (1 - beta1 ** t);
    table.data[2 * t + 1] = 1 / Math.sqrt(1 - beta2 ** t);
  }
  return table.at;
}
