// Full ranking: scores of a block of users for all items, what is no candidate masked, places by counting, lists by a
// heap. The catalogue is never sorted. Users are independent of each other, so threads share nothing.
import { tile4x8 } from '../../../kernels/assembly/tile';

/** Written by main/evaluation/ranking/fused.ts. */
@unmanaged
export class Ranking {
  itemCount: u32;
  /** Floats between two rows of scores. */
  stride: u32;
  factors: u32;
  /** [users, factors] of the chunk. */
  users: usize;
  /** Items in panels of 8 columns, [panels, factors, 8]. */
  panels: usize;
  /** [stride], or 0. */
  bias: usize;
  /** Factors: [threads, 16, stride]. Scores from elsewhere: [users of the block, items]. */
  scores: usize;
  positiveStart: usize;
  positives: usize;
  seenStart: usize;
  seen: usize;
  /** Items that are candidates for nobody. */
  excluded: usize;
  excludedCount: u32;
  listLength: u32;
  above: usize;
  equal: usize;
  candidates: usize;
  /** [users, list length], [users, list length], [users]. */
  listItems: usize;
  listScores: usize;
  listCount: usize;
  /** Users with one score for all candidates; scores that were not numbers. */
  constantUsers: u32;
  notNumbers: u32;
  /** [threads, list length] of (score, item). */
  heap: usize;
  /** Bytes between two threads' heaps. */
  heapBytes: u32;
}

/** Users that are scored together: their rows stay in the first-level cache while the items pass by. */
export const BLOCK: u32 = 16;
/** What is no candidate. Candidates never get below LOWEST. */
const MASKED: f32 = -Infinity;
const LOWEST: f32 = -3.4028234663852886e38;

/** Items [count, k] (rows of `stride` bytes) to panels of 8 columns, [k, 8] each; columns past the last are zero. */
export function packPanels(
  thread: i32, threads: i32, items: usize, stride: u32, count: u32, k: u32, panels: usize,
): void {
  const all = (count + 7) >> 3;
  const end = all * (<u32>thread + 1) / <u32>threads;
  for (let p = all * <u32>thread / <u32>threads; p < end; p++) {
    const to = panels + <usize>p * k * 32;
    for (let c: u32 = 0; c < 8; c++) {
      const item = p * 8 + c;
      const from = items + <usize>item * stride;
      for (let f: u32 = 0; f < k; f++) {
        store<f32>(to + (f << 5) + (c << 2), item < count ? load<f32>(from + (f << 2)) : 0);
      }
    }
  }
}

/** Ranks users `from` … `to` − 1 of the chunk by their factors. `from` is a multiple of 16. */
export function rankByFactors(thread: i32, threads: i32, block: Ranking, from: u32, to: u32): void {
  const k = block.factors, stride = block.stride;
  const rowBytes: usize = stride << 2, bias: usize = block.bias;
  const scores = block.scores + <usize>thread * BLOCK * rowBytes;
  const panels: usize = block.panels, panelBytes: usize = k << 5;
  const userBytes: usize = k << 2;
  for (let first = from + <u32>thread * BLOCK; first < to; first += <u32>threads * BLOCK) {
    const count = min(BLOCK, to - first);
    const rows = block.users + <usize>first * userBytes;
    if (bias != 0) for (let r: u32 = 0; r < BLOCK; r++) memory.copy(scores + <usize>r * rowBytes, bias, rowBytes);
    for (let p: u32 = 0; p < stride; p += 8) {
      const panel = panels + <usize>(p >> 3) * panelBytes;
      for (let r: u32 = 0; r < count; r += 4) {
        const at = scores + <usize>r * rowBytes + (p << 2);
        if (bias != 0) tile4x8(rows + <usize>r * userBytes, userBytes, 4, panel, 32, at, rowBytes, k, true);
        else tile4x8(rows + <usize>r * userBytes, userBytes, 4, panel, 32, at, rowBytes, k, false);
      }
    }
    for (let r: u32 = 0; r < count; r++) rankUser(block, thread, first + r, scores + <usize>r * rowBytes);
  }
}

/** Ranks `count` users of the chunk from `first` on whose scores were written to the block's rows. */
export function rankByScores(thread: i32, threads: i32, block: Ranking, first: u32, count: u32): void {
  const rowBytes: usize = block.stride << 2, scores: usize = block.scores;
  for (let r = <u32>thread; r < count; r += <u32>threads) rankUser(block, thread, first + r, scores + <usize>r * rowBytes);
}

function rankUser(block: Ranking, thread: i32, user: u32, scores: usize): void {
  const items = block.itemCount;
  clean(block, scores, items);
  const candidates = items - mask(block, user, scores);
  store<u32>(block.candidates + (user << 2), candidates);
  if (candidates > 1 && isConstant(scores, items)) {
    atomic.add<u32>(changetype<usize>(block), 1, offsetof<Ranking>('constantUsers'));
  }
  const start: usize = block.positiveStart + (user << 2);
  const end = load<u32>(start, 4);
  for (let p = load<u32>(start); p < end; p++) place(block, scores, items, p);
  if (block.listLength > 0) list(block, thread, user, scores, items);
}

/** What is not a number counts as the lowest score. */
function clean(block: Ranking, scores: usize, items: u32): void {
  const lowest = f32x4.splat(LOWEST);
  let odd = i32x4.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= items; i += 4) {
    const at = scores + (i << 2);
    const x = v128.load(at);
    odd = i32x4.sub(odd, f32x4.ne(x, x));
    v128.store(at, f32x4.pmax(lowest, x));
  }
  let count = i32x4.extract_lane(odd, 0) + i32x4.extract_lane(odd, 1) + i32x4.extract_lane(odd, 2)
    + i32x4.extract_lane(odd, 3);
  for (; i < items; i++) {
    const at = scores + (i << 2);
    const x = load<f32>(at);
    if (x != x) count++;
    store<f32>(at, x > LOWEST ? x : LOWEST);
  }
  if (count > 0) atomic.add<u32>(changetype<usize>(block), count, offsetof<Ranking>('notNumbers'));
}

/** Masks what is seen or excluded; how many items that were. */
function mask(block: Ranking, user: u32, scores: usize): u32 {
  const start: usize = block.seenStart + (user << 2);
  const seen: usize = block.seen, excluded: usize = block.excluded;
  return maskList(scores, seen + (load<u32>(start) << 2), seen + (load<u32>(start, 4) << 2))
    + maskList(scores, excluded, excluded + (block.excludedCount << 2));
}

// @ts-ignore: decorator
@inline
function maskList(scores: usize, from: usize, to: usize): u32 {
  let masked: u32 = 0;
  for (let at = from; at < to; at += 4) {
    const score = scores + (load<u32>(at) << 2);
    if (load<f32>(score) == MASKED) continue;
    store<f32>(score, MASKED);
    masked++;
  }
  return masked;
}

/** Have all candidates one score? Nearly always answered by the first few. */
function isConstant(scores: usize, items: u32): bool {
  let first = MASKED;
  for (let i: u32 = 0; i < items; i++) {
    const score = load<f32>(scores + (i << 2));
    if (score == MASKED) continue;
    if (first == MASKED) first = score;
    else if (score != first) return false;
  }
  return true;
}

/** Counts the candidates above and equal to positive number p, itself left out. */
function place(block: Ranking, scores: usize, items: u32, p: u32): void {
  const score = load<f32>(scores + (load<u32>(block.positives + (p << 2)) << 2));
  const splat = f32x4.splat(score);
  let above4 = i32x4.splat(0), equal4 = above4;
  let i: u32 = 0;
  for (; i + 4 <= items; i += 4) {
    const x = v128.load(scores + (i << 2));
    above4 = i32x4.sub(above4, f32x4.gt(x, splat));
    equal4 = i32x4.sub(equal4, f32x4.eq(x, splat));
  }
  let above = i32x4.extract_lane(above4, 0) + i32x4.extract_lane(above4, 1) + i32x4.extract_lane(above4, 2)
    + i32x4.extract_lane(above4, 3);
  let equal = i32x4.extract_lane(equal4, 0) + i32x4.extract_lane(equal4, 1) + i32x4.extract_lane(equal4, 2)
    + i32x4.extract_lane(equal4, 3);
  for (; i < items; i++) {
    const x = load<f32>(scores + (i << 2));
    if (x > score) above++;
    else if (x == score) equal++;
  }
  store<u32>(block.above + (p << 2), above);
  store<u32>(block.equal + (p << 2), equal - 1);
}

/** The best candidates of a user, best first; among equal scores the lower item first. */
function list(block: Ranking, thread: i32, user: u32, scores: usize, items: u32): void {
  const length = block.listLength;
  const heap = block.heap + <usize>thread * block.heapBytes;
  let size: u32 = 0;
  // Items ascend, so one that ties with the worst of a full heap comes after it: strictly above enters.
  let threshold = MASKED;
  let threshold4 = f32x4.splat(threshold);
  let i: u32 = 0;
  for (; i + 4 <= items; i += 4) {
    if (!v128.any_true(f32x4.gt(v128.load(scores + (i << 2)), threshold4))) continue;
    for (let l: u32 = 0; l < 4; l++) {
      const score = load<f32>(scores + ((i + l) << 2));
      if (!(score > threshold)) continue;
      if (size < length) push(heap, size++, score, i + l);
      else sink(heap, size, score, i + l);
      if (size == length) threshold = load<f32>(heap);
    }
    threshold4 = f32x4.splat(threshold);
  }
  for (; i < items; i++) {
    const score = load<f32>(scores + (i << 2));
    if (!(score > threshold)) continue;
    if (size < length) push(heap, size++, score, i);
    else sink(heap, size, score, i);
    if (size == length) threshold = load<f32>(heap);
  }
  const listItems = block.listItems + ((user * length) << 2);
  const listScores = block.listScores + ((user * length) << 2);
  store<u32>(block.listCount + (user << 2), size);
  while (size > 0) {
    size--;
    store<f32>(listScores + (size << 2), load<f32>(heap));
    store<u32>(listItems + (size << 2), load<u32>(heap, 4));
    const last = heap + (size << 3);
    sink(heap, size, load<f32>(last), load<u32>(last, 4));
  }
}

/** Is (score, item) worse than the entry at `entry`? The heap has its worst on top. */
// @ts-ignore: decorator
@inline
function worse(score: f32, item: u32, entry: usize): bool {
  const other = load<f32>(entry);
  return score < other || (score == other && item > load<u32>(entry, 4));
}

/** Adds an entry at the end of the heap and lets it rise. */
function push(heap: usize, size: u32, score: f32, item: u32): void {
  let at = size;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const entry = heap + (parent << 3);
    if (!worse(score, item, entry)) break;
    store<u64>(heap + (at << 3), load<u64>(entry));
    at = parent;
  }
  store<f32>(heap + (at << 3), score);
  store<u32>(heap + (at << 3), item, 4);
}

/** Puts an entry in the place of the top and lets it sink. */
function sink(heap: usize, size: u32, score: f32, item: u32): void {
  let at: u32 = 0;
  for (;;) {
    let child: u32 = 2 * at + 1;
    if (child >= size) break;
    const right = heap + ((child + 1) << 3);
    if (child + 1 < size && worse(load<f32>(right), load<u32>(right, 4), heap + (child << 3))) child++;
    const entry = heap + (child << 3);
    if (worse(score, item, entry)) break;
    store<u64>(heap + (at << 3), load<u64>(entry));
    at = child;
  }
  store<f32>(heap + (at << 3), score);
  store<u32>(heap + (at << 3), item, 4);
}
