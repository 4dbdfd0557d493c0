// Dense matrix products on f32 in registers: tiles of 4 rows × 8 columns (8 accumulators).
import { fma4 } from './math';

/**
 * C (+)= A·B. A is [m, k] with any two strides (aRow, aColumn: so Xᵀ·dY needs no transposed copy); B is [k, n] and C
 * [m, n], rows contiguous. All strides in bytes; n a multiple of 4. `accumulate` adds to C, otherwise C is overwritten.
 */
export function gemm(
  a: usize, aRow: usize, aColumn: usize,
  b: usize, bRow: usize,
  c: usize, cRow: usize,
  m: i32, n: i32, k: i32,
  accumulate: bool,
): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const ai = a + <usize>i * aRow;
    const ci = c + <usize>i * cRow;
    let j = 0;
    for (; j + 8 <= n; j += 8) tile4x8(ai, aRow, aColumn, b + (j << 2), bRow, ci + (j << 2), cRow, k, accumulate);
    if (j < n) tile4x4(ai, aRow, aColumn, b + (j << 2), bRow, ci + (j << 2), cRow, k, accumulate);
  }
  for (; i < m; i++) {
    const ai = a + <usize>i * aRow;
    const ci = c + <usize>i * cRow;
    for (let j = 0; j < n; j += 4) tile1x4(ai, aColumn, b + (j << 2), bRow, ci + (j << 2), k, accumulate);
  }
}

/** One 4 × 8 tile of C (+)= A·B. */
// @ts-ignore: decorator
@inline
export function tile4x8(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, k: i32, accumulate: bool,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const a1 = aRow, a2 = aRow * 2, a3 = aRow * 3;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = fma4(x, b0, c00);
    c01 = fma4(x, b1, c01);
    x = v128.load32_splat(a + a1);
    c10 = fma4(x, b0, c10);
    c11 = fma4(x, b1, c11);
    x = v128.load32_splat(a + a2);
    c20 = fma4(x, b0, c20);
    c21 = fma4(x, b1, c21);
    x = v128.load32_splat(a + a3);
    c30 = fma4(x, b0, c30);
    c31 = fma4(x, b1, c31);
    a += aColumn;
    b += bRow;
  }
  put(c, c00, accumulate);
  put(c + 16, c01, accumulate);
  c += cRow;
  put(c, c10, accumulate);
  put(c + 16, c11, accumulate);
  c += cRow;
  put(c, c20, accumulate);
  put(c + 16, c21, accumulate);
  c += cRow;
  put(c, c30, accumulate);
  put(c + 16, c31, accumulate);
}

// @ts-ignore: decorator
@inline
function tile4x4(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, k: i32, accumulate: bool,
): void {
  let c0 = f32x4.splat(0), c1 = c0, c2 = c0, c3 = c0;
  for (let p = 0; p < k; p++) {
    const b0 = v128.load(b);
    c0 = fma4(v128.load32_splat(a), b0, c0);
    c1 = fma4(v128.load32_splat(a + aRow), b0, c1);
    c2 = fma4(v128.load32_splat(a + aRow * 2), b0, c2);
    c3 = fma4(v128.load32_splat(a + aRow * 3), b0, c3);
    a += aColumn;
    b += bRow;
  }
  put(c, c0, accumulate);
  put(c + cRow, c1, accumulate);
  put(c + cRow * 2, c2, accumulate);
  put(c + cRow * 3, c3, accumulate);
}

// @ts-ignore: decorator
@inline
function tile1x4(a: usize, aColumn: usize, b: usize, bRow: usize, c: usize, k: i32, accumulate: bool): void {
  let c0 = f32x4.splat(0);
  for (let p = 0; p < k; p++) {
    c0 = fma4(v128.load32_splat(a), v128.load(b), c0);
    a += aColumn;
    b += bRow;
  }
  put(c, c0, accumulate);
}

// @ts-ignore: decorator
@inline
function put(c: usize, value: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), value) : value);
}

/** Bᵀ [n, m] from B [m, n], rows contiguous with the strides given (bytes). */
export function transpose(b: usize, bRow: usize, m: i32, n: i32, out: usize, outRow: usize): void {
  for (let i = 0; i < m; i++) {
    const row = b + <usize>i * bRow;
    let to = out + (i << 2);
    for (let j = 0; j < n; j++) {
      store<f32>(to, load<f32>(row + (j << 2)));
      to += outRow;
    }
  }
}
