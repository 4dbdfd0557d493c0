// EASE-R (Steck 2019): the inverse of G + λI for the item Gram matrix G, by the symmetric sweep operator (Goodnight 1979)
// in blocks of 64. Sweeping block k of a symmetric A, with D = A_kk⁻¹:
//   A_ij ← A_ij − A_ik·D·A_kj,  A_ik ← A_ik·D,  A_kk ← −D;
// after all blocks A = −(G + λI)⁻¹. Only the lower triangle of blocks is kept. A block is one thread's work.
import { barrier } from './barrier';
import { fma4 } from './math';

/** Items of a block. */
const BLOCK: i32 = 64;
const B: usize = 64;
/** Bytes of a packed panel: 64 rows by 8 columns. */
const PANEL: usize = 2048;

/**
 * Lower triangle of G + λI for rows `first` … `last` − 1 into `matrix` [size, size], which is zero. `size` is a
 * multiple of 64; rows past `items` get a 1 on the diagonal. Items and users in CSR, ascending.
 */
export function easeGram(
  thread: i32, threads: i32, matrix: usize, size: i32, items: i32, itemStart: usize, itemUsers: usize,
  userStart: usize, userItems: usize, lambda: f32, first: i32, last: i32,
): void {
  const stride = <usize>size << 2;
  for (let i = first + thread; i < last; i += threads) {
    const row = matrix + stride * i;
    if (i >= items) {
      store<f32>(row + (<usize>i << 2), 1);
      continue;
    }
    const end = load<u32>(itemStart + (<usize>i << 2), 4);
    for (let n = load<u32>(itemStart + (<usize>i << 2)); n < end; n++) {
      const user = userStart + (<usize>load<u32>(itemUsers + (<usize>n << 2)) << 2);
      let at = userItems + (<usize>load<u32>(user) << 2);
      for (;;) {
        const j = load<u32>(at);
        const cell = row + (<usize>j << 2);
        store<f32>(cell, load<f32>(cell) + 1);
        if (j == <u32>i) break;
        at += 4;
      }
    }
    const cell = row + (<usize>i << 2);
    store<f32>(cell, load<f32>(cell) + lambda);
  }
}

/**
 * First half of sweeping block `k`: D and the packed panels. `inverse`: f64 [64, 64] then f32 [64, 64] (D). `column`,
 * `swept`: [size / 8, 64, 8], A_ik as packed transposes and D·A_ki.
 */
export function easePanels(
  thread: i32, threads: i32, matrix: usize, size: i32, k: i32, inverse: usize, column: usize, swept: usize,
): void {
  const stride = <usize>size << 2;
  const single = inverse + B * B * 8;
  if (thread == 0) invertBlock(matrix + (stride + 4) * k * B, stride, inverse, single);
  barrier(threads);
  const panels = size >> 3;
  const end = panels * (thread + 1) / threads;
  for (let p = panels * thread / threads; p < end; p++) {
    const to = column + PANEL * p;
    const row = p << 3;
    if (row >= k * BLOCK) packRows(matrix + stride * row + <usize>(k * BLOCK) * 4, stride, to);
    else packColumns(matrix + stride * (k * BLOCK) + (<usize>row << 2), stride, to);
    sweepPanel(single, to, swept + PANEL * p);
  }
}

/** Second half of sweeping block `k`, for the rows of blocks `first` … `last` − 1. */
export function easeUpdate(
  thread: i32, threads: i32, matrix: usize, size: i32, k: i32, inverse: usize, column: usize, swept: usize,
  first: i32, last: i32,
): void {
  const stride = <usize>size << 2;
  const single = inverse + B * B * 8;
  // Blocks of the triangle in turn: even shares, and every block belongs to one thread.
  for (let i = first; i < last; i++) {
    for (let j = 0; j <= i; j++) {
      if ((i + j) % threads != thread) continue;
      const block = matrix + stride * (i * BLOCK) + <usize>(j * BLOCK) * 4;
      if (i != k && j != k) updateBlock(block, stride, column + PANEL * 8 * i, swept + PANEL * 8 * j);
      else if (i == k && j == k) negated(single, block, stride);
      else if (i == k) unpackColumns(swept + PANEL * 8 * j, block, stride);
      else unpackRows(swept + PANEL * 8 * i, block, stride);
    }
  }
}

/**
 * B_ij = −P_ij / P_jj in the whole matrix from the lower triangle of −P, diagonal 0, for rows of blocks `first` …
 * `last` − 1 (and their mirror images). `diagonal` [size] holds that of −P.
 */
export function easeWeights(
  thread: i32, threads: i32, matrix: usize, size: i32, diagonal: usize, first: i32, last: i32,
): void {
  const stride = <usize>size << 2;
  for (let i = first; i < last; i++) {
    for (let j = 0; j <= i; j++) {
      if ((i + j) % threads != thread) continue;
      for (let a = i * BLOCK; a < (i + 1) * BLOCK; a++) {
        const below = <f32>-1 / load<f32>(diagonal + (<usize>a << 2));
        for (let b = j * BLOCK; b < min(a, (j + 1) * BLOCK); b++) {
          const at = matrix + stride * a + (<usize>b << 2);
          const p = load<f32>(at);
          store<f32>(at, -p / load<f32>(diagonal + (<usize>b << 2)));
          store<f32>(matrix + stride * b + (<usize>a << 2), p * below);
        }
        if (i == j) store<f32>(matrix + (stride + 4) * a, 0);
      }
    }
  }
}

/**
 * Scores of users `first` … `last` − 1 of `users` for all items: sums of the rows of their items, ascending, into out
 * [.., size]. Each thread takes columns, so that its part of the matrix stays in its cache.
 */
export function easeScore(
  thread: i32, threads: i32, matrix: usize, size: i32, users: usize, first: i32, last: i32, userStart: usize,
  userItems: usize, out: usize,
): void {
  const stride = <usize>size << 2;
  for (let c = <usize>thread * 128; c < stride; c += <usize>threads * 128) {
    for (let u = first; u < last; u++) {
      const user = userStart + (<usize>load<u32>(users + (<usize>u << 2)) << 2);
      const end = userItems + (<usize>load<u32>(user, 4) << 2);
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
      const part = matrix + c;
      for (let at = userItems + (<usize>load<u32>(user) << 2); at < end; at += 4) {
        const row = part + stride * load<u32>(at);
        s0 = f32x4.add(s0, v128.load(row));
        s1 = f32x4.add(s1, v128.load(row, 16));
        s2 = f32x4.add(s2, v128.load(row, 32));
        s3 = f32x4.add(s3, v128.load(row, 48));
        s4 = f32x4.add(s4, v128.load(row, 64));
        s5 = f32x4.add(s5, v128.load(row, 80));
        s6 = f32x4.add(s6, v128.load(row, 96));
        s7 = f32x4.add(s7, v128.load(row, 112));
      }
      const to = out + stride * (u - first) + c;
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
      v128.store(to, s4, 64);
      v128.store(to, s5, 80);
      v128.store(to, s6, 96);
      v128.store(to, s7, 112);
    }
  }
}

/** Gauss–Jordan inverse of the symmetric diagonal block (its lower triangle is read), f64, then rounded to f32. */
function invertBlock(block: usize, stride: usize, work: usize, out: usize): void {
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
function packRows(from: usize, stride: usize, to: usize): void {
  for (let i: usize = 0; i < 8; i++) {
    for (let d: usize = 0; d < B; d++) store<f32>(to + (d << 5) + (i << 2), load<f32>(from + stride * i + (d << 2)));
  }
}

/** Eight columns of 64 rows as a panel [64, 8]. */
function packColumns(from: usize, stride: usize, to: usize): void {
  for (let d: usize = 0; d < B; d++) {
    v128.store(to + (d << 5), v128.load(from + stride * d));
    v128.store(to + (d << 5), v128.load(from + stride * d, 16), 16);
  }
}

/** Writes eight panels back as 64 rows of 64: the reverse of packColumns. */
function unpackColumns(panels: usize, block: usize, stride: usize): void {
  for (let d: usize = 0; d < B; d++) {
    for (let p: usize = 0; p < 8; p++) {
      v128.store(block + stride * d + (p << 5), v128.load(panels + PANEL * p + (d << 5)));
      v128.store(block + stride * d + (p << 5), v128.load(panels + PANEL * p + (d << 5), 16), 16);
    }
  }
}

/** Writes eight panels back transposed: the reverse of packRows. */
function unpackRows(panels: usize, block: usize, stride: usize): void {
  for (let i: usize = 0; i < B; i++) {
    const column = panels + PANEL * (i >> 3) + ((i & 7) << 2);
    for (let d: usize = 0; d < B; d++) store<f32>(block + stride * i + (d << 2), load<f32>(column + (d << 5)));
  }
}

/** block = −D */
function negated(d: usize, block: usize, stride: usize): void {
  for (let i: usize = 0; i < B; i++) {
    for (let j: usize = 0; j < B * 4; j += 16) v128.store(block + stride * i + j, f32x4.neg(v128.load(d + i * B * 4 + j)));
  }
}

/** to [64, 8] = D·panel */
function sweepPanel(d: usize, panel: usize, to: usize): void {
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
function updateBlock(block: usize, stride: usize, column: usize, swept: usize): void {
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
