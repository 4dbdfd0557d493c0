import type { TrainableModel, TrainingContext } from '../../model/model.ts';
import { transposeSparse } from '../../numeric/sparse-rows.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';
import { solveSymmetric } from '../../numeric/linear-algebra.ts';
import type { ModelState } from '../../numeric/state.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import { ialsScorer, initialFactors, rowRegularization } from './weights.ts';

/** iALS in plain code: every row's normal equations solved exactly, in float64. The fused kernel's reference. */
export function createIals(context: TrainingContext): Promise<TrainableModel> {
  const { train, parameters } = context;
  const byUser = userItemMatrix(train);
  const byItem = transposeSparse(byUser);
  const factors = initialFactors(context);
  const userLambda = rowRegularization(byUser.start, train.itemCount, parameters);
  const itemLambda = rowRegularization(byItem.start, train.userCount, parameters);
  const weight = Number(parameters['unobservedWeight']);
  const k = Number(parameters['embeddingSize']);
  const interactions = byUser.index.length;
  const restore = (state: ModelState): void => {
    factors.users.set(state['users']);
    factors.items.set(state['items']);
  };
  const model: TrainableModel = {
    examplesPerEpoch: interactions,
    async trainEpoch(_epoch, tick) {
      await solveSide(factors.users, factors.items, k, byUser, userLambda, weight, (rows) => tick(rows / 2));
      const half = (rows: number): Promise<void> => tick((interactions + rows) / 2);
      const loss = await solveSide(factors.items, factors.users, k, byItem, itemLambda, weight, half);
      return { loss: loss / Math.max(1, interactions) };
    },
    scorer: () => ialsScorer({ weights: factors, parameters }),
    state: () => ({ users: factors.users.slice(), items: factors.items.slice() }),
    weights: () => ({ users: factors.users.slice(), items: factors.items.slice() }),
    restore,
    restoreWeights: restore,
    dispose: () => {},
  };
  return Promise.resolve(model);
}

/**
 * Sets every row of `table` [rows, k] to the solution of its normal equations against `other`. Returns
 * Σ_seen (1 − ŷ)² + α₀ Σ_all ŷ².
 */
async function solveSide(
  table: Float32Array,
  other: Float32Array,
  k: number,
  matrix: SparseRows,
  lambda: Float32Array,
  weight: number,
  tick: (interactionsDone: number) => Promise<void>,
): Promise<number> {
  const background = gramOf(other, k, weight);
  let loss = 0;
  let worked = performance.now();
  for (let r = 0; r < matrix.rows; r++) {
    const seen = matrix.index.subarray(matrix.start[r], matrix.start[r + 1]);
    const { left, right } = normalEquations(background, other, k, seen);
    const unregularized = left.slice();
    for (let c = 0; c < k; c++) left[c * k + c] += lambda[r];
    const x = seen.length === 0 ? new Float64Array(k) : solveSymmetric(left, right);
    table.set(x, r * k);
    loss += seen.length;
    for (let a = 0; a < k; a++) {
      loss -= 2 * right[a] * x[a];
      for (let b = 0; b < k; b++) loss += x[a] * unregularized[a * k + b] * x[b];
    }
    if (performance.now() - worked > 40) {
      await tick(matrix.start[r + 1]);
      worked = performance.now();
    }
  }
  return loss;
}

/** [k, k] weight · tableᵀ·table */
function gramOf(table: Float32Array, k: number, weight: number): Float64Array {
  const gram = new Float64Array(k * k);
  for (let at = 0; at < table.length; at += k)
    for (let a = 0; a < k; a++)
      for (let b = 0; b < k; b++) gram[a * k + b] += weight * table[at + a] * table[at + b];
  return gram;
}

/** left [k, k] = α₀G + Σ y·yᵀ, right [k] = Σ y over the row's seen ones. */
function normalEquations(
  background: Float64Array,
  other: Float32Array,
  k: number,
  seen: Uint32Array,
): { left: Float64Array; right: Float64Array } {
  const left = background.slice();
  const right = new Float64Array(k);
  for (const one of seen) {
    const y = other.subarray(one * k, (one + 1) * k);
    for (let a = 0; a < k; a++) {
      right[a] += y[a];
      for (let b = 0; b < k; b++) left[a * k + b] += y[a] * y[b];
    }
  }
  return { left, right };
}
