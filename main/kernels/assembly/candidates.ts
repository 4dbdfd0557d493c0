// Negative candidates of a user: items that the user has no train row for.
import { nextBelow, nextFloat } from './random';

/** What is known of the train part, as main/kernels/interactions.ts writes it. */
@unmanaged
export class Interactions {
  /** u32 [users + 1] */
  start: usize;
  /** u32 [n], by user, then time. */
  item: usize;
  /** Bits of users × items, rows of `seenBytes`; 0: none, look it up in `sorted`. */
  seen: usize;
  seenBytes: u32;
  /** u32 [n] items of each user in ascending order; 0 where there is a bitset. */
  sorted: usize;
  items: u32;
  rows: u32;
  /** u32 [n] user of each row. */
  user: usize;
  /** Alias table of popularity^β: f32 [items] and u32 [items]; 0: uniform. */
  probability: usize;
  alias: usize;
}

/** Has the user a train row for the item? Bitset, or binary search where users × items does not fit. */
// @ts-ignore: decorator
@inline
export function isSeen(data: Interactions, user: u32, item: u32): bool {
  if (data.seen != 0) {
    return ((load<u8>(data.seen + <usize>user * data.seenBytes + (item >> 3)) >> <u8>(item & 7)) & 1) != 0;
  }
  let low = load<u32>(data.start + (user << 2));
  let high = load<u32>(data.start + (user << 2), 4);
  const end = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u32>(data.sorted + (middle << 2)) < item) low = middle + 1;
    else high = middle;
  }
  return low < end && load<u32>(data.sorted + (low << 2)) == item;
}

/** Draws before a user's unseen items are walked in order instead. */
const DRAWS: i32 = 1000;

/**
 * An item that the user has not in train: uniform, or by popularity^β where there is an alias table (Walker 1977). For
 * a user who has every item any of them.
 */
export function drawNegative(data: Interactions, state: usize, user: u32): u32 {
  let item: u32 = 0;
  for (let tries = 0; tries < DRAWS; tries++) {
    item = nextBelow(state, data.items);
    if (data.probability != 0) {
      if (nextFloat(state) >= load<f32>(data.probability + (item << 2))) item = load<u32>(data.alias + (item << 2));
    }
    if (!isSeen(data, user, item)) return item;
  }
  for (let step: u32 = 0; step < data.items; step++) {
    item = item + 1 == data.items ? 0 : item + 1;
    if (!isSeen(data, user, item)) return item;
  }
  return item;
}

/**
 * Place `index` of a pseudo-random order of 0 … n − 1, without storing the order: a bijection on the next power of two
 * (multiply by odd numbers, xor-shift), walked until it falls below n. `key`: 64 random bits of the epoch.
 */
export function permuted(index: u32, n: u32, bits: u32, key: u64): u32 {
  const mask: u32 = bits == 32 ? 0xffffffff : (1 << bits) - 1;
  const shift = (bits + 1) >> 1;
  const a = <u32>key, b = <u32>(key >> 32);
  let x = index;
  do {
    x = ((x ^ a) * 0x9e3779b1 + b) & mask;
    x ^= x >> shift;
    x = ((x ^ (b >> 3)) * 0x85ebca6b + (a >> 5)) & mask;
    x ^= x >> shift;
    x = ((x + a) * 0xc2b2ae35) & mask;
    x ^= x >> shift;
    x = ((x ^ b) * 0x27d4eb2f) & mask;
    x ^= x >> shift;
  } while (x >= n);
  return x;
}
