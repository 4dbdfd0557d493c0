import type { HistoryScorer, SavedModel } from '../../model/model.ts';
import { addSquare, dotAt, solverOf } from '../../numeric/linear-algebra.ts';
import { scoresOfRow } from '../../model/left-out.ts';
import { rowRegularization } from './weights.ts';

/**
 * A history's row is the solution of its normal equations against the items, A p = Σ_j q_j with
 * A = α₀QᵀQ + Σ_j q_j q_jᵀ + λ_u I, so score(i) = Σ_j q_iᵀ A⁻¹ q_j: the item j of the history adds q_iᵀ A⁻¹ q_j
 * (Hu, Koren & Volinsky 2008, §5, with every confidence 1). The items are those after the last epoch, which moved them
 * after the users, so the stored row of a user is another than the solution of their own history. The difference is added
 * to every row of that user, and is the base of their reasons: an unchanged history has the stored scores.
 */
export function ialsHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const { users, items } = weights as Record<string, Float32Array>;
  const k = Number(parameters['embeddingSize']);
  const background = new Float64Array(k * k);
  const weight = Number(parameters['unobservedWeight']);
  for (let i = 0; i < train.itemCount; i++) addSquare(background, k, items, i * k, weight);

  /** A⁻¹ of a history, times a vector [k]. */
  const inverseOf = (seen: Uint32Array): ((right: Float64Array) => Float64Array) => {
    const matrix = background.slice();
    for (const item of seen) addSquare(matrix, k, items, item * k, 1);
    const [lambda] = rowRegularization(Uint32Array.of(0, seen.length), train.itemCount, parameters);
    for (let c = 0; c < k; c++) matrix[c * k + c] += lambda;
    return solverOf(matrix, k);
  };
  const solutionOf = (seen: Uint32Array): Float64Array => {
    const sum = new Float64Array(k);
    if (seen.length === 0) return sum;
    for (const item of seen) for (let c = 0; c < k; c++) sum[c] += items[item * k + c];
    return inverseOf(seen)(sum);
  };
  /** [k] the stored row of a user without the solution of their own history; the last one asked for is kept. */
  let last: { readonly user: number; readonly rest: Float64Array } | null = null;
  const restOf = (user: number | null): Float64Array => {
    if (user === null) return new Float64Array(k);
    if (last?.user !== user) {
      const own = new Set(train.item.subarray(train.start[user], train.start[user + 1]));
      const rest = solutionOf(Uint32Array.from(own)).map((value, c) => users[user * k + c] - value);
      last = { user, rest };
    }
    return last.rest;
  };
  return {
    method: 'exact',
    how: 'The person’s factors are solved from the history in closed form, so each item of it adds its own part (Hu, Koren & Volinsky 2008, section 5); what the last pass of training left unsolved is the rest of the score.',
    score({ items: seen }, user) {
      if (seen.length === 0) return new Float32Array(train.itemCount);
      const rest = restOf(user);
      const row = solutionOf(seen).map((value, c) => value + rest[c]);
      return scoresOfRow(items, row, k, null);
    },
    contributions({ items: seen }, item, user) {
      if (seen.length === 0) return { base: 0, parts: new Float64Array(0) };
      const row = inverseOf(seen)(Float64Array.from(items.subarray(item * k, (item + 1) * k)));
      return {
        base: dotAt(items, item * k, restOf(user), k),
        parts: Float64Array.from(seen, (other) => dotAt(items, other * k, row, k)),
      };
    },
  };
}
