// MF one rating a step: the batch of mf.ts with one rating in it, in the cells of Singles.
import { Optimizer, SGD, sgdKeep } from '../../../kernels/assembly/adam';
import { fma4 } from '../../../kernels/assembly/math';
import { setScaled, wideDot } from '../../../kernels/assembly/vectors';
import { gradientRow, moveRow } from '../../factors/assembly/factors';
import { itemsOf, NO_LANE, usersOf } from '../../factors/assembly/factors-block';
import { addLoss, firstOfRun, itemBlockOf, partOf, runsOf, Singles, takeBlock } from '../../factors/assembly/singles';

/** Written by main/models/mf/fused.ts. */
@unmanaged
export class MfSingles extends Singles {
  /** μ, or 0. */
  mean: f32;
}

/** Trains on part `part` of `parts` of the users of each cell of a round. */
export function mfSingles(thread: i32, threads: i32, block: MfSingles, round: u32, part: u32, parts: u32): void {
  const sgd = changetype<Optimizer>(block.optimizer).kind == SGD;
  for (let own = takeBlock(block); own < block.blocks; own = takeBlock(block)) {
    const met = itemBlockOf(block, own, round), runs = runsOf(block, met);
    const from = partOf(block, own, part, parts), to = partOf(block, own, part + 1, parts);
    if (from == to) continue;
    let first = firstOfRun(block, own, met, from);
    let loss: f64 = 0;
    for (let user = from; user < to; user++) {
      const end = load<u32>(runs + (user << 2));
      if (first < end) loss += sgd ? sgdSteps(block, user, first, end) : steps(block, thread, user, first, end);
      first = end;
    }
    addLoss(block, own, loss);
  }
}

/** Any optimizer: the gradients of both rows, then their moves. */
function steps(block: MfSingles, thread: i32, user: u32, from: u32, to: u32): f64 {
  const bytes: usize = block.rowBytes, users = usersOf(block), items = itemsOf(block);
  const gp = gradientRow(block, thread), gq = gp + bytes;
  const p = users.weights + <usize>user * block.recordBytes;
  let total: f64 = 0;
  for (let s = from; s < to; s++) {
    const item = load<u32>(block.sampleItem + (s << 2));
    const q = items.weights + <usize>item * block.recordBytes;
    const error = wideDot(p, q, bytes) + block.mean - load<f32>(block.sampleValue + (s << 2));
    total += error * error * 0.5;
    setScaled(gp, q, f32x4.splat(error), bytes);
    setScaled(gq, p, f32x4.splat(error), bytes);
    moveRow(block, users, user, gp, 1);
    moveRow(block, items, item, gq, 1);
  }
  return total;
}

/** SGD has no state: both rows move in one pass, each by the other's old value. */
function sgdSteps(block: MfSingles, user: u32, from: u32, to: u32): f64 {
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes;
  const users = usersOf(block), items = itemsOf(block);
  const mean = block.mean, rate = changetype<Optimizer>(block.optimizer).rate;
  const keep = f32x4.splat(sgdKeep(block.optimizer));
  const userLane = users.constant, itemLane = items.constant, table: usize = items.weights;
  const p = users.weights + <usize>user * record;
  const sampleItem: usize = block.sampleItem, sampleValue: usize = block.sampleValue;
  let total: f64 = 0;
  for (let s = from; s < to; s++) {
    const q = table + <usize>load<u32>(sampleItem + (s << 2)) * record;
    const error = wideDot(p, q, bytes) + mean - load<f32>(sampleValue + (s << 2));
    total += error * error * 0.5;
    moveBoth(p, q, f32x4.splat(-rate * error), keep, bytes);
    if (userLane != NO_LANE) {
      store<f32>(p + userLane, 1);
      store<f32>(q + itemLane, 1);
    }
  }
  return total;
}

/** p ← keep·p + move·q and q ← keep·q + move·p, both from the old values. */
// @ts-ignore: decorator
@inline
function moveBoth(p: usize, q: usize, move: v128, keep: v128, bytes: usize): void {
  const end = p + bytes, wide = p + (bytes & ~31);
  for (; p < wide; p += 32, q += 32) {
    const x = v128.load(p), y = v128.load(q), x1 = v128.load(p, 16), y1 = v128.load(q, 16);
    v128.store(p, fma4(move, y, f32x4.mul(x, keep)));
    v128.store(q, fma4(move, x, f32x4.mul(y, keep)));
    v128.store(p, fma4(move, y1, f32x4.mul(x1, keep)), 16);
    v128.store(q, fma4(move, x1, f32x4.mul(y1, keep)), 16);
  }
  for (; p < end; p += 16, q += 16) {
    const x = v128.load(p), y = v128.load(q);
    v128.store(p, fma4(move, y, f32x4.mul(x, keep)));
    v128.store(q, fma4(move, x, f32x4.mul(y, keep)));
  }
}
