import { describe, expect, it } from 'vitest';
import {
  compareGroups,
  linearise,
  type GroupedValues,
} from '../../../../main/evaluation/statistics/seed-groups.ts';
import { normalEstimate } from '../../../../main/evaluation/statistics/paired.ts';
import { Random } from '../../../../main/numeric/random.ts';

const floats = (...values: number[]): Float64Array => Float64Array.from(values);
const nothing = { seeds: [floats(0, 0)], seedless: true };
const grouped = (some: Partial<GroupedValues>): GroupedValues => ({
  aggregation: 'mean',
  a: nothing,
  b: nothing,
  weights: floats(1, 1),
  ...some,
});

describe('compareGroups', () => {
  it('adds the variance of users to that of seeds, less the residual that is in both', () => {
    // Means of the seeds 2, 3, 5.5: s² = 3.25. Means of the users 2, 5: V_u = 4.5 / 2. Residuals ±.5, ±.5, ±1:
    // MSE = 3 / 2, R = 1.5 / 6.
    const b = { seeds: [floats(1, 3), floats(2, 4), floats(3, 8)] };
    const found = compareGroups(grouped({ b }));
    expect(found.difference).toBeCloseTo(3.5, 12);
    expect(found.variance.users).toBeCloseTo(2.25, 12);
    expect(found.variance.seeds).toBeCloseTo(3.25 / 3 - 0.25, 12);
    const [users, seeds] = [2.25, 3.25 / 3 - 0.25];
    expect(found.freedom).toBeCloseTo((users + seeds) ** 2 / (users ** 2 + seeds ** 2 / 2), 12);
    expect(found.seedDeviation).toEqual({ a: 0, b: expect.closeTo(Math.sqrt(3.25), 12) });
    const turned = compareGroups(grouped({ a: b }));
    expect(turned.difference).toBe(-found.difference);
    expect(turned.interval[0]).toBeCloseTo(-found.interval[1], 12);
    expect(turned.pValue).toBe(found.pValue);
  });

  it('leaves the residual in where a group has two seeds', () => {
    const found = compareGroups(grouped({ b: { seeds: [floats(1, 3), floats(2, 8)] } }));
    // Means 2 and 5: s² = 4.5, s² / 2 = 2.25.
    expect(found.variance.seeds).toBeCloseTo(2.25, 12);
  });

  it('says that seed noise is unknown with one seed, and that there is none without seeds', () => {
    const one = compareGroups(grouped({ b: { seeds: [floats(1, 2)] } }));
    expect(one.seedDeviation).toEqual({ a: 0, b: null });
    expect(one.variance.seeds).toBe(0);
  });

  it('is the paired t where neither group varies over seeds', () => {
    const a = floats(1, 2, 3);
    const b = floats(2, 2, 5);
    const weights = floats(1, 1, 1);
    const found = compareGroups({
      aggregation: 'mean',
      a: { seeds: [a, a, a] },
      b: { seeds: [b] },
      weights,
    });
    const { difference, standardError } = normalEstimate({ aggregation: 'mean', a, b, weights });
    expect([found.difference, found.standardError]).toEqual([difference, standardError]);
    expect(found.freedom).toBeCloseTo(2, 12);
    expect(compareGroups(grouped({}))).toMatchObject({ difference: 0, interval: [0, 0], pValue: 1 });
  });

  it('takes errors over ratings by their linearisation', () => {
    const [a, b, weights] = [floats(1, 2, 1.5), floats(2, 1, 1), floats(3, 1, 2)];
    for (const aggregation of ['weighted', 'root'] as const) {
      const found = compareGroups({ aggregation, a: { seeds: [a] }, b: { seeds: [b] }, weights });
      const normal = normalEstimate({ aggregation, a, b, weights });
      expect(found.difference).toBeCloseTo(normal.difference, 12);
      expect(found.standardError).toBeCloseTo(normal.standardError, 12);
    }
    const shares = linearise(floats(3, 4), floats(1, 1), 'root');
    expect((shares[0] + shares[1]) / 2).toBeCloseTo(Math.sqrt(12.5), 12);
  });
});

/** `npm run fuzz -- simulations` draws more often. */
const draws = import.meta.env.MODE === 'fuzz' ? 1500 : 400;
/** What chance adds to a share of fewer draws than the bounds below are made for: two standard errors, less theirs. */
const slack = 2 * (Math.sqrt((0.05 * 0.95) / draws) - Math.sqrt((0.05 * 0.95) / 1500));

/** Share of simulated comparisons whose interval holds the true difference. */
function coverage(users: number, deviation: number, seeds: number, truth: number): number {
  const random = new Random(users + 10 * seeds + Math.round(1000 * deviation), 'init');
  const weights = new Float64Array(users).fill(1);
  const groups = [0, 1].map(() => Array.from({ length: seeds }, () => new Float64Array(users)));
  let held = 0;
  for (let draw = 0; draw < draws; draw++) {
    groups.forEach((group) => group.forEach((values) => values.fill(deviation * random.normal())));
    // For one user of eight the models differ, and so do their seeds; the others are served alike.
    const changed = 1 / 8;
    for (let u = 0; u < users; u++) {
      if (random.next() >= changed) continue;
      const gain = truth / changed + 0.3 * random.normal();
      groups.forEach((group, g) =>
        group.forEach((values) => (values[u] += g * gain + 0.2 * random.normal())),
      );
    }
    const [a, b] = groups.map((group) => ({ seeds: group }));
    const [low, high] = compareGroups({ aggregation: 'mean', a, b, weights }).interval;
    if (low <= truth && truth <= high) held++;
  }
  return held / draws;
}

describe('the interval of groups of seeds', () => {
  const cells = [300, 2000].flatMap((users) =>
    [0, 0.006, 0.02].flatMap((deviation) => [3, 5].map((seeds) => ({ users, deviation, seeds }))),
  );
  it.each(cells)(
    'covers the difference of $users users, seed deviation $deviation, $seeds seeds',
    ({ users, deviation, seeds }) => {
      const share = coverage(users, deviation, seeds, 0.01);
      expect(share).toBeGreaterThanOrEqual(0.92 - slack);
      expect(share).toBeLessThanOrEqual(0.98 + slack);
    },
  );

  it.each(cells.filter(({ users }) => users === 300))(
    'calls at most 7 % of equal groups different: seed deviation $deviation, $seeds seeds',
    ({ users, deviation, seeds }) => {
      expect(1 - coverage(users, deviation, seeds, 0)).toBeLessThanOrEqual(0.07 + slack);
    },
  );

  it('is no narrower with two seeds than it should be', () => {
    for (const deviation of [0, 0.006, 0.02])
      expect(coverage(300, deviation, 2, 0)).toBeGreaterThan(0.92 - slack);
  });
});
