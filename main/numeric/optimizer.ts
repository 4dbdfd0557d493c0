/**
 * Optimizers written out, the same for embedding tables and dense parameters, on host memory.
 *
 * Gradient g of an element w, learning rate α, weight decay λ:
 * - coupled (as PyTorch's Adam and the book): g ← g + λ·w, then the rule.
 * - decoupled (AdamW, Loshchilov & Hutter 2019): w ← w − α·λ·w beside the rule.
 * - sgd: w ← w − α·g. adagrad (Duchi 2011): s ← s + g², w ← w − α·g / (√s + ε).
 * - adam (Kingma & Ba 2015): m, v, bias correction by the step count t.
 */
export const optimizerNames = ['sgd', 'adagrad', 'adam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

export interface OptimizerOptions {
  readonly optimizer?: OptimizerName;
  /** Step size α. */
  readonly learningRate: number;
  /** Weight decay λ ≥ 0. */
  readonly regularization?: number;
  readonly decay?: 'coupled' | 'decoupled';
  /**
   * Tables only. `lazy`: rows of the batch move, with decay and bias correction by the row's own steps. `dense`: all
   * rows move every batch, as the book and the references do.
   */
  readonly mode?: 'lazy' | 'dense';
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export type Optimizer = Required<OptimizerOptions>;

/** ε of each rule unless given, as in PyTorch. */
export const usualEpsilon: Record<OptimizerName, number> = { sgd: 0, adagrad: 1e-10, adam: 1e-8 };

export function resolveOptimizer(options: OptimizerOptions): Optimizer {
  return {
    optimizer: 'adam',
    regularization: 0,
    decay: 'coupled',
    mode: 'lazy',
    beta1: 0.9,
    beta2: 0.999,
    epsilon: usualEpsilon[options.optimizer ?? 'adam'],
    ...options,
  };
}

/** What an optimizer remembers of each element; empty arrays where it remembers nothing. */
export interface Moments {
  /** adam: running mean of the gradient. */
  readonly first: Float32Array;
  /** adam: running mean of its square; adagrad: its sum. */
  readonly second: Float32Array;
}

export function makeMoments(optimizer: OptimizerName, length: number): Moments {
  return {
    first: new Float32Array(optimizer === 'adam' ? length : 0),
    second: new Float32Array(optimizer === 'sgd' ? 0 : length),
  };
}

/**
 * Moves `length` elements of `values` from `at` by the gradient from `gradientAt`.
 * @param rate learning rate with the schedule's factor in it
 * @param steps steps that these elements have had, this one included (1, 2, …)
 */
export function stepElements(
  rule: Optimizer,
  values: Float32Array,
  moments: Moments,
  at: number,
  gradient: Float32Array,
  gradientAt: number,
  length: number,
  rate: number,
  steps: number,
): void {
  const coupled = rule.decay === 'coupled' ? rule.regularization : 0;
  const shrink = rule.decay === 'decoupled' ? 1 - rate * rule.regularization : 1;
  if (rule.optimizer === 'sgd') {
    for (let k = 0; k < length; k++) {
      const w = values[at + k];
      values[at + k] = w * shrink - rate * (gradient[gradientAt + k] + coupled * w);
    }
    return;
  }
  const { first, second } = moments;
  if (rule.optimizer === 'adagrad') {
    for (let k = 0; k < length; k++) {
      const w = values[at + k];
      const g = gradient[gradientAt + k] + coupled * w;
      const sum = second[at + k] + g * g;
      second[at + k] = sum;
      values[at + k] = w * shrink - (rate * g) / (Math.sqrt(sum) + rule.epsilon);
    }
    return;
  }
  const { beta1, beta2 } = rule;
  const size = rate / (1 - beta1 ** steps);
  const correction = 1 / Math.sqrt(1 - beta2 ** steps);
  for (let k = 0; k < length; k++) {
    const w = values[at + k];
    const g = gradient[gradientAt + k] + coupled * w;
    // Adding and taking away 1e-20 turns what would decay into denormals, which are several times slower, into 0.
    const m = beta1 * first[at + k] + (1 - beta1) * g + 1e-20 - 1e-20;
    const v = beta2 * second[at + k] + (1 - beta2) * g * g + 1e-30;
    first[at + k] = m;
    second[at + k] = v;
    values[at + k] = w * shrink - (size * m) / (Math.sqrt(v) * correction + rule.epsilon);
  }
}

/**
 * Scales all gradients of a batch together so that their joint Euclidean norm is at most `limit` (> 0); 0 switches
 * clipping off. Returns the norm before.
 */
export function clipByGlobalNorm(gradients: readonly Float32Array[], limit: number): number {
  let sum = 0;
  for (const gradient of gradients)
    for (let k = 0; k < gradient.length; k++) sum += gradient[k] * gradient[k];
  const norm = Math.sqrt(sum);
  if (limit > 0 && norm > limit) {
    const factor = limit / norm;
    for (const gradient of gradients) for (let k = 0; k < gradient.length; k++) gradient[k] *= factor;
  }
  return norm;
}

/** Learning-rate factor of an epoch (from 1): constant, linear to 0 past the last, cosine to 0, or 1/√epoch. */
export type Schedule = 'constant' | 'linear' | 'cosine' | 'inverse-sqrt';

export function scheduleFactor(schedule: Schedule, epoch: number, epochs: number): number {
  const progress = Math.min(1, (epoch - 1) / Math.max(1, epochs));
  if (schedule === 'linear') return 1 - progress;
  if (schedule === 'cosine') return (1 + Math.cos(Math.PI * progress)) / 2;
  return schedule === 'inverse-sqrt' ? 1 / Math.sqrt(epoch) : 1;
}
