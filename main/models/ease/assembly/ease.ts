// EASE-R (Steck 2019): the inverse of G + λI for the item Gram matrix G, by the symmetric sweep operator (Goodnight 1979)
// in blocks of 64. Sweeping block k of a symmetric A, with D = A_kk⁻¹:
//   A_ij ← A_ij − A_ik·D·A_kj,  A_ik ← A_ik·D,  A_kk ← −D;
// after all blocks A = −(G + λI)⁻¹. Only the lower triangle of blocks is kept. A block is one thread's work.
import { barrier } from '../../../kernels/assembly/barrier';
import {
  B, invertBlock, negated, packColumns, packRows, PANEL, sweepPanel, unpackColumns, unpackRows, updateBlock,
} from './ease-blocks';

/** Items of a block, as a number of rows. */
const BLOCK: i32 = <i32>B;

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
 * First half of sweeping block `k`: D and the packed panels. `inverse` [INVERSE bytes]: f64 [64, 64] then f32 [64, 64] (D). `column`,
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
