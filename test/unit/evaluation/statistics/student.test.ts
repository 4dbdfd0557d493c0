import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  incompleteBeta,
  logGamma,
  studentHalfWidth,
  studentTails,
} from '../../../../main/evaluation/statistics/student.ts';

describe("Student's t", () => {
  it('has the tabled quantiles', () => {
    const table: [number, number][] = [
      [1, 12.706204736432095],
      [2, 4.302652729911275],
      [4, 2.7764451051977987],
      [10, 2.2281388519649385],
      [100, 1.9839715184496334],
    ];
    for (const [freedom, t] of table) expect(studentHalfWidth(0.05, freedom)).toBeCloseTo(t, 9);
    expect(studentHalfWidth(0.01, 5)).toBeCloseTo(4.032142983557536, 9);
  });

  it('is Cauchy at one degree of freedom, has a closed form at two, and nears the normal at many', () => {
    for (const t of [0, 0.3, 1, 5, 300]) {
      expect(studentTails(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(studentTails(-t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
    expect(studentTails(1.959963984540054, 1e7)).toBeCloseTo(0.05, 7);
    expect(studentTails(Infinity, 3)).toBe(0);
  });

  it('inverts itself, at degrees that are no whole numbers too', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 0.999, noNaN: true }),
        fc.double({ min: 0.6, max: 1e5, noNaN: true }),
        (tails, freedom) => {
          expect(studentTails(studentHalfWidth(tails, freedom), freedom) / tails).toBeCloseTo(1, 8);
        },
      ),
    );
  });

  it('stands on ln Γ and I_x', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12);
    // I_x(2, 3) = P(2 or more of 4 at chance x) = 6x² − 8x³ + 3x⁴.
    expect(incompleteBeta(0.4, 2, 3)).toBeCloseTo(6 * 0.16 - 8 * 0.064 + 3 * 0.0256, 13);
    expect(incompleteBeta(0.9, 2, 3)).toBeCloseTo(6 * 0.81 - 8 * 0.729 + 3 * 0.6561, 13);
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  });
});
