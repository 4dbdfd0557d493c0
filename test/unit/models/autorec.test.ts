import { describe, expect, it } from 'vitest';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import { autorec } from '../../../main/models/autorec/definition.ts';
import { AutoRecScoring } from '../../../main/models/autorec/scoring.ts';
import { transposeSparse } from '../../../main/numeric/sparse-rows.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { Random } from '../../../main/numeric/random.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';
import { userItemMatrix } from '../../../main/ratings/matrices.ts';
import { autorecRows, initialWeights, sourceOf } from '../../../main/models/autorec/weights.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Two users, two items; user 1 and item 1 are cold. */
const lonely: Ratings = {
  userCount: 2,
  itemCount: 2,
  start: Uint32Array.of(0, 1, 1),
  item: Uint32Array.of(0),
  value: Float32Array.of(4),
  time: null,
  implicit: false,
  minimum: 1,
  maximum: 5,
};
const weights: ModelState = {
  encoder: Float32Array.of(0.5, -0.25, 9, 9),
  decoder: Float32Array.of(2, 3, 9, 9),
  hiddenBias: Float32Array.of(0.1, 0.2),
  outputBias: Float32Array.of(0.7, 9),
};

describe('AutoRec', () => {
  it.each([false, true])('predicts a case worked by hand (user-based: %s)', async (userBased) => {
    const parameters = resolveParameters(autorec, { embeddingSize: 2, userBased });
    const scorer = autorec.scorer({ weights, parameters, train: lonely });
    const expected = 0.7 + 2 * sigmoid(0.1 + 4 * 0.5) + 3 * sigmoid(0.2 - 4 * 0.25);
    expect((await scorer.predict(Uint32Array.of(0), Uint32Array.of(0)))[0]).toBeCloseTo(expected, 5);
  });

  it.each([false, true])('predicts means for cold users and items (user-based: %s)', async (userBased) => {
    const train = { ...randomRatings(6, 5, 0.8), userCount: 7, itemCount: 6 };
    const start = Uint32Array.of(...train.start, train.start[6]);
    const cold = { ...train, start };
    const parameters = resolveParameters(autorec, { embeddingSize: 3, userBased });
    const rows = autorecRows(cold, parameters);
    const random = new Random(1, 'init');
    const strong: ModelState = {
      encoder: random.fillNormal(new Float32Array(rows.columns * 3), 1),
      decoder: random.fillNormal(new Float32Array(rows.columns * 3), 1),
      hiddenBias: random.fillNormal(new Float32Array(3), 1),
      outputBias: random.fillNormal(new Float32Array(rows.columns), 1),
    };
    const scorer = new AutoRecScoring(cold, parameters).scorer(sourceOf(rows, strong));
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const all = [...cold.value];
    const ofUser2 = all.slice(start[2], start[3]);
    const ofItem3 = all.filter((_, row) => cold.item[row] === 3);
    const got = await scorer.predict(Uint32Array.of(2, 6, 6), Uint32Array.of(5, 3, 5));
    [mean(ofUser2), mean(ofItem3), mean(all)].forEach((value, k) => expect(got[k]).toBeCloseTo(value, 5));
  });

  it('is item-based what it is user-based on the transposed data', () => {
    const train = randomRatings(8, 6, 0.5);
    const byUser = userItemMatrix(train);
    expect(autorecRows(train, { userBased: true })).toEqual(byUser);
    expect(autorecRows(train, { userBased: false })).toEqual(transposeSparse(byUser));
  });

  it('starts with the spread that its initialisation names', () => {
    const spread = (values: Float32Array): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    const context = (initialization: string) => ({
      train: lonely,
      parameters: resolveParameters(autorec, { initialization, embeddingSize: 100 }),
      seed: 1,
    });
    expect(spread(initialWeights(context('normal'), 500).encoder)).toBeCloseTo(0.01, 3);
    // Variance of a uniform: limit² / 3 = 6 / 600 / 3.
    const xavier = initialWeights(context('xavier'), 500).decoder;
    expect(spread(xavier)).toBeCloseTo(Math.sqrt(0.01 / 3), 3);
    expect(Math.max(...xavier)).toBeLessThanOrEqual(0.1);
  });
});
