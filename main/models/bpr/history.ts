import { scoresOfRow, strongest, without } from '../../model/left-out.ts';
import type { History, HistoryScorer, SavedModel } from '../../model/model.ts';
import { dotAt, solverOf } from '../../numeric/linear-algebra.ts';
import { sampleOf } from '../../numeric/fixed-sample.ts';
import { pairwise, type Pairs } from '../../numeric/pairwise.ts';
import { rowDecay } from '../factors/row-decay.ts';

/** Unseen items that every item of the history is compared with: the same ones each time. */
const NEGATIVES = 256;
/** The hinge's corner is rounded over this share of its margin, so that it has a second derivative. */
const ROUNDED = 0.1;
/** The norm of the gradient, against that of the row, at which the minimum counts as reached, from wherever one came. */
const TOLERANCE = 1e-12;
const MOST_STEPS = 100;
/** Of the squared norm of the gradient: where more of it is left after a step, the next takes a curvature of its own. */
const POOR = 1 / 16;

/** A history's pairs: what the row is learned from. */
interface Problem {
  readonly decay: number;
  /** [n, k], [n] factors and biases of the items of the history, and [m, k], [m] of the unseen ones. */
  readonly wanted: Float64Array;
  readonly wantedBias: Float64Array;
  readonly unwanted: Float64Array;
  readonly unwantedBias: Float64Array;
}

interface At {
  readonly pairs: Pairs;
  readonly loss: number;
  readonly gradient: Float64Array;
}

/**
 * Folds a history in: the user's factors that minimise the model's own loss over pairs of an item of the history and an
 * unseen one, and the decay of the row, with the items as they are, by Newton's method. The unseen ones are a fixed
 * sample, so the same history has the same scores.
 */
export function bprHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const { users, items, itemBias } = weights as Record<string, Float32Array>;
  const k = Number(parameters['embeddingSize']);
  const hinge = parameters['loss'] === 'hinge';
  const margin = hinge ? Number(parameters['margin']) : 0;
  const tau = hinge ? ROUNDED * margin : 1;
  const sample = sampleOf(train.itemCount, NEGATIVES);

  const rowsOf = (of: readonly number[]): Float64Array => {
    const rows = new Float64Array(of.length * k);
    of.forEach((item, n) => rows.set(items.subarray(item * k, (item + 1) * k), n * k));
    return rows;
  };
  const problemOf = ({ items: seen }: History): Problem | null => {
    const has = new Set(seen);
    const unseen = sample.filter((item) => !has.has(item));
    if (seen.length === 0 || unseen.length === 0) return null;
    const copies = Number(parameters['negatives']);
    return {
      decay: rowDecay(parameters, seen.length * copies, train.item.length * copies),
      wanted: rowsOf([...seen]),
      wantedBias: Float64Array.from(seen, (item) => itemBias[item]),
      unwanted: rowsOf(unseen),
      unwantedBias: Float64Array.from(unseen, (item) => itemBias[item]),
    };
  };
  const at = (problem: Problem, row: Float64Array): At => {
    const { decay, wanted, unwanted } = problem;
    const score = (table: Float64Array, bias: Float64Array): Float64Array =>
      bias.map((b, n) => b + dotAt(table, n * k, row, k));
    const pairs = pairwise(
      score(wanted, problem.wantedBias),
      score(unwanted, problem.unwantedBias),
      margin,
      tau,
    );
    const gradient = row.map((x) => decay * x);
    pairs.push.forEach((push, n) => {
      for (let c = 0; c < k; c++) gradient[c] -= push * wanted[n * k + c];
    });
    pairs.pull.forEach((pull, n) => {
      for (let c = 0; c < k; c++) gradient[c] += pull * unwanted[n * k + c];
    });
    return { pairs, loss: pairs.loss + (decay / 2) * dotAt(row, 0, row, k), gradient };
  };
  const curvature = ({ decay, wanted, unwanted }: Problem, { pairs }: At): Float64Array => {
    const matrix = new Float64Array(k * k);
    pairs.addCurvature(matrix, k, wanted, unwanted);
    for (let c = 0; c < k; c++) matrix[c * k + c] += Math.max(decay, 1e-9);
    return matrix;
  };
  const isThere = ({ gradient }: At, row: Float64Array): boolean =>
    dotAt(gradient, 0, gradient, k) <= TOLERANCE ** 2 * Math.max(1, dotAt(row, 0, row, k));

  /** The minimum from a first row; `solve`: of a curvature nearby, for as long as it gets on with it. */
  const minimum = (
    problem: Problem,
    first: Float64Array,
    nearby: ((right: Float64Array) => Float64Array) | null = null,
  ): Float64Array => {
    let row = first;
    let now = at(problem, row);
    let solve = nearby;
    for (let step = 0; step < MOST_STEPS && !isThere(now, row); step++) {
      const steepness = dotAt(now.gradient, 0, now.gradient, k);
      const isFresh = solve === null;
      solve ??= solverOf(curvature(problem, now), k);
      const direction = solve(now.gradient);
      let [next, then] = [row, now];
      for (let length = 1; length > 1e-4; length /= 2) {
        next = row.map((x, c) => x - length * direction[c]);
        then = at(problem, next);
        if (then.loss <= now.loss - 1e-4 * length * dotAt(direction, 0, now.gradient, k)) break;
        // So near to the minimum the loss no longer tells rows apart.
        if (dotAt(then.gradient, 0, then.gradient, k) < steepness / 4) break;
      }
      const gained = dotAt(then.gradient, 0, then.gradient, k);
      if (isFresh && gained >= steepness && then.loss >= now.loss) break;
      // A curvature costs as much as many steps: it is kept for as long as each step ends near enough.
      if (gained > steepness * POOR) solve = null;
      [row, now] = [next, then];
    }
    return row;
  };
  const startOf = (user: number | null): Float64Array =>
    user === null ? new Float64Array(k) : Float64Array.from(users.subarray(user * k, (user + 1) * k));
  /** The row of the last history is kept, for questions about it come in series. */
  let last: { readonly history: History; readonly user: number | null; readonly row: Float64Array } | null =
    null;
  const rowOf = (history: History, user: number | null): Float64Array => {
    if (last?.history === history && last.user === user) return last.row;
    const problem = problemOf(history);
    const row = problem ? minimum(problem, startOf(user)) : new Float64Array(k);
    last = { history, user, row };
    return row;
  };
  const scoresOf = (row: Float64Array): Float32Array => scoresOfRow(items, row, k, itemBias);
  return {
    method: 'fold-in',
    how: `The person’s factors are learned again from the history, against ${NEGATIVES} unseen items that stay the same, with the items as they are.`,
    score: (history, user) => scoresOf(rowOf(history, user)),
    leftOut(history, user, item, most) {
      const problem = problemOf(history);
      if (!problem) return [];
      const whole = rowOf(history, user);
      const there = at(problem, whole);
      const solve = solverOf(curvature(problem, there), k);
      const target = Float64Array.from(items.subarray(item * k, (item + 1) * k));
      const towards = solve(target);
      // By how much an item of the history pulls the row towards the target, all others as they are.
      const weight = there.pairs.push.map((push, n) => push * dotAt(problem.wanted, n * k, towards, k));
      return strongest(weight, most).map((place) => {
        const left = problemOf(without(history, place));
        const row = left ? minimum(left, whole, solve) : new Float64Array(k);
        const score = itemBias[item] + dotAt(target, 0, row, k);
        return { place, score, scores: () => scoresOf(row) };
      });
    },
  };
}
