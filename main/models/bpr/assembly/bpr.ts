// Personalised ranking from pairs: x = s(u, i) − s(u, j), s = b_i + p·q; loss −log σ(x) (BPR, Rendle et al. 2009) or
// max(0, margin − x) (hinge), mean over the batch. A user's row is [p, 1], an item's [q, b_i].
import { fma4, lane, logSigmoid4, sigmoid4, sums4 } from '../../../kernels/assembly/math';
import {
  firstSample, firstUser, gradientRow, lastSample, moveBatch, moveUser, restUsers, rowAt,
} from '../../factors/assembly/factors';
import {
  BATCH_SIZE, ITEM, ITEMS, ITEM_COUNT, LOSS, NEGATIVE, OLD_ROW, OLD_USERS, OWN, ROW_BYTES, SAMPLE_COUNT,
  SAMPLE_ITEM, SAMPLE_USER, SLOPE, START, STEPS_DONE, USERS,
} from '../../factors/assembly/factors-block';
import { mix32 } from '../../factors/assembly/order';
import { dot } from '../../../kernels/assembly/vectors';

/** 0 bpr, 1 hinge. */
const LOSS_KIND: usize = OWN;
const MARGIN: usize = OWN + 4;
/** 0 uniform, 1 popularity^β (alias table), 2 dynamic: the highest scored of CANDIDATES uniform draws. */
const SAMPLING: usize = OWN + 8;
const CANDIDATES: usize = OWN + 12;
/** Walker's alias table, [items]: share of the own item (u32, 2^32 = 1) and the other item. */
const ALIAS_SHARE: usize = OWN + 16;
const ALIAS_OTHER: usize = OWN + 20;
/** Bitset [users, words] of the train items; address 0: search the user's rows, which then ascend by item. */
const BITSET: usize = OWN + 24;
const BITSET_WORDS: usize = OWN + 28;
const NEGATIVE_KEY: usize = OWN + 32;

/** Draws before a user's unseen items are walked in order instead. */
const ATTEMPTS: u32 = 64;
/** A user who has seen everything: no negative, no loss. */
const NONE: u32 = 0xffffffff;

/** Trains on batches `from` … `to` − 1 of the epoch's order. */
export function bprBatches(thread: i32, threads: i32, block: usize, from: u32, to: u32): void {
  const batchSize = load<u32>(block, BATCH_SIZE), n = load<u32>(block, SAMPLE_COUNT);
  const done = load<u32>(block, STEPS_DONE);
  for (let b = from; b < to; b++) {
    const first = b * batchSize;
    const size = min(batchSize, n - first);
    const low = firstSample(block, thread, b) - first, high = lastSample(block, thread, b) - first;
    sampleNegatives(block, first, low, high);
    const step = done + (b - from) + 1;
    pairGradients(block, thread, first, size, low, high, step);
    moveBatch(block, thread, threads, first, size, step, true);
  }
}

// @ts-ignore: decorator
@inline
function isMarked(bitset: usize, words: u32, user: u32, item: u32): bool {
  return ((load<u32>(bitset + ((user * words + (item >> 5)) << 2)) >> (item & 31)) & 1) != 0;
}

/** Has the user a train row of the item? */
// @ts-ignore: decorator
@inline
function seen(block: usize, user: u32, item: u32): bool {
  const bitset: usize = load<u32>(block, BITSET);
  if (bitset != 0) return isMarked(bitset, load<u32>(block, BITSET_WORDS), user, item);
  const start: usize = load<u32>(block, START) + (user << 2), sorted: usize = load<u32>(block, ITEM);
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
function below(bits: u32, n: u32): u32 {
  return <u32>((<u64>bits * <u64>n) >> 32);
}

/** Draw number `draw` of a sample: an item that the user has not in train, or NONE. */
function drawUnseen(block: usize, user: u32, base: u32, draw: u32): u32 {
  const n = load<u32>(block, ITEM_COUNT);
  const popular = load<u32>(block, SAMPLING) == 1;
  let item: u32 = 0;
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    const bits = mix32(base + (draw * ATTEMPTS + attempt) * 0x9e3779b9);
    item = below(bits, n);
    if (popular && mix32(bits ^ 0x5bd1e995) >= load<u32>(load<u32>(block, ALIAS_SHARE) + (item << 2)))
      item = load<u32>(load<u32>(block, ALIAS_OTHER) + (item << 2));
    if (!seen(block, user, item)) return item;
  }
  for (let step: u32 = 0; step < n; step++) {
    item = item + 1 == n ? 0 : item + 1;
    if (!seen(block, user, item)) return item;
  }
  return NONE;
}

/** One negative a sample. Its draws hang on the sample's place in the epoch alone, not on the thread. */
function sampleNegatives(block: usize, first: u32, low: u32, high: u32): void {
  const sampleUser: usize = load<u32>(block, SAMPLE_USER) + (first << 2);
  const negatives: usize = load<u32>(block, NEGATIVE);
  const key = load<u32>(block, NEGATIVE_KEY);
  const dynamic = load<u32>(block, SAMPLING) == 2;
  const candidates = dynamic ? load<u32>(block, CANDIDATES) : 1;
  const bytes: usize = load<u32>(block, ROW_BYTES);
  const items: usize = load<u32>(block, ITEMS);
  const n = load<u32>(block, ITEM_COUNT);
  const bitset: usize = load<u32>(block, BITSET), words = load<u32>(block, BITSET_WORDS);
  const plain = bitset != 0 && load<u32>(block, SAMPLING) != 1;
  for (let s = low; s < high; s++) {
    const user = load<u32>(sampleUser + (s << 2));
    const base = mix32((first + s) ^ key);
    let chosen = below(mix32(base), n);
    // Nearly always the first uniform draw will do; otherwise the rule from its beginning.
    if (!plain || isMarked(bitset, words, user, chosen)) chosen = drawUnseen(block, user, base, 0);
    if (candidates > 1 && chosen != NONE) {
      const p = load<u32>(block, USERS) + <usize>user * bytes;
      let best = dot(p, items + <usize>chosen * bytes, bytes);
      for (let c: u32 = 1; c < candidates; c++) {
        const item = drawUnseen(block, user, base, c);
        const score = dot(p, items + <usize>item * bytes, bytes);
        if (score > best) {
          best = score;
          chosen = item;
        }
      }
    }
    store<u32>(negatives + (s << 2), chosen);
  }
}

/** Row of a sample's negative; where there is none the positive's, so that the score is 0. */
// @ts-ignore: decorator
@inline
function negativeRow(items: usize, sampleItem: usize, negatives: usize, s: u32, bytes: usize): usize {
  const negative = load<u32>(negatives + (s << 2));
  return items + <usize>(negative == NONE ? load<u32>(sampleItem + (s << 2)) : negative) * bytes;
}

/** Phase 1 for places `low` … `high` − 1 of the batch. */
function pairGradients(
  block: usize, thread: i32, first: u32, size: u32, low: u32, high: u32, step: u32,
): void {
  const bytes: usize = load<u32>(block, ROW_BYTES);
  const users: usize = load<u32>(block, USERS), items: usize = load<u32>(block, ITEMS);
  const sampleUser: usize = load<u32>(block, SAMPLE_USER) + (first << 2);
  const sampleItem: usize = load<u32>(block, SAMPLE_ITEM) + (first << 2);
  const negatives: usize = load<u32>(block, NEGATIVE);
  const slopes: usize = load<u32>(block, SLOPE), losses: usize = load<u32>(block, LOSS);
  const hinge = load<u32>(block, LOSS_KIND) == 1;
  const margin = f32x4.splat(load<f32>(block, MARGIN)), share = f32x4.splat(1 / <f32>size);
  const zero = f32x4.splat(0);
  const gradient = gradientRow(block, thread), oldRow: usize = load<u32>(block, OLD_ROW);
  let old = <usize>load<u32>(block, OLD_USERS) + <usize>low * bytes;
  let next = firstUser(block, thread);
  let before: u32 = 0xffffffff;
  for (let s = low; s < high; s += 4) {
    const last = high - 1;
    const s1 = min(s + 1, last), s2 = min(s + 2, last), s3 = min(s + 3, last);
    const p0 = rowAt(users, sampleUser, s, bytes);
    const p1 = rowAt(users, sampleUser, s1, bytes);
    const p2 = rowAt(users, sampleUser, s2, bytes);
    const p3 = rowAt(users, sampleUser, s3, bytes);
    const q0 = rowAt(items, sampleItem, s, bytes);
    const q1 = rowAt(items, sampleItem, s1, bytes);
    const q2 = rowAt(items, sampleItem, s2, bytes);
    const q3 = rowAt(items, sampleItem, s3, bytes);
    const n0 = negativeRow(items, sampleItem, negatives, s, bytes);
    const n1 = negativeRow(items, sampleItem, negatives, s1, bytes);
    const n2 = negativeRow(items, sampleItem, negatives, s2, bytes);
    const n3 = negativeRow(items, sampleItem, negatives, s3, bytes);
    let d0 = zero, d1 = zero, d2 = zero, d3 = zero;
    for (let i: usize = 0; i < bytes; i += 16) {
      d0 = fma4(v128.load(p0 + i), f32x4.sub(v128.load(q0 + i), v128.load(n0 + i)), d0);
      d1 = fma4(v128.load(p1 + i), f32x4.sub(v128.load(q1 + i), v128.load(n1 + i)), d1);
      d2 = fma4(v128.load(p2 + i), f32x4.sub(v128.load(q2 + i), v128.load(n2 + i)), d2);
      d3 = fma4(v128.load(p3 + i), f32x4.sub(v128.load(q3 + i), v128.load(n3 + i)), d3);
    }
    const x = sums4(d0, d1, d2, d3);
    let slope4: v128, loss4: v128;
    if (hinge) {
      const lacking = f32x4.sub(margin, x);
      slope4 = v128.and(f32x4.gt(lacking, zero), f32x4.neg(share));
      loss4 = f32x4.max(lacking, zero);
    } else {
      slope4 = f32x4.neg(f32x4.mul(share, sigmoid4(f32x4.neg(x))));
      loss4 = f32x4.neg(logSigmoid4(x));
    }
    const count = min<u32>(4, high - s);
    for (let l: u32 = 0; l < count; l++) {
      const at = s + l;
      let slope = lane(slope4, l), loss = lane(loss4, l);
      if (load<u32>(negatives + (at << 2)) == NONE) {
        slope = 0;
        loss = 0;
      }
      store<f32>(losses + (at << 2), loss);
      store<f32>(slopes + (at << 2), slope);
      const user = load<u32>(sampleUser + (at << 2));
      const opening = user != before;
      if (opening && before != 0xffffffff) {
        next = moveUser(block, before, next, gradient, old, step);
        old += bytes;
      }
      before = user;
      store<u32>(oldRow + (at << 2), <u32>old);
      const q = rowAt(items, sampleItem, at, bytes);
      const n = negativeRow(items, sampleItem, negatives, at, bytes);
      addScaledDifference(gradient, q, n, f32x4.splat(slope), bytes, opening);
    }
  }
  if (before != 0xffffffff) next = moveUser(block, before, next, gradient, old, step);
  restUsers(block, next, firstUser(block, thread + 1), step);
}

/** to = a·(x − y) (first) or to + a·(x − y). */
// @ts-ignore: decorator
@inline
function addScaledDifference(to: usize, x: usize, y: usize, a: v128, bytes: usize, first: bool): void {
  const end = to + bytes, wide = to + (bytes & ~31);
  if (first) {
    for (; to < wide; to += 32, x += 32, y += 32) {
      v128.store(to, f32x4.mul(a, f32x4.sub(v128.load(x), v128.load(y))));
      v128.store(to, f32x4.mul(a, f32x4.sub(v128.load(x, 16), v128.load(y, 16))), 16);
    }
    for (; to < end; to += 16, x += 16, y += 16)
      v128.store(to, f32x4.mul(a, f32x4.sub(v128.load(x), v128.load(y))));
    return;
  }
  for (; to < wide; to += 32, x += 32, y += 32) {
    v128.store(to, fma4(a, f32x4.sub(v128.load(x), v128.load(y)), v128.load(to)));
    v128.store(to, fma4(a, f32x4.sub(v128.load(x, 16), v128.load(y, 16)), v128.load(to, 16)), 16);
  }
  for (; to < end; to += 16, x += 16, y += 16)
    v128.store(to, fma4(a, f32x4.sub(v128.load(x), v128.load(y)), v128.load(to)));
}
