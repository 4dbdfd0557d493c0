// Negatives of BPR: the same draws as main/models/bpr/negatives.ts from the same key. A draw hangs on the sample's place in
// the epoch alone, so that threads need no stream in common.
import { mix32 } from '../../factors/assembly/order';

// Values of sampling: uniform; popularity^β by an alias table; the highest scored of `candidates` uniform draws.
export const UNIFORM: u32 = 0;
export const POPULARITY: u32 = 1;
export const DYNAMIC: u32 = 2;

/** Draws before a user's unseen items are walked in order instead. */
export const ATTEMPTS: u32 = 64;
/** A user who has seen everything: no negative, no loss. */
export const NO_NEGATIVE: u32 = 0xffffffff;

/** Written by main/models/bpr/fused.ts. */
@unmanaged
export class Draws {
  itemCount: u32;
  /** The ratings by user; items ascend within a user where there is no bitset. */
  start: usize;
  item: usize;
  sampling: u32;
  candidates: u32;
  /** Walker's alias table, [items]: share of the own item (u32, 2^32 = 1) and the other item. */
  aliasShare: usize;
  aliasOther: usize;
  /** Bitset [users, words] of the train items; address 0: search the user's rows, which then ascend by item. */
  bitset: usize;
  bitsetWords: u32;
  negativeKey: u32;
  /** u8 [items]: block of each item (Singles); 0 where negatives may be any item. */
  itemBlock: usize;
}

// @ts-ignore: decorator
@inline
export function isMarked(bitset: usize, words: u32, user: u32, item: u32): bool {
  return ((load<u32>(bitset + ((user * words + (item >> 5)) << 2)) >> (item & 31)) & 1) != 0;
}

/** Has the user a train row of the item? */
// @ts-ignore: decorator
@inline
function seen(d: Draws, user: u32, item: u32): bool {
  if (d.bitset != 0) return isMarked(d.bitset, d.bitsetWords, user, item);
  const start = d.start + (user << 2), sorted = d.item;
  let low = load<u32>(start), high = load<u32>(start, 4);
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = load<u32>(sorted + (middle << 2));
    if (found == item) return true;
    if (found < item) low = middle + 1;
    else high = middle;
  }
  return false;
}

// @ts-ignore: decorator
@inline
export function below(bits: u32, n: u32): u32 {
  return <u32>((<u64>bits * <u64>n) >> 32);
}

/** Draw number `draw` of a sample: an item that the user has not in train, or NO_NEGATIVE. */
export function drawUnseen(d: Draws, user: u32, base: u32, draw: u32): u32 {
  const n = d.itemCount, popular = d.sampling == POPULARITY;
  let item: u32 = 0;
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    const bits = mix32(base + (draw * ATTEMPTS + attempt) * 0x9e3779b9);
    item = below(bits, n);
    if (popular && mix32(bits ^ 0x5bd1e995) >= load<u32>(d.aliasShare + (item << 2))) {
      item = load<u32>(d.aliasOther + (item << 2));
    }
    if (!seen(d, user, item)) return item;
  }
  for (let step: u32 = 0; step < n; step++) {
    item = item + 1 == n ? 0 : item + 1;
    if (!seen(d, user, item)) return item;
  }
  return NO_NEGATIVE;
}

/** The same among the `size` items at `pool`, which are those of block `own`; the user's among them have bits at `marks`. */
export function drawFromPool(d: Draws, marks: usize, base: u32, draw: u32, pool: usize, size: u32, own: u32): u32 {
  // The alias table is of all items: a draw outside of the pool is taken again.
  const popular = d.sampling == POPULARITY;
  const n = popular ? d.itemCount : size;
  let place: u32 = 0;
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    const bits = mix32(base + (draw * ATTEMPTS + attempt) * 0x9e3779b9);
    place = below(bits, n);
    if (popular && mix32(bits ^ 0x5bd1e995) >= load<u32>(d.aliasShare + (place << 2))) {
      place = load<u32>(d.aliasOther + (place << 2));
    }
    const item = popular ? place : load<u32>(pool + (place << 2));
    if (fits(d, marks, item, popular, own)) return item;
  }
  for (let step: u32 = 0; step < n; step++) {
    place = place + 1 == n ? 0 : place + 1;
    const item = popular ? place : load<u32>(pool + (place << 2));
    if (fits(d, marks, item, popular, own)) return item;
  }
  return NO_NEGATIVE;
}

// @ts-ignore: decorator
@inline
function fits(d: Draws, marks: usize, item: u32, popular: bool, own: u32): bool {
  return !isMarked(marks, 0, 0, item) && (!popular || load<u8>(d.itemBlock + item) == own);
}
