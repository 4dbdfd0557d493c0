import { addSquare, dotAt, invertSymmetric } from './linear-algebra.ts';

export interface Ridge {
  /** [k] */
  readonly weights: Float64Array;
  /**
   * [n] What each row adds to the prediction x·w: how much less it would be, were the row not there (exact, by the
   * leave-one-out formula of ridge regression).
   */
  influence(x: Float64Array): Float64Array;
  /** [k] the weights without a row. */
  without(row: number): Float64Array;
}

/**
 * Weights w that minimise ½ Σ (y − x·w)² + λ/2 ‖w‖², λ > 0: by the kernel of the rows where they are fewer than the
 * features (n³), else by the features (k³).
 * @param rows [n, k]
 */
export function ridge(
  rows: Float64Array,
  n: number,
  k: number,
  targets: Float64Array,
  lambda: number,
): Ridge {
  return n <= k ? byRows(rows, n, k, targets, lambda) : byFeatures(rows, n, k, targets, lambda);
}

function byRows(rows: Float64Array, n: number, k: number, targets: Float64Array, lambda: number): Ridge {
  const kernel = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++)
      kernel[a * n + b] = dotAt(rows, a * k, rows.subarray(b * k, (b + 1) * k), k) + (a === b ? lambda : 0);
  const inverse = invertSymmetric(kernel, n);
  const alpha = Float64Array.from({ length: n }, (_, a) => dotAt(inverse, a * n, targets, n));
  const weights = new Float64Array(k);
  const addRow = (out: Float64Array, row: number, factor: number): void => {
    for (let c = 0; c < k; c++) out[c] += factor * rows[row * k + c];
  };
  for (let a = 0; a < n; a++) addRow(weights, a, alpha[a]);
  return {
    weights,
    influence(x) {
      const likeness = Float64Array.from({ length: n }, (_, a) => dotAt(rows, a * k, x, k));
      return Float64Array.from(
        { length: n },
        (_, a) => (alpha[a] / inverse[a * n + a]) * dotAt(inverse, a * n, likeness, n),
      );
    },
    without(row) {
      const less = weights.slice();
      const factor = alpha[row] / inverse[row * n + row];
      for (let a = 0; a < n; a++) addRow(less, a, -factor * inverse[row * n + a]);
      return less;
    },
  };
}

function byFeatures(rows: Float64Array, n: number, k: number, targets: Float64Array, lambda: number): Ridge {
  const matrix = new Float64Array(k * k);
  const right = new Float64Array(k);
  for (let a = 0; a < n; a++) {
    addSquare(matrix, k, rows, a * k, 1);
    for (let c = 0; c < k; c++) right[c] += targets[a] * rows[a * k + c];
  }
  for (let c = 0; c < k; c++) matrix[c * k + c] += lambda;
  const inverse = invertSymmetric(matrix, k);
  const product = (x: Float64Array): Float64Array =>
    Float64Array.from({ length: k }, (_, c) => dotAt(inverse, c * k, x, k));
  const weights = product(right);
  /** How the weights move when a row goes: A⁻¹x, and its residual against what its own pull leaves of it. */
  const pull = (a: number): { direction: Float64Array; size: number } => {
    const direction = product(rows.subarray(a * k, (a + 1) * k));
    const residual = targets[a] - dotAt(rows, a * k, weights, k);
    return { direction, size: residual / (1 - dotAt(rows, a * k, direction, k)) };
  };
  return {
    weights,
    influence: (x) =>
      Float64Array.from({ length: n }, (_, a) => {
        const { direction, size } = pull(a);
        return size * dotAt(direction, 0, x, k);
      }),
    without(row) {
      const { direction, size } = pull(row);
      return weights.map((w, c) => w - size * direction[c]);
    },
  };
}
