import { addSquare } from './linear-algebra.ts';

/** Beyond it a difference of scores is as good as endless: e to it squared is still a finite number. */
const FURTHEST = 300;

/**
 * The mean over pairs of a wanted and an unwanted item of τ·log(1 + exp((margin − x)/τ)), x the difference of their
 * scores: BPR's loss with margin 0 and τ 1 (Rendle et al. 2009, eq. 4), the hinge loss as τ goes to 0.
 */
export interface Pairs {
  readonly loss: number;
  /** [n] and [m] by how much the loss falls with the score of a wanted item, and rises with that of an unwanted one. */
  readonly push: Float64Array;
  readonly pull: Float64Array;
  /**
   * Adds the second derivative by p, where a score is a constant + x·p, to the lower triangle of a matrix [k, k].
   * @param wanted [n, k] the x of the wanted, `unwanted` [m, k] of the others
   */
  addCurvature(matrix: Float64Array, k: number, wanted: Float64Array, unwanted: Float64Array): void;
}

export function pairwise(wanted: Float64Array, unwanted: Float64Array, margin = 0, tau = 1): Pairs {
  const [n, m] = [wanted.length, unwanted.length];
  const middle = (Math.max(...unwanted) + Math.min(...unwanted)) / 2;
  const power = (x: number): number => Math.exp(Math.max(-FURTHEST, Math.min(FURTHEST, x / tau)));
  // The exponential of a difference is a product: one an item instead of one a pair.
  const ups = wanted.map((score) => power(middle - score + margin));
  const downs = unwanted.map((score) => power(score - middle));
  const push = new Float64Array(n);
  const pull = new Float64Array(m);
  const weight = 1 / (n * m);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    let product = 1;
    for (let j = 0; j < m; j++) {
      const odds = ups[i] * downs[j];
      const slope = odds / (1 + odds);
      sum += slope;
      pull[j] += slope * weight;
      product *= 1 + odds;
      if (product > 1e30) {
        loss += Math.log(product);
        product = 1;
      }
    }
    loss += Math.log(product);
    push[i] = sum * weight;
  }
  return {
    loss: loss * tau * weight,
    push,
    pull,
    addCurvature(matrix, k, of, against) {
      const falls = new Float64Array(m);
      const mixed = new Float64Array(k);
      for (let i = 0; i < n; i++) {
        let rise = 0;
        mixed.fill(0);
        for (let j = 0; j < m; j++) {
          const odds = ups[i] * downs[j];
          const bend = ((odds / (1 + odds)) * weight) / (1 + odds) / tau;
          rise += bend;
          falls[j] += bend;
          for (let c = 0; c < k; c++) mixed[c] += bend * against[j * k + c];
        }
        addSquare(matrix, k, of, i * k, rise);
        for (let a = 0; a < k; a++)
          for (let b = 0; b <= a; b++)
            matrix[a * k + b] -= of[i * k + a] * mixed[b] + mixed[a] * of[i * k + b];
      }
      for (let j = 0; j < m; j++) addSquare(matrix, k, against, j * k, falls[j]);
    },
  };
}
