// The moves of a pair's three rows, the user's p, the positive's q and the negative's n, in one or two passes.
import { adamRoot, Optimizer, ROW_ADAGRAD } from '../../../kernels/assembly/adam';
import { fma4, sum4, sums4 } from '../../../kernels/assembly/math';
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

/** Products of a pair's rows, each as a lane: x = p·(q − n), |q − n|², |p|², p·q; and |q|², |n|². */
@unmanaged
export class Products {
  x: f32;
  differences: f32;
  users: f32;
  positive: f32;
  items: f32;
  negatives: f32;
}

/** Fills them in one pass, and returns x. */
// @ts-ignore: decorator
@inline
export function multiplyThree(out: Products, p: usize, q: usize, n: usize, bytes: usize): f32 {
  const zero = f32x4.splat(0);
  let x4 = zero, dd = zero, pp = zero, pq = zero, qq = zero, nn = zero;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(p + i), y = v128.load(q + i), z = v128.load(n + i), d = f32x4.sub(y, z);
    x4 = fma4(x, d, x4);
    dd = fma4(d, d, dd);
    pp = fma4(x, x, pp);
    pq = fma4(x, y, pq);
    qq = fma4(y, y, qq);
    nn = fma4(z, z, nn);
  }
  const first = sums4(x4, dd, pp, pq);
  v128.store(changetype<usize>(out), first);
  v128.store64_lane(changetype<usize>(out), sums4(qq, nn, zero, zero), 0, 16);
  return f32x4.extract_lane(first, 0);
}

/**
 * One square a row and no mean of the gradient (row-wise Adagrad and RMSprop). With slope a and decay λ the gradients are
 * a(q − n) + λp, ap + λq and −ap + λn, so their squares follow from the products. Rows are factors alone, without biases.
 */
// @ts-ignore: decorator
@inline
export function moveThreeByRow(
  block: FactorModel, products: Products, user: u32, item: u32, negative: u32, slope: f32,
): void {
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes, o = changetype<Optimizer>(block.optimizer);
  const users = usersOf(block), items = itemsOf(block);
  const atP = <usize>user * record, atQ = <usize>item * record, atN = <usize>negative * record;
  const p: usize = users.weights + atP, q: usize = items.weights + atQ, n: usize = items.weights + atN;
  const decay = o.coupled, aa = slope * slope, cross: f32 = 2 * slope * decay, ll = decay * decay;
  const pp = products.users, pq = products.positive, pn = pq - products.x;
  let squares = f32x4.splat(aa * products.differences + cross * products.x + ll * pp);
  squares = f32x4.replace_lane(squares, 1, aa * pp + cross * pq + ll * products.items);
  squares = f32x4.replace_lane(squares, 2, aa * pp - cross * pn + ll * products.negatives);
  // Rounding may take a sum of squares that is nearly 0 below it.
  squares = f32x4.max(f32x4.div(squares, f32x4.splat(<f32>block.factors)), f32x4.splat(0));
  const vp = users.second + atP, vq = items.second + atQ, vn = items.second + atN;
  let before = f32x4.splat(load<f32>(vp));
  before = f32x4.replace_lane(before, 1, load<f32>(vq));
  before = f32x4.replace_lane(before, 2, load<f32>(vn));
  let root = f32x4.splat(1);
  if (o.kind == ROW_ADAGRAD) squares = f32x4.add(before, squares);
  else {
    squares = f32x4.add(
      f32x4.add(f32x4.mul(before, f32x4.splat(o.beta2)), f32x4.mul(squares, f32x4.splat(o.rest2))), f32x4.splat(1e-30),
    );
    root = f32x4.splat(nextRoot(block, users, atP));
    root = f32x4.replace_lane(root, 1, nextRoot(block, items, atQ));
    root = f32x4.replace_lane(root, 2, nextRoot(block, items, atN));
  }
  store<f32>(vp, f32x4.extract_lane(squares, 0));
  store<f32>(vq, f32x4.extract_lane(squares, 1));
  store<f32>(vn, f32x4.extract_lane(squares, 2));
  const scales = f32x4.div(
    f32x4.splat(-o.rate), f32x4.add(f32x4.mul(f32x4.sqrt(squares), root), f32x4.splat(o.epsilon)),
  );
  const sp = f32x4.extract_lane(scales, 0), sq = f32x4.extract_lane(scales, 1), sn = f32x4.extract_lane(scales, 2);
  // w ← keep·w + scale·(± a·other + λ·w)
  const keep: f32 = 1 - o.rate * o.decoupled;
  const keepP = f32x4.splat(keep + sp * decay), keepQ = f32x4.splat(keep + sq * decay);
  const keepN = f32x4.splat(keep + sn * decay);
  const ap = f32x4.splat(sp * slope), aq = f32x4.splat(sq * slope), an = f32x4.splat(-sn * slope);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(p + i), y = v128.load(q + i), z = v128.load(n + i);
    v128.store(p + i, fma4(ap, f32x4.sub(y, z), f32x4.mul(x, keepP)));
    v128.store(q + i, fma4(aq, x, f32x4.mul(y, keepQ)));
    v128.store(n + i, fma4(an, x, f32x4.mul(z, keepN)));
  }
}

/** 1 / √(1 − β2^t) of a row's next step t, which counts from now on. `at`: bytes from the table's first record. */
// @ts-ignore: decorator
@inline
function nextRoot(block: FactorModel, table: FactorTable, at: usize): f32 {
  const step = load<u32>(table.steps + at) + 1;
  store<u32>(table.steps + at, step);
  return adamRoot(block.optimizer, step);
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
