// What MF and BPR share: the parameter block, the epoch's order, and the moves of table rows. A batch goes in two
// phases: (1) by users: scores, loss, gradients and moves of user rows, whose old values are kept; (2) by items: gradients
// (from the old user rows) and moves of item rows. Each thread owns a range of users and a range of items, and every row
// sums its samples in the batch's order: the same bits for any number of threads.
import { barrier } from '../../../kernels/assembly/barrier';
import { updateRow } from '../../../kernels/assembly/adam';
import { addScaled, setScaled } from '../../../kernels/assembly/vectors';
import {
  BATCH_COUNT, BATCH_SIZE, CURSOR, DENSE, GRADIENT, HEAD, ITEMS, ITEM_BOUNDS, ITEM_CONSTANT, ITEM_ONE, LOSS,
  LOSS_SUM, NEGATIVE, NEXT, NO_LANE, OLD_ROW, OPTIMIZER, ROW_BYTES, SAMPLE_ITEM, SLOPE, SPARE, TOUCHED, USERS,
  USER_BOUNDS, USER_CONSTANT, USER_ONE, ZERO_ROW,
} from './factors-block';

/** First sample (in the epoch's order) of a thread in a batch. */
// @ts-ignore: decorator
@inline
export function firstSample(block: usize, thread: i32, batch: u32): u32 {
  if (thread == 0) return batch * load<u32>(block, BATCH_SIZE);
  return lastSample(block, thread - 1, batch);
}

/** One past the last sample of a thread in a batch. */
// @ts-ignore: decorator
@inline
export function lastSample(block: usize, thread: i32, batch: u32): u32 {
  return load<u32>(load<u32>(block, CURSOR) + ((<u32>thread * load<u32>(block, BATCH_COUNT) + batch) << 2));
}

/**
 * Phase 2, first half: for the thread's items, lists of the batch's entries: entry e < size is the sample e's item,
 * size + e its negative (`pairs`). Returns how many items the thread has in the batch.
 */
function listItems(block: usize, thread: i32, first: u32, size: u32, pairs: bool): u32 {
  const bounds: usize = load<u32>(block, ITEM_BOUNDS) + (thread << 2);
  const low = load<u32>(bounds), count = load<u32>(bounds, 4) - low;
  const head: usize = load<u32>(block, HEAD), next: usize = load<u32>(block, NEXT);
  const touched: usize = load<u32>(block, TOUCHED) + (low << 2);
  const items: usize = load<u32>(block, SAMPLE_ITEM) + (first << 2);
  const negatives: usize = load<u32>(block, NEGATIVE);
  // Whose item it is cannot be predicted, so nothing branches on it: entries of others go to a spare word.
  const spare: usize = load<u32>(block, SPARE) + (thread << 6);
  let found: u32 = 0;
  const entries = pairs ? size * 2 : size;
  for (let e: u32 = 0; e < entries; e++) {
    const item = load<u32>(e < size ? items + (e << 2) : negatives + ((e - size) << 2));
    const own = item - low < count; // unsigned: below low wraps
    const at = select<usize>(head + (item << 2), spare, own);
    const before = load<i32>(at);
    const fresh = u32(own) & u32(before < 0);
    store<i32>(select<usize>(next + (e << 2), spare, own), before);
    store<u32>(at, e);
    store<u32>(select<usize>(touched + (found << 2), spare, fresh != 0), item);
    found += fresh;
  }
  return found;
}

/**
 * Phase 2, second half: sums each item's gradient over its entries (slope · user row, negatives with the sign turned)
 * and moves its row.
 */
function moveItems(block: usize, thread: i32, size: u32, found: u32, step: u32): void {
  const bytes: usize = load<u32>(block, ROW_BYTES);
  const head: usize = load<u32>(block, HEAD), next: usize = load<u32>(block, NEXT);
  const bounds: usize = load<u32>(block, ITEM_BOUNDS) + (thread << 2);
  const low = load<u32>(bounds), high = load<u32>(bounds, 4);
  const touched: usize = load<u32>(block, TOUCHED) + (low << 2);
  const oldRow: usize = load<u32>(block, OLD_ROW), slope: usize = load<u32>(block, SLOPE);
  const gradient = gradientRow(block, thread);
  const dense = load<u32>(block, DENSE) != 0;
  const count = dense ? high - low : found;
  for (let k: u32 = 0; k < count; k++) {
    const item = dense ? low + k : load<u32>(touched + (k << 2));
    const at = head + (item << 2);
    let e = load<i32>(at);
    store<i32>(at, -1);
    if (e < 0) memory.fill(gradient, 0, bytes);
    let opening = true;
    while (e >= 0) {
      // A negative's slope has its sign turned; which entries are negatives cannot be predicted either.
      const negative = u32(<u32>e >= size);
      const sample = slope + ((<u32>e - negative * size) << 2);
      const g = reinterpret<f32>(load<u32>(sample) ^ (negative << 31));
      const old: usize = load<u32>(sample - slope + oldRow);
      if (opening) setScaled(gradient, old, f32x4.splat(g), bytes);
      else addScaled(gradient, old, f32x4.splat(g), bytes);
      opening = false;
      e = load<i32>(next + (e << 2));
    }
    moveRow(block, ITEMS, item, gradient, ITEM_CONSTANT, ITEM_ONE, step);
  }
}

/** Where a thread sums the gradient of the row at hand. */
// @ts-ignore: decorator
@inline
export function gradientRow(block: usize, thread: i32): usize {
  return load<u32>(block, GRADIENT) + <usize>thread * ((load<u32>(block, ROW_BYTES) + 63) & ~63);
}

/**
 * End of a user's samples in phase 1: keeps the old row at `old` and moves the row against the gradient. Dense: the
 * users from `next` up to it, who have no sample, move before. Returns the user after it.
 */
export function moveUser(block: usize, user: u32, next: u32, gradient: usize, old: usize, step: u32): u32 {
  restUsers(block, next, user, step);
  const bytes: usize = load<u32>(block, ROW_BYTES);
  const row = <usize>load<u32>(block, USERS) + <usize>user * bytes;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(old + i, v128.load(row + i));
  moveRow(block, USERS, user, gradient, USER_CONSTANT, USER_ONE, step);
  return user + 1;
}

/** Dense: moves users `from` … `to` − 1, who have no sample in the batch. */
export function restUsers(block: usize, from: u32, to: u32, step: u32): void {
  if (load<u32>(block, DENSE) == 0) return;
  const zero: usize = load<u32>(block, ZERO_ROW);
  for (let user = from; user < to; user++) moveRow(block, USERS, user, zero, USER_CONSTANT, USER_ONE, step);
}

/** Row of the sample at place s; `ids`: u32, the row of each place. */
// @ts-ignore: decorator
@inline
export function rowAt(table: usize, ids: usize, s: u32, bytes: usize): usize {
  return table + <usize>load<u32>(ids + (s << 2)) * bytes;
}

/** First user of a thread. */
// @ts-ignore: decorator
@inline
export function firstUser(block: usize, thread: i32): u32 {
  return load<u32>(load<u32>(block, USER_BOUNDS) + (thread << 2));
}

/** `table`: offset of the words table, first moments, second moments, steps. */
// @ts-ignore: decorator
@inline
function moveRow(
  block: usize, table: usize, row: u32, gradient: usize, constant: usize, one: usize, step: u32,
): void {
  const bytes: usize = load<u32>(block, ROW_BYTES), at = <usize>row * bytes;
  const w: usize = load<u32>(block + table) + at;
  let t = step;
  if (load<u32>(block, DENSE) == 0) {
    const steps: usize = load<u32>(block + table, 12) + (row << 2);
    t = load<u32>(steps) + 1;
    store<u32>(steps, t);
  }
  updateRow(load<u32>(block, OPTIMIZER), w, gradient, load<u32>(block + table, 4) + at,
    load<u32>(block + table, 8) + at, bytes, t);
  const lane = load<u32>(block + constant);
  if (lane != NO_LANE) store<f32>(w + lane, load<f32>(block + one));
}

/** Thread 0 adds the batch's losses to the call's sum, in the batch's order. */
function sumLosses(block: usize, size: u32): void {
  const losses: usize = load<u32>(block, LOSS);
  let sum = f32x4.splat(0);
  let s: u32 = 0;
  for (; s + 4 <= size; s += 4) sum = f32x4.add(sum, v128.load(losses + (s << 2)));
  let total: f64 = f32x4.extract_lane(sum, 0);
  total += f32x4.extract_lane(sum, 1);
  total += f32x4.extract_lane(sum, 2);
  total += f32x4.extract_lane(sum, 3);
  for (; s < size; s++) total += load<f32>(losses + (s << 2));
  store<f64>(block, load<f64>(block, LOSS_SUM) + total, LOSS_SUM);
}

/** Phase 2 of a batch, after every slope and old user row has been written. */
export function moveBatch(
  block: usize, thread: i32, threads: i32, first: u32, size: u32, step: u32, pairs: bool,
): void {
  barrier(threads);
  if (thread == 0) sumLosses(block, size);
  const found = listItems(block, thread, first, size, pairs);
  moveItems(block, thread, size, found, step);
  barrier(threads);
}
