// Personalised ranking from pairs: x = s(u, i) − s(u, j), s = b_i + p·q; loss −log σ(x) (BPR, Rendle et al. 2009) or
// max(0, margin − x) (hinge), mean over the batch. A user's row is [p, 1], an item's [q, b_i].
import { fma4, lane, logSigmoid4, sigmoid4, sums4 } from '../../../kernels/assembly/math';
import {
  firstSample, firstUser, gradientRow, lastSample, moveBatch, moveUser, restUsers, rowAt,
} from '../../factors/assembly/factors';
import { Factors, itemsOf, usersOf } from '../../factors/assembly/factors-block';
import { mix32 } from '../../factors/assembly/order';
import { below, Draws, drawUnseen, DYNAMIC, isMarked, NO_NEGATIVE, POPULARITY } from './draws';
import { dot } from '../../../kernels/assembly/vectors';

// Values of lossKind.
export const BPR: u32 = 0;
export const HINGE: u32 = 1;

/** Written by main/models/bpr/fused.ts. */
@unmanaged
export class Bpr extends Factors {
  lossKind: u32;
  margin: f32;
  /** Address of the Draws. */
  draws: usize;
}

/** Trains on batches `from` … `to` − 1 of the epoch's order. */
export function bprBatches(thread: i32, threads: i32, block: Bpr, from: u32, to: u32): void {
  const batchSize = block.batchSize, n = block.sampleCount;
  const done = block.stepsDone;
  for (let b = from; b < to; b++) {
    const first = b * batchSize;
    const size = min(batchSize, n - first);
    const low = firstSample(block, thread, b) - first, high = lastSample(block, thread, b) - first;
    sampleNegatives(block, first, low, high);
    const step = done + (b - from) + 1;
    pairGradients(block, thread, first, size, low, high, step);
    moveBatch(block, thread, threads, first, size, step, true);
  }
}

/** One negative a sample. Its draws hang on the sample's place in the epoch alone, not on the thread. */
function sampleNegatives(block: Bpr, first: u32, low: u32, high: u32): void {
  const sampleUser: usize = block.sampleUser + (first << 2);
  const d = changetype<Draws>(block.draws);
  const negatives: usize = block.negative;
  const key = d.negativeKey;
  const dynamic = d.sampling == DYNAMIC;
  const candidates = dynamic ? d.candidates : 1;
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes;
  const items: usize = itemsOf(block).weights;
  const n = block.itemCount;
  const bitset: usize = d.bitset, words = d.bitsetWords;
  const plain = bitset != 0 && d.sampling != POPULARITY;
  for (let s = low; s < high; s++) {
    const user = load<u32>(sampleUser + (s << 2));
    const base = mix32((first + s) ^ key);
    let chosen = below(mix32(base), n);
    // Nearly always the first uniform draw will do; otherwise the rule from its beginning.
    if (!plain || isMarked(bitset, words, user, chosen)) chosen = drawUnseen(d, user, base, 0);
    if (candidates > 1 && chosen != NO_NEGATIVE) {
      const p = usersOf(block).weights + <usize>user * record;
      let best = dot(p, items + <usize>chosen * record, bytes);
      for (let c: u32 = 1; c < candidates; c++) {
        const item = drawUnseen(d, user, base, c);
        const score = dot(p, items + <usize>item * record, bytes);
        if (score > best) {
          best = score;
          chosen = item;
        }
      }
    }
    store<u32>(negatives + (s << 2), chosen);
  }
}

/** Row of a sample's negative; where there is none the positive's, so that the score is 0. */
// @ts-ignore: decorator
@inline
function negativeRow(items: usize, sampleItem: usize, negatives: usize, s: u32, record: usize): usize {
  const negative = load<u32>(negatives + (s << 2));
  return items + <usize>(negative == NO_NEGATIVE ? load<u32>(sampleItem + (s << 2)) : negative) * record;
}

/** Phase 1 for places `low` … `high` − 1 of the batch. */
function pairGradients(
  block: Bpr, thread: i32, first: u32, size: u32, low: u32, high: u32, step: u32,
): void {
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes;
  const users: usize = usersOf(block).weights, items: usize = itemsOf(block).weights;
  const sampleUser: usize = block.sampleUser + (first << 2);
  const sampleItem: usize = block.sampleItem + (first << 2);
  const negatives: usize = block.negative;
  const slopes: usize = block.slope, losses: usize = block.loss;
  const hinge = block.lossKind == HINGE;
  const margin = f32x4.splat(block.margin), share = f32x4.splat(1 / <f32>size);
  const zero = f32x4.splat(0);
  const gradient = gradientRow(block, thread), oldRow: usize = block.oldRow;
  let old = <usize>block.oldUsers + <usize>low * bytes;
  let next = firstUser(block, thread);
  let before: u32 = 0xffffffff;
  for (let s = low; s < high; s += 4) {
    const last = high - 1;
    const s1 = min(s + 1, last), s2 = min(s + 2, last), s3 = min(s + 3, last);
    const p0 = rowAt(users, sampleUser, s, record);
    const p1 = rowAt(users, sampleUser, s1, record);
    const p2 = rowAt(users, sampleUser, s2, record);
    const p3 = rowAt(users, sampleUser, s3, record);
    const q0 = rowAt(items, sampleItem, s, record);
    const q1 = rowAt(items, sampleItem, s1, record);
    const q2 = rowAt(items, sampleItem, s2, record);
    const q3 = rowAt(items, sampleItem, s3, record);
    const n0 = negativeRow(items, sampleItem, negatives, s, record);
    const n1 = negativeRow(items, sampleItem, negatives, s1, record);
    const n2 = negativeRow(items, sampleItem, negatives, s2, record);
    const n3 = negativeRow(items, sampleItem, negatives, s3, record);
    let d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    for (let i: usize = 0; i < bytes; i += 16) {
      d0 = fma4(v128.load(p0 + i), f32x4.sub(v128.load(q0 + i), v128.load(n0 + i)), d0);
      d1 = fma4(v128.load(p1 + i), f32x4.sub(v128.load(q1 + i), v128.load(n1 + i)), d1);
      d2 = fma4(v128.load(p2 + i), f32x4.sub(v128.load(q2 + i), v128.load(n2 + i)), d2);
      d3 = fma4(v128.load(p3 + i), f32x4.sub(v128.load(q3 + i), v128.load(n3 + i)), d3);
    }
    const x = sums4(d0, d1, d2, d3);
    let slope4: v128, loss4: v128;
    if (hinge) {
      const lacking = f32x4.sub(margin, x);
      slope4 = v128.and(f32x4.gt(lacking, zero), f32x4.neg(share));
      loss4 = f32x4.max(lacking, zero);
    } else {
      slope4 = f32x4.neg(f32x4.mul(share, sigmoid4(f32x4.neg(x))));
      loss4 = f32x4.neg(logSigmoid4(x));
    }
    const count = min<u32>(4, high - s);
    for (let l: u32 = 0; l < count; l++) {
      const at = s + l;
      let slope = lane(slope4, l), loss = lane(loss4, l);
      if (load<u32>(negatives + (at << 2)) == NO_NEGATIVE) {
        slope = 0;
        loss = 0;
      }
      store<f32>(losses + (at << 2), loss);
      store<f32>(slopes + (at << 2), slope);
      const user = load<u32>(sampleUser + (at << 2));
      const opening = user != before;
      if (opening && before != 0xffffffff) {
        next = moveUser(block, before, next, gradient, old, step);
        old += bytes;
      }
      before = user;
      store<u32>(oldRow + (at << 2), <u32>old);
      const q = rowAt(items, sampleItem, at, record);
      const n = negativeRow(items, sampleItem, negatives, at, record);
      addScaledDifference(gradient, q, n, f32x4.splat(slope), bytes, opening);
    }
  }
  if (before != 0xffffffff) next = moveUser(block, before, next, gradient, old, step);
  restUsers(block, next, firstUser(block, thread + 1), step);
}

/** to = a·(x − y) (first) or to + a·(x − y). */
// @ts-ignore: decorator
@inline
function addScaledDifference(to: usize, x: usize, y: usize, a: v128, bytes: usize, first: bool): void {
  const end = to + bytes, wide = to + (bytes & ~31);
  if (first) {
    for (; to < wide; to += 32, x += 32, y += 32) {
      v128.store(to, f32x4.mul(a, f32x4.sub(v128.load(x), v128.load(y))));
      v128.store(to, f32x4.mul(a, f32x4.sub(v128.load(x, 16), v128.load(y, 16))), 16);
    }
    for (; to < end; to += 16, x += 16, y += 16)
      v128.store(to, f32x4.mul(a, f32x4.sub(v128.load(x), v128.load(y))));
    return;
  }
  for (; to < wide; to += 32, x += 32, y += 32) {
    v128.store(to, fma4(a, f32x4.sub(v128.load(x), v128.load(y)), v128.load(to)));
    v128.store(to, fma4(a, f32x4.sub(v128.load(x, 16), v128.load(y, 16)), v128.load(to, 16)), 16);
  }
  for (; to < end; to += 16, x += 16, y += 16)
    v128.store(to, fma4(a, f32x4.sub(v128.load(x), v128.load(y)), v128.load(to)));
}
