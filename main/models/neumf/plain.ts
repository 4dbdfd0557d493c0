import type { Scorer } from '../../model/model.ts';
import { layerSizes } from './shape.ts';
import type { NeumfShape } from './shape.ts';
import type { ModelState } from '../../numeric/state.ts';

/** NeuMF's network in plain code, for any row of a user [gmf | mlp]. */
export interface NeumfNetwork {
  readonly width: number;
  /** Prepares a row (`width` values of `rows` at `at`) and returns the logits of items for it. */
  forRow(rows: Float32Array, at: number): (item: number) => number;
  /** Writes the gradient of the logit that was computed last by the row, [width], at `at` of `out`. */
  writeGradient(out: Float64Array, at: number): void;
}

/** One user at a time: the first layer's item half is computed once for all. */
export function neumfNetwork(weights: ModelState, shape: NeumfShape, itemCount: number): NeumfNetwork {
  const floats = (name: string): Float32Array => weights[name] as Float32Array;
  const items = floats('items');
  const head = floats('head');
  const bias = floats('headBias')[0];
  const { gmf, mlp } = shape;
  const width = gmf + mlp;
  const layers = layerSizes(shape).map((size, l) => ({
    ...size,
    weights: Float64Array.from(floats(`layer${l}`)),
    bias: floats(`bias${l}`),
    /** What the layer puts out, and what its gradient is, of the item that was scored last. */
    values: new Float64Array(size.outputs),
    gradient: new Float64Array(size.outputs),
  }));
  const first = layers[0];
  const userHalf = new Float32Array(first ? first.outputs : 0);
  const headRow = new Float64Array(gmf);
  let itemHalves: Float32Array | null = null;
  let last = 0;

  /** One half of the first layer for one row: x · W[from … from + mlp]. */
  const half = (row: Float32Array, at: number, from: number, out: Float32Array, to: number): void => {
    for (let a = 0; a < mlp; a++) {
      const x = row[at + a];
      const w = (from + a) * first.outputs;
      for (let b = 0; b < first.outputs; b++) out[to + b] += x * first.weights[w + b];
    }
  };
  const halvesOfItems = (): Float32Array => {
    const out = new Float32Array(itemCount * first.outputs);
    for (let i = 0; i < itemCount; i++) half(items, i * width + gmf, mlp, out, i * first.outputs);
    return out;
  };
  /** Units that are on, in order, and what they put out: a unit that is off adds nothing. */
  const most = Math.max(0, ...layers.map(({ outputs }) => outputs));
  const isOn = new Uint32Array(most);
  const puts = new Float64Array(most);
  const runLayers = (halves: Float32Array, item: number): Float64Array => {
    for (let b = 0; b < first.outputs; b++)
      first.values[b] = relu(userHalf[b] + halves[item * first.outputs + b] + first.bias[b]);
    let x = first.values;
    for (let l = 1; l < layers.length; l++) {
      const { values: y, outputs, weights: w, bias: constant } = layers[l];
      let on = 0;
      for (let a = 0; a < x.length; a++) {
        if (x[a] === 0) continue;
        isOn[on] = a * outputs;
        puts[on++] = x[a];
      }
      let b = 0;
      // Four sums that do not wait for each other.
      for (; b + 4 <= outputs; b += 4) {
        let [p, q, r, s] = [constant[b], constant[b + 1], constant[b + 2], constant[b + 3]];
        for (let n = 0; n < on; n++) {
          const at = isOn[n] + b;
          const value = puts[n];
          p += value * w[at];
          q += value * w[at + 1];
          r += value * w[at + 2];
          s += value * w[at + 3];
        }
        y[b] = relu(p);
        y[b + 1] = relu(q);
        y[b + 2] = relu(r);
        y[b + 3] = relu(s);
      }
      for (; b < outputs; b++) {
        let sum = constant[b];
        for (let n = 0; n < on; n++) sum += puts[n] * w[isOn[n] + b];
        y[b] = relu(sum);
      }
      x = y;
    }
    return x;
  };
  return {
    width,
    forRow(rows, at) {
      userHalf.fill(0);
      for (let k = 0; k < gmf; k++) headRow[k] = head[k] * rows[at + k];
      if (first) half(rows, at + gmf, 0, userHalf, 0);
      return (item) => {
        last = item;
        let sum = bias;
        for (let k = 0; k < gmf; k++) sum += headRow[k] * items[item * width + k];
        if (first) {
          itemHalves ??= halvesOfItems();
          const top = runLayers(itemHalves, item);
          for (let k = 0; k < top.length; k++) sum += head[gmf + k] * top[k];
        }
        return sum;
      };
    },
    writeGradient(out, at) {
      for (let k = 0; k < gmf; k++) out[at + k] = head[k] * items[last * width + k];
      let back: ArrayLike<number> = head.subarray(gmf);
      for (let l = layers.length - 1; l >= 0; l--) {
        const { values, gradient, weights: w, inputs, outputs } = layers[l];
        for (let b = 0; b < outputs; b++) gradient[b] = values[b] > 0 ? back[b] : 0;
        const below = l === 0 ? mlp : inputs;
        const to = l === 0 ? out.subarray(at + gmf, at + width) : new Float64Array(inputs);
        for (let a = 0; a < below; a++) {
          let sum = 0;
          for (let b = 0; b < outputs; b++) sum += w[a * outputs + b] * gradient[b];
          to[a] = sum;
        }
        back = to;
      }
    },
  };
}

function relu(x: number): number {
  return x > 0 ? x : 0;
}

/** Scores of users by their stored rows. */
export function neumfScorer(weights: ModelState, shape: NeumfShape, itemCount: number): Scorer {
  const network = neumfNetwork(weights, shape, itemCount);
  const users = weights['users'] as Float32Array;
  return {
    itemEmbeddings: { values: weights['items'] as Float32Array, k: network.width },
    scoreUsers(of, out) {
      of.forEach((user, b) => {
        const score = network.forRow(users, user * network.width);
        for (let i = 0; i < itemCount; i++) out[b * itemCount + i] = score(i);
      });
    },
    predict(of, candidates) {
      let lastUser = -1;
      let score: (item: number) => number = () => 0;
      return Float32Array.from(of, (user, n) => {
        if (user !== lastUser) score = network.forRow(users, user * network.width);
        lastUser = user;
        return score(candidates[n]);
      });
    },
  };
}
