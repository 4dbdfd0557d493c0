// Exports that exercise the shared parts, for tests and the `doctor` command.
import { barrier } from './barrier';
import { drawNegative, Interactions } from './candidates';
import { exp4, fma4, logSigmoid4, sigmoid4 } from './math';
import { nextU32, shuffleU32 } from './random';
import { gemm } from './tile';
import { updateRow } from './adam';
import { updateRowWise } from './rowwise';

/** Each thread adds 1 to `rounds` counters in turn, meeting the others between them; returns how often it saw a miss. */
export function testBarrier(thread: i32, threads: i32, counters: usize, rounds: i32): i32 {
  let misses = 0;
  for (let r = 0; r < rounds; r++) {
    atomic.add<i32>(counters + (r << 2), 1);
    barrier(threads);
    if (atomic.load<i32>(counters + (r << 2)) != threads) misses++;
  }
  return misses;
}

/** Thread `who` traps while the others wait for it. */
export function testTrap(thread: i32, threads: i32, who: i32): void {
  if (thread == who) unreachable();
  barrier(threads);
}

/** out [3, n]: exp, sigmoid and log-sigmoid of the n values at x (n a multiple of 4). */
export function testMath(thread: i32, threads: i32, x: usize, out: usize, n: i32): void {
  if (thread != 0) return;
  const row = n << 2;
  for (let i = 0; i < row; i += 16) {
    const value = v128.load(x + i);
    v128.store(out + i, exp4(value));
    v128.store(out + row + i, sigmoid4(value));
    v128.store(out + 2 * row + i, logSigmoid4(value));
  }
}

/** The next n values of a stream, then a shuffle of 0 … n − 1 behind them. */
export function testRandom(thread: i32, threads: i32, state: usize, out: usize, n: i32): void {
  if (thread != 0) return;
  for (let i = 0; i < n; i++) store<u32>(out + (i << 2), nextU32(state));
  const order = out + (n << 2);
  for (let i = 0; i < n; i++) store<u32>(order + (i << 2), i);
  shuffleU32(state, order, n);
}

/** C (+)= A·B on thread 0; see gemm. */
export function testGemm(
  thread: i32, threads: i32, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize,
  m: i32, n: i32, k: i32, accumulate: i32,
): void {
  if (thread == 0) gemm(a, aRow, aColumn, b, bRow, c, cRow, m, n, k, accumulate != 0);
}

/** STREAM's triad a = b + s·c over n f32 values (a multiple of 4), each thread its own part: the bandwidth of the memory. */
export function testTriad(thread: i32, threads: i32, a: usize, b: usize, c: usize, n: u32): void {
  const quads: u32 = n >> 2;
  const from = <usize>((<u64>quads * thread) / threads) << 4, to = <usize>((<u64>quads * (thread + 1)) / threads) << 4;
  const s = f32x4.splat(3);
  for (let i = from; i < to; i += 16) v128.store(a + i, fma4(s, v128.load(c + i), v128.load(b + i)));
}

/** `times` products C = A·B of the same n × n matrices, each thread into a C of its own: the arithmetic of the cores. */
export function testProducts(thread: i32, threads: i32, a: usize, b: usize, c: usize, n: i32, times: i32): void {
  const row = <usize>n << 2, own = c + <usize>thread * <usize>n * row;
  for (let t = 0; t < times; t++) gemm(a, row, 4, b, row, own, row, n, n, n, false);
}

/** `times` steps of one row with the same gradient. */
export function testUpdateRow(
  thread: i32, threads: i32, optimizer: usize, w: usize, g: usize, m: usize, v: usize, bytes: i32, times: i32,
): void {
  if (thread != 0) return;
  for (let t = 1; t <= times; t++) updateRow(optimizer, w, g, m, v, bytes, t);
}

/** The same of a row with one square, at v; its bias at byte `bias` has the square behind it. */
export function testUpdateRowWise(
  thread: i32, threads: i32, optimizer: usize, w: usize, g: usize, m: usize, v: usize, bytes: i32, width: u32, bias: u32,
  times: i32,
): void {
  if (thread != 0) return;
  for (let t = 1; t <= times; t++) updateRowWise(optimizer, w, g, m, v, bytes, width, bias, t);
}

/** `n` negatives of a user into out. */
export function testNegatives(
  thread: i32, threads: i32, data: usize, state: usize, user: u32, out: usize, n: i32,
): void {
  if (thread != 0) return;
  for (let i = 0; i < n; i++) store<u32>(out + (i << 2), drawNegative(changetype<Interactions>(data), state, user));
}
