import fc from 'fast-check';
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

/** A tree whose cuts lie inside of what they cut. */
function treeOf(dimensions: number): fc.Arbitrary<Tree> {
  const grow = (box: readonly (readonly [number, number])[], depth: number): fc.Arbitrary<Tree> => {
    const leaf = fc.integer({ min: -5, max: 5 }).map((value): Tree => ({ value }));
    if (depth === 0) return leaf;
    const branch = fc
      .tuple(fc.nat(dimensions - 1), fc.integer({ min: 1, max: 3 }))
      .chain(([dimension, quarter]) => {
        const [low, high] = box[dimension];
        const at = low + ((high - low) * quarter) / 4;
        return fc
          .tuple(
            grow(box.with(dimension, [low, at]), depth - 1),
            grow(box.with(dimension, [at, high]), depth - 1),
          )
          .map(([below, above]): Tree => ({ dimension, at, below, above }));
      });
    return fc.oneof(leaf, branch);
  };
  return grow(
    Array.from({ length: dimensions }, () => [0, 1] as const),
    4,
  );
}

/** All cells between the cuts of a tree over two dimensions. */
function cellsOf(tree: Tree): { from: readonly [number, number]; size: number; value: number }[] {
  const cuts: [Set<number>, Set<number>] = [new Set([0, 1]), new Set([0, 1])];
  const collect = (at: Tree): void => {
    if ('value' in at) return;
    cuts[at.dimension].add(at.at);
    collect(at.below);
    collect(at.above);
  };
  collect(tree);
  const valueAt = (at: Tree, point: readonly number[]): number =>
    'value' in at ? at.value : valueAt(point[at.dimension] < at.at ? at.below : at.above, point);
  const [xs, ys] = cuts.map((all) => [...all].sort((a, b) => a - b));
  return xs.slice(1).flatMap((x, i) =>
    ys.slice(1).map((y, j) => ({
      from: [xs[i], ys[j]] as const,
      size: (x - xs[i]) * (y - ys[j]),
      value: valueAt(tree, [(x + xs[i]) / 2, (y + ys[j]) / 2]),
    })),
  );
}

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

  it('is what summing over every cell of the cuts gives, for any tree', () => {
    fc.assert(
      fc.property(treeOf(2), (tree) => {
        const { total, alone } = decompose(tree, 2);
        const grid = cellsOf(tree);
        const mean = grid.reduce((sum, { size, value }) => sum + size * value, 0);
        const variance = grid.reduce((sum, { size, value }) => sum + size * (value - mean) ** 2, 0);
        expect(total).toBeCloseTo(variance, 9);
        for (const d of [0, 1] as const) {
          const strips = [...Map.groupBy(grid, ({ from }) => from[d]).values()];
          const own = strips.reduce((sum, strip) => {
            const wide = strip.reduce((all, { size }) => all + size, 0);
            const marginal = strip.reduce((all, { size, value }) => all + size * value, 0) / wide;
            return sum + wide * (marginal - mean) ** 2;
          }, 0);
          expect(alone[d]).toBeCloseTo(own, 9);
        }
        // What both explain alone is never more than there is.
        expect(alone[0] + alone[1]).toBeLessThanOrEqual(total + 1e-9);
      }),
    );
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
