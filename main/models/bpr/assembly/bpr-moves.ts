// The moves of a pair's three rows, the user's p, the positive's q and the negative's n, in one or two passes.
import { Optimizer } from '../../../kernels/assembly/adam';
import { fma4, sum4 } from '../../../kernels/assembly/math';
import { rowScale } from '../../../kernels/assembly/rowwise';
import { FactorModel, FactorTable, itemsOf, usersOf } from '../../factors/assembly/factors-block';

/** p·(q − n) */
// @ts-ignore: decorator
@inline
export function differenceDot(p: usize, q: usize, n: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const wide = bytes & ~63;
  let i: usize = 0;
  for (; i < wide; i += 64) {
    s0 = fma4(v128.load(p + i), f32x4.sub(v128.load(q + i), v128.load(n + i)), s0);
    s1 = fma4(v128.load(p + i, 16), f32x4.sub(v128.load(q + i, 16), v128.load(n + i, 16)), s1);
    s2 = fma4(v128.load(p + i, 32), f32x4.sub(v128.load(q + i, 32), v128.load(n + i, 32)), s2);
    s3 = fma4(v128.load(p + i, 48), f32x4.sub(v128.load(q + i, 48), v128.load(n + i, 48)), s3);
  }
  for (; i < bytes; i += 16) s0 = fma4(v128.load(p + i), f32x4.sub(v128.load(q + i), v128.load(n + i)), s0);
  return sum4(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** SGD has no state: the three rows move in one pass, each by the others' old values. */
// @ts-ignore: decorator
@inline
export function moveThree(p: usize, q: usize, n: usize, move: v128, keep: v128, bytes: usize): void {
  const end = p + bytes, wide = p + (bytes & ~31), back = f32x4.neg(move);
  for (; p < wide; p += 32, q += 32, n += 32) {
    const x = v128.load(p), y = v128.load(q), z = v128.load(n);
    const x1 = v128.load(p, 16), y1 = v128.load(q, 16), z1 = v128.load(n, 16);
    v128.store(p, fma4(move, f32x4.sub(y, z), f32x4.mul(x, keep)));
    v128.store(q, fma4(move, x, f32x4.mul(y, keep)));
    v128.store(n, fma4(back, x, f32x4.mul(z, keep)));
    v128.store(p, fma4(move, f32x4.sub(y1, z1), f32x4.mul(x1, keep)), 16);
    v128.store(q, fma4(move, x1, f32x4.mul(y1, keep)), 16);
    v128.store(n, fma4(back, x1, f32x4.mul(z1, keep)), 16);
  }
  for (; p < end; p += 16, q += 16, n += 16) {
    const x = v128.load(p), y = v128.load(q), z = v128.load(n);
    v128.store(p, fma4(move, f32x4.sub(y, z), f32x4.mul(x, keep)));
    v128.store(q, fma4(move, x, f32x4.mul(y, keep)));
    v128.store(n, fma4(back, x, f32x4.mul(z, keep)));
  }
}

/**
 * One square a row and no mean of the gradient (row-wise Adagrad and RMSprop): the squares of the three gradients in a
 * first pass, the moves in a second. Rows are factors alone, without biases.
 */
// @ts-ignore: decorator
@inline
export function moveThreeByRow(block: FactorModel, user: u32, item: u32, negative: u32, slope: f32): void {
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes, o = changetype<Optimizer>(block.optimizer);
  const users = usersOf(block), items = itemsOf(block), width: f32 = <f32>block.factors;
  const atP = <usize>user * record, atQ = <usize>item * record, atN = <usize>negative * record;
  const p: usize = users.weights + atP, q: usize = items.weights + atQ, n: usize = items.weights + atN;
  const a = f32x4.splat(slope), l2 = f32x4.splat(o.coupled), keep = f32x4.splat(1 - o.rate * o.decoupled);
  let sp = f32x4.splat(0), sq = sp, sn = sp;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(p + i), y = v128.load(q + i), z = v128.load(n + i), ax = f32x4.mul(a, x);
    const gp = fma4(l2, x, f32x4.mul(a, f32x4.sub(y, z))), gq = fma4(l2, y, ax), gn = f32x4.sub(f32x4.mul(l2, z), ax);
    sp = fma4(gp, gp, sp);
    sq = fma4(gq, gq, sq);
    sn = fma4(gn, gn, sn);
  }
  const scaleP = f32x4.splat(scaleOf(block, users, atP, sum4(sp) / width));
  const scaleQ = f32x4.splat(scaleOf(block, items, atQ, sum4(sq) / width));
  const scaleN = f32x4.splat(scaleOf(block, items, atN, sum4(sn) / width));
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(p + i), y = v128.load(q + i), z = v128.load(n + i), ax = f32x4.mul(a, x);
    const gp = fma4(l2, x, f32x4.mul(a, f32x4.sub(y, z))), gq = fma4(l2, y, ax), gn = f32x4.sub(f32x4.mul(l2, z), ax);
    v128.store(p + i, fma4(scaleP, gp, f32x4.mul(x, keep)));
    v128.store(q + i, fma4(scaleQ, gq, f32x4.mul(y, keep)));
    v128.store(n + i, fma4(scaleN, gn, f32x4.mul(z, keep)));
  }
}

/** The factor of a row's gradient in its move, its square and its step brought up. `at`: bytes from the table's first record. */
// @ts-ignore: decorator
@inline
function scaleOf(block: FactorModel, table: FactorTable, at: usize, mean: f32): f32 {
  let step: u32 = 1;
  if (block.counted != 0) {
    step = load<u32>(table.steps + at) + 1;
    store<u32>(table.steps + at, step);
  }
  return rowScale(block.optimizer, table.second + at, mean, step);
}

/** The gradients of the three rows, one after the other, at `out`. */
// @ts-ignore: decorator
@inline
export function threeGradients(p: usize, q: usize, n: usize, slope: v128, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = f32x4.mul(slope, v128.load(p + i));
    v128.store(out + i, f32x4.mul(slope, f32x4.sub(v128.load(q + i), v128.load(n + i))));
    v128.store(out + bytes + i, x);
    v128.store(out + 2 * bytes + i, f32x4.neg(x));
  }
}
