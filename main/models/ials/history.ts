import type { HistoryScorer, SavedModel } from '../../model/model.ts';
import { addSquare, dotAt, solverOf } from '../../numeric/linear-algebra.ts';
import { scoresOfRow } from '../../model/left-out.ts';
import { rowRegularization } from './weights.ts';

/** The sums of a history, without the regularization, which hangs on its length. */
interface Equations {
  readonly seen: Uint32Array;
  /** [k, k] α₀QᵀQ + Σ_j q_j q_jᵀ, lower triangle. */
  readonly matrix: Float64Array;
  /** [k] Σ_j q_j. */
  readonly sum: Float64Array;
}

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

  /** The equations of a history; those of the last one are kept, for questions about it come in series. */
  let known: Equations | null = null;
  const equationsOf = (seen: Uint32Array): Equations => {
    if (known?.seen === seen) return known;
    const matrix = background.slice();
    const sum = new Float64Array(k);
    for (const item of seen) {
      addSquare(matrix, k, items, item * k, 1);
      for (let c = 0; c < k; c++) sum[c] += items[item * k + c];
    }
    return (known = { seen, matrix, sum });
  };
  /** A⁻¹ of a history of so many items, times a vector [k]. */
  const solverFor = (squares: Float64Array, count: number): ((right: Float64Array) => Float64Array) => {
    const matrix = squares.slice();
    const [lambda] = rowRegularization(Uint32Array.of(0, count), train.itemCount, parameters);
    for (let c = 0; c < k; c++) matrix[c * k + c] += lambda;
    return solverOf(matrix, k);
  };
  const solutionOf = (seen: Uint32Array): Float64Array => {
    const { matrix, sum } = equationsOf(seen);
    return seen.length === 0 ? sum : solverFor(matrix, seen.length)(sum);
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
  const scoresOf = (solution: Float64Array, user: number | null): Float32Array => {
    const rest = restOf(user);
    return scoresOfRow(
      items,
      solution.map((value, c) => value + rest[c]),
      k,
      null,
    );
  };
  return {
    method: 'exact',
    how: 'The person’s factors are solved from the history in closed form, so each item of it adds its own part (Hu, Koren & Volinsky 2008, section 5); what the last pass of training left unsolved is the rest of the score.',
    score: ({ items: seen }, user) =>
      seen.length === 0 ? new Float32Array(train.itemCount) : scoresOf(solutionOf(seen), user),
    scoreWithout({ items: seen }, place, user) {
      if (seen.length === 1) return new Float32Array(train.itemCount);
      const { matrix, sum } = equationsOf(seen);
      const at = seen[place] * k;
      const less = matrix.slice();
      addSquare(less, k, items, at, -1);
      const right = sum.map((value, c) => value - items[at + c]);
      return scoresOf(solverFor(less, seen.length - 1)(right), user);
    },
    contributions({ items: seen }, item, user) {
      if (seen.length === 0) return { base: 0, parts: new Float64Array(0) };
      const solve = solverFor(equationsOf(seen).matrix, seen.length);
      const row = solve(Float64Array.from(items.subarray(item * k, (item + 1) * k)));
      return {
        base: dotAt(items, item * k, restOf(user), k),
        parts: Float64Array.from(seen, (other) => dotAt(items, other * k, row, k)),
      };
    },
  };
}
