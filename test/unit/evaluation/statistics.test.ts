import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from '../../../main/evaluation/statistics/bootstrap.ts';
import { holm } from '../../../main/evaluation/statistics/holm.ts';
import { normalQuantile, twoSidedP, Z95 } from '../../../main/numeric/normal.ts';
import { normalEstimate, winShares, type PairedValues } from '../../../main/evaluation/statistics/paired.ts';
import { wilcoxon } from '../../../main/evaluation/statistics/wilcoxon.ts';
import { Random } from '../../../main/numeric/random.ts';
import type { Aggregation } from '../../../shared/metrics/metric.ts';

const floats = (...values: number[]): Float64Array => Float64Array.from(values);
const pairs = (
  aggregation: Aggregation,
  a: number[],
  b: number[],
  weights = a.map(() => 1),
): PairedValues => ({
  aggregation,
  a: floats(...a),
  b: floats(...b),
  weights: floats(...weights),
});

const bootstrap = (values: PairedValues, seed: number): [number, number] =>
  bootstrapIntervals([values], { count: 400, seed })[0];

describe('the normal distribution', () => {
  it('has the tabled tails and quantiles', () => {
    expect(twoSidedP(0)).toBeCloseTo(1, 6);
    expect(twoSidedP(Z95)).toBeCloseTo(0.05, 7);
    expect(twoSidedP(-3.2905267314919255)).toBeCloseTo(0.001, 8);
    expect(twoSidedP(10) / 1.523970604832105e-23).toBeCloseTo(1, 6);
    expect(normalQuantile(0.975)).toBeCloseTo(Z95, 8);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 8);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 9);
  });
});

describe('wilcoxon', () => {
  it('counts all signs where differences are few, ties by mid-ranks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }),
        fc.boolean(),
        (d, pratt) => {
          const found = wilcoxon(Float64Array.from(d), { pratt });
          // By hand: rank the magnitudes, sum the positive ranks under each of the 2ⁿ signs.
          const all = pratt ? d : d.filter((x) => x !== 0);
          const rank = (x: number): number =>
            all.filter((y) => Math.abs(y) < Math.abs(x)).length +
            (all.filter((y) => Math.abs(y) === Math.abs(x)).length + 1) / 2;
          const ranks = all.filter((x) => x !== 0).map(rank);
          const observed = all.filter((x) => x > 0).reduce((sum, x) => sum + rank(x), 0);
          const middle = ranks.reduce((a, b) => a + b, 0) / 2;
          let extreme = 0;
          for (let signs = 0; signs < 1 << ranks.length; signs++) {
            const sum = ranks.reduce((s, r, k) => s + ((signs >> k) & 1 ? r : 0), 0);
            if (Math.abs(sum - middle) >= Math.abs(observed - middle) - 1e-9) extreme++;
          }
          expect(found.statistic).toBeCloseTo(observed, 9);
          expect(found.pValue).toBeCloseTo(extreme / (1 << ranks.length), 9);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('approaches the exact value for many differences', () => {
    const random = new Random(3, 'init');
    const sample = Float64Array.from({ length: 51 }, () => random.normal() + 0.3);
    const [exact, normal] = [wilcoxon(sample.subarray(0, 50)), wilcoxon(sample)];
    expect([exact.exact, normal.exact]).toEqual([true, false]);
    expect(Math.abs(exact.pValue - normal.pValue)).toBeLessThan(0.02);
  });

  it('takes differences of the last bit for ties and zeros', () => {
    expect(wilcoxon(floats(0.1 + 0.2 - 0.3, 0)).count).toBe(0);
    expect(wilcoxon(floats(0.3, -(0.1 + 0.2))).pValue).toBe(1);
  });
});

describe('holm', () => {
  it('steps down and stays monotone', () => {
    const adjusted = holm([0.04, 0.01, 0.03, 0.5]);
    [0.09, 0.04, 0.09, 0.5].forEach((p, k) => expect(adjusted[k]).toBeCloseTo(p, 12));
    expect(holm([0.7, 0.8])).toEqual([1, 1]);
  });
});

describe('normalEstimate', () => {
  it('is the mean of paired differences and its standard error', () => {
    const { difference, interval, standardError } = normalEstimate(pairs('mean', [1, 2, 3], [2, 2, 5]));
    expect(difference).toBeCloseTo(1, 12);
    expect(standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(interval[0]).toBeCloseTo(1 - Z95 / Math.sqrt(3), 12);
  });

  it('weighs errors by ratings, and takes the root of mean squares over all ratings', () => {
    const weighted = normalEstimate(pairs('weighted', [1, 2], [2, 1], [3, 1]));
    expect(weighted.difference).toBeCloseTo(7 / 4 - 5 / 4, 12);
    const root = normalEstimate(pairs('root', [1, 2], [2, 1], [3, 1]));
    expect(root.difference).toBeCloseTo(Math.sqrt(13 / 4) - Math.sqrt(7 / 4), 12);
  });

  it('shares users out in the direction of the metric', () => {
    const values = pairs('mean', [1, 2, 3, 4], [2, 2, 2, 2]);
    expect(winShares(values, 1)).toEqual({ better: 0.25, same: 0.25, worse: 0.5 });
    expect(winShares(values, -1)).toEqual({ better: 0.5, same: 0.25, worse: 0.25 });
  });
});

describe('the tests on random models', () => {
  /** `npm run fuzz -- simulations` draws more often. */
  const comparisons = import.meta.env.MODE === 'fuzz' ? 2000 : 500;
  /** Within 3.3 standard errors of what was promised, and a fifth of a per cent, for no test is exact on such users. */
  const expectShare = (count: number, promised: number, what: string): void => {
    const error = Math.sqrt((promised * (1 - promised)) / comparisons);
    expect(Math.abs(count / comparisons - promised), what).toBeLessThan(3.3 * error + 0.002);
  };
  const users = 300;
  /** NDCG-like values: mostly 0, else between 0 and 1. */
  const gain = (random: Random): number => (random.next() < 0.4 ? random.next() ** 2 : 0);
  /** Root mean squared errors of users with 1 … 20 ratings. */
  const errors = (random: Random, weight: number, deviation: number): number => {
    let sum = 0;
    for (let k = 0; k < weight; k++) sum += (deviation * random.normal()) ** 2;
    return Math.sqrt(sum / weight);
  };

  it('call 5 % of the comparisons of equally good models significant', () => {
    const random = new Random(11, 'init');
    const called = { interval: 0, wilcoxon: 0, pratt: 0, hits: 0, bootstrap: 0, rmse: 0, rmseBootstrap: 0 };
    const excludesZero = ([low, high]: [number, number]): number => (low > 0 || high < 0 ? 1 : 0);
    for (let c = 0; c < comparisons; c++) {
      const a = Array.from({ length: users }, () => gain(random));
      const b = Array.from({ length: users }, () => gain(random));
      const values = pairs('mean', a, b);
      const differences = values.b.map((x, u) => x - values.a[u]);
      called.interval += excludesZero(normalEstimate(values).interval);
      called.bootstrap += excludesZero(bootstrap(values, c));
      called.wilcoxon += wilcoxon(differences).pValue < 0.05 ? 1 : 0;
      called.pratt += wilcoxon(differences, { pratt: true }).pValue < 0.05 ? 1 : 0;
      const hits = differences.map((d) => Math.sign(d) * (Math.abs(d) > 0.1 ? 1 : 0));
      called.hits += wilcoxon(hits).pValue < 0.05 ? 1 : 0;
      const weights = Array.from({ length: users }, () => 1 + random.below(20));
      const rmse = pairs(
        'root',
        weights.map((w) => errors(random, w, 1)),
        weights.map((w) => errors(random, w, 1)),
        weights,
      );
      called.rmse += excludesZero(normalEstimate(rmse).interval);
      called.rmseBootstrap += excludesZero(bootstrap(rmse, c));
    }
    for (const [test, count] of Object.entries(called)) expectShare(count, 0.05, test);
  }, 60_000);

  it('give intervals that cover a true difference in 95 % of the comparisons', () => {
    const random = new Random(12, 'init');
    const covered = { normal: 0, bootstrap: 0, rmse: 0, rmseBootstrap: 0 };
    const covers = ([low, high]: [number, number], truth: number): number =>
      low <= truth && truth <= high ? 1 : 0;
    for (let c = 0; c < comparisons; c++) {
      // E[gain] = .4 / 3; b gains with chance .5 instead of .4: a true difference of .1 / 3.
      const a = Array.from({ length: users }, () => gain(random));
      const b = Array.from({ length: users }, () => (random.next() < 0.5 ? random.next() ** 2 : 0));
      const values = pairs('mean', a, b);
      covered.normal += covers(normalEstimate(values).interval, 0.1 / 3);
      covered.bootstrap += covers(bootstrap(values, c), 0.1 / 3);
      const weights = Array.from({ length: users }, () => 1 + random.below(20));
      const rmse = pairs(
        'root',
        weights.map((w) => errors(random, w, 1)),
        weights.map((w) => errors(random, w, 0.95)),
        weights,
      );
      covered.rmse += covers(normalEstimate(rmse).interval, -0.05);
      covered.rmseBootstrap += covers(bootstrap(rmse, c), -0.05);
    }
    for (const [interval, count] of Object.entries(covered)) expectShare(count, 0.95, interval);
  }, 60_000);
});
