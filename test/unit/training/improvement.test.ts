import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standardErrorsBetter, targetByUser } from '../../../main/training/improvement.ts';

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);
const ranked = (...values: number[]) => ({ values: Float64Array.from(values), weights: ones(values.length) });

describe('the improvement of an epoch over another', () => {
  it('is the paired difference over its standard error', () => {
    // Differences .1, .3, .2, .2: mean .2, deviation √(.02 / 3), standard error √(.02 / 12).
    const better = standardErrorsBetter('ndcg@10', ranked(0, 0.1, 0.5, 0), ranked(0.1, 0.4, 0.7, 0.2));
    expect(better).toBeCloseTo(0.2 / Math.sqrt(0.02 / 12), 10);
  });

  it('is positive for an error that falls, weighted by ratings', () => {
    // Squared errors: user 1 with three ratings from 4 to 1, user 2 with one from 1 to 4: D = (3·3 − 3) / 4 = 1.5.
    const before = { values: Float64Array.of(4, 1), weights: Float64Array.of(3, 1) };
    const after = { values: Float64Array.of(1, 4), weights: Float64Array.of(3, 1) };
    // Clusters: 3·(3 − 1.5) = 4.5 and 1·(−3 − 1.5) = −4.5; SE = √(2 · 2 · 4.5²) / 4.
    expect(standardErrorsBetter('rmse', before, after)).toBeCloseTo(6 / Math.sqrt(4 * 4.5 ** 2), 10);
  });

  it('squares roots of mean squares, and leaves means of users as they are', () => {
    const users = Uint32Array.of(0, 1);
    const values = { rmse: Float64Array.of(2, 3), 'sampled99/ndcg@10': Float64Array.of(0.5, 1) };
    const perUser = { users, values, ratings: Uint32Array.of(5, 7) };
    expect(targetByUser('rmse', perUser)).toEqual({
      values: Float64Array.of(4, 9),
      weights: Float64Array.of(5, 7),
    });
    expect(targetByUser('ndcg@10', perUser)).toEqual({
      values: Float64Array.of(0.5, 1),
      weights: Float64Array.of(1, 1),
    });
    expect(targetByUser('coverage@10', perUser)).toBeNull();
  });

  it('leaves out users without a value, and is 0 where nobody changed', () => {
    const before = ranked(0.1, Number.NaN, 0.4);
    const after = ranked(0.3, 0.9, 0.5);
    expect(standardErrorsBetter('hr@10', before, after)).toBeCloseTo(
      standardErrorsBetter('hr@10', ranked(0.1, 0.4), ranked(0.3, 0.5)),
      10,
    );
    expect(standardErrorsBetter('hr@10', before, before)).toBe(0);
  });

  it('has the sign of the difference, and turns with its direction', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 30 }), (pairs) => {
        const [a, b] = [ranked(...pairs.map(([x]) => x)), ranked(...pairs.map(([, y]) => y))];
        const there = standardErrorsBetter('ndcg@10', a, b);
        expect(standardErrorsBetter('ndcg@10', b, a)).toBeCloseTo(-there, 6);
        const mean = pairs.reduce((sum, [x, y]) => sum + (y - x), 0);
        if (Math.abs(mean) > 1e-9) expect(Math.sign(there)).toBe(Math.sign(mean));
      }),
    );
  });
});
