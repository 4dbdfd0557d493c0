import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/numeric/random.ts';
import { gridPoints } from '../../../main/search/grid.ts';
import { densityOf, drawFrom, logDensity } from '../../../main/search/parzen.ts';
import { Search } from '../../../main/search/search.ts';
import {
  fromUnit,
  isActive,
  randomPoint,
  stretchOf,
  toUnit,
  type Point,
} from '../../../main/search/space.ts';
import { suggest, type Observed } from '../../../main/search/tpe.ts';
import { SearchSpace } from '../../../shared/search.ts';

const space = v.parse(SearchSpace, [
  { kind: 'number', name: 'rate', low: 0.001, high: 1, scale: 'log' },
  { kind: 'number', name: 'size', low: 8, high: 128, scale: 'log', integer: true },
  { kind: 'choice', name: 'loss', values: ['bpr', 'hinge', 'log'] },
  { kind: 'number', name: 'margin', low: 0, high: 2, when: { name: 'loss', values: ['hinge'] } },
]);
const [rate, size, loss, margin] = space;

describe('SearchSpace', () => {
  it.each([
    [{ kind: 'number', name: 'x', low: 1, high: 1 }, /below the high/],
    [{ kind: 'number', name: 'x', low: 0, high: 1, scale: 'log' }, /begins above 0/],
    [{ kind: 'number', name: 'x', low: 0.5, high: 3, integer: true }, /are whole numbers/],
    [{ kind: 'number', name: 'x', low: 0, high: Infinity }, /Infinity/],
    [{ kind: 'choice', name: 'x', values: [1, 1] }, /stands once/],
    [{ kind: 'choice', name: 'x', values: [1], when: { name: 'y', values: [1] } }, /names an earlier choice/],
  ])('refuses what cannot be searched', (dimension, message) => {
    const { success, issues } = v.safeParse(SearchSpace, [dimension]);
    expect(success).toBe(false);
    expect(JSON.stringify(issues)).toMatch(message);
  });
});

describe('places in the unit cube', () => {
  it('follow the scale', () => {
    expect(fromUnit(rate, 0.5)).toBeCloseTo(Math.sqrt(0.001), 12);
    expect([fromUnit(size, 0), fromUnit(size, 1)]).toEqual([8, 128]);
    expect([0.1, 0.5, 0.9, 1].map((unit) => fromUnit(loss, unit))).toEqual(['bpr', 'hinge', 'log', 'log']);
    expect(toUnit(margin, 0.5)).toBe(0.25);
  });

  it('come back as they went, and whole numbers fill the unit interval', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (unit) => {
        for (const dimension of space) {
          const value = fromUnit(dimension, unit);
          expect(fromUnit(dimension, toUnit(dimension, value))).toSatisfy(
            (again) => again === value || Math.abs(Number(again) / Number(value) - 1) < 1e-9,
          );
        }
        expect(toUnit(rate, fromUnit(rate, unit))).toBeCloseTo(unit, 9);
      }),
    );
    if (size.kind !== 'number') throw new Error('a number');
    expect(stretchOf(size, 8)[0]).toBeCloseTo(0, 12);
    expect(stretchOf(size, 128)[1]).toBeCloseTo(1, 12);
    expect(stretchOf(size, 9)[0]).toBeCloseTo(stretchOf(size, 8)[1], 12);
  });

  it('hold a conditional dimension where its condition does', () => {
    const random = new Random(1, 'search');
    for (let k = 0; k < 50; k++) {
      const point = randomPoint(space, random);
      expect('margin' in point).toBe(point.loss === 'hinge');
    }
    expect(isActive(margin, {})).toBe(false);
  });
});

describe('a grid', () => {
  it('has every combination once, conditional dimensions where they are', () => {
    const points = [...gridPoints(space, 3)];
    // 3 rates, 3 sizes, and two losses without a margin and one with three.
    expect(points).toHaveLength(3 * 3 * (2 + 3));
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(points.length);
    expect(points[1]).toEqual({ rate: 0.001, size: 8, loss: 'hinge', margin: 0 });
  });

  it('ends with its last point, after those that were to come first', () => {
    const choices = v.parse(SearchSpace, [{ kind: 'choice', name: 'loss', values: ['bpr', 'hinge'] }]);
    for (const method of ['grid', 'random', 'tpe'] as const) {
      const epochs = { least: 1, most: 1 };
      const first = [{ loss: 'hinge' }];
      const search = new Search({
        ...{ space: choices, method, eta: null, epochs, better: 'higher', budget: 10, seed: 1, first },
      });
      const points: Point[] = [];
      for (let job = search.next(); job; job = search.next()) {
        points.push(job.point);
        search.report(job.trial, 1);
      }
      expect(points).toEqual([{ loss: 'hinge' }, { loss: 'bpr' }]);
    }
  });
});

describe('kernel densities', () => {
  const points: Point[] = [
    { rate: 0.01, size: 16, loss: 'bpr' },
    { rate: 0.02, size: 64, loss: 'log' },
    { rate: 0.5, size: 20, loss: 'bpr' },
  ];
  const flat = space.slice(0, 3);

  it('integrate to 1 over the unit cube', () => {
    const density = densityOf(flat, points);
    let total = 0;
    const steps = 400;
    for (const choice of ['bpr', 'hinge', 'log'])
      for (let whole = 8; whole <= 128; whole++)
        for (let k = 0; k < steps; k += 20) {
          const value = fromUnit(rate, (k + 10) / steps);
          total +=
            (20 / steps) * Math.exp(logDensity(flat, density, { rate: value, size: whole, loss: choice }));
        }
    expect(total).toBeCloseTo(1, 2);
  });

  it('draw what they say', () => {
    const random = new Random(4, 'search');
    const density = densityOf(flat, points);
    const draws = Array.from({ length: 20_000 }, () => drawFrom(flat, density, random));
    const share = draws.filter((point) => point.loss === 'bpr').length / draws.length;
    // Kernels of bpr give it (1 + ¼) / (1 + ¾), those of another ¼ / (1 + ¾), the prior ⅓; a quarter of the weight each.
    expect(share).toBeCloseTo(0.25 * (2 * (1.25 / 1.75) + 0.25 / 1.75 + 1 / 3), 2);
  });

  it('are flat without a trial', () => {
    const empty = densityOf([margin], []);
    const at = (value: number): number => logDensity([margin], empty, { margin: value });
    expect(at(1) - at(0)).toBeCloseTo(0.125, 6);
  });
});

describe('suggestions of TPE', () => {
  const value = ({ rate, loss, margin }: Point): number =>
    (Math.log10(Number(rate)) + 1) ** 2 + (loss === 'hinge' ? (Number(margin) - 1) ** 2 : 1);
  const run = (seed: number): Observed[] => {
    const trials: Observed[] = [];
    for (let t = 0; t < 60; t++) {
      const point = suggest(space, trials, new Random(seed * 1000 + t, 'search'));
      trials.push({ point, loss: value(point), rung: 1 });
    }
    return trials;
  };

  it('stay in the space, and come to the branch that is better', () => {
    const trials = run(1);
    for (const { point } of trials) expect('margin' in point).toBe(point.loss === 'hinge');
    const last = trials.slice(30).filter(({ point }) => point.loss === 'hinge');
    expect(last.length).toBeGreaterThan(20);
    expect(Math.min(...trials.map((trial) => Number(trial.loss)))).toBeLessThan(0.05);
  });

  it('are the same from the same trials and seed', () => {
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('keep away from what runs still', () => {
    const trials = run(5).slice(0, 20);
    const next = (more: Observed[]): Point => suggest(space, [...trials, ...more], new Random(1, 'search'));
    const point = next([]);
    const runs = Array.from({ length: 5 }, () => ({ point, loss: null, rung: 0 }));
    expect(next(runs)).not.toEqual(point);
  });
});
