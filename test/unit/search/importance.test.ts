import { describe, expect, it } from 'vitest';
import { Random } from '../../../main/numeric/random.ts';
import { decompose, importanceOf } from '../../../main/search/importance/fanova.ts';
import { growForest, type Tree } from '../../../main/search/importance/forest.ts';
import { randomPoint, type Point } from '../../../main/search/space.ts';
import type { SearchSpace } from '../../../shared/search.ts';

const number = { kind: 'number', low: 0, high: 1, scale: 'linear', integer: false } as const;
const space: SearchSpace = [
  { ...number, name: 'a' },
  { ...number, name: 'b' },
  { kind: 'choice', name: 'c', values: ['x', 'y'] },
];

const shares = (value: (point: Point) => number, trials = 200): Record<string, number> => {
  const random = new Random(1, 'search');
  const points = Array.from({ length: trials }, () => randomPoint(space, random));
  const found = importanceOf(
    space,
    points.map((point) => ({ point, value: value(point) })),
  );
  return Object.fromEntries((found ?? []).map(({ name, share }) => [name, share]));
};

describe('decompose', () => {
  it('shares the variance of a tree out, by hand', () => {
    // 0 for a < ¼; else 4 for b < ½ and 8 above. Mean 4.5; the marginal of a is 0 or 6, of b 3 or 6.
    const tree: Tree = {
      ...{ dimension: 0, at: 0.25, below: { value: 0 } },
      above: { dimension: 1, at: 0.5, below: { value: 4 }, above: { value: 8 } },
    };
    const { total, alone } = decompose(tree, 2);
    expect(total).toBeCloseTo(0.25 * 4.5 ** 2 + 0.375 * 0.5 ** 2 + 0.375 * 3.5 ** 2, 12);
    expect(alone[0]).toBeCloseTo(0.25 * 4.5 ** 2 + 0.75 * 1.5 ** 2, 12);
    expect(alone[1]).toBeCloseTo(1.5 ** 2, 12);
  });

  it('gives all of it to the one dimension of a tree, and none of a leaf', () => {
    const { total, alone } = decompose(
      { dimension: 1, at: 0.5, below: { value: 1 }, above: { value: 3 } },
      2,
    );
    expect([total, alone]).toEqual([1, [0, 1]]);
    expect(decompose({ value: 3 }, 2)).toEqual({ total: 0, alone: [0, 0] });
  });
});

describe('growForest', () => {
  it('cuts halfway between the neighbours that differ most', () => {
    const rows = [[0], [0.1], [0.2], [0.8], [0.9], [1]];
    const [tree] = growForest(rows, [1, 1, 1, 5, 5, 5], 1, new Random(3, 'search'));
    if ('value' in tree) throw new Error('it has a cut');
    expect(tree.at).toBeGreaterThan(0.1);
    expect(tree.at).toBeLessThan(0.9);
    expect([tree.below, tree.above]).toEqual([{ value: 1 }, { value: 5 }]);
  });
});

describe('importanceOf', () => {
  it('finds the one dimension that matters', () => {
    const found = shares(({ b }) => Math.sin(4 * Number(b)));
    expect(found.b).toBeGreaterThan(0.9);
    expect(found.a + found.c).toBeLessThan(0.05);
  });

  it('shares out a sum as its terms vary', () => {
    // Variances 4 / 12 of 2a, 1 / 12 of b, and 1 / 4 · 1 of c: 4 : 1 : 3.
    const found = shares(({ a, b, c }) => 2 * Number(a) + Number(b) + (c === 'y' ? 1 : 0), 1000);
    expect(found.a).toBeCloseTo(4 / 8, 1);
    expect(found.b).toBeCloseTo(1 / 8, 1);
    expect(found.c).toBeCloseTo(3 / 8, 1);
  });

  it('leaves interaction to none of them', () => {
    const found = shares(({ a, c }) => (c === 'y' ? 1 : -1) * (Number(a) < 0.5 ? 1 : -1), 400);
    expect(found.a + found.b + found.c).toBeLessThan(0.2);
  });

  it('puts the largest first, gives the same again, and says nothing of few trials or equal ones', () => {
    const random = new Random(2, 'search');
    const trials = Array.from({ length: 30 }, () => {
      const point = randomPoint(space, random);
      return { point, value: Number(point.a) + 0.1 * Number(point.b) };
    });
    const found = importanceOf(space, trials);
    expect(found?.[0].name).toBe('a');
    expect(importanceOf(space, trials)).toEqual(found);
    expect(importanceOf(space, trials.slice(0, 7))).toBeNull();
    expect(
      importanceOf(
        space,
        trials.map((trial) => ({ ...trial, value: 1 })),
      ),
    ).toBeNull();
  });
});
