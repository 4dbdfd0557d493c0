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
        throw new RangeError('The matrix is not positive definite: raise the regularisation.');
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
}

/** L·Lᵀ x = right, in place of x = right. */
function substitute(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < i; p++) x[i] -= l[i * n + p] * x[p];
    x[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let p = i + 1; p < n; p++) x[i] -= l[p * n + i] * x[p];
    x[i] /= l[i * n + i];
  }
}

/** x of matrix · x = right, for a symmetric positive definite matrix [n, n], of which the lower triangle is read. */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  const factor = matrix.slice();
  const x = right.slice();
  choleskyInPlace(factor, x.length);
  substitute(factor, x.length, x);
  return x;
}

/** The inverse of a symmetric positive definite matrix [n, n]. */
export function invertSymmetric(matrix: Float64Array, n: number): Float64Array {
  const factor = matrix.slice();
  choleskyInPlace(factor, n);
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    column.fill(0);
    column[c] = 1;
    substitute(factor, n, column);
    inverse.set(column, c * n);
  }
  return inverse;
}
