// Blocks of 64 × 64 and panels of 64 × 8 of EASE-R's matrix: inverse, packing and products.
import { fma4 } from '../../../kernels/assembly/math';

/** Items of a block. */
// @ts-ignore: decorator
@inline
export const B: usize = 64;
/** Bytes of a packed panel: 64 rows by 8 columns. */
// @ts-ignore: decorator
@inline
export const PANEL: usize = 2048;

/** Bytes of work space of a block's inverse: f64 [64, 64], then f32 [64, 64]. */
export const INVERSE: usize = 49152;

/** Gauss–Jordan inverse of the symmetric diagonal block (its lower triangle is read), f64, then rounded to f32. */
export function invertBlock(block: usize, stride: usize, work: usize, out: usize): void {
  for (let i: usize = 0; i < B; i++) {
    for (let j: usize = 0; j < B; j++) {
      const cell = i < j ? block + stride * j + (i << 2) : block + stride * i + (j << 2);
      store<f64>(work + ((i * B + j) << 3), <f64>load<f32>(cell));
    }
  }
  for (let p: usize = 0; p < B; p++) {
    const pivotRow = work + ((p * B) << 3);
    const pivot = 1 / load<f64>(pivotRow + (p << 3));
    store<f64>(pivotRow + (p << 3), 1);
    const scale = f64x2.splat(pivot);
    for (let j: usize = 0; j < B * 8; j += 16) v128.store(pivotRow + j, f64x2.mul(v128.load(pivotRow + j), scale));
    for (let i: usize = 0; i < B; i++) {
      if (i == p) continue;
      const row = work + ((i * B) << 3);
      const factor = f64x2.splat(load<f64>(row + (p << 3)));
      store<f64>(row + (p << 3), 0);
      for (let j: usize = 0; j < B * 8; j += 16) {
        v128.store(row + j, f64x2.sub(v128.load(row + j), f64x2.mul(factor, v128.load(pivotRow + j))));
      }
    }
  }
  for (let i: usize = 0; i < B * B; i++) store<f32>(out + (i << 2), <f32>load<f64>(work + (i << 3)));
}

/** Eight rows of 64 as a panel [64, 8]. */
export function packRows(from: usize, stride: usize, to: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    for (let d: usize = 0; d < B; d++) store<f32>(to + (d << 5) + (i << 2), load<f32>(from + stride * i + (d << 2)));
  }
}

/** Eight columns of 64 rows as a panel [64, 8]. */
export function packColumns(from: usize, stride: usize, to: usize): void {
  for (let d: usize = 0; d < B; d++) {
    v128.store(to + (d << 5), v128.load(from + stride * d));
    v128.store(to + (d << 5), v128.load(from + stride * d, 16), 16);
  }
}

/** Writes eight panels back as 64 rows of 64: the reverse of packColumns. */
export function unpackColumns(panels: usize, block: usize, stride: usize): void {
  for (let d: usize = 0; d < B; d++) {
    for (let p: usize = 0; p < 8; p++) {
      v128.store(block + stride * d + (p << 5), v128.load(panels + PANEL * p + (d << 5)));
      v128.store(block + stride * d + (p << 5), v128.load(panels + PANEL * p + (d << 5), 16), 16);
    }
  }
}

/** Writes eight panels back transposed: the reverse of packRows. */
export function unpackRows(panels: usize, block: usize, stride: usize): void {
  for (let i: usize = 0; i < B; i++) {
    const column = panels + PANEL * (i >> 3) + ((i & 7) << 2);
    for (let d: usize = 0; d < B; d++) store<f32>(block + stride * i + (d << 2), load<f32>(column + (d << 5)));
  }
}

/** block = −D */
export function negated(d: usize, block: usize, stride: usize): void {
  for (let i: usize = 0; i < B; i++) {
    for (let j: usize = 0; j < B * 4; j += 16) v128.store(block + stride * i + j, f32x4.neg(v128.load(d + i * B * 4 + j)));
  }
}

/** to [64, 8] = D·panel */
export function sweepPanel(d: usize, panel: usize, to: usize): void {
  for (let i: usize = 0; i < B; i += 4) {
    const row = d + i * B * 4;
    let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
    for (let p: usize = 0; p < B; p++) {
      const b0 = v128.load(panel + (p << 5)), b1 = v128.load(panel + (p << 5), 16);
      let a = v128.load32_splat(row + (p << 2));
      c00 = fma4(a, b0, c00);
      c01 = fma4(a, b1, c01);
      a = v128.load32_splat(row + (p << 2), B * 4);
      c10 = fma4(a, b0, c10);
      c11 = fma4(a, b1, c11);
      a = v128.load32_splat(row + (p << 2), B * 8);
      c20 = fma4(a, b0, c20);
      c21 = fma4(a, b1, c21);
      a = v128.load32_splat(row + (p << 2), B * 12);
      c30 = fma4(a, b0, c30);
      c31 = fma4(a, b1, c31);
    }
    const out = to + (i << 5);
    v128.store(out, c00);
    v128.store(out, c01, 16);
    v128.store(out, c10, 32);
    v128.store(out, c11, 48);
    v128.store(out, c20, 64);
    v128.store(out, c21, 80);
    v128.store(out, c30, 96);
    v128.store(out, c31, 112);
  }
}

/** block [64, 64] −= columnᵀ·swept, both eight packed panels. */
export function updateBlock(block: usize, stride: usize, column: usize, swept: usize): void {
  for (let q: usize = 0; q < 8; q++) {
    const b = swept + PANEL * q;
    for (let i: usize = 0; i < B; i += 4) {
      const a = column + PANEL * (i >> 3) + ((i & 4) << 2);
      let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
      for (let p: usize = 0; p < PANEL; p += 32) {
        const b0 = v128.load(b + p), b1 = v128.load(b + p, 16);
        let x = v128.load32_splat(a + p);
        c00 = fma4(x, b0, c00);
        c01 = fma4(x, b1, c01);
        x = v128.load32_splat(a + p, 4);
        c10 = fma4(x, b0, c10);
        c11 = fma4(x, b1, c11);
        x = v128.load32_splat(a + p, 8);
        c20 = fma4(x, b0, c20);
        c21 = fma4(x, b1, c21);
        x = v128.load32_splat(a + p, 12);
        c30 = fma4(x, b0, c30);
        c31 = fma4(x, b1, c31);
      }
      let c = block + stride * i + (q << 5);
      subtract(c, c00, c01);
      c += stride;
      subtract(c, c10, c11);
      c += stride;
      subtract(c, c20, c21);
      c += stride;
      subtract(c, c30, c31);
    }
  }
}

// @ts-ignore: decorator
@inline
function subtract(at: usize, low: v128, high: v128): void {
  v128.store(at, f32x4.sub(v128.load(at), low));
  v128.store(at, f32x4.sub(v128.load(at, 16), high), 16);
}
