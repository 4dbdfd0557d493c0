import type { Tensor2D } from '@tensorflow/tfjs';
import { makeMoments, resolveOptimizer, stepElements } from '../numeric/optimizer.ts';
import type { Moments, Optimizer, OptimizerOptions } from '../numeric/optimizer.ts';
import { parameterState, restoreParameter, type ParameterArrays } from './parameter-state.ts';
import type { Tf } from './tensorflow.ts';
import type { ModelState } from '../numeric/state.ts';

/** Row indices of a batch, [batch]; duplicates are allowed. */
export type RowIndices = Uint32Array | Int32Array;

/**
 * An embedding table [rows, width] in host memory with its optimizer. A batch gathers rows into a tensor, gets their
 * gradient from tfjs and applies it to the rows: O(batch) in `lazy` mode, whatever the size of the catalogue.
 */
export class EmbeddingTable {
  readonly rows: number;
  readonly width: number;
  /** [rows, width], row-major. Initialise it in place. */
  readonly values: Float32Array;
  readonly #rule: Optimizer;
  readonly #moments: Moments;
  /** lazy: [rows] steps of each row; dense: [1]. */
  readonly #steps: Uint32Array;
  /** [rows] place of a row's summed gradient in #sums during apply, else −1. */
  readonly #place: Int32Array;
  #sums = new Float32Array(0);
  #distinct = new Uint32Array(0);

  constructor(rows: number, width: number, options: OptimizerOptions) {
    this.rows = rows;
    this.width = width;
    this.#rule = resolveOptimizer(options);
    this.values = new Float32Array(rows * width);
    this.#moments = makeMoments(this.#rule.optimizer, rows * width, rows);
    this.#steps = new Uint32Array(this.#rule.mode === 'lazy' ? rows : 1);
    this.#place = new Int32Array(rows).fill(-1);
  }

  /** The rows of a batch as a tensor [batch, width]; the caller disposes of it. */
  gather(tf: Tf, rows: RowIndices): Tensor2D {
    const { width, values } = this;
    const out = new Float32Array(rows.length * width);
    for (let b = 0; b < rows.length; b++) {
      const from = rows[b] * width;
      for (let k = 0; k < width; k++) out[b * width + k] = values[from + k];
    }
    return tf.tensor2d(out, [rows.length, width]);
  }

  /**
   * One step of the optimizer. Gradients of a row that occurs several times are summed in the batch's order.
   * @param rows [batch]
   * @param gradient [batch, width] of the loss by the gathered rows
   * @param factor of the learning rate (schedules, recovery)
   */
  apply(rows: RowIndices, gradient: Float32Array, factor = 1): void {
    const count = this.#sumByRow(rows, gradient);
    const rate = this.#rule.learningRate * factor;
    if (this.#rule.mode === 'lazy') this.#stepTouched(count, rate);
    else this.#stepAll(count, rate);
    for (let d = 0; d < count; d++) this.#place[this.#distinct[d]] = -1;
  }

  /** Sums gradients into #sums [distinct, width]; the number of distinct rows. */
  #sumByRow(rows: RowIndices, gradient: Float32Array): number {
    const { width } = this;
    if (gradient.length !== rows.length * width)
      throw new RangeError(`gradient of ${gradient.length} values for ${rows.length} rows of ${width}`);
    if (this.#distinct.length < rows.length) {
      this.#distinct = new Uint32Array(rows.length);
      this.#sums = new Float32Array(rows.length * width);
    }
    const sums = this.#sums;
    let count = 0;
    for (let b = 0; b < rows.length; b++) {
      const row = rows[b];
      const place = this.#place[row];
      const from = b * width;
      if (place < 0) {
        this.#place[row] = count;
        this.#distinct[count] = row;
        const to = count++ * width;
        for (let k = 0; k < width; k++) sums[to + k] = gradient[from + k];
      } else {
        const to = place * width;
        for (let k = 0; k < width; k++) sums[to + k] += gradient[from + k];
      }
    }
    return count;
  }

  /** The gradient by the whole table, [rows, width], from that by gathered rows. */
  scatter(rows: RowIndices, gradient: Float32Array): Float32Array {
    const { width } = this;
    const out = new Float32Array(this.values.length);
    for (let b = 0; b < rows.length; b++)
      for (let k = 0; k < width; k++) out[rows[b] * width + k] += gradient[b * width + k];
    return out;
  }

  #stepTouched(count: number, rate: number): void {
    const { width, values } = this;
    for (let d = 0; d < count; d++) {
      const row = this.#distinct[d];
      const steps = ++this.#steps[row];
      stepElements(this.#rule, values, this.#moments, row * width, this.#sums, d * width, width, rate, steps);
    }
  }

  /** Rows outside the batch move too: by their momentum and their weight decay. */
  #stepAll(count: number, rate: number): void {
    const { width, values, rows } = this;
    const steps = ++this.#steps[0];
    const rest = new Float32Array(width);
    if (count > rows) throw new RangeError('more distinct rows than rows');
    for (let row = 0; row < rows; row++) {
      const place = this.#place[row];
      const gradient = place < 0 ? rest : this.#sums;
      const from = place < 0 ? 0 : place * width;
      stepElements(this.#rule, values, this.#moments, row * width, gradient, from, width, rate, steps);
    }
  }

  /** Copies of the values and of what the optimizer remembers, under `name`, `name.first`, `name.second`, `name.steps`. */
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
