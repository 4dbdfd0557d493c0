import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Parameters } from '../../../shared/config.ts';
import { createIals as createFused } from '../../../main/models/ials/fused.ts';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import { ials } from '../../../main/models/ials/definition.ts';
import { transposeSparse } from '../../../main/numeric/sparse-rows.ts';
import { createIals as createPlain } from '../../../main/models/ials/plain.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { relativeDifference } from '../../fixtures/toy-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';
import { userItemMatrix } from '../../../main/ratings/matrices.ts';
import { rowRegularization } from '../../../main/models/ials/weights.ts';

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

const train = randomRatings(53, 31, 0.25);
const K = 22;
const noTick = (): Promise<void> => Promise.resolve();
const contextOf = (set: Parameters = {}) => ({
  train,
  parameters: resolveParameters(ials, {
    ...{ embeddingSize: K, regularization: 0.02, unobservedWeight: 0.4, solverSteps: 100 },
    ...set,
  }),
  seed: 5,
});

/** Σ_seen (1 − ŷ)² + α₀ Σ_all ŷ², cell by cell. */
function denseLoss(weights: ModelState, weight: number, regularization: Parameters | null = null): number {
  const byUser = userItemMatrix(train);
  const { users, items } = weights;
  let loss = 0;
  for (let u = 0; u < train.userCount; u++) {
    const seen = new Set(byUser.index.subarray(byUser.start[u], byUser.start[u + 1]));
    for (let i = 0; i < train.itemCount; i++) {
      let score = 0;
      for (let c = 0; c < K; c++) score += users[u * K + c] * items[i * K + c];
      loss += weight * score ** 2 + (seen.has(i) ? (1 - score) ** 2 : 0);
    }
  }
  if (regularization === null) return loss;
  const penalty = (table: ModelState[string], lambda: Float32Array): number =>
    Array.from(table).reduce((sum, value, k) => sum + lambda[Math.floor(k / K)] * value ** 2, 0);
  const byItem = transposeSparse(byUser);
  loss += penalty(users, rowRegularization(byUser.start, train.itemCount, regularization));
  return loss + penalty(items, rowRegularization(byItem.start, train.userCount, regularization));
}

describe('the fused iALS', () => {
  it('reaches the exact solution of plain code in an epoch', async () => {
    const fused = await createFused(contextOf(), two);
    const plain = await createPlain(contextOf());
    for (let epoch = 1; epoch <= 2; epoch++) {
      const ours = await fused.trainEpoch(epoch, noTick);
      const theirs = await plain.trainEpoch(epoch, noTick);
      expect(Math.abs(ours.loss - theirs.loss) / theirs.loss).toBeLessThan(1e-5);
    }
    for (const side of ['users', 'items'])
      expect(relativeDifference(fused.weights()[side], plain.weights()[side])).toBeLessThan(1e-4);
    expect(two.memory.brokenGuards()).toEqual([]);
    fused.dispose();
  });

  it('leaves no residual in the normal equations of an item, and one where λ is 1 % off', async () => {
    const context = contextOf();
    const fused = await createFused(context, two);
    await fused.trainEpoch(1, noTick);
    const { users, items } = fused.weights();
    fused.dispose();
    const weight = Number(context.parameters['unobservedWeight']);
    const byItem = transposeSparse(userItemMatrix(train));
    const lambdas = rowRegularization(byItem.start, train.userCount, context.parameters);
    /** ‖(α₀G + Σ y·yᵀ + λI)·x − Σ y‖ of an item. */
    const residual = (item: number, lambda: number): number => {
      const seen = new Set(byItem.index.subarray(byItem.start[item], byItem.start[item + 1]));
      const out = Float64Array.from({ length: K }, (_, c) => lambda * items[item * K + c]);
      for (let u = 0; u < train.userCount; u++) {
        let fit = 0;
        for (let c = 0; c < K; c++) fit += users[u * K + c] * items[item * K + c];
        const factor = weight * fit + (seen.has(u) ? fit - 1 : 0);
        for (let c = 0; c < K; c++) out[c] += factor * users[u * K + c];
      }
      return Math.hypot(...out);
    };
    for (let i = 0; i < train.itemCount; i++) {
      expect(residual(i, lambdas[i])).toBeLessThan(1e-5);
      expect(residual(i, lambdas[i] * 1.01)).toBeGreaterThan(1e-4);
    }
  });

  it('reports the loss that its equation names, whatever the solver steps', async () => {
    for (const solverSteps of [1, 3, 50]) {
      const context = contextOf({ solverSteps });
      const fused = await createFused(context, two);
      await fused.trainEpoch(1, noTick);
      const { loss } = await fused.trainEpoch(2, noTick);
      const expected = denseLoss(fused.weights(), Number(context.parameters['unobservedWeight']));
      expect(Math.abs((loss * train.item.length) / expected - 1)).toBeLessThan(1e-4);
      fused.dispose();
    }
  });

  it('never raises its objective', async () => {
    const context = contextOf({ solverSteps: 2 });
    const fused = await createFused(context, two);
    let before = Infinity;
    for (let epoch = 1; epoch <= 6; epoch++) {
      await fused.trainEpoch(epoch, noTick);
      const weight = Number(context.parameters['unobservedWeight']);
      const objective = denseLoss(fused.weights(), weight, context.parameters);
      expect(objective).toBeLessThan(before * (1 + 1e-6));
      before = objective;
    }
    fused.dispose();
  });

  it('gives the same bits on one thread and two', async () => {
    const states: ModelState[] = [];
    for (const kernels of [one, two]) {
      const model = await createFused(contextOf({ solverSteps: 3 }), kernels);
      for (let epoch = 1; epoch <= 3; epoch++) await model.trainEpoch(epoch, noTick);
      states.push(model.state());
      model.dispose();
      expect(kernels.memory.brokenGuards()).toEqual([]);
    }
    expect(states[1]).toEqual(states[0]);
  });
});
