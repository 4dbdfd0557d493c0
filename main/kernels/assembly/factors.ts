// What MF and BPR share: the parameter block, the epoch's order, and the moves of table rows. A batch goes in three
// phases: (1) by users: scores, loss, gradients of user rows; (2) by items: gradients and moves of item rows; (3) moves
// of user rows. Each thread owns a range of users and a range of items, and every row sums its samples in the batch's
// order: the same bits for any number of threads. main/kernels/factors.ts writes the block.
import { barrier } from './barrier';
import { fma4 } from './math';
import { updateRow } from './adam';

export { sums4 } from './math';

// Offsets of the block's words (u32 or f32).
export const USER_COUNT: usize = 0;
export const ITEM_COUNT: usize = 4;
/** Bytes of a row of a table: factors, bias, constant, padding to 16. */
export const ROW_BYTES: usize = 8;
/** Samples of an epoch: rows × copies. */
export const SAMPLE_COUNT: usize = 12;
/** Samples a row of the ratings (BPR's negatives). */
export const COPIES: usize = 16;
export const BATCH_SIZE: usize = 20;
export const BATCH_COUNT: usize = 24;
/** [users + 1], [rows], [rows]: the ratings. */
export const START: usize = 28;
export const ITEM: usize = 32;
export const VALUE: usize = 36;
/** [threads + 1]: first user, first item of each thread. */
export const USER_BOUNDS: usize = 40;
export const ITEM_BOUNDS: usize = 44;
/** [samples] batch of each sample; then free. */
export const BATCH_OF: usize = 48;
/** [threads, batches]: end of each thread's samples in each batch. */
export const CURSOR: usize = 52;
/** [samples] in the epoch's order; within a batch by user. */
export const SAMPLE_USER: usize = 56;
export const SAMPLE_ITEM: usize = 60;
/** [samples] ratings, f32; absent (0) where only order counts. */
export const SAMPLE_VALUE: usize = 64;
export const USERS: usize = 68;
export const USERS_FIRST: usize = 72;
export const USERS_SECOND: usize = 76;
export const USERS_STEPS: usize = 80;
export const ITEMS: usize = 84;
export const ITEMS_FIRST: usize = 88;
export const ITEMS_SECOND: usize = 92;
export const ITEMS_STEPS: usize = 96;
export const OPTIMIZER: usize = 100;
/** 1: every row moves every batch. */
export const DENSE: usize = 104;
/** Batches done before this call's first (dense). */
export const STEPS_DONE: usize = 108;
/** [batch] derivative of the batch's loss by the sample's score. */
export const SLOPE: usize = 112;
/** [batch] loss of each sample. */
export const LOSS: usize = 116;
/** [batch] BPR's negatives. */
export const NEGATIVE: usize = 120;
/**
 * [2, batch + 1, row]: gradient of a user's row, at the place of its first sample; the last row is zero. Batches take
 * turns: a thread may be in the next batch while another still moves its users.
 */
export const USER_GRADIENT: usize = 124;
/** [items] last sample of the batch with this item, or −1; [2 · batch] the sample before it. */
export const HEAD: usize = 128;
export const NEXT: usize = 132;
/** [items] items of the batch, each thread from its own bound on. */
export const TOUCHED: usize = 136;
/** [threads, row] */
export const ITEM_GRADIENT: usize = 140;
export const ORDER_KEY: usize = 144;
export const LEFT_BITS: usize = 148;
export const RIGHT_BITS: usize = 152;
export const MEAN: usize = 156;
/** Byte offsets within a row of the lane that is constant (or NO_LANE), and its value: it carries the other's bias. */
const NO_LANE: u32 = 0xffffffff;
export const USER_CONSTANT: usize = 160;
export const ITEM_CONSTANT: usize = 164;
export const USER_ONE: usize = 168;
export const ITEM_ONE: usize = 172;
/** f64: sum of the losses of the call's samples. */
export const LOSS_SUM: usize = 176;
/** BPR only, from here on. */
export const OWN: usize = 192;

/** 32 well-mixed bits of 32 (Wellons' lowbias32). */
// @ts-ignore: decorator
@inline
export function mix32(value: u32): u32 {
  let x = value;
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

// @ts-ignore: decorator
@inline
function roundBits(x: u32, key: u32, bits: u32): u32 {
  let h = (x ^ key) * 0x9e3779b1;
  h = (h ^ (h >> 15)) * 0x85ebca77;
  return h >> (32 - bits);
}

/**
 * Place of sample s in the epoch's order: a pseudo-random permutation of 0 … n − 1 (four Feistel rounds, walking the
 * cycle until the value is below n), so that threads shuffle without memory in common. As BatchOrder in
 * main/models/batch-order.ts.
 */
// @ts-ignore: decorator
@inline
function placeOf(s: u32, n: u32, k0: u32, k1: u32, k2: u32, k3: u32, left: u32, right: u32): u32 {
  let x = s;
  const mask: u32 = (1 << right) - 1;
  do {
    let l = x >> right;
    let r = x & mask;
    l ^= roundBits(r, k0, left);
    r ^= roundBits(l, k1, right);
    l ^= roundBits(r, k2, left);
    r ^= roundBits(l, k3, right);
    x = (l << right) | r;
  } while (x >= n);
  return x;
}

/** First of the three steps of an epoch's order, for part `part` of `parts` of each thread's users: counts. */
export function orderCount(thread: i32, threads: i32, block: usize, part: i32, parts: i32): void {
  const copies = load<u32>(block, COPIES), n = load<u32>(block, SAMPLE_COUNT);
  const batchSize = load<u32>(block, BATCH_SIZE), batchCount = load<u32>(block, BATCH_COUNT);
  const batchOf: usize = load<u32>(block, BATCH_OF);
  const counts: usize = load<u32>(block, CURSOR) + ((<u32>thread * batchCount) << 2);
  const key = load<u32>(block, ORDER_KEY);
  const left = load<u32>(block, LEFT_BITS), right = load<u32>(block, RIGHT_BITS);
  const k0 = mix32(key), k1 = mix32(key + 1), k2 = mix32(key + 2), k3 = mix32(key + 3);
  if (part == 0) memory.fill(counts, 0, batchCount << 2);
  const start: usize = load<u32>(block, START);
  const first = load<u32>(start + (partOf(block, thread, part, parts) << 2)) * copies;
  const end = load<u32>(start + (partOf(block, thread, part + 1, parts) << 2)) * copies;
  for (let s = first; s < end; s++) {
    const batch = placeOf(s, n, k0, k1, k2, k3, left, right) / batchSize;
    store<u32>(batchOf + (s << 2), batch);
    const count = counts + (batch << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Second step: counts become places. */
export function orderPlaces(thread: i32, threads: i32, block: usize): void {
  if (thread != 0) return;
  const batchSize = load<u32>(block, BATCH_SIZE), batchCount = load<u32>(block, BATCH_COUNT);
  const cursor: usize = load<u32>(block, CURSOR);
  for (let b: u32 = 0; b < batchCount; b++) {
    let at = b * batchSize;
    for (let t: u32 = 0; t < <u32>threads; t++) {
      const count = cursor + ((t * batchCount + b) << 2);
      const size = load<u32>(count);
      store<u32>(count, at);
      at += size;
    }
  }
}

/** Third step: samples go to their batches, users ascending within each. */
export function orderScatter(thread: i32, threads: i32, block: usize, part: i32, parts: i32): void {
  const copies = load<u32>(block, COPIES), batchCount = load<u32>(block, BATCH_COUNT);
  const start: usize = load<u32>(block, START), item: usize = load<u32>(block, ITEM);
  const value: usize = load<u32>(block, VALUE), batchOf: usize = load<u32>(block, BATCH_OF);
  const cursor: usize = load<u32>(block, CURSOR) + ((<u32>thread * batchCount) << 2);
  const sampleUser: usize = load<u32>(block, SAMPLE_USER), sampleItem: usize = load<u32>(block, SAMPLE_ITEM);
  const sampleValue: usize = load<u32>(block, SAMPLE_VALUE);
  const last = partOf(block, thread, part + 1, parts);
  for (let u = partOf(block, thread, part, parts); u < last; u++) {
    const end = load<u32>(start + (u << 2), 4);
    for (let row = load<u32>(start + (u << 2)); row < end; row++) {
      for (let c: u32 = 0; c < copies; c++) {
        const s = row * copies + c;
        const next = cursor + (load<u32>(batchOf + (s << 2)) << 2);
        const at = load<u32>(next);
        store<u32>(next, at + 1);
        store<u32>(sampleUser + (at << 2), u);
        store<u32>(sampleItem + (at << 2), load<u32>(item + (row << 2)));
        if (sampleValue != 0) store<u32>(sampleValue + (at << 2), load<u32>(value + (row << 2)));
      }
    }
  }
}

/** First user of part `part` of a thread's users. */
function partOf(block: usize, thread: i32, part: i32, parts: i32): u32 {
  const bounds: usize = load<u32>(block, USER_BOUNDS) + (thread << 2);
  const first = load<u32>(bounds), count = load<u32>(bounds, 4) - first;
  return first + <u32>((<u64>count * <u64>part) / <u64>parts);
}

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

/** to = a·x (first) or to + a·x, over `bytes` bytes. */
// @ts-ignore: decorator
@inline
export function addScaled(to: usize, x: usize, a: v128, bytes: usize, first: bool): void {
  if (first) for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.mul(a, v128.load(x + i)));
  else for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, fma4(a, v128.load(x + i), v128.load(to + i)));
}

/**
 * Phase 2, first half: for the thread's items, lists of the batch's entries: entry e < size is the sample e's item,
 * size + e its negative (`pairs`). Returns how many items the thread has in the batch.
 */
export function listItems(block: usize, thread: i32, first: u32, size: u32, pairs: bool): u32 {
  const bounds: usize = load<u32>(block, ITEM_BOUNDS) + (thread << 2);
  const low = load<u32>(bounds), count = load<u32>(bounds, 4) - low;
  const head: usize = load<u32>(block, HEAD), next: usize = load<u32>(block, NEXT);
  const touched: usize = load<u32>(block, TOUCHED) + (low << 2);
  const items: usize = load<u32>(block, SAMPLE_ITEM) + (first << 2);
  const negatives: usize = load<u32>(block, NEGATIVE);
  let found: u32 = 0;
  const entries = pairs ? size * 2 : size;
  for (let e: u32 = 0; e < entries; e++) {
    const item = e < size ? load<u32>(items + (e << 2)) : load<u32>(negatives + ((e - size) << 2));
    if (item - low >= count) continue; // unsigned: below low wraps
    const at = head + (item << 2);
    const before = load<i32>(at);
    store<i32>(next + (e << 2), before);
    store<u32>(at, e);
    if (before < 0) {
      store<u32>(touched + (found << 2), item);
      found++;
    }
  }
  return found;
}

/**
 * Phase 2, second half: sums each item's gradient over its entries (slope · user row, negatives with the sign turned)
 * and moves its row.
 */
export function moveItems(
  block: usize, thread: i32, first: u32, size: u32, found: u32, step: u32,
): void {
  const bytes: usize = load<u32>(block, ROW_BYTES);
  const head: usize = load<u32>(block, HEAD), next: usize = load<u32>(block, NEXT);
  const bounds: usize = load<u32>(block, ITEM_BOUNDS) + (thread << 2);
  const low = load<u32>(bounds), high = load<u32>(bounds, 4);
  const touched: usize = load<u32>(block, TOUCHED) + (low << 2);
  const users: usize = load<u32>(block, USERS), slope: usize = load<u32>(block, SLOPE);
  const sampleUser: usize = load<u32>(block, SAMPLE_USER) + (first << 2);
  const gradient: usize = load<u32>(block, ITEM_GRADIENT) + <usize>thread * ((bytes + 63) & ~63);
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
      const negative = <u32>e >= size;
      const s = negative ? <u32>e - size : <u32>e;
      const g = load<f32>(slope + (s << 2));
      const row = users + <usize>load<u32>(sampleUser + (s << 2)) * bytes;
      addScaled(gradient, row, f32x4.splat(negative ? -g : g), bytes, opening);
      opening = false;
      e = load<i32>(next + (e << 2));
    }
    moveRow(block, ITEMS, item, gradient, ITEM_CONSTANT, ITEM_ONE, step);
  }
}

/** Phase 3: moves the rows of the thread's users. `low` … `high`: its samples, places within the batch. */
export function moveUsers(
  block: usize, thread: i32, gradients: usize, first: u32, low: u32, high: u32, step: u32,
): void {
  const bytes: usize = load<u32>(block, ROW_BYTES);
  const sampleUser: usize = load<u32>(block, SAMPLE_USER) + (first << 2);
  if (load<u32>(block, DENSE) == 0) {
    let before: u32 = 0xffffffff;
    for (let s = low; s < high; s++) {
      const user = load<u32>(sampleUser + (s << 2));
      if (user != before) moveRow(block, USERS, user, gradients + <usize>s * bytes, USER_CONSTANT, USER_ONE, step);
      before = user;
    }
    return;
  }
  const bounds: usize = load<u32>(block, USER_BOUNDS) + (thread << 2);
  const zero = gradients + <usize>load<u32>(block, BATCH_SIZE) * bytes;
  const end = load<u32>(bounds, 4);
  let s = low;
  for (let user = load<u32>(bounds); user < end; user++) {
    const here = s < high && load<u32>(sampleUser + (s << 2)) == user;
    moveRow(block, USERS, user, here ? gradients + <usize>s * bytes : zero, USER_CONSTANT, USER_ONE, step);
    while (s < high && load<u32>(sampleUser + (s << 2)) == user) s++;
  }
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
export function sumLosses(block: usize, size: u32): void {
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

/** Where batch `batch` keeps the gradients of user rows. */
// @ts-ignore: decorator
@inline
export function userGradients(block: usize, batch: u32): usize {
  const bytes: usize = load<u32>(block, ROW_BYTES), batchSize: usize = load<u32>(block, BATCH_SIZE);
  return load<u32>(block, USER_GRADIENT) + <usize>(batch & 1) * (batchSize + 1) * bytes;
}

/** Phases 2 and 3 of a batch, after every slope and user gradient has been written. */
export function moveBatch(
  block: usize, thread: i32, threads: i32, gradients: usize, first: u32, size: u32, low: u32, high: u32, step: u32,
  pairs: bool,
): void {
  barrier(threads);
  if (thread == 0) sumLosses(block, size);
  const found = listItems(block, thread, first, size, pairs);
  moveItems(block, thread, first, size, found, step);
  barrier(threads);
  moveUsers(block, thread, gradients, first, low, high, step);
}
