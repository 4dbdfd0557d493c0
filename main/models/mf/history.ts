import type { HistoryScorer, SavedModel } from '../../model/model.ts';
import { solveSymmetric } from '../../numeric/linear-algebra.ts';
import { rowDecay } from '../factors/row-decay.ts';

/** Keeps the equations solvable where there is no regularisation. */
const LEAST_DECAY = 1e-9;

/**
 * Folds a history in: the user's factors and bias that minimise the model's own loss on it, ½ Σ (r̂ − r)² and the decay
 * of the row, with the items as they are. A ridge regression, so its solution is exact.
 */
export function mfHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const { items, itemBias, mean } = weights as Record<string, Float32Array>;
  const k = Number(parameters['embeddingSize']);
  const size = parameters['biases'] === true ? k + 1 : k;
  return {
    method: 'fold-in',
    score(history) {
      const count = history.items.length;
      const row = new Float64Array(k + 1);
      if (count > 0) {
        const matrix = new Float64Array(size * size);
        const right = new Float64Array(size);
        const x = new Float64Array(size).fill(1);
        history.items.forEach((item, n) => {
          for (let c = 0; c < k; c++) x[c] = items[item * k + c];
          const rest = history.values[n] - mean[0] - itemBias[item];
          for (let a = 0; a < size; a++) {
            right[a] += x[a] * rest;
            for (let b = 0; b < size; b++) matrix[a * size + b] += x[a] * x[b];
          }
        });
        const decay = Math.max(LEAST_DECAY, count * rowDecay(parameters, count, train.item.length));
        for (let a = 0; a < size; a++) matrix[a * size + a] += decay;
        row.set(solveSymmetric(matrix, right));
      }
      return Float32Array.from({ length: train.itemCount }, (_, i) => {
        let sum = mean[0] + itemBias[i] + row[k];
        for (let c = 0; c < k; c++) sum += row[c] * items[i * k + c];
        return sum;
      });
    },
  };
}
