import { describe, expect, it } from 'vitest';
import { ials } from '../../../main/models/ials/definition.ts';
import { transposeSparse } from '../../../main/numeric/sparse-rows.ts';
import { createIals } from '../../../main/models/ials/plain.ts';
import { invertSymmetric, solveSymmetric } from '../../../main/numeric/linear-algebra.ts';
import { sizeOf } from '../../../main/model/counts.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { toyRatings } from '../../fixtures/toy-ratings.ts';
import { userItemMatrix } from '../../../main/ratings/matrices.ts';
import { rowRegularization } from '../../../main/models/ials/weights.ts';

describe('iALS', () => {
  it('scales regularization with the frequency, as in Rendle et al. 2021', () => {
    const start = Uint32Array.of(0, 3, 3, 4);
    const parameters = { regularization: 0.1, unobservedWeight: 0.5, frequencyExponent: 1 };
    [0.1 * (3 + 5), 0.1 * 5, 0.1 * 6].forEach((value, r) =>
      expect(rowRegularization(start, 10, parameters)[r]).toBeCloseTo(value, 6),
    );
    expect([...rowRegularization(start, 10, { ...parameters, frequencyExponent: 0 })]).toEqual([
      ...new Float32Array(3).fill(0.1),
    ]);
  });

  it('solves a case worked by hand: one user, one item, one factor', async () => {
    const parameters = resolveParameters(ials, {
      embeddingSize: 1,
      regularization: 0.1,
      unobservedWeight: 0.5,
      frequencyExponent: 0,
    });
    const model = await createIals({ train: toyRatings([[0]], 1), parameters, seed: 1 });
    const first = model.weights()['items'][0];
    const { loss } = await model.trainEpoch(1, () => Promise.resolve());
    // p = q / (1.5 q² + .1), then q from p; the loss is (1 − pq)² + .5 (pq)².
    const p = first / (1.5 * first ** 2 + 0.1);
    const q = p / (1.5 * p ** 2 + 0.1);
    expect(model.weights()['users'][0]).toBeCloseTo(p, 5);
    expect(model.weights()['items'][0]).toBeCloseTo(q, 5);
    expect(loss).toBeCloseTo((1 - p * q) ** 2 + 0.5 * (p * q) ** 2, 5);
  });

  it('gives users and items without interactions the zero vector', async () => {
    const train = toyRatings([[0, 1], []], 3);
    const parameters = resolveParameters(ials, { embeddingSize: 3 }, sizeOf(train));
    const model = await createIals({ train, parameters, seed: 1 });
    await model.trainEpoch(1, () => Promise.resolve());
    expect([...model.weights()['users'].subarray(3)]).toEqual([0, 0, 0]);
    expect([...model.weights()['items'].subarray(6)]).toEqual([0, 0, 0]);
  });
});

describe('the interaction matrix', () => {
  it('keeps the latest of repeated rows and sorts by item', () => {
    const train = { ...toyRatings([[2, 0, 2], [], [1]], 3), value: Float32Array.of(5, 4, 1, 3) };
    const matrix = userItemMatrix(train);
    expect([...matrix.start]).toEqual([0, 2, 2, 3]);
    expect([...matrix.index]).toEqual([0, 2, 1]);
    expect([...matrix.value]).toEqual([4, 1, 3]);
    const items = transposeSparse(matrix);
    expect([...items.start]).toEqual([0, 1, 2, 3]);
    expect([...items.index]).toEqual([0, 2, 0]);
    expect([...items.value]).toEqual([4, 3, 1]);
  });
});

describe('linear algebra', () => {
  const matrix = Float64Array.of(4, 2, 0, 2, 5, 3, 0, 3, 6);

  it('solves and inverts a symmetric matrix', () => {
    const x = solveSymmetric(matrix, Float64Array.of(8, 21, 24));
    [1, 2, 3].forEach((value, k) => expect(x[k]).toBeCloseTo(value, 12));
    const inverse = invertSymmetric(matrix, 3);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        const product = [0, 1, 2].reduce((sum, p) => sum + matrix[i * 3 + p] * inverse[p * 3 + j], 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
      }
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => solveSymmetric(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(
      'positive definite',
    );
  });
});
