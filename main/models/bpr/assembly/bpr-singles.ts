// BPR and hinge one pair a step: the batch of bpr.ts with one pair in it, in the cells of Singles. The negative comes from
// the positive's block of items, so that no thread touches another's rows; blocks are dealt anew in each epoch.
import { Optimizer, SGD, sgdKeep } from '../../../kernels/assembly/adam';
import { exp1, fma4, log1, sum4 } from '../../../kernels/assembly/math';
import { wideDot } from '../../../kernels/assembly/vectors';
import { gradientRow, moveRow } from '../../factors/assembly/factors';
import { itemsOf, NO_LANE, usersOf } from '../../factors/assembly/factors-block';
import { mix32 } from '../../factors/assembly/order';
import { addLoss, cellPart, itemBlockOf, Singles } from '../../factors/assembly/singles';
import { HINGE } from './bpr';
import { below, drawFromPool, Draws, DYNAMIC, isMarked, NO_NEGATIVE, POPULARITY } from './draws';

/** Written by main/models/bpr/fused.ts. */
@unmanaged
export class BprSingles extends Singles {
  lossKind: u32;
  margin: f32;
  /** Address of the Draws. */
  draws: usize;
}

/** Trains on part `part` of `parts` of the cells of a round. */
export function bprSingles(thread: i32, threads: i32, block: BprSingles, round: u32, part: u32, parts: u32): void {
  const sgd = changetype<Optimizer>(block.optimizer).kind == SGD;
  for (let own: u32 = thread; own < block.blocks; own += threads) {
    const from = cellPart(block, own, round, part, parts), to = cellPart(block, own, round, part + 1, parts);
    addLoss(block, own, pairs(block, thread, from, to, itemBlockOf(block, own, round), sgd));
  }
}

function pairs(block: BprSingles, thread: i32, from: u32, to: u32, own: u32, sgd: bool): f64 {
  const d = changetype<Draws>(block.draws);
  const start = block.blockStart + (own << 2);
  const first = load<u32>(start), size = load<u32>(start, 4) - first;
  const pool = block.blockItems + (first << 2);
  const bytes: usize = block.rowBytes, users = usersOf(block), items = itemsOf(block);
  const rate = changetype<Optimizer>(block.optimizer).rate, keep = f32x4.splat(sgdKeep(block.optimizer));
  const copies = block.copies, gradient = gradientRow(block, thread);
  let total: f64 = 0, product: f64 = 1;
  for (let s = from; s < to; s++) {
    const user = load<u32>(block.sampleUser + (s << 2)), item = load<u32>(block.sampleItem + (s << 2));
    const p = users.weights + <usize>user * bytes, q = items.weights + <usize>item * bytes;
    for (let c: u32 = 0; c < copies; c++) {
      const negative = draw(block, d, user, s * copies + c, p, pool, size, own);
      if (negative == NO_NEGATIVE) continue;
      const n = items.weights + <usize>negative * bytes;
      const x = differenceDot(p, q, n, bytes);
      // The loss's derivative by x.
      let slope: f32 = 0;
      if (block.lossKind == HINGE) {
        total += max(block.margin - x, 0);
        if (x < block.margin) slope = -1;
      } else {
        // −log σ(x) = max(−x, 0) + log(1 + t) with t = e^−|x|; the logarithms of many pairs are taken at once.
        const t = exp1(-abs(x)), whole: f32 = 1 + t;
        total += max(-x, 0);
        product *= whole;
        if (product > 1e30) {
          total += log1(<f32>product);
          product = 1;
        }
        slope = (x > 0 ? -t : -1) / whole;
      }
      if (sgd) {
        moveThree(p, q, n, f32x4.splat(-rate * slope), keep, bytes);
        if (users.constant != NO_LANE) store<f32>(p + users.constant, 1);
      } else {
        threeGradients(p, q, n, f32x4.splat(slope), gradient, bytes);
        moveRow(block, users, user, gradient, 1);
        moveRow(block, items, item, gradient + bytes, 1);
        moveRow(block, items, negative, gradient + 2 * bytes, 1);
      }
    }
  }
  return total + log1(<f32>product);
}

/** The negative of the sample at a place of the epoch. */
// @ts-ignore: decorator
@inline
function draw(
  block: BprSingles, d: Draws, user: u32, place: u32, p: usize, pool: usize, size: u32, own: u32,
): u32 {
  const base = mix32(place ^ d.negativeKey);
  let chosen = load<u32>(pool + (below(mix32(base), size) << 2));
  // Nearly always the first uniform draw will do; otherwise the rule from its beginning.
  if (d.bitset == 0 || d.sampling == POPULARITY || isMarked(d.bitset, d.bitsetWords, user, chosen)) {
    chosen = drawFromPool(d, user, base, 0, pool, size, own);
  }
  if (d.sampling != DYNAMIC || chosen == NO_NEGATIVE) return chosen;
  const bytes: usize = block.rowBytes, items = itemsOf(block).weights;
  let best = wideDot(p, items + <usize>chosen * bytes, bytes);
  for (let c: u32 = 1; c < d.candidates; c++) {
    const item = drawFromPool(d, user, base, c, pool, size, own);
    const score = wideDot(p, items + <usize>item * bytes, bytes);
    if (score > best) {
      best = score;
      chosen = item;
    }
  }
  return chosen;
}

/** p·(q − n) */
// @ts-ignore: decorator
@inline
function differenceDot(p: usize, q: usize, n: usize, bytes: usize): f32 {
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
function moveThree(p: usize, q: usize, n: usize, move: v128, keep: v128, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(p + i), y = v128.load(q + i), z = v128.load(n + i);
    v128.store(p + i, fma4(move, f32x4.sub(y, z), f32x4.mul(x, keep)));
    v128.store(q + i, fma4(move, x, f32x4.mul(y, keep)));
    v128.store(n + i, fma4(f32x4.neg(move), x, f32x4.mul(z, keep)));
  }
}

/** The gradients of the three rows, one after the other, at `out`. */
// @ts-ignore: decorator
@inline
function threeGradients(p: usize, q: usize, n: usize, slope: v128, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = f32x4.mul(slope, v128.load(p + i));
    v128.store(out + i, f32x4.mul(slope, f32x4.sub(v128.load(q + i), v128.load(n + i))));
    v128.store(out + bytes + i, x);
    v128.store(out + 2 * bytes + i, f32x4.neg(x));
  }
}
