import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairwise } from '../../../main/numeric/pairwise.ts';
import { principalPlane } from '../../../main/numeric/principal.ts';
import { ridge } from '../../../main/numeric/ridge.ts';
import { sampleOf } from '../../../main/numeric/fixed-sample.ts';

const table = (n: number, k: number) =>
  fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: n * k, maxLength: n * k });

describe('Ridge regression', () => {
  it('of one row is its target, shrunk', () => {
    // w minimises ½ (6 − 2w)² + ½ · 2 w²: 2 (2w − 6) + 2w = 0, so w = 2.
    const { weights, influence, without } = ridge(Float64Array.of(2), 1, 1, Float64Array.of(6), 2);
    expect(weights[0]).toBeCloseTo(2, 12);
    expect(influence(Float64Array.of(3))[0]).toBeCloseTo(6, 12);
    expect(without(0)[0]).toBeCloseTo(0, 12);
  });

  it.each([
    ['rows', 4, 7],
    ['features', 9, 3],
  ])('by its %s leaves a row out as if it had never been there', (_, n, k) => {
    fc.assert(
      fc.property(table(n, k), table(n, 1), fc.nat(n - 1), (rows, targets, out) => {
        const fitted = ridge(Float64Array.from(rows), n, k, Float64Array.from(targets), 0.5);
        const rest = <T>(all: T[], size: number) => [
          ...all.slice(0, out * size),
          ...all.slice((out + 1) * size),
        ];
        const fresh = ridge(
          Float64Array.from(rest(rows, k)),
          n - 1,
          k,
          Float64Array.from(rest(targets, 1)),
          0.5,
        );
        fitted.without(out).forEach((w, c) => expect(w).toBeCloseTo(fresh.weights[c], 8));
        const x = Float64Array.from({ length: k }, (__, c) => c - 1);
        const dot = (w: Float64Array) => w.reduce((sum, value, c) => sum + value * x[c], 0);
        expect(dot(fitted.weights) - fitted.influence(x)[out]).toBeCloseTo(dot(fresh.weights), 8);
      }),
    );
  });
});

describe('The loss over pairs', () => {
  const wanted = Float64Array.of(0.3, -1.2);
  const unwanted = Float64Array.of(0.1, 0.8, -2);

  it('is the mean of log(1 + e^−x)', () => {
    let sum = 0;
    for (const a of wanted) for (const b of unwanted) sum += Math.log1p(Math.exp(b - a));
    expect(pairwise(wanted, unwanted).loss).toBeCloseTo(sum / 6, 12);
  });

  it('comes near to the hinge as its corner gets sharp', () => {
    let sum = 0;
    for (const a of wanted) for (const b of unwanted) sum += Math.max(0, 1 - (a - b));
    expect(pairwise(wanted, unwanted, 1, 0.02).loss).toBeCloseTo(sum / 6, 2);
  });

  it.each([
    [0, 1],
    [1, 0.1],
  ])('has the slopes and the curvature of finite differences (margin %d, rounded %d)', (margin, tau) => {
    const x = { wanted: Float64Array.of(0.5, -1), unwanted: Float64Array.of(1, 0.2, -0.7) };
    // Scores constant + x·p of one feature, at p.
    const at = (p: number) =>
      pairwise(
        wanted.map((score, n) => score + x.wanted[n] * p),
        unwanted.map((score, n) => score + x.unwanted[n] * p),
        margin,
        tau,
      );
    const slope = (p: number) => {
      const { push, pull } = at(p);
      return (
        pull.reduce((sum, value, n) => sum + value * x.unwanted[n], 0) -
        push.reduce((sum, value, n) => sum + value * x.wanted[n], 0)
      );
    };
    const step = 1e-5;
    expect(slope(0)).toBeCloseTo((at(step).loss - at(-step).loss) / (2 * step), 6);
    const matrix = new Float64Array(1);
    at(0).addCurvature(matrix, 1, x.wanted, x.unwanted);
    expect(matrix[0]).toBeCloseTo((slope(step) - slope(-step)) / (2 * step), 5);
  });

  it('stays finite for scores that are far apart', () => {
    const { loss, push, pull } = pairwise(Float64Array.of(-5000), Float64Array.of(5000));
    expect([loss, ...push, ...pull].every(Number.isFinite)).toBe(true);
  });
});

describe('The principal plane', () => {
  it('of points on a line has the line for its first axis', () => {
    const points = Float32Array.of(-2, -4, 0, 0, 1, 2, 1, 2);
    const plane = principalPlane(points, 2);
    expect(plane.explained[0]).toBeCloseTo(1, 6);
    expect(plane.points[0]).toBeCloseTo(-Math.sqrt(20), 4);
    expect(plane.points[1]).toBeCloseTo(0, 4);
  });

  it('holds no more than the whole variance, the first axis at least as much as the second', () => {
    fc.assert(
      fc.property(table(6, 4), (values) => {
        const [first, second] = principalPlane(Float32Array.from(values), 4).explained;
        expect(first).toBeGreaterThanOrEqual(second - 1e-3);
        expect(first + second).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });
});

describe('A fixed sample', () => {
  it('is the same each time, each number once', () => {
    expect(sampleOf(1000, 20)).toEqual(sampleOf(1000, 20));
    expect(new Set(sampleOf(1000, 20)).size).toBe(20);
    expect(sampleOf(3, 20)).toEqual([0, 1, 2]);
  });
});
