// iALS (Hu et al. 2008; Rendle et al. 2021): each row of one table solves its normal equations against the other,
//   (α₀·G + Σ_{y of the row} y·yᵀ + λ_row·I) x = Σ y,   G = Σ_{all y} y·yᵀ,
// by conjugate gradients from its present value (Takács et al. 2011). A row is one thread's work and G is summed in
// fixed shards, so the bits do not depend on the number of threads.
import { barrier } from '../../../kernels/assembly/barrier';
import { fma4, sum4, sums4 } from '../../../kernels/assembly/math';
import { gemm } from '../../../kernels/assembly/tile';
import { addScaled, dot } from '../../../kernels/assembly/vectors';

/** Parts in which G is summed. */
export const SHARDS: i32 = 16;
/** Rows of a thread's work space: residual, direction, product. */
export const WORK_ROWS: i32 = 3;

/**
 * gram [width, width] = weight · tableᵀ·table. `table` [rows, width], rows of `width` f32 (a multiple of 4, pads
 * zero). `shards`: work space [SHARDS, width, width].
 */
export function ialsGram(
  thread: i32, threads: i32, table: usize, rows: i32, width: i32, weight: f32, shards: usize, gram: usize,
): void {
  const stride = <usize>width << 2;
  const size = stride * width;
  for (let s = thread; s < SHARDS; s += threads) {
    const from = <i32>(<i64>rows * s / SHARDS);
    const to = <i32>(<i64>rows * (s + 1) / SHARDS);
    const part = table + stride * from;
    gemm(part, 4, stride, part, stride, shards + size * s, stride, width, width, to - from, false);
  }
  barrier(threads);
  const scale = f32x4.splat(weight);
  const end = (size * (thread + 1) / threads) & ~15;
  for (let at = (size * thread / threads) & ~15; at < end; at += 16) {
    let sum = v128.load(shards + at);
    for (let s = 1; s < SHARDS; s++) sum = f32x4.add(sum, v128.load(shards + size * s + at));
    v128.store(gram + at, f32x4.mul(sum, scale));
  }
}

/** Rows that a thread takes at a time: few, so that no thread waits long for another whose core is busy. */
const CHUNK: i32 = 16;

/**
 * Solves rows `first` … `last` − 1 of `table` [.., width] against `other` by `steps` steps of conjugate gradients.
 * Row r has the entries index[start[r]] … of `other`. `regularization` [..]: λ of each row. `loss` [..] gets the row's
 * Σ_seen (1 − x·y)² + α₀·Σ_all (x·y)². `scratch`: [threads, WORK_ROWS, width]. `next`: u32, first row that no thread
 * has taken; `first` before the call.
 */
export function ialsSolve(
  thread: i32, threads: i32, table: usize, other: usize, gram: usize, width: i32, start: usize, index: usize,
  regularization: usize, loss: usize, last: i32, steps: i32, scratch: usize, next: usize,
): void {
  const stride = <usize>width << 2;
  const work = scratch + stride * WORK_ROWS * thread;
  for (;;) {
    const low = atomic.add<i32>(next, CHUNK);
    if (low >= last) return;
    const high = min(low + CHUNK, last);
    for (let r = low; r < high; r++) {
      const from = index + (<usize>load<u32>(start + (<usize>r << 2)) << 2);
      const to = index + (<usize>load<u32>(start + (<usize>r << 2), 4) << 2);
      const lambda = load<f32>(regularization + (<usize>r << 2));
      const x = table + stride * r;
      if (from == to) {
        memory.fill(x, 0, stride);
        store<f32>(loss + (<usize>r << 2), 0);
        continue;
      }
      store<f32>(loss + (<usize>r << 2), solveRow(x, other, gram, stride, from, to, lambda, steps, work));
    }
  }
}

function solveRow(
  x: usize, other: usize, gram: usize, stride: usize, from: usize, to: usize, lambda: f32, steps: i32, work: usize,
): f32 {
  const r = work, p = work + stride, q = work + stride * 2;
  let fitted = product(x, r, other, gram, stride, from, to, lambda, 1, -1);
  memory.copy(p, r, stride);
  let rr: f64 = dot(r, r, stride);
  for (let step = 0; step < steps && rr > 1e-24; step++) {
    const sum = product(p, q, other, gram, stride, from, to, lambda, 0, 1);
    const alpha = <f32>(rr / <f64>dot(p, q, stride));
    fitted += <f64>alpha * sum;
    addScaled(x, p, f32x4.splat(alpha), stride);
    addScaled(r, q, f32x4.splat(-alpha), stride);
    const next: f64 = dot(r, r, stride);
    const beta = f32x4.splat(<f32>(next / rr));
    for (let c: usize = 0; c < stride; c += 16) v128.store(p + c, fma4(beta, v128.load(p + c), v128.load(r + c)));
    rr = next;
  }
  // With A the matrix and b the right side: xᵀAx − 2bᵀx = −xᵀ(b + r), and bᵀx is the sum of the fitted values.
  const count = <f64>((to - from) >> 2);
  return <f32>(count - fitted - <f64>dot(x, r, stride) - <f64>lambda * <f64>dot(x, x, stride));
}

/** out = sign·(G + λI)·p + Σ_y (target + sign·y·p)·y; returns Σ_y y·p. */
function product(
  p: usize, out: usize, other: usize, gram: usize, stride: usize, from: usize, to: usize, lambda: f32, target: f32,
  sign: f32,
): f64 {
  densePart(p, out, gram, stride, lambda, sign);
  const s = f32x4.splat(sign), t = f32x4.splat(target);
  let total = f32x4.splat(0);
  let at = from;
  // Eight rows, then four, then one at a time: the sums go in the same order, so the bits do not depend on it. Unrolled
  // by hand: `out` is read and written half as often.
  for (; at + 32 <= to; at += 32) {
    const y0 = other + stride * load<u32>(at), y1 = other + stride * load<u32>(at, 4);
    const y2 = other + stride * load<u32>(at, 8), y3 = other + stride * load<u32>(at, 12);
    const y4 = other + stride * load<u32>(at, 16), y5 = other + stride * load<u32>(at, 20);
    const y6 = other + stride * load<u32>(at, 24), y7 = other + stride * load<u32>(at, 28);
    let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0, d4 = d0, d5 = d0, d6 = d0, d7 = d0;
    for (let c: usize = 0; c < stride; c += 16) {
      const x = v128.load(p + c);
      d0 = fma4(x, v128.load(y0 + c), d0);
      d1 = fma4(x, v128.load(y1 + c), d1);
      d2 = fma4(x, v128.load(y2 + c), d2);
      d3 = fma4(x, v128.load(y3 + c), d3);
      d4 = fma4(x, v128.load(y4 + c), d4);
      d5 = fma4(x, v128.load(y5 + c), d5);
      d6 = fma4(x, v128.load(y6 + c), d6);
      d7 = fma4(x, v128.load(y7 + c), d7);
    }
    const low = sums4(d0, d1, d2, d3), high = sums4(d4, d5, d6, d7);
    total = f32x4.add(f32x4.add(total, low), high);
    const w = fma4(s, low, t), v = fma4(s, high, t);
    const w0 = v128.shuffle<f32>(w, w, 0, 0, 0, 0), w1 = v128.shuffle<f32>(w, w, 1, 1, 1, 1);
    const w2 = v128.shuffle<f32>(w, w, 2, 2, 2, 2), w3 = v128.shuffle<f32>(w, w, 3, 3, 3, 3);
    const w4 = v128.shuffle<f32>(v, v, 0, 0, 0, 0), w5 = v128.shuffle<f32>(v, v, 1, 1, 1, 1);
    const w6 = v128.shuffle<f32>(v, v, 2, 2, 2, 2), w7 = v128.shuffle<f32>(v, v, 3, 3, 3, 3);
    for (let c: usize = 0; c < stride; c += 16) {
      let a = fma4(w0, v128.load(y0 + c), fma4(w1, v128.load(y1 + c), v128.load(out + c)));
      a = fma4(w2, v128.load(y2 + c), fma4(w3, v128.load(y3 + c), a));
      a = fma4(w4, v128.load(y4 + c), fma4(w5, v128.load(y5 + c), a));
      v128.store(out + c, fma4(w6, v128.load(y6 + c), fma4(w7, v128.load(y7 + c), a)));
    }
  }
  for (; at + 16 <= to; at += 16) {
    const y0 = other + stride * load<u32>(at), y1 = other + stride * load<u32>(at, 4);
    const y2 = other + stride * load<u32>(at, 8), y3 = other + stride * load<u32>(at, 12);
    let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
    for (let c: usize = 0; c < stride; c += 16) {
      const x = v128.load(p + c);
      d0 = fma4(x, v128.load(y0 + c), d0);
      d1 = fma4(x, v128.load(y1 + c), d1);
      d2 = fma4(x, v128.load(y2 + c), d2);
      d3 = fma4(x, v128.load(y3 + c), d3);
    }
    const dots = sums4(d0, d1, d2, d3);
    total = f32x4.add(total, dots);
    const w = fma4(s, dots, t);
    const w0 = v128.shuffle<f32>(w, w, 0, 0, 0, 0), w1 = v128.shuffle<f32>(w, w, 1, 1, 1, 1);
    const w2 = v128.shuffle<f32>(w, w, 2, 2, 2, 2), w3 = v128.shuffle<f32>(w, w, 3, 3, 3, 3);
    for (let c: usize = 0; c < stride; c += 16) {
      const a = fma4(w0, v128.load(y0 + c), fma4(w1, v128.load(y1 + c), v128.load(out + c)));
      v128.store(out + c, fma4(w2, v128.load(y2 + c), fma4(w3, v128.load(y3 + c), a)));
    }
  }
  let rest = <f64>sum4(total);
  for (; at < to; at += 4) {
    const y = other + stride * load<u32>(at);
    const fit = dot(p, y, stride);
    addScaled(out, y, f32x4.splat(target + sign * fit), stride);
    rest += fit;
  }
  return rest;
}

/** out = sign·(G + λI)·p; G is symmetric, so its rows serve as columns. */
// @ts-ignore: decorator
@inline
function densePart(p: usize, out: usize, gram: usize, stride: usize, lambda: f32, sign: f32): void {
  const l = f32x4.splat(lambda), s = f32x4.splat(sign);
  let c: usize = 0;
  for (; c + 64 <= stride; c += 64) {
    let a0 = f32x4.mul(l, v128.load(p + c)), a1 = f32x4.mul(l, v128.load(p + c, 16));
    let a2 = f32x4.mul(l, v128.load(p + c, 32)), a3 = f32x4.mul(l, v128.load(p + c, 48));
    let row = gram + c;
    for (let a: usize = 0; a < stride; a += 4) {
      const x = v128.load32_splat(p + a);
      a0 = fma4(x, v128.load(row), a0);
      a1 = fma4(x, v128.load(row, 16), a1);
      a2 = fma4(x, v128.load(row, 32), a2);
      a3 = fma4(x, v128.load(row, 48), a3);
      row += stride;
    }
    v128.store(out + c, f32x4.mul(s, a0));
    v128.store(out + c, f32x4.mul(s, a1), 16);
    v128.store(out + c, f32x4.mul(s, a2), 32);
    v128.store(out + c, f32x4.mul(s, a3), 48);
  }
  for (; c < stride; c += 16) {
    let a0 = f32x4.mul(l, v128.load(p + c));
    let row = gram + c;
    for (let a: usize = 0; a < stride; a += 4) {
      a0 = fma4(v128.load32_splat(p + a), v128.load(row), a0);
      row += stride;
    }
    v128.store(out + c, f32x4.mul(s, a0));
  }
}
