import type { Parameters } from '../../../shared/config.ts';
import type { Random } from '../../numeric/random.ts';
import { glorotLimit } from '../../tensorflow/dense.ts';
import type { ModelState } from '../../numeric/state.ts';

/** Sizes of a NeuMF. Table rows hold [gmf | mlp]; a part that the mode leaves out has size 0. */
export interface NeumfShape {
  readonly gmf: number;
  readonly mlp: number;
  /** Units of each layer; [] without the MLP. */
  readonly layers: readonly number[];
}

export function neumfShape(parameters: Parameters): NeumfShape {
  const mode = parameters['mode'];
  return {
    gmf: mode === 'mlp' ? 0 : Number(parameters['embeddingSize']),
    mlp: mode === 'gmf' ? 0 : Number(parameters['mlpEmbeddingSize']),
    layers: mode === 'gmf' ? [] : String(parameters['layers']).split(',').map(Number),
  };
}

/** [inputs, outputs] of each layer. */
export function layerSizes(shape: NeumfShape): { readonly inputs: number; readonly outputs: number }[] {
  return shape.layers.map((outputs, l) => ({
    inputs: l === 0 ? 2 * shape.mlp : shape.layers[l - 1],
    outputs,
  }));
}

/** Units of the head: [gmf | last layer]. */
export function headSize(shape: NeumfShape): number {
  return shape.gmf + (shape.layers.at(-1) ?? 0);
}

/**
 * First weights: `users` [users, gmf + mlp] and `items` [items, gmf + mlp] from N(0, initialScale²), then `layerL` [in,
 * out] (the first layer's rows: user half, item half), `biasL` [out], `head` [gmf + last], `headBias` [1].
 */
export function initialNeumf(
  shape: NeumfShape,
  userCount: number,
  itemCount: number,
  parameters: Parameters,
  random: Random,
): ModelState {
  const scale = Number(parameters['initialScale']);
  const width = shape.gmf + shape.mlp;
  const dense = (inputs: number, outputs: number): Float32Array => {
    const out = new Float32Array(inputs * outputs);
    return parameters['initialization'] === 'normal'
      ? random.fillNormal(out, scale)
      : random.fillUniform(out, glorotLimit(inputs, outputs));
  };
  const weights: ModelState = {
    users: random.fillNormal(new Float32Array(userCount * width), scale),
    items: random.fillNormal(new Float32Array(itemCount * width), scale),
  };
  layerSizes(shape).forEach(({ inputs, outputs }, l) => {
    weights[`layer${l}`] = dense(inputs, outputs);
    weights[`bias${l}`] = new Float32Array(outputs);
  });
  weights['head'] = dense(headSize(shape), 1);
  weights['headBias'] = new Float32Array(1);
  return weights;
}

/**
 * The fused start from two trained parts (He et al. 2017, §3.4.1): tables side by side, the MLP's layers, and the head
 * [α·h_GMF | (1 − α)·h_MLP] with its bias weighted likewise.
 */
export function fuseParts(gmf: ModelState, mlp: ModelState, shape: NeumfShape, alpha: number): ModelState {
  const interleave = (a: Float32Array, b: Float32Array): Float32Array => {
    const rows = a.length / shape.gmf;
    const width = shape.gmf + shape.mlp;
    const out = new Float32Array(rows * width);
    for (let r = 0; r < rows; r++) {
      out.set(a.subarray(r * shape.gmf, (r + 1) * shape.gmf), r * width);
      out.set(b.subarray(r * shape.mlp, (r + 1) * shape.mlp), r * width + shape.gmf);
    }
    return out;
  };
  const floats = (state: ModelState, name: string): Float32Array => state[name] as Float32Array;
  const head = [
    ...floats(gmf, 'head').map((w) => alpha * w),
    ...floats(mlp, 'head').map((w) => (1 - alpha) * w),
  ];
  return {
    ...mlp,
    users: interleave(floats(gmf, 'users'), floats(mlp, 'users')),
    items: interleave(floats(gmf, 'items'), floats(mlp, 'items')),
    head: Float32Array.from(head),
    headBias: Float32Array.of(alpha * floats(gmf, 'headBias')[0] + (1 - alpha) * floats(mlp, 'headBias')[0]),
  };
}
