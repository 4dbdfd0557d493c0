/** A random forest for regression over the unit cube (Breiman 2001): small, for the trials of a search. */
import type { Random } from '../../numeric/random.ts';

export interface Leaf {
  readonly value: number;
}

export interface Branch {
  readonly dimension: number;
  /** Places below it go to `below`, others to `above`. */
  readonly at: number;
  readonly below: Tree;
  readonly above: Tree;
}

export type Tree = Leaf | Branch;

/** Rows that a leaf keeps at least: a single trial is no rule. */
const SMALLEST_LEAF = 2;

/**
 * Trees on bootstrap samples; each split looks at a random third of the dimensions (two at least) and leaves the least
 * squares. Cuts lie halfway between neighbours.
 * @param rows [rows][dimensions] places in [0, 1]
 * @param values [rows]
 */
export function growForest(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  trees: number,
  random: Random,
): Tree[] {
  return Array.from({ length: trees }, () => {
    const sample = Array.from({ length: rows.length }, () => random.below(rows.length));
    return grow(rows, values, sample, random);
  });
}

function grow(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  sample: readonly number[],
  random: Random,
): Tree {
  const dimensions = rows[0].length;
  const looked = Math.min(dimensions, Math.max(2, Math.ceil(dimensions / 3)));
  const splits = Array.from(random.permutation(dimensions).subarray(0, looked), (dimension) =>
    bestSplit(rows, values, sample, dimension),
  ).filter((split) => split !== null);
  const best = splits.reduce<Split | null>((a, b) => (a && a.gain >= b.gain ? a : b), null);
  if (!best) return { value: sample.reduce((sum, row) => sum + values[row], 0) / sample.length };
  const { dimension, at } = best;
  const [below, above] = [true, false].map((side) =>
    grow(
      rows,
      values,
      sample.filter((row) => rows[row][dimension] < at === side),
      random,
    ),
  );
  return { dimension, at, below, above };
}

interface Split {
  readonly dimension: number;
  readonly at: number;
  /** By how much it lowers the sum of squared errors. */
  readonly gain: number;
}

function bestSplit(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  sample: readonly number[],
  dimension: number,
): Split | null {
  const sorted = [...sample].sort((a, b) => rows[a][dimension] - rows[b][dimension]);
  const total = sorted.reduce((sum, row) => sum + values[row], 0);
  const n = sorted.length;
  let best: Split | null = null;
  let sum = 0;
  for (let k = 1; k < n; k++) {
    sum += values[sorted[k - 1]];
    const [before, after] = [rows[sorted[k - 1]][dimension], rows[sorted[k]][dimension]];
    if (before === after || k < SMALLEST_LEAF || n - k < SMALLEST_LEAF) continue;
    const gain = (sum * sum) / k + (total - sum) ** 2 / (n - k) - (total * total) / n;
    if (gain > 1e-12 && (!best || gain > best.gain)) best = { dimension, at: (before + after) / 2, gain };
  }
  return best;
}
