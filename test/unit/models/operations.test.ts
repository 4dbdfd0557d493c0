/**
 * Every tfjs operation that the models use, on every back end that loads, against the plain `cpu` one: values and
 * gradients. Native runs a library newer than the one that its binding was made for, so this is its proof.
 */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BackendName, Tf } from '../../../main/tensorflow/tensorflow.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import { engineReasons } from './engines.ts';

type Operation = (tf: Tf, a: Tensor, b: Tensor) => Tensor;

// The gradient of `gather` is not there on WASM: models gather on the host.
/** On a [4, 6] and b [4, 6], all values in (0.1, 1.9) and distinct. */
const operations: Readonly<Record<string, Operation>> = {
  abs: (tf, a) => tf.abs(tf.sub(a, 1)),
  add: (tf, a, b) => tf.add(a, b),
  concat: (tf, a, b) => tf.concat([a, b], 1),
  concat2d: (tf, a, b) => tf.concat2d([a as Tensor2D, b as Tensor2D], 1),

  div: (tf, a, b) => tf.div(a, b),
  exp: (tf, a) => tf.exp(a),
  expandDims: (tf, a) => tf.expandDims(a, 1),
  log: (tf, a) => tf.log(a),
  logSigmoid: (tf, a) => tf.logSigmoid(a),
  logSoftmax: (tf, a) => tf.logSoftmax(a as Tensor2D),
  logSumExp: (tf, a) => tf.logSumExp(a, 1),
  matMul: (tf, a, b) => tf.matMul(a, tf.transpose(b)),
  matMulTransposed: (tf, a, b) => tf.matMul(a, b, true, false),
  max: (tf, a) => tf.max(a, 1),
  maximum: (tf, a, b) => tf.maximum(a, b),
  mean: (tf, a) => tf.mean(a, 0),
  minimum: (tf, a, b) => tf.minimum(a, b),
  mul: (tf, a, b) => tf.mul(a, b),
  neg: (tf, a) => tf.neg(a),
  oneHot: (tf, a) => tf.mul(a, tf.oneHot(tf.tensor1d([0, 5, 2, 2], 'int32'), 6)),
  pad: (tf, a) =>
    tf.pad(a, [
      [0, 1],
      [2, 0],
    ]),
  pad2d: (tf, a) =>
    tf.pad2d(a as Tensor2D, [
      [1, 0],
      [0, 2],
    ]),
  relu: (tf, a) => tf.relu(tf.sub(a, 1)),
  reshape: (tf, a) => tf.reshape(a, [3, 8]),
  sigmoid: (tf, a) => tf.sigmoid(a),
  slice: (tf, a) => tf.slice(a, [1, 2], [2, 3]),
  softplus: (tf, a) => tf.softplus(a),
  split: (tf, a) => tf.split(a, [2, 4], 1)[1],
  sqrt: (tf, a) => tf.sqrt(a),
  square: (tf, a) => tf.square(a),
  squeeze: (tf, a) => tf.squeeze(tf.slice(a, [0, 0], [1, 6])),
  stack: (tf, a, b) => tf.stack([a, b], 1),
  sub: (tf, a, b) => tf.sub(a, b),
  sum: (tf, a) => tf.sum(a, 1),
  tanh: (tf, a) => tf.tanh(a),
  tile: (tf, a) => tf.tile(a, [2, 1]),
  transpose: (tf, a) => tf.transpose(a),
  cast: (tf, a) => tf.mul(a, tf.cast(tf.cast(a, 'int32'), 'float32')),
};

/** These have no gradient: models use them inside a gradient of their own. */
const withoutGradient: Readonly<Record<string, Operation>> = {
  equal: (tf, a) => tf.cast(tf.equal(a, tf.max(a, 1, true)), 'float32'),
};

/** These only make, read or dispose of tensors, or drive the gradient; or are those of the table by another name. */
const bookkeeping = [
  ...['tidy', 'dispose', 'keep', 'valueAndGrads', 'grads', 'grad', 'valueAndGrad', 'customGrad', 'memory'],
  ...[
    'tensor',
    'tensor1d',
    'tensor2d',
    'tensor3d',
    'tensor4d',
    'scalar',
    'zeros',
    'ones',
    'fill',
    'zerosLike',
    'onesLike',
  ],
  ...[
    'getBackend',
    'setBackend',
    'backend',
    'env',
    'engine',
    'version_core',
    'disposeVariables',
    'stopGradient',
    'variable',
  ],
];

function inputValues(seed: number): Float32Array {
  return Float32Array.from({ length: 24 }, (_, k) => 0.1 + 1.8 * ((((k + 1) * 0.6180339 + seed) * 7.31) % 1));
}

async function results(backend: BackendName, operation: Operation): Promise<Float32Array[]> {
  const { tf } = await loadTensorFlow(backend);
  const weighted = (a: Tensor, b: Tensor): Tensor => {
    const out = operation(tf, a, b);
    const weights = Float32Array.from({ length: out.size }, (_, k) => Math.cos(k));
    return tf.sum(tf.mul(out, tf.tensor(weights, out.shape)));
  };
  const inputs = [tf.tensor(inputValues(0), [4, 6]), tf.tensor(inputValues(0.5), [4, 6])];
  // Adding nothing of b keeps it on the tape where the operation has one input.
  const { value, grads } = tf.valueAndGrads((a: Tensor, b: Tensor) =>
    tf.add(weighted(a, b), tf.mul(0, tf.sum(b))),
  )(inputs);
  const plain = operation(tf, inputs[0], inputs[1]);
  return [plain, value, ...grads].map((tensor) => Float32Array.from(tensor.dataSync()));
}

const backends = (['tensorflow', 'wasm'] as const).filter((name) => engineReasons.get(name) === null);

describe('an operation has the value and gradient of the plain back end', () => {
  for (const backend of backends)
    it.each(Object.entries(operations))(`${backend}: %s`, async (_, operation) => {
      const expected = await results('cpu', operation);
      const actual = await results(backend, operation);
      actual.forEach((array, which) => {
        expect(array.length).toBe(expected[which].length);
        array.forEach((value, k) => {
          const size = Math.max(1, Math.abs(expected[which][k]));
          expect(Math.abs(value - expected[which][k]) / size).toBeLessThan(2e-6);
        });
      });
    });

  for (const backend of backends)
    it.each(Object.entries(withoutGradient))(`${backend}: %s`, async (_, operation) => {
      const values = async (name: BackendName): Promise<Float32Array> => {
        const { tf } = await loadTensorFlow(name);
        return Float32Array.from(operation(tf, tf.tensor(inputValues(0), [4, 6]), tf.scalar(0)).dataSync());
      };
      expect(await values(backend)).toEqual(await values('cpu'));
    });

  it('and no model uses one that is not tried here', () => {
    const folder = new URL('../../../main/models/', import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const used = new Set<string>();
    for (const file of files)
      for (const [, name] of readFileSync(new URL(file, folder), 'utf8').matchAll(/\btf\.(\w+)\(/g))
        used.add(name);
    const tried = new Set([...Object.keys(operations), ...Object.keys(withoutGradient), ...bookkeeping]);
    expect([...used].filter((name) => !tried.has(name))).toEqual([]);
  });
});
