import type { Ratings } from '../../ratings/ratings.ts';
import type { CaserShape } from './shape.ts';
import { caserInputs, lastWindows } from './shape.ts';
import type { Factors } from '../../model/model.ts';
import type { ModelState } from '../../numeric/state.ts';

/**
 * State [z | user embedding] of each window in plain code, [windows, 2k]: what the output rows are multiplied with.
 * @param users [windows]
 * @param sequences [windows, L], item + 1, 0: padding
 */
export function caserStates(
  weights: ModelState,
  shape: CaserShape,
  users: ArrayLike<number>,
  sequences: Uint32Array,
): Float32Array {
  const { size } = shape;
  const floats = (name: string): Float32Array => weights[name] as Float32Array;
  const out = new Float32Array(users.length * 2 * size);
  const full = floats('full');
  for (let b = 0; b < users.length; b++) {
    const inputs = convolve(weights, shape, sequences.subarray(b * shape.length, (b + 1) * shape.length));
    for (let j = 0; j < size; j++) {
      let sum = floats('fullBias')[j];
      for (let a = 0; a < inputs.length; a++) sum += inputs[a] * full[a * size + j];
      out[b * 2 * size + j] = Math.max(0, sum);
      out[b * 2 * size + size + j] = floats('users')[users[b] * size + j];
    }
  }
  return out;
}

/** [vertical · k | L · horizontal] of one window: weighted sums, and relu of each filter's largest value. */
function convolve(weights: ModelState, shape: CaserShape, sequence: Uint32Array): Float32Array {
  const { length, size, horizontal, vertical } = shape;
  const items = weights['items'] as Float32Array;
  const window = new Float32Array(length * size);
  sequence.forEach((row, l) => window.set(items.subarray(row * size, (row + 1) * size), l * size));
  const out = new Float32Array(caserInputs(shape));
  for (let f = 0; f < vertical; f++)
    for (let j = 0; j < size; j++) {
      let sum = weights['verticalBias'][f];
      for (let l = 0; l < length; l++) sum += weights['vertical'][f * length + l] * window[l * size + j];
      out[f * size + j] = sum;
    }
  for (let s = 1; s <= length; s++) {
    const filters = weights[`horizontal${s}`];
    for (let f = 0; f < horizontal; f++) {
      let largest = -Infinity;
      for (let place = 0; place + s <= length; place++) {
        let sum = 0;
        for (let k = 0; k < s * size; k++) sum += filters[f * s * size + k] * window[place * size + k];
        largest = Math.max(largest, sum);
      }
      const unit = (s - 1) * horizontal + f;
      out[vertical * size + unit] = Math.max(0, largest + weights['horizontalBias'][unit]);
    }
  }
  return out;
}

/** Scores of everybody as factors: users' states after their last L train items, items' output rows and biases. */
export function caserFactors(weights: ModelState, shape: CaserShape, train: Ratings): Factors {
  const users = Uint32Array.from({ length: train.userCount }, (_, u) => u);
  const states = caserStates(weights, shape, users, lastWindows(train, users, shape.length));
  return {
    users: states,
    k: 2 * shape.size,
    ...outputFactors(weights['output'] as Float32Array, shape.size),
  };
}

/** Item factors [items, 2k] and biases of output rows [items, 2k + 1]. */
export function outputFactors(
  output: Float32Array,
  size: number,
): { items: Float32Array; itemBias: Float32Array } {
  const k = 2 * size;
  const count = output.length / (k + 1);
  const items = new Float32Array(count * k);
  const itemBias = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    items.set(output.subarray(i * (k + 1), i * (k + 1) + k), i * k);
    itemBias[i] = output[i * (k + 1) + k];
  }
  return { items, itemBias };
}
