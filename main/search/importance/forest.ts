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
  const columns = (rows[0] ?? []).map((_, d) => Float64Array.from(rows, (row) => row[d]));
  return Array.from({ length: trees }, () => {
    const sample = Int32Array.from({ length: rows.length }, () => random.below(rows.length));
    const orders = columns.map((column) => sample.toSorted((a, b) => column[a] - column[b]));
    return grow(columns, values, orders, random);
  });
}

/** @param orders [dimensions] the rows of this tree, sorted along each dimension once; cuts keep the order */
function grow(
  columns: readonly Float64Array[],
  values: readonly number[],
  orders: readonly Int32Array[],
  random: Random,
): Tree {
  const dimensions = columns.length;
  const looked = Math.min(dimensions, Math.max(2, Math.ceil(dimensions / 3)));
  const splits = Array.from(random.permutation(dimensions).subarray(0, looked), (dimension) =>
    bestSplit(columns[dimension], values, orders[dimension], dimension),
  ).filter((split) => split !== null);
  const best = splits.reduce<Split | null>((a, b) => (a && a.gain >= b.gain ? a : b), null);
  if (!best) return { value: orders[0].reduce((sum, row) => sum + values[row], 0) / orders[0].length };
  const { dimension, at } = best;
  const halves = orders.map((order) => cut(order, columns[dimension], at));
  const [below, above] = [0, 1].map((side) =>
    grow(
      columns,
      values,
      halves.map((half) => half[side]),
      random,
    ),
  );
  return { dimension, at, below, above };
}

/** Rows below and above, in their order. */
function cut(order: Int32Array, column: Float64Array, at: number): [Int32Array, Int32Array] {
  const below = new Int32Array(order.length);
  const above = new Int32Array(order.length);
  let [b, a] = [0, 0];
  for (const row of order) {
    if (column[row] < at) below[b++] = row;
    else above[a++] = row;
  }
  return [below.subarray(0, b), above.subarray(0, a)];
}

interface Split {
  readonly dimension: number;
  readonly at: number;
  /** By how much it lowers the sum of squared errors. */
  readonly gain: number;
}

function bestSplit(
  column: Float64Array,
  values: readonly number[],
  sorted: Int32Array,
  dimension: number,
): Split | null {
  let total = 0;
  for (const row of sorted) total += values[row];
  const n = sorted.length;
  let best: Split | null = null;
  let sum = 0;
  for (let k = 1; k < n; k++) {
    sum += values[sorted[k - 1]];
    const [before, after] = [column[sorted[k - 1]], column[sorted[k]]];
    if (before === after || k < SMALLEST_LEAF || n - k < SMALLEST_LEAF) continue;
    const gain = (sum * sum) / k + (total - sum) ** 2 / (n - k) - (total * total) / n;
    if (gain > 1e-12 && (!best || gain > best.gain)) best = { dimension, at: (before + after) / 2, gain };
  }
  return best;
}
