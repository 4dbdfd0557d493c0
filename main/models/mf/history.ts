import { scoresOfRow, strongest } from '../../model/left-out.ts';
import type { History, HistoryScorer, SavedModel } from '../../model/model.ts';
import { addSquare, dotAt, solverOf } from '../../numeric/linear-algebra.ts';
import { rowDecay } from '../factors/row-decay.ts';

/** Keeps the equations solvable where there is no regularization. */
const LEAST_DECAY = 1e-9;

/** The normal equations of a history, regularization left out: lower triangle [size, size], right side [size]. */
interface Equations {
  readonly count: number;
  readonly matrix: Float64Array;
  readonly right: Float64Array;
}

/**
 * Folds a history in: the user's factors and bias that minimise the model's own loss on it, ½ Σ (r̂ − r)² and the decay
 * of the row, with the items as they are. A ridge regression, so its solution is exact.
 */
export function mfHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const { items, itemBias, mean } = weights as Record<string, Float32Array>;
  const k = Number(parameters['embeddingSize']);
  const size = parameters['biases'] === true ? k + 1 : k;

  /** [size] what the row of an item multiplies: its factors, and 1 for the bias. */
  const featuresOf = (item: number): Float64Array => {
    const x = new Float64Array(size).fill(1);
    x.set(items.subarray(item * k, (item + 1) * k));
    return x;
  };
  const restOf = ({ items: seen, values }: History, n: number): number =>
    values[n] - mean[0] - itemBias[seen[n]];
  const equationsOf = (history: History): Equations => {
    const matrix = new Float64Array(size * size);
    const right = new Float64Array(size);
    history.items.forEach((item, n) => add({ matrix, right }, featuresOf(item), restOf(history, n), 1));
    return { count: history.items.length, matrix, right };
  };
  const add = (
    { matrix, right }: Omit<Equations, 'count'>,
    x: Float64Array,
    rest: number,
    weight: number,
  ): void => {
    addSquare(matrix, size, x, 0, weight);
    for (let a = 0; a < size; a++) right[a] += weight * rest * x[a];
  };
  const solver = ({ count, matrix }: Equations): ((right: Float64Array) => Float64Array) => {
    const decay = Math.max(LEAST_DECAY, count * rowDecay(parameters, count, train.item.length));
    const whole = matrix.slice();
    for (let a = 0; a < size; a++) whole[a * size + a] += decay;
    return solverOf(whole, size);
  };
  const rowOf = (equations: Equations): Float64Array =>
    equations.count === 0 ? new Float64Array(size) : solver(equations)(equations.right);
  const constantOf = (row: Float64Array): number => mean[0] + (size > k ? row[k] : 0);
  const scoresOf = (row: Float64Array): Float32Array => scoresOfRow(items, row, k, itemBias, constantOf(row));
  return {
    method: 'fold-in',
    how: 'The person’s factors and bias are learned again from the history by ridge regression, with the items as they are.',
    score: (history) => scoresOf(rowOf(equationsOf(history))),
    leftOut(history, _user, item, most) {
      const { items: seen } = history;
      if (seen.length === 0) return [];
      const equations = equationsOf(history);
      const solve = solver(equations);
      const row = solve(equations.right);
      const towards = solve(featuresOf(item));
      const weight = Float64Array.from(seen, (other, n) => {
        const x = featuresOf(other);
        return dotAt(x, 0, towards, size) * (restOf(history, n) - dotAt(x, 0, row, size));
      });
      return strongest(weight, most).map((place) => {
        const left: Equations = {
          count: seen.length - 1,
          matrix: equations.matrix.slice(),
          right: equations.right.slice(),
        };
        add(left, featuresOf(seen[place]), restOf(history, place), -1);
        const its = rowOf(left);
        const score = constantOf(its) + itemBias[item] + dotAt(items, item * k, its, k);
        return { place, score, scores: () => scoresOf(its) };
      });
    },
  };
}
