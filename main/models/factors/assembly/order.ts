// The shuffled order of an epoch: samples to batches, within each batch by user.
import { Factors } from './factors-block';

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
 * cycle until the value is below n), so that threads shuffle without memory in common. As shuffledPlaces in
 * main/numeric/batch-order.ts.
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
export function orderCount(thread: i32, threads: i32, block: Factors, part: i32, parts: i32): void {
  const copies = block.copies, n = block.sampleCount;
  const batchSize = block.batchSize, batchCount = block.batchCount;
  const batchOf: usize = block.batchOf;
  const counts: usize = block.cursor + ((<u32>thread * batchCount) << 2);
  const key = block.orderKey;
  const left = block.leftBits, right = block.rightBits;
  const k0 = mix32(key), k1 = mix32(key + 1), k2 = mix32(key + 2), k3 = mix32(key + 3);
  if (part == 0) memory.fill(counts, 0, batchCount << 2);
  const start: usize = block.start;
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
export function orderPlaces(thread: i32, threads: i32, block: Factors): void {
  if (thread != 0) return;
  const batchSize = block.batchSize, batchCount = block.batchCount;
  const cursor: usize = block.cursor;
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
export function orderScatter(thread: i32, threads: i32, block: Factors, part: i32, parts: i32): void {
  const copies = block.copies, batchCount = block.batchCount;
  const start: usize = block.start, item: usize = block.item;
  const value: usize = block.value, batchOf: usize = block.batchOf;
  const cursor: usize = block.cursor + ((<u32>thread * batchCount) << 2);
  const sampleUser: usize = block.sampleUser, sampleItem: usize = block.sampleItem;
  const sampleValue: usize = block.sampleValue;
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
function partOf(block: Factors, thread: i32, part: i32, parts: i32): u32 {
  const bounds: usize = block.userBounds + (thread << 2);
  const first = load<u32>(bounds), count = load<u32>(bounds, 4) - first;
  return first + <u32>((<u64>count * <u64>part) / <u64>parts);
}
