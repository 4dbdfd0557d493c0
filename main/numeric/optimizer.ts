/**
 * Optimizers written out, the same for embedding tables and dense parameters, on host memory.
 *
 * Gradient g of an element w, learning rate α, weight decay λ:
 * - coupled (as PyTorch's Adam and the book): g ← g + λ·w, then the rule.
 * - decoupled (AdamW, Loshchilov & Hutter 2019): w ← w − α·λ·w beside the rule.
 * - sgd: w ← w − α·g. adagrad (Duchi 2011): s ← s + g², w ← w − α·g / (√s + ε).
 * - adam (Kingma & Ba 2015): m, v, bias correction by the step count t.
 * Row-wise, for tables alone: one number a row, of the mean of g² over the row, in place of one an element:
 * - row-adagrad: s, as of adagrad (FBGEMM's row-wise Adagrad). row-adam: v, as of adam, and m an element (its partial
 *   row-wise Adam). row-rmsprop: v alone, bias-corrected (adam with β1 = 0).
 */
export const optimizerNames = ['sgd', 'adagrad', 'adam', 'row-adagrad', 'row-rmsprop', 'row-adam'] as const;
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

/** Does it remember a mean of the gradient? */
export const hasFirst = (name: OptimizerName): boolean => name === 'adam' || name === 'row-adam';
/** Does it remember one square a row, not one an element? */
export const isRowWise = (name: OptimizerName): boolean => name.startsWith('row-');
/** Does its step hang on how many there were before? */
export const countsSteps = (name: OptimizerName): boolean =>
  name !== 'sgd' && name !== 'adagrad' && name !== 'row-adagrad';

/** ε of each rule unless given, as in PyTorch. */
export const usualEpsilon: Record<OptimizerName, number> = {
  ...{ sgd: 0, adagrad: 1e-10, adam: 1e-8 },
  ...{ 'row-adagrad': 1e-10, 'row-rmsprop': 1e-8, 'row-adam': 1e-8 },
};

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
  /** adam, row-adam: running mean of the gradient. */
  readonly first: Float32Array;
  /** Running mean of its square, or under Adagrad the sum; row-wise: [rows]. */
  readonly second: Float32Array;
}

/** @param rows of a table; dense parts are one row */
export function makeMoments(optimizer: OptimizerName, length: number, rows = 1): Moments {
  const squares = optimizer === 'sgd' ? 0 : isRowWise(optimizer) ? rows : length;
  return { first: new Float32Array(hasFirst(optimizer) ? length : 0), second: new Float32Array(squares) };
}

/**
 * Moves `length` elements of `values` from `at` by the gradient from `gradientAt`. Row-wise they are a row of a table whose
 * rows have that length.
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
  const { beta1, beta2, epsilon } = rule;
  if (isRowWise(rule.optimizer)) {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += (gradient[gradientAt + k] + coupled * values[at + k]) ** 2;
    const [row, mean] = [at / length, sum / length];
    const adagrad = rule.optimizer === 'row-adagrad';
    const square = adagrad ? second[row] + mean : beta2 * second[row] + (1 - beta2) * mean + 1e-30;
    second[row] = square;
    const root = Math.sqrt(adagrad ? square : square / (1 - beta2 ** steps)) + epsilon;
    const momentum = rule.optimizer === 'row-adam';
    const size = (momentum ? rate / (1 - beta1 ** steps) : rate) / root;
    for (let k = 0; k < length; k++) {
      const w = values[at + k];
      let g = gradient[gradientAt + k] + coupled * w;
      if (momentum) g = first[at + k] = beta1 * first[at + k] + (1 - beta1) * g + 1e-20 - 1e-20;
      values[at + k] = w * shrink - size * g;
    }
    return;
  }
  if (rule.optimizer === 'adagrad') {
    for (let k = 0; k < length; k++) {
      const w = values[at + k];
      const g = gradient[gradientAt + k] + coupled * w;
      const sum = second[at + k] + g * g;
      second[at + k] = sum;
      values[at + k] = w * shrink - (rate * g) / (Math.sqrt(sum) + epsilon);
    }
    return;
  }
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
    values[at + k] = w * shrink - (size * m) / (Math.sqrt(v) * correction + epsilon);
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
