// MF one rating a step: the batch of mf.ts with one rating in it, in the cells of Singles.
import { Optimizer, SGD, sgdKeep } from '../../../kernels/assembly/adam';
import { fma4 } from '../../../kernels/assembly/math';
import { setScaled, wideDot } from '../../../kernels/assembly/vectors';
import { gradientRow, moveRow } from '../../factors/assembly/factors';
import { itemsOf, NO_LANE, usersOf } from '../../factors/assembly/factors-block';
import { addLoss, cellPart, Singles } from '../../factors/assembly/singles';

/** Written by main/models/mf/fused.ts. */
@unmanaged
export class MfSingles extends Singles {
  /** μ, or 0. */
  mean: f32;
}

/** Trains on part `part` of `parts` of the cells of a round. */
export function mfSingles(thread: i32, threads: i32, block: MfSingles, round: u32, part: u32, parts: u32): void {
  const sgd = changetype<Optimizer>(block.optimizer).kind == SGD;
  for (let own: u32 = thread; own < block.blocks; own += threads) {
    const from = cellPart(block, own, round, part, parts), to = cellPart(block, own, round, part + 1, parts);
    addLoss(block, own, sgd ? sgdSteps(block, from, to) : steps(block, thread, from, to));
  }
}

/** Any optimizer: the gradients of both rows, then their moves. */
function steps(block: MfSingles, thread: i32, from: u32, to: u32): f64 {
  const bytes: usize = block.rowBytes, users = usersOf(block), items = itemsOf(block);
  const gp = gradientRow(block, thread), gq = gp + bytes;
  let total: f64 = 0;
  for (let s = from; s < to; s++) {
    const user = load<u32>(block.sampleUser + (s << 2)), item = load<u32>(block.sampleItem + (s << 2));
    const p = users.weights + <usize>user * bytes, q = items.weights + <usize>item * bytes;
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
function sgdSteps(block: MfSingles, from: u32, to: u32): f64 {
  const bytes: usize = block.rowBytes, users = usersOf(block), items = itemsOf(block);
  const mean = block.mean, rate = changetype<Optimizer>(block.optimizer).rate;
  const keep = f32x4.splat(sgdKeep(block.optimizer));
  const userLane = users.constant, itemLane = items.constant;
  let total: f64 = 0;
  for (let s = from; s < to; s++) {
    const p = users.weights + <usize>load<u32>(block.sampleUser + (s << 2)) * bytes;
    const q = items.weights + <usize>load<u32>(block.sampleItem + (s << 2)) * bytes;
    const error = wideDot(p, q, bytes) + mean - load<f32>(block.sampleValue + (s << 2));
    total += error * error * 0.5;
    const move = f32x4.splat(-rate * error);
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(p + i), y = v128.load(q + i);
      v128.store(p + i, fma4(move, y, f32x4.mul(x, keep)));
      v128.store(q + i, fma4(move, x, f32x4.mul(y, keep)));
    }
    if (userLane != NO_LANE) {
      store<f32>(p + userLane, 1);
      store<f32>(q + itemLane, 1);
    }
  }
  return total;
}
