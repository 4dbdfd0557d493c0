import { describe, expect, it } from 'vitest';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import type { TrainableModel } from '../../../main/model/model.ts';
import { createEase } from '../../../main/models/ease/plain.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { toyRatings } from '../../fixtures/toy-ratings.ts';
import { refuseTooManyItems } from '../../../main/models/ease/weights.ts';

async function trained(
  train: Ratings,
  regularization: number,
): Promise<{ model: TrainableModel; loss: number }> {
  const model = await createEase({ train, parameters: { regularization }, seed: 1 });
  const { loss } = await model.trainEpoch(1, () => Promise.resolve());
  return { model, loss };
}

describe('EASE-R', () => {
  it('has the weights of a case worked by hand', async () => {
    // G = [[2, 1], [1, 2]], λ = 1: P = [[3, −1], [−1, 3]] / 8, so B₁₂ = B₂₁ = 1/3.
    const { model } = await trained(toyRatings([[0, 1], [0], [1]], 2), 1);
    const weights = [...model.weights()['itemWeights']];
    [0, 1 / 3, 1 / 3, 0].forEach((value, k) => expect(weights[k]).toBeCloseTo(value, 7));
  });

  it('minimises its objective: no weight can be moved to lower it', async () => {
    const train = randomRatings(30, 9, 0.4);
    const { model } = await trained(train, 2);
    const weights = Float64Array.from(model.weights()['itemWeights']);
    const objective = (b: Float64Array): number =>
      squaredError(train, b) + 2 * b.reduce((sum, x) => sum + x * x, 0);
    const best = objective(weights);
    for (let k = 0; k < 81; k++) {
      if (k % 10 === 0) continue;
      for (const step of [0.01, -0.01]) {
        const moved = weights.slice();
        moved[k] += step;
        expect(objective(moved)).toBeGreaterThan(best);
      }
    }
  });

  it('reports the mean squared error over all cells', async () => {
    const train = randomRatings(30, 9, 0.4);
    const { model, loss } = await trained(train, 2);
    const expected = squaredError(train, Float64Array.from(model.weights()['itemWeights'])) / (30 * 9);
    expect(loss).toBeCloseTo(expected, 6);
  });

  it('refuses more items than memory holds, and says what to do', () => {
    expect(() => refuseTooManyItems(20_000)).not.toThrow();
    expect(() => refuseTooManyItems(50_000)).toThrow('10.0 GB');
  });
});

/** ‖X − XB‖² */
function squaredError(train: Ratings, b: Float64Array): number {
  const n = train.itemCount;
  let sum = 0;
  for (let u = 0; u < train.userCount; u++) {
    const mine = train.item.subarray(train.start[u], train.start[u + 1]);
    for (let i = 0; i < n; i++) {
      const predicted = mine.reduce((total, j) => total + b[j * n + i], 0);
      sum += ((mine.includes(i) ? 1 : 0) - predicted) ** 2;
    }
  }
  return sum;
}
