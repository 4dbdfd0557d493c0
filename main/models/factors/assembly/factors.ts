// What MF and BPR share: the parameter block, the epoch's order, and the moves of table rows. A batch goes in two
// phases: (1) by users: scores, loss, gradients and moves of user rows, whose old values are kept; (2) by items: gradients
// (from the old user rows) and moves of item rows. Each thread owns a range of users and a range of items, and every row
// sums its samples in the batch's order: the same bits for any number of threads.
import { barrier } from '../../../kernels/assembly/barrier';
import { Optimizer, ROW_ADAGRAD, updateRow } from '../../../kernels/assembly/adam';
import { updateRowWise } from '../../../kernels/assembly/rowwise';
import { addScaled, setScaled } from '../../../kernels/assembly/vectors';
import { FactorModel, Factors, FactorTable, itemsOf, NO_LANE, usersOf } from './factors-block';

/** First sample (in the epoch's order) of a thread in a batch. */
// @ts-ignore: decorator
@inline
export function firstSample(block: Factors, thread: i32, batch: u32): u32 {
  if (thread == 0) return batch * block.batchSize;
  return lastSample(block, thread - 1, batch);
}

/** One past the last sample of a thread in a batch. */
// @ts-ignore: decorator
@inline
export function lastSample(block: Factors, thread: i32, batch: u32): u32 {
  return load<u32>(block.cursor + ((<u32>thread * block.batchCount + batch) << 2));
}

/**
 * Phase 2, first half: for the thread's items, lists of the batch's entries: entry e < size is the sample e's item,
 * size + e its negative (`pairs`). Returns how many items the thread has in the batch.
 */
function listItems(block: Factors, thread: i32, first: u32, size: u32, pairs: bool): u32 {
  const bounds: usize = block.itemBounds + (thread << 2);
  const low = load<u32>(bounds), count = load<u32>(bounds, 4) - low;
  const head: usize = block.head, next: usize = block.next;
  const touched: usize = block.touched + (low << 2);
  const items: usize = block.sampleItem + (first << 2);
  const negatives: usize = block.negative;
  // Whose item it is cannot be predicted, so nothing branches on it: entries of others go to a spare word.
  const spare: usize = block.spare + (thread << 6);
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
function moveItems(block: Factors, thread: i32, size: u32, found: u32, step: u32): void {
  const bytes: usize = block.rowBytes;
  const head: usize = block.head, next: usize = block.next;
  const bounds: usize = block.itemBounds + (thread << 2);
  const low = load<u32>(bounds), high = load<u32>(bounds, 4);
  const touched: usize = block.touched + (low << 2);
  const oldRow: usize = block.oldRow, slope: usize = block.slope;
  const gradient = gradientRow(block, thread);
  const dense = block.dense != 0;
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
    moveRow(block, itemsOf(block), item, gradient, step);
  }
}

/** Where a thread sums the gradient of the row at hand. */
// @ts-ignore: decorator
@inline
export function gradientRow(block: FactorModel, thread: i32): usize {
  return block.gradient + <usize>thread * block.gradientBytes;
}

/**
 * End of a user's samples in phase 1: keeps the old row at `old` and moves the row against the gradient. Dense: the
 * users from `next` up to it, who have no sample, move before. Returns the user after it.
 */
export function moveUser(block: Factors, user: u32, next: u32, gradient: usize, old: usize, step: u32): u32 {
  restUsers(block, next, user, step);
  const bytes: usize = block.rowBytes;
  const row = usersOf(block).weights + <usize>user * block.recordBytes;
  for (let i: usize = 0; i < bytes; i += 16) v128.store(old + i, v128.load(row + i));
  moveRow(block, usersOf(block), user, gradient, step);
  return user + 1;
}

/** Dense: moves users `from` … `to` − 1, who have no sample in the batch. */
export function restUsers(block: Factors, from: u32, to: u32, step: u32): void {
  if (block.dense == 0) return;
  const zero: usize = block.zeroRow;
  for (let user = from; user < to; user++) moveRow(block, usersOf(block), user, zero, step);
}

/** Row of the sample at place s; `ids`: u32, the row of each place. `record`: bytes from a row to the next. */
// @ts-ignore: decorator
@inline
export function rowAt(table: usize, ids: usize, s: u32, record: usize): usize {
  return table + <usize>load<u32>(ids + (s << 2)) * record;
}

/** First user of a thread. */
// @ts-ignore: decorator
@inline
export function firstUser(block: Factors, thread: i32): u32 {
  return load<u32>(block.userBounds + (thread << 2));
}

/** Moves a row of a table against its gradient. `step`: the batch's number (dense); lazy rows count their own. */
// @ts-ignore: decorator
@inline
export function moveRow(block: FactorModel, table: FactorTable, row: u32, gradient: usize, step: u32): void {
  const bytes: usize = block.rowBytes, at = <usize>row * block.recordBytes;
  const w = table.weights + at;
  let t = step;
  if (block.counted != 0) {
    t = load<u32>(table.steps + at) + 1;
    store<u32>(table.steps + at, t);
  }
  const optimizer = block.optimizer;
  if (changetype<Optimizer>(optimizer).kind >= ROW_ADAGRAD) {
    updateRowWise(
      optimizer, w, gradient, table.first + at, table.second + at, bytes, block.factors, table.bias, t,
    );
  } else updateRow(optimizer, w, gradient, table.first + at, table.second + at, bytes, t);
  const lane = table.constant;
  if (lane != NO_LANE) store<f32>(w + lane, 1);
}

/** Thread 0 adds the batch's losses to the call's sum, in the batch's order. */
function sumLosses(block: Factors, size: u32): void {
  const losses: usize = block.loss;
  let sum = f32x4.splat(0);
  let s: u32 = 0;
  for (; s + 4 <= size; s += 4) sum = f32x4.add(sum, v128.load(losses + (s << 2)));
  let total: f64 = f32x4.extract_lane(sum, 0);
  total += f32x4.extract_lane(sum, 1);
  total += f32x4.extract_lane(sum, 2);
  total += f32x4.extract_lane(sum, 3);
  for (; s < size; s++) total += load<f32>(losses + (s << 2));
  block.lossSum += total;
}

/** Phase 2 of a batch, after every slope and old user row has been written. */
export function moveBatch(
  block: Factors, thread: i32, threads: i32, first: u32, size: u32, step: u32, pairs: bool,
): void {
  barrier(threads);
  if (thread == 0) sumLosses(block, size);
  const found = listItems(block, thread, first, size, pairs);
  moveItems(block, thread, size, found, step);
  barrier(threads);
}
