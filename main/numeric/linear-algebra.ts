/**
 * Cholesky factor L (lower triangle, row-major [n, n], in place of the lower triangle of a) of a symmetric positive
 * definite matrix. Throws RangeError where it is not positive definite.
 */
function choleskyInPlace(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j];
      for (let p = 0; p < j; p++) sum -= a[i * n + p] * a[j * n + p];
      if (i === j && !(sum > 0))
        throw new RangeError('The matrix is not positive definite: raise the regularization.');
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
}

/** L·Lᵀ x = right, in place of x = right. @param upper Lᵀ, so that both ways read along rows */
function substitute(l: Float64Array, upper: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < i; p++) x[i] -= l[i * n + p] * x[p];
    x[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let p = i + 1; p < n; p++) x[i] -= upper[i * n + p] * x[p];
    x[i] /= upper[i * n + i];
  }
}

/**
 * Solves matrix · x = right for one right side after the other: the matrix [n, n], symmetric positive definite, of which
 * the lower triangle is read, is factorized once.
 */
export function solverOf(matrix: Float64Array, n: number): (right: Float64Array) => Float64Array {
  const factor = matrix.slice();
  choleskyInPlace(factor, n);
  const upper = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let p = 0; p <= i; p++) upper[p * n + i] = factor[i * n + p];
  return (right) => {
    const x = right.slice();
    substitute(factor, upper, n, x);
    return x;
  };
}

/** x of matrix · x = right, for a symmetric positive definite matrix [n, n], of which the lower triangle is read. */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  return solverOf(matrix, right.length)(right);
}

/** The inverse of a symmetric positive definite matrix [n, n]. */
export function invertSymmetric(matrix: Float64Array, n: number): Float64Array {
  const solve = solverOf(matrix, n);
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    column.fill(0);
    column[c] = 1;
    inverse.set(solve(column), c * n);
  }
  return inverse;
}

/** Adds weight · x xᵀ to the lower triangle of a matrix [n, n]. */
export function addSquare(
  matrix: Float64Array,
  n: number,
  x: ArrayLike<number>,
  at: number,
  weight: number,
): void {
  for (let a = 0; a < n; a++) {
    const scaled = weight * x[at + a];
    for (let b = 0; b <= a; b++) matrix[a * n + b] += scaled * x[at + b];
  }
}

/** Σ_c a[at + c] · b[c] over n. */
export function dotAt(a: ArrayLike<number>, at: number, b: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (let c = 0; c < n; c++) sum += a[at + c] * b[c];
  return sum;
}
