import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { DenseParameter } from '../../../main/tensorflow/dense.ts';
import { clipByGlobalNorm, scheduleFactor } from '../../../main/numeric/optimizer.ts';
import { EmbeddingTable } from '../../../main/tensorflow/tables.ts';

const close = (actual: Float32Array, expected: number[]): void => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, k) => expect(actual[k]).toBeCloseTo(value, 5));
};

describe('EmbeddingTable', () => {
  it('sums the gradients of a row that occurs twice and moves only the rows of the batch', () => {
    const table = new EmbeddingTable(3, 2, { optimizer: 'sgd', learningRate: 0.1 });
    table.values.set([1, 1, 2, 2, 3, 3]);
    table.apply(Uint32Array.of(2, 0, 2), Float32Array.of(1, 2, 10, 20, 3, 4));
    close(table.values, [0, -1, 2, 2, 2.6, 2.4]);
  });

  it('steps by Adagrad as worked by hand', () => {
    const table = new EmbeddingTable(1, 1, { optimizer: 'adagrad', learningRate: 0.5, epsilon: 0 });
    table.apply(Uint32Array.of(0), Float32Array.of(3));
    close(table.values, [-0.5]);
    table.apply(Uint32Array.of(0), Float32Array.of(4));
    close(table.values, [-0.5 - (0.5 * 4) / 5]);
  });

  it('steps by row-wise Adagrad as worked by hand: one sum a row, of the mean of the squares', () => {
    const table = new EmbeddingTable(2, 2, { optimizer: 'row-adagrad', learningRate: 0.5, epsilon: 0 });
    // Mean of 1 and 49: 25.
    table.apply(Uint32Array.of(1), Float32Array.of(1, 7));
    close(table.values, [0, 0, -0.1, -0.7]);
    // And of 144 and 144: 169.
    table.apply(Uint32Array.of(1), Float32Array.of(12, -12));
    close(table.values, [0, 0, -0.1 - 6 / 13, -0.7 + 6 / 13]);
    expect([...table.state('t')['t.second']]).toEqual([0, 169]);
  });

  it('steps by row-wise RMSprop and Adam as worked by hand', () => {
    const options = { learningRate: 0.5, epsilon: 0, beta1: 0.5, beta2: 0.5 } as const;
    const [plain, momentum] = (['row-rmsprop', 'row-adam'] as const).map(
      (optimizer) => new EmbeddingTable(1, 2, { optimizer, ...options }),
    );
    // Both are corrected for their first step: v = 25, m = g.
    for (const table of [plain, momentum]) {
      table.apply(Uint32Array.of(0), Float32Array.of(1, 7));
      close(table.values, [-0.1, -0.7]);
    }
    // v = (.5 · 12.5 + .5 · 9) / .75 = 43 / 3; m = (.5 · .5 · (1, 7) + .5 · (3, 3)) / .75 = (7, 13) / 3.
    for (const table of [plain, momentum]) table.apply(Uint32Array.of(0), Float32Array.of(3, 3));
    const root = Math.sqrt(43 / 3);
    close(plain.values, [-0.1 - 1.5 / root, -0.7 - 1.5 / root]);
    close(momentum.values, [-0.1 - 3.5 / 3 / root, -0.7 - 6.5 / 3 / root]);
  });

  it('adds coupled decay to the gradient before its square is taken, row-wise', () => {
    const options = { learningRate: 0.5, epsilon: 0, regularization: 1 } as const;
    const table = new EmbeddingTable(1, 2, { optimizer: 'row-adagrad', ...options });
    table.values.set([1, 3]);
    table.apply(Uint32Array.of(0), Float32Array.of(0, 4));
    close(table.values, [1 - 0.1, 3 - 0.7]);
  });

  it('corrects a row by its own steps when lazy, so a first step is one learning rate at any time', () => {
    const table = new EmbeddingTable(2, 1, { learningRate: 0.01 });
    for (let k = 0; k < 50; k++) table.apply(Uint32Array.of(0), Float32Array.of(1));
    table.apply(Uint32Array.of(1), Float32Array.of(-5));
    expect(table.values[1]).toBeCloseTo(0.01, 6);
  });

  it('moves every row each batch when dense: by momentum and by weight decay', () => {
    const lazy = new EmbeddingTable(2, 1, { learningRate: 0.1, regularization: 0.5 });
    const dense = new EmbeddingTable(2, 1, { learningRate: 0.1, regularization: 0.5, mode: 'dense' });
    for (const table of [lazy, dense]) {
      table.values.fill(1);
      table.apply(Uint32Array.of(0), Float32Array.of(1));
    }
    expect(lazy.values[1]).toBe(1);
    expect(dense.values[1]).toBeCloseTo(0.9, 5);
  });

  it('dense Adam with coupled decay takes the same steps as tfjs on the whole table', () => {
    const table = new EmbeddingTable(4, 3, { learningRate: 0.02, regularization: 0.1, mode: 'dense' });
    for (let k = 0; k < 12; k++) table.values[k] = Math.sin(k);
    const whole = tf.variable(tf.tensor2d(table.values.slice(), [4, 3]));
    const adam = tf.train.adam(0.02);
    for (let step = 0; step < 5; step++) {
      const rows = [step % 4, (step * 3) % 4];
      const gathered = table.gather(tf, Int32Array.from(rows));
      const gradient = tf.mul(2, gathered).dataSync() as Float32Array;
      table.apply(Int32Array.from(rows), gradient);
      adam.minimize(() => {
        const loss = tf.sum(tf.square(tf.gather(whole, rows)));
        return tf.add(loss, tf.mul(0.05, tf.sum(tf.square(whole)))).asScalar();
      });
    }
    // tfjs adds its ε of 1e-7 elsewhere, so only close.
    close(table.values, [...whole.dataSync()]);
  });

  it('decoupled decay shrinks the weight and leaves the moments alone', () => {
    const table = new EmbeddingTable(1, 1, { learningRate: 0.1, regularization: 0.5, decay: 'decoupled' });
    table.values[0] = 2;
    table.apply(Uint32Array.of(0), Float32Array.of(0));
    expect(table.values[0]).toBeCloseTo(2 * (1 - 0.05), 6);
    expect(table.state('t')['t.first'][0]).toBe(0);
  });

  it('never leaves a denormal moment behind', () => {
    const table = new EmbeddingTable(1, 1, { learningRate: 0.001, mode: 'dense' });
    table.apply(Uint32Array.of(0), Float32Array.of(1e-3));
    for (let k = 0; k < 2000; k++) table.apply(new Uint32Array(0), new Float32Array(0));
    const first = Math.abs(table.state('t')['t.first'][0]);
    expect(first === 0 || first > 1.2e-38).toBe(true);
  });

  it('goes on from its state with the same bits', () => {
    const make = (): EmbeddingTable => new EmbeddingTable(2, 2, { learningRate: 0.1 });
    const table = make();
    const step = (target: EmbeddingTable): void =>
      target.apply(Uint32Array.of(1, 1), Float32Array.of(0.1, 0.2, 0.3, 0.4));
    step(table);
    const copy = make();
    copy.restore('users', table.state('users'));
    step(table);
    step(copy);
    expect(copy.values).toEqual(table.values);
  });

  it('refuses a gradient of another shape', () => {
    const table = new EmbeddingTable(2, 2, { learningRate: 0.1 });
    expect(() => table.apply(Uint32Array.of(0), new Float32Array(3))).toThrow(RangeError);
  });
});

describe('DenseParameter', () => {
  it('steps by Adam as worked by hand', () => {
    const weight = new DenseParameter([1], { learningRate: 0.1, epsilon: 0 });
    weight.apply(Float32Array.of(2));
    close(weight.values, [-0.1]);
    weight.apply(Float32Array.of(-1));
    const m = (0.9 * 0.2 - 0.1) / (1 - 0.81);
    const v = (0.999 * 0.004 + 0.001) / (1 - 0.999 ** 2);
    close(weight.values, [-0.1 - (0.1 * m) / Math.sqrt(v)]);
  });
});

describe('clipByGlobalNorm', () => {
  it('scales all gradients by one factor, and only when they are too long', () => {
    const gradients = [Float32Array.of(3), Float32Array.of(0, 4)];
    expect(clipByGlobalNorm(gradients, 10)).toBe(5);
    expect(gradients[0][0]).toBe(3);
    clipByGlobalNorm(gradients, 1);
    expect(gradients[0][0]).toBeCloseTo(0.6, 6);
    expect(gradients[1][1]).toBeCloseTo(0.8, 6);
  });
});

describe('scheduleFactor', () => {
  it('starts at 1 and falls as it is named', () => {
    for (const schedule of ['constant', 'linear', 'cosine', 'inverse-sqrt'] as const)
      expect(scheduleFactor(schedule, 1, 10)).toBe(1);
    expect(scheduleFactor('constant', 9, 10)).toBe(1);
    expect(scheduleFactor('linear', 6, 10)).toBeCloseTo(0.5, 12);
    expect(scheduleFactor('cosine', 6, 10)).toBeCloseTo(0.5, 12);
    expect(scheduleFactor('inverse-sqrt', 4, 10)).toBe(0.5);
  });
});
