// Matrix factorization: r̂ = μ + b_u + b_i + p·q, loss ½(r̂ − r)², mean over the batch. A user's row is [p, b_u, 1], an
// item's [q, 1, b_i]: one dot product holds it all.
import { fma4, lane, sums4 } from '../../../kernels/assembly/math';
import {
  firstSample, firstUser, gradientRow, lastSample, moveBatch, moveUser, restUsers, rowAt,
} from '../../factors/assembly/factors';
import { Factors, itemsOf, usersOf } from '../../factors/assembly/factors-block';
import { addScaled, setScaled } from '../../../kernels/assembly/vectors';

/** Written by main/models/mf/fused.ts. */
@unmanaged
export class Mf extends Factors {
  /** μ, or 0. */
  mean: f32;
}

/** Trains on batches `from` … `to` − 1 of the epoch's order. */
export function mfBatches(thread: i32, threads: i32, block: Mf, from: u32, to: u32): void {
  const batchSize = block.batchSize, n = block.sampleCount;
  const done = block.stepsDone;
  for (let b = from; b < to; b++) {
    const first = b * batchSize;
    const size = min(batchSize, n - first);
    const low = firstSample(block, thread, b) - first, high = lastSample(block, thread, b) - first;
    const step = done + (b - from) + 1;
    ratingGradients(block, thread, first, size, low, high, step);
    moveBatch(block, thread, threads, first, size, step, false);
  }
}

/** Phase 1 for places `low` … `high` − 1 of the batch. */
function ratingGradients(
  block: Mf, thread: i32, first: u32, size: u32, low: u32, high: u32, step: u32,
): void {
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes;
  const users: usize = usersOf(block).weights, items: usize = itemsOf(block).weights;
  const sampleUser: usize = block.sampleUser + (first << 2);
  const sampleItem: usize = block.sampleItem + (first << 2);
  const ratings: usize = block.sampleValue + (first << 2);
  const slopes: usize = block.slope, losses: usize = block.loss;
  const mean = block.mean, share: f32 = 1 / <f32>size;
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
    let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
    for (let i: usize = 0; i < bytes; i += 16) {
      d0 = fma4(v128.load(p0 + i), v128.load(q0 + i), d0);
      d1 = fma4(v128.load(p1 + i), v128.load(q1 + i), d1);
      d2 = fma4(v128.load(p2 + i), v128.load(q2 + i), d2);
      d3 = fma4(v128.load(p3 + i), v128.load(q3 + i), d3);
    }
    const scores = f32x4.add(sums4(d0, d1, d2, d3), f32x4.splat(mean));
    const count = min<u32>(4, high - s);
    for (let l: u32 = 0; l < count; l++) {
      const at = s + l;
      const error = lane(scores, l) - load<f32>(ratings + (at << 2));
      store<f32>(losses + (at << 2), error * error * 0.5);
      const slope = error * share;
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
      if (opening) setScaled(gradient, q, f32x4.splat(slope), bytes);
      else addScaled(gradient, q, f32x4.splat(slope), bytes);
    }
  }
  if (before != 0xffffffff) next = moveUser(block, before, next, gradient, old, step);
  restUsers(block, next, firstUser(block, thread + 1), step);
}
