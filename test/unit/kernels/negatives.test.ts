import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import { createInteractions } from '../../../main/kernels/interactions.ts';
import { streamState } from '../../../main/kernels/splitmix.ts';
import { batchOrder, epochKey, shuffledPlaces } from '../../../main/numeric/batch-order.ts';
import { testNegatives } from '../../../main/kernels/kernels.generated.ts';
import { NO_NEGATIVE } from '../../../main/models/bpr/kernels.generated.ts';
import { PlacedNegatives, type NegativeOptions } from '../../../main/models/bpr/negatives.ts';
import { aliasTable } from '../../../main/numeric/alias-table.ts';
import { Random } from '../../../main/numeric/random.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { negativeSampler } from '../../../main/model/negative-sampler.ts';

function ratingsOf(rows: readonly (readonly number[])[], itemCount: number): Ratings {
  const start = [0];
  for (const items of rows) start.push(start[start.length - 1] + items.length);
  const item = Uint32Array.from(rows.flat());
  const value = new Float32Array(item.length).fill(1);
  const scale = { implicit: true, minimum: 1, maximum: 1, time: null };
  return { userCount: rows.length, itemCount, start: Uint32Array.from(start), item, value, ...scale };
}

const uniform: NegativeOptions = { alias: null, hardestOf: 1, score: () => 0 };

describe('the order of an epoch', () => {
  it('is a permutation of any number of samples, another one each epoch and seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(1e6), (n, seed) => {
        const places = shuffledPlaces(n, epochKey(seed, 'shuffle', 0));
        expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
      { numRuns: 50 },
    );
    expect(shuffledPlaces(1000, epochKey(1, 'shuffle', 0))).not.toEqual(
      shuffledPlaces(1000, epochKey(1, 'shuffle', 1)),
    );
    expect(epochKey(1, 'shuffle', 0)).not.toBe(epochKey(1, 'negatives', 0));
  });

  it('spreads samples evenly over the batches (chi-square of place by sample, in tenths)', () => {
    const n = 100_000;
    const counts = new Float64Array(100);
    shuffledPlaces(n, epochKey(4, 'shuffle', 2)).forEach((place, sample) => {
      counts[Math.floor((sample * 10) / n) * 10 + Math.floor((place * 10) / n)]++;
    });
    const expected = n / 100;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 81 degrees of freedom: 99.9 % of random tables stay below 126.
    expect(chiSquare).toBeLessThan(126);
    expect(chiSquare).toBeGreaterThan(40);
  });

  it('holds every sample once, ascending within its batch', () => {
    const order = batchOrder(1003, 100, 77);
    expect(new Set(order).size).toBe(1003);
    for (let at = 1; at < 1003; at++) if (at % 100 !== 0) expect(order[at]).toBeGreaterThan(order[at - 1]);
  });
});

describe('negatives', () => {
  it('are never train items of the user, whatever the sampler', () => {
    const rows = fc.array(fc.uniqueArray(fc.nat(11), { maxLength: 11 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        rows,
        fc.nat(1e6),
        fc.constantFrom('uniform', 'popularity', 'dynamic'),
        (items, key, kind) => {
          const train = ratingsOf(items, 12);
          const sampler = new PlacedNegatives(train, {
            alias: kind === 'popularity' ? aliasTable(train, 1) : null,
            hardestOf: kind === 'dynamic' ? 5 : 1,
            score: (_user, item) => item,
          });
          items.forEach((own, user) => {
            for (let place = 0; place < 20; place++) {
              const negative = sampler.draw(user, place, key);
              expect(negative).toBeLessThan(12);
              expect(own).not.toContain(negative);
            }
          });
        },
      ),
    );
  });

  it('are none for a user who has everything, and the one item left for a user who has all others', () => {
    const all = Array.from({ length: 500 }, (_, i) => i);
    const sampler = new PlacedNegatives(ratingsOf([all, all.filter((i) => i !== 321)], 500), uniform);
    expect(sampler.draw(0, 0, 1)).toBe(NO_NEGATIVE);
    for (let place = 0; place < 20; place++) expect(sampler.draw(1, place, 9)).toBe(321);
  });

  it('of the networks’ definitions are the one item that a user has not, though popularity never draws it', () => {
    const draw = negativeSampler(ratingsOf([[0, 1, 2, 3], [1]], 5), new Random(1, 'negatives'), 1);
    for (let n = 0; n < 5; n++) expect(draw(0)).toBe(4);
  });

  it('are uniform, or follow popularity^β, over what is left', () => {
    // Items 0 … 3 occur 1, 2, 3, 4 times with users 0 … 3; user 4 has nothing.
    const train = ratingsOf([[0, 1, 2, 3], [1, 2, 3], [2, 3], [3], []], 4);
    const shares = (options: NegativeOptions): number[] => {
      const sampler = new PlacedNegatives(train, options);
      const counts = [0, 0, 0, 0];
      for (let place = 0; place < 40_000; place++) counts[sampler.draw(4, place, 5)] += 1 / 40_000;
      return counts;
    };
    shares(uniform).forEach((share) => expect(share).toBeCloseTo(0.25, 1));
    shares({ ...uniform, alias: aliasTable(train, 1) }).forEach((share, i) =>
      expect(Math.abs(share - (i + 1) / 10)).toBeLessThan(0.01),
    );
    const hardest = shares({ ...uniform, hardestOf: 3, score: (_user, item) => -item });
    expect(hardest[0]).toBeGreaterThan(0.5);
  });
});

describe('negatives of the batch kernels', () => {
  const train = ratingsOf([[9, 2, 40, 0, 41, 17], Array.from({ length: 41 }, (_, i) => 41 - i), [], [8]], 42);

  it.each([null, 0.75])(
    'are the same by bitset and by binary search, none of the user’s (β = %s)',
    async (popularityExponent) => {
      const kernels = await testKernels({ threads: 1 });
      const { memory } = kernels;
      const draws = (user: number, bitsetBytes?: number): number[] => {
        const options = { popularityExponent, ...(bitsetBytes !== undefined && { bitsetBytes }) };
        const data = createInteractions(memory, train, options);
        const state = memory.copyU32(streamState(1, 'negatives'));
        const out = memory.u32(500);
        kernels.run(testNegatives, { data, state: state.at, user, out: out.at, n: 500 });
        return [...out.data];
      };
      for (let user = 0; user < 4; user++) {
        const drawn = draws(user);
        expect(draws(user, 0)).toEqual(drawn);
        const own = train.item.subarray(train.start[user], train.start[user + 1]);
        expect(drawn.filter((item) => item >= 42 || own.includes(item))).toEqual([]);
      }
      kernels.dispose();
    },
  );
});
