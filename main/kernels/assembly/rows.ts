// Rows of a batch: which table rows a mini-batch touches, their gradients summed in a fixed order, and their update.
// Each row belongs to one thread, so a sum's order, and so its bits, do not depend on how many threads there are.
import { updateRow } from './adam';

/** A slot of a batch that holds no row. */
// @ts-ignore: decorator
@inline
export const NO_ROW: u32 = 0xffffffff;

/** An embedding table in memory, as main/kernels/kernel-table.ts writes it. */
@unmanaged
export class Table {
  weights: usize;
  first: usize;
  second: usize;
  /** u32 [rows]: steps of each row. */
  steps: usize;
  /** u32 [rows]: 1 + first slot of the row in the present batch, 0: none. */
  heads: usize;
  rows: u32;
  /** Bytes of a row, a multiple of 16. */
  bytes: u32;
  /** 1: every row moves every batch; 0: only those of the batch (lazy). */
  dense: u32;
}

/** Rows go to threads in runs of 16, so that no two threads write one cache line of `heads` or `steps`. */
// @ts-ignore: decorator
@inline
function ownerOf(row: u32, threads: u32): u32 {
  return (row >> 4) % threads;
}

/**
 * Links the slots of each row that this thread owns, in ascending order. `ids`: u32 [slots] row of each slot.
 * `next`: u32 [slots], the thread's own: 1 + next slot of the same row. Returns how many rows are in `distinct`.
 */
export function linkRows(
  thread: u32, threads: u32, table: Table, ids: usize, slots: u32, next: usize, distinct: usize,
): u32 {
  const heads = table.heads;
  let count: u32 = 0;
  for (let s = <i32>slots - 1; s >= 0; s--) {
    const row = load<u32>(ids + (s << 2));
    if (row == NO_ROW || (threads > 1 && ownerOf(row, threads) != thread)) continue;
    const head = heads + (row << 2);
    const following = load<u32>(head);
    store<u32>(next + (s << 2), following);
    store<u32>(head, s + 1);
    if (following == 0) store<u32>(distinct + (count++ << 2), row);
  }
  return count;
}

/** Moves one row by its summed gradient and takes it off the list. `batch`: the batch's number, from 1 (dense tables). */
// @ts-ignore: decorator
@inline
export function stepRow(table: Table, optimizer: usize, row: u32, gradient: usize, batch: u32): void {
  const at = <usize>row * table.bytes;
  let step = batch;
  if (table.dense == 0) {
    const counter = table.steps + (row << 2);
    step = load<u32>(counter) + 1;
    store<u32>(counter, step);
  }
  updateRow(optimizer, table.weights + at, gradient, table.first + at, table.second + at, table.bytes, step);
  store<u32>(table.heads + (row << 2), 0);
}

/** Rows of a dense table that the batch does not hold move by momentum and decay alone. `zero`: a row of zeros. */
export function stepOthers(
  thread: u32, threads: u32, table: Table, optimizer: usize, zero: usize, batch: u32,
): void {
  for (let row: u32 = 0; row < table.rows; row++) {
    if (ownerOf(row, threads) == thread && load<u32>(table.heads + (row << 2)) == 0) {
      stepRow(table, optimizer, row, zero, batch);
    }
  }
}

/**
 * One step of every row that this thread owns. `gradients`: [slots, table.bytes], one row a slot. `sum`: a row of
 * scratch; `zero`: a row of zeros.
 */
export function stepRows(
  thread: u32, threads: u32, table: Table, optimizer: usize, ids: usize, slots: u32, gradients: usize,
  next: usize, distinct: usize, sum: usize, zero: usize, batch: u32,
): void {
  const count = linkRows(thread, threads, table, ids, slots, next, distinct);
  if (table.dense != 0) stepOthers(thread, threads, table, optimizer, zero, batch);
  const bytes = <usize>table.bytes;
  for (let d: u32 = 0; d < count; d++) {
    const row = load<u32>(distinct + (d << 2));
    let slot = load<u32>(table.heads + (row << 2));
    let gradient = gradients + <usize>(slot - 1) * bytes;
    slot = load<u32>(next + ((slot - 1) << 2));
    if (slot != 0) {
      memory.copy(sum, gradient, bytes);
      while (slot != 0) {
        gradient = gradients + <usize>(slot - 1) * bytes;
        for (let c: usize = 0; c < bytes; c += 16) {
          v128.store(sum + c, f32x4.add(v128.load(sum + c), v128.load(gradient + c)));
        }
        slot = load<u32>(next + ((slot - 1) << 2));
      }
      gradient = sum;
    }
    stepRow(table, optimizer, row, gradient, batch);
  }
}

/**
 * One step of the dense weights: the shards' gradients ([shards, bytes]) summed in order, each thread its own slice.
 * `bytes` is a multiple of 64.
 */
export function stepShards(
  thread: u32, threads: u32, optimizer: usize, weights: usize, first: usize, second: usize, bytes: usize,
  gradients: usize, shards: u32, batch: u32,
): void {
  const lines = <u32>(bytes >> 6);
  const low = <usize>((lines * thread) / threads) << 6;
  const high = <usize>((lines * (thread + 1)) / threads) << 6;
  for (let at = low; at < high; at += 16) {
    let sum = v128.load(gradients + at);
    for (let s: u32 = 1; s < shards; s++) sum = f32x4.add(sum, v128.load(gradients + <usize>s * bytes + at));
    v128.store(gradients + at, sum);
  }
  if (high > low) {
    updateRow(optimizer, weights + low, gradients + low, first + low, second + low, high - low, batch);
  }
}
