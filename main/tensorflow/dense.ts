import type { Tensor } from '@tensorflow/tfjs';
import { makeMoments, resolveOptimizer, stepElements } from '../numeric/optimizer.ts';
import type { Moments, Optimizer, OptimizerOptions } from '../numeric/optimizer.ts';
import { parameterState, restoreParameter, type ParameterArrays } from './parameter-state.ts';
import type { Tf } from './tensorflow.ts';
import type { ModelState } from '../numeric/state.ts';

/** A dense parameter (layer weights, bias, filter) in host memory with its optimizer: every element moves each step. */
export class DenseParameter {
  readonly shape: readonly number[];
  /** Row-major. Initialise it in place. */
  readonly values: Float32Array;
  readonly #rule: Optimizer;
  readonly #moments: Moments;
  readonly #steps = new Uint32Array(1);

  constructor(shape: readonly number[], options: OptimizerOptions) {
    const length = shape.reduce((product, size) => product * size, 1);
    this.shape = shape;
    this.values = new Float32Array(length);
    this.#rule = resolveOptimizer(options);
    this.#moments = makeMoments(this.#rule.optimizer, length);
  }

  /** The present values as a tensor of the parameter's shape; the caller disposes of it. */
  tensor(tf: Tf): Tensor {
    return tf.tensor(this.values.slice(), [...this.shape]);
  }

  /** One step. `gradient` has the parameter's shape; `factor` of the learning rate (schedules, recovery). */
  apply(gradient: Float32Array, factor = 1): void {
    const { length } = this.values;
    if (gradient.length !== length)
      throw new RangeError(`gradient of ${gradient.length} values for a parameter of ${length}`);
    const rate = this.#rule.learningRate * factor;
    const steps = ++this.#steps[0];
    stepElements(this.#rule, this.values, this.#moments, 0, gradient, 0, length, rate, steps);
  }

  /** Copies under `name`, `name.first`, `name.second`, `name.steps`. */
  state(name: string): ModelState {
    return parameterState(name, this.#arrays());
  }

  restore(name: string, state: ModelState): void {
    restoreParameter(name, state, this.#arrays());
  }

  #arrays(): ParameterArrays {
    return { values: this.values, ...this.#moments, steps: this.#steps };
  }
}

/** PyTorch's and Glorot's uniform limit: √(6 / (fanIn + fanOut)). */
export function glorotLimit(fanIn: number, fanOut: number): number {
  return Math.sqrt(6 / (fanIn + fanOut));
}
