import type { History, HistoryScorer, SavedModel } from '../../model/model.ts';
import { invertSymmetric } from '../../numeric/linear-algebra.ts';
import { rowRegularization } from './weights.ts';

/**
 * A history's row is the solution of its normal equations against the items, A p = Σ_j q_j with
 * A = α₀QᵀQ + Σ_j q_j q_jᵀ + λ_u I, so score(i) = Σ_j q_iᵀ A⁻¹ q_j: the item j of the history adds q_iᵀ A⁻¹ q_j
 * (Hu, Koren & Volinsky 2008, §5, with every confidence 1). The items are those after the last epoch, which moved them
 * after the users, so a list may differ from the stored one a little.
 */
export function ialsHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const items = weights['items'] as Float32Array;
  const k = Number(parameters['embeddingSize']);
  const background = new Float64Array(k * k);
  addOuter(background, items, k, Number(parameters['unobservedWeight']));

  /** [k, k] A⁻¹ of a history. */
  const inverseOf = ({ items: seen }: History): Float64Array => {
    const matrix = background.slice();
    for (const item of seen) addOuter(matrix, items.subarray(item * k, (item + 1) * k), k, 1);
    const [lambda] = rowRegularization(Uint32Array.of(0, seen.length), train.itemCount, parameters);
    for (let c = 0; c < k; c++) matrix[c * k + c] += lambda;
    return invertSymmetric(matrix, k);
  };
  return {
    method: 'exact',
    how: 'The person’s factors are solved from the history in closed form, so each item of it adds its own part (Hu, Koren & Volinsky 2008, section 5).',
    score(history) {
      if (history.items.length === 0) return new Float32Array(train.itemCount);
      const sum = new Float64Array(k);
      for (const item of history.items) for (let c = 0; c < k; c++) sum[c] += items[item * k + c];
      const row = product(inverseOf(history), sum, k);
      return Float32Array.from({ length: train.itemCount }, (_, i) => dot(items, i * k, row, k));
    },
    contributions(history, item) {
      if (history.items.length === 0) return { base: 0, parts: new Float64Array(0) };
      const row = product(inverseOf(history), items.subarray(item * k, (item + 1) * k), k);
      return { base: 0, parts: Float64Array.from(history.items, (other) => dot(items, other * k, row, k)) };
    },
  };
}

/** matrix [k, k] += weight · tableᵀ·table, table [rows, k]. */
function addOuter(matrix: Float64Array, table: Float32Array, k: number, weight: number): void {
  for (let at = 0; at < table.length; at += k)
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) matrix[a * k + b] += weight * table[at + a] * table[at + b];
}

function product(matrix: Float64Array, vector: ArrayLike<number>, k: number): Float64Array {
  const result = new Float64Array(k);
  for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) result[a] += matrix[a * k + b] * vector[b];
  return result;
}

function dot(table: Float32Array, at: number, row: Float64Array, k: number): number {
  let sum = 0;
  for (let c = 0; c < k; c++) sum += table[at + c] * row[c];
  return sum;
}
