import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { matMul } from '../../../main/tensorflow/matmul.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';

describe('matMul', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('has the value and gradients of tf.matMul on WASM (transposeA %s, transposeB %s)', async (ta, tb) => {
    const { tf } = await loadTensorFlow('wasm');
    const values = (n: number, by: number): Float32Array =>
      Float32Array.from({ length: n }, (_, k) => Math.sin(by * k + 1));
    const a = tf.tensor2d(values(6, 1), ta ? [3, 2] : [2, 3]);
    const b = tf.tensor2d(values(12, 2), tb ? [4, 3] : [3, 4]);
    const weights = tf.tensor2d(values(8, 3), [2, 4]);
    const run = (multiply: (x: Tensor2D, y: Tensor2D) => Tensor): Float32Array[] => {
      const f = (x: Tensor, y: Tensor): Tensor =>
        tf.sum(tf.mul(weights, multiply(x as Tensor2D, y as Tensor2D)));
      const { value, grads } = tf.valueAndGrads(f)([a, b]);
      return [value, ...grads].map((tensor) => tensor.dataSync() as Float32Array);
    };
    const ours = run((x, y) => matMul(tf, x, y, ta, tb));
    const theirs = run((x, y) => tf.matMul(x, y, ta, tb));
    ours.forEach((array, which) =>
      array.forEach((value, k) => expect(value).toBeCloseTo(theirs[which][k], 5)),
    );
  });
});
