import { describe, expect, it } from 'vitest';
import {
  askedDraws,
  bootstrapIntervals,
  drawsFor,
  drawsText,
} from '../../../../main/evaluation/statistics/bootstrap.ts';
import { normalEstimate } from '../../../../main/evaluation/statistics/paired.ts';
import { Random } from '../../../../main/numeric/random.ts';
import type { Aggregation } from '../../../../shared/metrics/metric.ts';

const random = new Random(3, 'init');
const users = 500;
const column = (): Float64Array => Float64Array.from({ length: users }, () => random.next());
const pairs = (aggregation: Aggregation) => ({ aggregation, a: column(), b: column(), weights: column() });

describe('bootstrapIntervals', () => {
  it('takes the order statistics of resampled differences', () => {
    // Two users with differences 0 and 1: a resample has mean 0, .5 or 1 with chances ¼, ½, ¼.
    const values = {
      aggregation: 'mean' as const,
      a: Float64Array.of(0, 0),
      b: Float64Array.of(0, 1),
      weights: Float64Array.of(1, 1),
    };
    const draws = { count: 2000, seed: 1 };
    expect(bootstrapIntervals([values], draws)).toEqual([[0, 1]]);
    expect(bootstrapIntervals([values], draws, { tails: 0.8 })).toEqual([[0.5, 0.5]]);
  });

  it.each(['mean', 'weighted', 'root'] as const)(
    'nears the normal interval of many users: %s',
    (aggregation) => {
      const values = pairs(aggregation);
      const [drawn] = bootstrapIntervals([values], { count: 4000, seed: 1 });
      const { interval, standardError } = normalEstimate(values);
      drawn.forEach((end, k) => expect(Math.abs(end - interval[k])).toBeLessThan(0.15 * standardError));
    },
  );

  it('gives each metric the same interval alone, together, and again; another seed gives another', () => {
    const [x, y] = [pairs('mean'), pairs('root')];
    const draws = { count: 300, seed: 1 };
    const together = bootstrapIntervals([x, y], draws);
    expect(together).toEqual([bootstrapIntervals([x], draws)[0], bootstrapIntervals([y], draws)[0]]);
    expect(bootstrapIntervals([x], { count: 300, seed: 2 })[0]).not.toEqual(together[0]);
  });

  it('resamples members alone', () => {
    const values = pairs('root');
    const members = Uint32Array.of(3, 5, 8, 13, 21);
    const cut = (list: Float64Array): Float64Array => Float64Array.from(members, (u) => list[u]);
    const alone = { ...values, a: cut(values.a), b: cut(values.b), weights: cut(values.weights) };
    const draws = { count: 100, seed: 1 };
    expect(bootstrapIntervals([values], draws, { members })).toEqual(bootstrapIntervals([alone], draws));
  });
});

describe('draws', () => {
  it('are 10,000 where that is quick, else 1,000, else none unless asked for', () => {
    expect(drawsFor(6040, 1e8)).toEqual({ count: 10_000, seed: 1 });
    expect(drawsFor(60_400, 1e8)).toEqual({ count: 1_000, seed: 1 });
    expect(drawsFor(604_000, 1e8)).toBeNull();
    expect(askedDraws(604_000, 1e8)).toEqual({ count: 1_000, seed: 1 });
    expect(drawsText({ count: 10_000, seed: 1 })).toBe('10,000 draws, seed 1');
  });
});
