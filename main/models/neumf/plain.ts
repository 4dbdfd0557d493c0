import type { Scorer } from '../../model/model.ts';
import { layerSizes } from './shape.ts';
import type { NeumfShape } from './shape.ts';
import type { ModelState } from '../../numeric/state.ts';

/** NeuMF's logits in plain code, for one user at a time: the first layer's item half is computed once. */
export function neumfScorer(weights: ModelState, shape: NeumfShape, itemCount: number): Scorer {
  const floats = (name: string): Float32Array => weights[name] as Float32Array;
  const users = floats('users');
  const items = floats('items');
  const head = floats('head');
  const bias = floats('headBias')[0];
  const { gmf, mlp } = shape;
  const width = gmf + mlp;
  const layers = layerSizes(shape).map((size, l) => ({
    ...size,
    weights: floats(`layer${l}`),
    bias: floats(`bias${l}`),
  }));
  const first = layers[0];
  let itemHalves: Float32Array | null = null;

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
  const topOf = (userHalf: Float32Array, halves: Float32Array, item: number): Float32Array => {
    let x = new Float32Array(first.outputs);
    for (let b = 0; b < first.outputs; b++)
      x[b] = Math.max(0, userHalf[b] + halves[item * first.outputs + b] + first.bias[b]);
    for (const layer of layers.slice(1)) {
      const y = Float32Array.from(layer.bias);
      for (let a = 0; a < layer.inputs; a++)
        for (let b = 0; b < layer.outputs; b++) y[b] += x[a] * layer.weights[a * layer.outputs + b];
      x = y.map((value) => Math.max(0, value));
    }
    return x;
  };
  const userHalfOf = (user: number): Float32Array => {
    const out = new Float32Array(first ? first.outputs : 0);
    if (first) half(users, user * width + gmf, 0, out, 0);
    return out;
  };
  const score = (user: number, userHalf: Float32Array, item: number): number => {
    let sum = bias;
    for (let k = 0; k < gmf; k++) sum += head[k] * users[user * width + k] * items[item * width + k];
    if (first) {
      itemHalves ??= halvesOfItems();
      topOf(userHalf, itemHalves, item).forEach((x, k) => (sum += head[gmf + k] * x));
    }
    return sum;
  };
  return {
    scoreUsers(of, out) {
      of.forEach((user, b) => {
        const userHalf = userHalfOf(user);
        for (let i = 0; i < itemCount; i++) out[b * itemCount + i] = score(user, userHalf, i);
      });
    },
    predict(of, candidates) {
      let lastUser = -1;
      let userHalf = new Float32Array(0);
      return Float32Array.from(of, (user, n) => {
        if (user !== lastUser) userHalf = userHalfOf(user) as Float32Array<ArrayBuffer>;
        lastUser = user;
        return score(user, userHalf, candidates[n]);
      });
    },
  };
}
