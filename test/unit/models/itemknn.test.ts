import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameters } from '../../../shared/config.ts';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import { itemKnn } from '../../../main/models/itemknn/definition.ts';
import type { Scorer } from '../../../main/model/model.ts';
import { createItemKnn, kthLargest } from '../../../main/models/itemknn/plain.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { toyRatings } from '../../fixtures/toy-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

async function trained(train: Ratings, set: Parameters): Promise<{ weights: ModelState; scorer: Scorer }> {
  const parameters = resolveParameters(itemKnn, { neighbors: 50, shrinkage: 0, weighting: 'none', ...set });
  const model = await createItemKnn({ train, parameters, seed: 1 });
  await model.trainEpoch(1, () => Promise.resolve());
  return { weights: model.weights(), scorer: model.scorer() };
}

/** Similarities of all pairs, straight from the definition. */
function cosines(train: Ratings, shrinkage: number, tfidf: boolean): number[][] {
  const { userCount, itemCount } = train;
  const matrix = Array.from({ length: userCount }, (_, u) => {
    const mine = train.item.subarray(train.start[u], train.start[u + 1]);
    const weight = tfidf ? Math.max(0, Math.log(itemCount / (1 + mine.length))) : 1;
    return Array.from({ length: itemCount }, (_item, i) => (mine.includes(i) ? weight : 0));
  });
  const dot = (i: number, j: number): number => matrix.reduce((sum, row) => sum + row[i] * row[j], 0);
  return Array.from({ length: itemCount }, (_, i) =>
    Array.from({ length: itemCount }, (_item, j) =>
      i === j || dot(i, j) === 0 ? 0 : dot(i, j) / (Math.sqrt(dot(i, i) * dot(j, j)) + shrinkage),
    ),
  );
}

describe('item neighbours', () => {
  // Items 0 and 1 share two of three and two users; items 0 and 2 one of three and one.
  const small = toyRatings(
    [
      [0, 1],
      [0, 1],
      [0, 2],
    ],
    4,
  );

  it('are the cosines of a case worked by hand', async () => {
    const { weights } = await trained(small, { neighbors: 5 });
    expect([...weights['neighborStart']]).toEqual([0, 2, 3, 4, 4]);
    expect([...weights['neighborItem']]).toEqual([1, 2, 0, 0]);
    const [near, far] = [2 / Math.sqrt(6), 1 / Math.sqrt(3)];
    [near, far, near, far].forEach((value, k) => expect(weights['neighborWeight'][k]).toBeCloseTo(value, 6));
  });

  it('shrink towards zero where few users are shared', async () => {
    const { weights } = await trained(small, { neighbors: 5, shrinkage: 1 });
    expect(weights['neighborWeight'][0]).toBeCloseTo(2 / (Math.sqrt(6) + 1), 6);
    expect(weights['neighborWeight'][1]).toBeCloseTo(1 / (Math.sqrt(3) + 1), 6);
  });

  it('are the k most similar, the lower index of equal ones', async () => {
    const { weights } = await trained(small, { neighbors: 1 });
    expect([...weights['neighborItem']]).toEqual([1, 0, 0]);
    const equal = toyRatings([[0, 1, 2, 3]], 4);
    const tied = await trained(equal, { neighbors: 2 });
    expect([...tied.weights['neighborItem']]).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
  });

  it('count a repeated interaction once', async () => {
    const repeated = toyRatings(
      [
        [0, 1, 0, 0],
        [1, 0, 1],
        [0, 2],
      ],
      4,
    );
    expect((await trained(repeated, {})).weights).toEqual((await trained(small, {})).weights);
  });

  it('score a candidate by the neighbours that the user has', async () => {
    const { scorer } = await trained(small, { neighbors: 5 });
    const rows = new Float32Array(4);
    await scorer.scoreUsers(Uint32Array.of(2), rows);
    // The user has items 0 and 2: item 1 gets s(1,0), and each own item the other.
    [1 / Math.sqrt(3), 2 / Math.sqrt(6), 1 / Math.sqrt(3), 0].forEach((value, i) =>
      expect(rows[i]).toBeCloseTo(value, 6),
    );
    expect(await scorer.predict(Uint32Array.of(2, 2, 2, 2), Uint32Array.of(0, 1, 2, 3))).toEqual(rows);
  });

  it.each([
    ['none', 0],
    ['none', 7],
    ['tfidf', 0],
    ['tfidf', 2],
  ])('agree with brute force (%s, shrinkage %i)', async (weighting, shrinkage) => {
    const train = randomRatings(40, 25, 0.2);
    const k = 6;
    const { scorer } = await trained(train, { neighbors: k, shrinkage, weighting });
    const all = cosines(train, shrinkage, weighting === 'tfidf');
    const rows = new Float32Array(40 * 25);
    await scorer.scoreUsers(
      Uint32Array.from({ length: 40 }, (_, u) => u),
      rows,
    );
    for (let i = 0; i < 25; i++) {
      const bound = [...all[i]].sort((a, b) => b - a)[k - 1];
      for (let u = 0; u < 40; u++) {
        const mine = train.item.subarray(train.start[u], train.start[u + 1]);
        // Ties at the k-th place may fall either way in float32: skip those items.
        if (all[i].filter((s) => Math.abs(s - bound) < 1e-6).length > 1 && bound > 0) continue;
        const expected = [...mine].reduce((sum, j) => sum + (all[i][j] >= bound ? all[i][j] : 0), 0);
        expect(rows[u * 25 + i]).toBeCloseTo(expected, 4);
      }
    }
  });

  it('are selected by a quickselect that agrees with sorting', () => {
    const values = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(values, fc.nat(), (list, place) => {
        const k = 1 + (place % list.length);
        const sorted = [...list].sort((a, b) => b - a);
        expect(kthLargest(Float64Array.from(list), list.length, k)).toBe(sorted[k - 1]);
      }),
    );
  });
});
