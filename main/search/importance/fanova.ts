/**
 * Which hyper-parameters matter: functional analysis of variance over a random forest (Hutter, Hoos & Leyton-Brown, An
 * efficient approach for assessing hyperparameter importance, ICML 2014).
 */
import type { SearchSpace } from '../../../shared/search.ts';
import { Random } from '../../numeric/random.ts';
import { toUnit, type Point } from '../space.ts';
import { growForest, type Tree } from './forest.ts';

const TREES = 64;
/** With fewer trials, importances would be noise and are not computed. */
const FEWEST = 8;

export interface Importance {
  readonly name: string;
  /** Share of the variance over the space that this dimension explains alone, 0 … 1; what is left is interaction. */
  readonly share: number;
}

/**
 * Shares of each dimension, the largest first; null for fewer than eight trials or figures that are all alike.
 * A dimension that a trial does not have stands in the middle of its range.
 */
export function importanceOf(
  space: SearchSpace,
  trials: readonly { readonly point: Point; readonly value: number }[],
  seed = 1,
): Importance[] | null {
  if (trials.length < FEWEST || trials.every(({ value }) => value === trials[0].value)) return null;
  const rows = trials.map(({ point }) =>
    space.map((dimension) => (dimension.name in point ? toUnit(dimension, point[dimension.name]) : 0.5)),
  );
  const values = trials.map(({ value }) => value);
  const shares = growForest(rows, values, TREES, new Random(seed, 'search')).flatMap((tree) => {
    const { total, alone } = decompose(tree, space.length);
    return total > 0 ? [alone.map((variance) => variance / total)] : [];
  });
  return space
    .map(({ name }, d) => ({
      name,
      share: shares.reduce((sum, tree) => sum + tree[d], 0) / Math.max(1, shares.length),
    }))
    .sort((a, b) => b.share - a.share);
}

/**
 * Variance of a tree over the unit cube, in all and by each dimension alone: that of its mean over all others. A leaf is
 * a box, so both are sums over leaves.
 */
export function decompose(tree: Tree, dimensions: number): { total: number; alone: number[] } {
  const boxes: Box[] = [];
  collect(
    tree,
    Array.from({ length: dimensions }, (): Range => [0, 1]),
    boxes,
  );
  const volume = ({ ranges }: Box): number =>
    ranges.reduce((product, [from, to]) => product * (to - from), 1);
  const mean = boxes.reduce((sum, box) => sum + volume(box) * box.value, 0);
  const total = boxes.reduce((sum, box) => sum + volume(box) * (box.value - mean) ** 2, 0);
  const alone = Array.from({ length: dimensions }, (_, d) => {
    const cuts = [...new Set(boxes.flatMap(({ ranges }) => ranges[d]))].sort((a, b) => a - b);
    const places = new Map(cuts.map((cut, place) => [cut, place]));
    const placeOf = (cut: number): number => places.get(cut) ?? 0;
    // What each box adds to the mean over all others begins at its lower cut and ends at its upper one.
    const changes = new Float64Array(cuts.length);
    for (const box of boxes) {
      const [low, high] = box.ranges[d];
      const part = (volume(box) / (high - low)) * box.value;
      changes[placeOf(low)] += part;
      changes[placeOf(high)] -= part;
    }
    let [marginal, variance] = [0, 0];
    for (let k = 0; k + 1 < cuts.length; k++) {
      marginal += changes[k];
      variance += (cuts[k + 1] - cuts[k]) * (marginal - mean) ** 2;
    }
    return variance;
  });
  return { total, alone };
}

type Range = readonly [number, number];

interface Box {
  readonly ranges: readonly Range[];
  readonly value: number;
}

function collect(tree: Tree, ranges: readonly Range[], into: Box[]): void {
  if ('value' in tree) {
    into.push({ ranges, value: tree.value });
    return;
  }
  const { dimension, at, below, above } = tree;
  const [low, high] = ranges[dimension];
  collect(below, ranges.with(dimension, [low, at]), into);
  collect(above, ranges.with(dimension, [at, high]), into);
}
