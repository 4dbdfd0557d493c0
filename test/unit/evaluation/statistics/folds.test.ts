import { describe, expect, it } from 'vitest';
import { compareFolds } from '../../../../main/evaluation/statistics/folds.ts';
import { Random } from '../../../../main/numeric/random.ts';

describe('compareFolds', () => {
  it('widens the variance of the mean by the test rows to the training rows', () => {
    // Mean 2, s² = 2.5; (1 / 5 + 1 / 4) · 2.5 = 1.125.
    const found = compareFolds([0, 1, 2, 3, 4], 1 / 4);
    expect(found.difference).toBe(2);
    expect(found.standardError).toBeCloseTo(Math.sqrt(1.125), 12);
    expect(found.freedom).toBe(4);
    expect(found.interval[1]).toBeCloseTo(2 + 2.7764451051977987 * Math.sqrt(1.125), 9);
    // t = 1.8856 at four degrees: I_x(2, ½) has the closed form 1 − (3 sin θ − sin³ θ) / 2, tan θ = t / 2.
    const sine = Math.sin(Math.atan(2 / Math.sqrt(1.125) / 2));
    expect(found.pValue).toBeCloseTo(1 - (3 * sine - sine ** 3) / 2, 9);
  });

  it('does not call folds without a difference different', () => {
    expect(compareFolds([0, 0, 0], 0.5)).toMatchObject({ difference: 0, interval: [0, 0], pValue: 1 });
    expect(compareFolds([0.1, 0.1, 0.1], 0.5).pValue).toBeLessThan(1e-9);
    expect(() => compareFolds([0.1], 0.5)).toThrow(/from two on, got 1/);
  });

  it('covers the truth where folds share a part of their chance, and the plain t does not', () => {
    // Five folds whose differences correlate by ρ = test / (test + train) = .2, as the correction takes them to.
    const random = new Random(5, 'init');
    const covered = { corrected: 0, plain: 0 };
    const draws = 4000;
    for (let draw = 0; draw < draws; draw++) {
      const common = Math.sqrt(0.2) * random.normal();
      const folds = Array.from({ length: 5 }, () => common + Math.sqrt(0.8) * random.normal());
      const holds = ([low, high]: [number, number]): number => (low <= 0 && high >= 0 ? 1 : 0);
      covered.corrected += holds(compareFolds(folds, 1 / 4).interval);
      covered.plain += holds(compareFolds(folds, 0).interval);
    }
    expect(covered.corrected / draws).toBeGreaterThan(0.94);
    expect(covered.corrected / draws).toBeLessThan(0.96);
    expect(covered.plain / draws).toBeLessThan(0.9);
  });
});
