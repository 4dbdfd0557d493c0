import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEase as createFused } from '../../../main/models/ease/fused.ts';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import { createEase as createPlain } from '../../../main/models/ease/plain.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { relativeDifference } from '../../fixtures/toy-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

let one: Kernels;
let two: Kernels;
beforeAll(async () => {
  one = await testKernels({ threads: 1 });
  two = await testKernels({ threads: 2 });
}, 60_000);
afterAll(() => {
  one.dispose();
  two.dispose();
});

const noTick = (): Promise<void> => Promise.resolve();
const contextOf = (train: Ratings, regularization: number) => ({
  train,
  parameters: { regularization },
  seed: 1,
});

async function fusedOf(
  kernels: Kernels,
  train: Ratings,
  lambda: number,
): Promise<{ loss: number; weights: ModelState }> {
  const model = await createFused(contextOf(train, lambda), kernels);
  const { loss } = await model.trainEpoch(1, noTick);
  const weights = model.weights();
  model.dispose();
  expect(kernels.memory.brokenGuards()).toEqual([]);
  return { loss, weights };
}

describe('the fused EASE-R', () => {
  // One block, exactly one, several with a remainder, and the padded multiple of eight blocks.
  it.each([1, 7, 64, 65, 200, 512])(
    'has the weights of the dense float64 solution for %i items',
    async (items) => {
      const train = randomRatings(150, items, Math.min(0.5, 40 / items));
      const fused = await fusedOf(two, train, 3);
      const plain = await createPlain(contextOf(train, 3));
      const { loss } = await plain.trainEpoch(1, noTick);
      const expected = plain.weights()['itemWeights'];
      expect(relativeDifference(fused.weights['itemWeights'], expected)).toBeLessThan(2e-5);
      expect(Math.abs(fused.loss - loss)).toBeLessThan(1e-4);
      for (let i = 0; i < items; i++) expect(fused.weights['itemWeights'][i * items + i]).toBe(0);
    },
  );

  it('would fail that test with a regularization that is 1 % off', async () => {
    const train = randomRatings(150, 65, 0.5);
    const off = await fusedOf(two, train, 3.03);
    const right = await fusedOf(two, train, 3);
    expect(relativeDifference(off.weights['itemWeights'], right.weights['itemWeights'])).toBeGreaterThan(
      1e-4,
    );
  });

  it('stays accurate where items always occur together', async () => {
    // Columns in equal pairs: without λ the matrix is singular.
    const half = randomRatings(300, 90, 0.3);
    const item = Uint32Array.from(
      { length: half.item.length * 2 },
      (_, k) => half.item[k >> 1] * 2 + (k & 1),
    );
    const value = new Float32Array(item.length).fill(1);
    const time = new Float64Array(item.length);
    const train = { ...half, itemCount: 180, start: half.start.map((at) => at * 2), item, value, time };
    const fused = await fusedOf(two, train, 0.5);
    const plain = await createPlain(contextOf(train, 0.5));
    await plain.trainEpoch(1, noTick);
    const expected = plain.weights()['itemWeights'];
    expect(relativeDifference(fused.weights['itemWeights'], expected)).toBeLessThan(1e-3);
  });

  it('gives the same bits on one thread and two', async () => {
    const train = randomRatings(100, 150, 0.2);
    const [a, b] = [await fusedOf(one, train, 2), await fusedOf(two, train, 2)];
    expect(b).toEqual(a);
  });

  it('scores with the bits of plain code', async () => {
    const train = randomRatings(300, 70, 0.3);
    const model = await createFused(contextOf(train, 5), two);
    await model.trainEpoch(1, noTick);
    const users = Uint32Array.from({ length: 300 }, (_, u) => 299 - u);
    const rows = new Float32Array(300 * 70);
    await model.scorer().scoreUsers(users, rows);
    const pairs = await model.scorer().predict(
      Uint32Array.from(rows, (_, k) => users[Math.floor(k / 70)]),
      Uint32Array.from(rows, (_, k) => k % 70),
    );
    expect(pairs).toEqual(rows);
    model.dispose();
  });
});
