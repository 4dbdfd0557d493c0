// AutoRec (Sedhain et al. 2015), sparse at both ends: only observed cells are read, predicted and differentiated.
// A row is an item (item-based) or a user (user-based); its features are the ratings by the other side.
// Weights are tile-major, [tiles, features, 32]: a tile's slice stays in the second-level cache.
// Phase 1, by row: h = σ(μ + Σ x·V_f), dropout, ŷ_f = b_f + h·W_f, errors, and their way back to the hidden layer.
// Phase 2, by feature: the gradients of V_f and W_f in registers over the batch's rows, then Adam. No shared sums, so
// the bits do not depend on the number of threads.
import { adamRate, adamRoot, coupledDecay, firstMoment4, secondMoment4, updateRow } from './adam';
import { barrier } from './barrier';
import { fma4, sigmoid4 } from './math';

/** Bytes of a row of a tile: 32 hidden units. */
const TILE: usize = 128;
/** Bytes of an entry of a feature's list: offset of the row's tile, rating, error. */
const ENTRY: usize = 12;

/** The model in memory, as main/kernels/autorec.ts writes it. Addresses, unless said otherwise. */
@unmanaged
class AutoRec {
  features: u32;
  hidden: u32;
  tiles: u32;
  /** Rows that a batch has at most: the stride of `hiddenBatch` and `delta`. */
  batch: u32;
  /** Rows in CSR, features ascending. */
  start: usize;
  index: usize;
  value: usize;
  /** V and W with Adam's moments. */
  encoder: usize;
  encoderFirst: usize;
  encoderSecond: usize;
  decoder: usize;
  decoderFirst: usize;
  decoderSecond: usize;
  /** μ [tiles · 32], then b [features, padded to 16], with Adam's moments and their gradient. */
  biases: usize;
  biasesFirst: usize;
  biasesSecond: usize;
  biasesGradient: usize;
  /** [tiles, batch, 32]: activations after dropout; their gradient, by the pre-activations. */
  hiddenBatch: usize;
  delta: usize;
  /** f32 [entries of all rows]: prediction, then scaled error. */
  error: usize;
  /** f32 [batch]: Σ error² of each row. */
  rowLoss: usize;
  /** u32 [threads + 1]: features of each thread, multiples of 16 but the last. */
  borders: usize;
  /** u32 [features]: end of each feature's list. */
  listEnd: usize;
  lists: usize;
  optimizer: usize;
  /** Dropout: a unit is dropped when its 32 random bits are below `threshold`; the others grow by `growth`. */
  threshold: u32;
  growth: f32;
  /** f32 [threads, 64]: work space. */
  scratch: usize;
}

/**
 * One step on the `count` rows at `order`. `step`: 1, 2, …; `keyA`, `keyB`: random words of this batch's dropout.
 * Loss: Σ error² over observed cells · ½ ÷ (count · features).
 */
export function autorecBatch(
  thread: i32, threads: i32, block: usize, order: usize, count: i32, step: i32, keyA: i32, keyB: i32,
): void {
  const c = changetype<AutoRec>(block);
  const from = rowBorder(c, order, count, thread, threads);
  const to = rowBorder(c, order, count, thread + 1, threads);
  const scale = <f32>(1 / (<f64>count * <f64>c.features));
  for (let t: u32 = 0; t < c.tiles; t++) {
    for (let s = from; s < to; s++) {
      const row = load<u32>(order + (<usize>s << 2));
      encodeTile(c, t, row, hiddenAt(c, t, s));
      dropTile(c, t, s, keyA, keyB);
      decodeTile(c, t, row, hiddenAt(c, t, s));
    }
  }
  for (let s = from; s < to; s++) scaleErrors(c, load<u32>(order + (<usize>s << 2)), s, scale);
  for (let t: u32 = 0; t < c.tiles; t++) {
    for (let s = from; s < to; s++) deltaTile(c, t, load<u32>(order + (<usize>s << 2)), deltaAt(c, t, s));
  }
  barrier(threads);
  const first = load<u32>(c.borders + (<usize>thread << 2));
  const last = load<u32>(c.borders + (<usize>thread << 2), 4);
  const constants = c.scratch + (<usize>thread << 8);
  adamConstants(c, step, constants);
  const base = listFeatures(c, order, count, first, last);
  for (let t: u32 = 0; t < c.tiles; t++) stepTile(c, t, first, last, base, constants);
  stepBiases(c, thread, threads, count, first, last, base, step);
}

/** Activations of the `count` rows at `order`, without dropout, into out [count, tiles · 32]. */
export function autorecEncode(thread: i32, threads: i32, block: usize, order: usize, count: i32, out: usize): void {
  const c = changetype<AutoRec>(block);
  const from = rowBorder(c, order, count, thread, threads);
  const to = rowBorder(c, order, count, thread + 1, threads);
  for (let t: u32 = 0; t < c.tiles; t++) {
    for (let s = from; s < to; s++) {
      encodeTile(c, t, load<u32>(order + (<usize>s << 2)), out + (<usize>s * c.tiles + t) * TILE);
    }
  }
}

// @ts-ignore: decorator
@inline
function hiddenAt(c: AutoRec, tile: u32, slot: i32): usize {
  return c.hiddenBatch + (<usize>tile * c.batch + slot) * TILE;
}

// @ts-ignore: decorator
@inline
function deltaAt(c: AutoRec, tile: u32, slot: i32): usize {
  return c.delta + (<usize>tile * c.batch + slot) * TILE;
}

/** First place in the batch of a thread's share: the rows are cut where their entries are in equal parts. */
function rowBorder(c: AutoRec, order: usize, count: i32, part: i32, parts: i32): i32 {
  if (part == 0) return 0;
  if (part == parts) return count;
  let total: u64 = 0;
  for (let s = 0; s < count; s++) total += 4 + entries(c, order, s);
  const target = total * part / parts;
  let sum: u64 = 0;
  let s = 0;
  while (s < count && sum < target) sum += 4 + entries(c, order, s++);
  return s;
}

// @ts-ignore: decorator
@inline
function entries(c: AutoRec, order: usize, s: i32): u32 {
  const row = c.start + (<usize>load<u32>(order + (<usize>s << 2)) << 2);
  return load<u32>(row, 4) - load<u32>(row);
}

/** out [32] = σ(μ + Σ x·V_f) of one tile, units past the hidden size 0. */
function encodeTile(c: AutoRec, tile: u32, row: u32, out: usize): void {
  const at = c.start + (<usize>row << 2);
  const end = <usize>load<u32>(at, 4) << 2;
  const base = c.encoder + <usize>tile * c.features * TILE;
  const bias = c.biases + <usize>tile * TILE;
  const index = c.index, value = c.value;
  let a0 = v128.load(bias), a1 = v128.load(bias, 16), a2 = v128.load(bias, 32), a3 = v128.load(bias, 48);
  let a4 = v128.load(bias, 64), a5 = v128.load(bias, 80), a6 = v128.load(bias, 96), a7 = v128.load(bias, 112);
  for (let n = <usize>load<u32>(at) << 2; n < end; n += 4) {
    const x = v128.load32_splat(value + n);
    const w = base + (<usize>load<u32>(index + n) << 7);
    a0 = fma4(x, v128.load(w), a0);
    a1 = fma4(x, v128.load(w, 16), a1);
    a2 = fma4(x, v128.load(w, 32), a2);
    a3 = fma4(x, v128.load(w, 48), a3);
    a4 = fma4(x, v128.load(w, 64), a4);
    a5 = fma4(x, v128.load(w, 80), a5);
    a6 = fma4(x, v128.load(w, 96), a6);
    a7 = fma4(x, v128.load(w, 112), a7);
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
  for (let j: usize = 0; j < TILE; j += 16) v128.store(out + j, sigmoid4(v128.load(out + j)));
  for (let unit = c.hidden; unit < (tile + 1) << 5; unit++) {
    if (unit >= tile << 5) store<f32>(out + ((unit & 31) << 2), 0);
  }
}

/** Drops units of a row's tile, and writes σ′ with the dropout's factor where deltaTile finds it. */
function dropTile(c: AutoRec, tile: u32, slot: i32, keyA: i32, keyB: i32): void {
  const h = hiddenAt(c, tile, slot), d = deltaAt(c, tile, slot);
  const one = f32x4.splat(1), growth = f32x4.splat(c.growth), threshold = i32x4.splat(c.threshold);
  const a = i32x4.splat(keyA), b = i32x4.splat(keyB);
  const number = ((<u32>slot * c.tiles + tile) << 5);
  for (let j: u32 = 0; j < 32; j += 4) {
    const x = v128.load(h + (j << 2));
    const slope = f32x4.mul(x, f32x4.sub(one, x));
    if (c.threshold == 0) {
      v128.store(d + (j << 2), slope);
      continue;
    }
    // A hash of the unit's number with the batch's two words (finaliser of MurmurHash3).
    let z = i32x4.add(i32x4.splat(number + j), i32x4(0, 1, 2, 3));
    z = v128.xor(i32x4.mul(z, i32x4.splat(0x9e3779b1)), a);
    z = i32x4.mul(v128.xor(z, i32x4.shr_u(z, 16)), i32x4.splat(0x85ebca6b));
    z = i32x4.add(v128.xor(z, i32x4.shr_u(z, 13)), b);
    z = i32x4.mul(z, i32x4.splat(0xc2b2ae35));
    z = v128.xor(z, i32x4.shr_u(z, 16));
    const factor = v128.and(growth, i32x4.ge_u(z, threshold));
    v128.store(h + (j << 2), f32x4.mul(x, factor));
    v128.store(d + (j << 2), f32x4.mul(slope, factor));
  }
}

/** error_f += h·W_f of one tile over the row's entries, from b_f at the first tile. */
function decodeTile(c: AutoRec, tile: u32, row: u32, h: usize): void {
  const at = c.start + (<usize>row << 2);
  const first = <usize>load<u32>(at) << 2;
  const end = <usize>load<u32>(at, 4) << 2;
  const base = c.decoder + <usize>tile * c.features * TILE;
  const index = c.index, error = c.error;
  if (tile == 0) {
    const bias = c.biases + <usize>c.tiles * TILE;
    for (let n = first; n < end; n += 4) store<f32>(error + n, load<f32>(bias + (<usize>load<u32>(index + n) << 2)));
  }
  const h0 = v128.load(h), h1 = v128.load(h, 16), h2 = v128.load(h, 32), h3 = v128.load(h, 48);
  const h4 = v128.load(h, 64), h5 = v128.load(h, 80), h6 = v128.load(h, 96), h7 = v128.load(h, 112);
  let n = first;
  for (; n + 16 <= end; n += 16) {
    const p = partialDot(base + (<usize>load<u32>(index + n) << 7), h0, h1, h2, h3, h4, h5, h6, h7);
    const q = partialDot(base + (<usize>load<u32>(index + n, 4) << 7), h0, h1, h2, h3, h4, h5, h6, h7);
    const r = partialDot(base + (<usize>load<u32>(index + n, 8) << 7), h0, h1, h2, h3, h4, h5, h6, h7);
    const s = partialDot(base + (<usize>load<u32>(index + n, 12) << 7), h0, h1, h2, h3, h4, h5, h6, h7);
    v128.store(error + n, f32x4.add(v128.load(error + n), sums4(p, q, r, s)));
  }
  const zero = f32x4.splat(0);
  for (; n < end; n += 4) {
    const p = partialDot(base + (<usize>load<u32>(index + n) << 7), h0, h1, h2, h3, h4, h5, h6, h7);
    store<f32>(error + n, load<f32>(error + n) + f32x4.extract_lane(sums4(p, zero, zero, zero), 0));
  }
}

// @ts-ignore: decorator
@inline
function partialDot(
  w: usize, h0: v128, h1: v128, h2: v128, h3: v128, h4: v128, h5: v128, h6: v128, h7: v128,
): v128 {
  let a = f32x4.mul(h0, v128.load(w)), b = f32x4.mul(h1, v128.load(w, 16));
  a = fma4(h2, v128.load(w, 32), a);
  b = fma4(h3, v128.load(w, 48), b);
  a = fma4(h4, v128.load(w, 64), a);
  b = fma4(h5, v128.load(w, 80), b);
  a = fma4(h6, v128.load(w, 96), a);
  b = fma4(h7, v128.load(w, 112), b);
  return f32x4.add(a, b);
}

/** The sums of four vectors' lanes, as one vector. */
// @ts-ignore: decorator
@inline
function sums4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Turns predictions into errors times `scale`, and sums the row's squared errors. */
function scaleErrors(c: AutoRec, row: u32, slot: i32, scale: f32): void {
  const at = c.start + (<usize>row << 2);
  const end = <usize>load<u32>(at, 4) << 2;
  let sum: f32 = 0;
  for (let n = <usize>load<u32>(at) << 2; n < end; n += 4) {
    const error = load<f32>(c.error + n) - load<f32>(c.value + n);
    sum += error * error;
    store<f32>(c.error + n, error * scale);
  }
  store<f32>(c.rowLoss + (<usize>slot << 2), sum);
}

/** delta [32] = (Σ error_f·W_f) ⊙ what dropTile left there. */
function deltaTile(c: AutoRec, tile: u32, row: u32, out: usize): void {
  const at = c.start + (<usize>row << 2);
  const end = <usize>load<u32>(at, 4) << 2;
  const base = c.decoder + <usize>tile * c.features * TILE;
  const index = c.index, error = c.error;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (let n = <usize>load<u32>(at) << 2; n < end; n += 4) {
    const x = v128.load32_splat(error + n);
    const w = base + (<usize>load<u32>(index + n) << 7);
    a0 = fma4(x, v128.load(w), a0);
    a1 = fma4(x, v128.load(w, 16), a1);
    a2 = fma4(x, v128.load(w, 32), a2);
    a3 = fma4(x, v128.load(w, 48), a3);
    a4 = fma4(x, v128.load(w, 64), a4);
    a5 = fma4(x, v128.load(w, 80), a5);
    a6 = fma4(x, v128.load(w, 96), a6);
    a7 = fma4(x, v128.load(w, 112), a7);
  }
  v128.store(out, f32x4.mul(a0, v128.load(out)));
  v128.store(out, f32x4.mul(a1, v128.load(out, 16)), 16);
  v128.store(out, f32x4.mul(a2, v128.load(out, 32)), 32);
  v128.store(out, f32x4.mul(a3, v128.load(out, 48)), 48);
  v128.store(out, f32x4.mul(a4, v128.load(out, 64)), 64);
  v128.store(out, f32x4.mul(a5, v128.load(out, 80)), 80);
  v128.store(out, f32x4.mul(a6, v128.load(out, 96)), 96);
  v128.store(out, f32x4.mul(a7, v128.load(out, 112)), 112);
}

/** λ, β1, 1 − β1, β2, 1 − β2, −rate, root, ε of this step at `out`; 32 words after them are a gradient's scratch. */
function adamConstants(c: AutoRec, step: u32, out: usize): void {
  const o = c.optimizer;
  store<f32>(out, coupledDecay(o));
  store<f32>(out, load<f32>(o, 16), 4);
  store<f32>(out, 1 - load<f32>(o, 16), 8);
  store<f32>(out, load<f32>(o, 20), 12);
  store<f32>(out, 1 - load<f32>(o, 20), 16);
  store<f32>(out, -adamRate(o, step), 20);
  store<f32>(out, adamRoot(o, step), 24);
  store<f32>(out, load<f32>(o, 24), 28);
}

/** First entry of a row with a feature ≥ `feature`, in bytes. */
function entryOf(c: AutoRec, row: u32, feature: u32): usize {
  let a = load<u32>(c.start + (<usize>row << 2)), b = load<u32>(c.start + (<usize>row << 2), 4);
  while (a < b) {
    const middle = (a + b) >> 1;
    if (load<u32>(c.index + (<usize>middle << 2)) < feature) a = middle + 1;
    else b = middle;
  }
  return <usize>a << 2;
}

/**
 * Lists the batch's entries of the features `first` … `last` − 1, by feature and then by place in the batch. Returns
 * where the first list begins.
 */
function listFeatures(c: AutoRec, order: usize, count: i32, first: u32, last: u32): usize {
  const ends = c.listEnd, index = c.index;
  let before: usize = 0;
  memory.fill(ends + (<usize>first << 2), 0, <usize>(last - first) << 2);
  for (let s = 0; s < count; s++) {
    const row = load<u32>(order + (<usize>s << 2));
    const end = entryOf(c, row, last);
    let n = entryOf(c, row, first);
    before += (n >> 2) - load<u32>(c.start + (<usize>row << 2));
    for (; n < end; n += 4) {
      const cell = ends + (<usize>load<u32>(index + n) << 2);
      store<u32>(cell, load<u32>(cell) + 1);
    }
  }
  let at = <u32>before;
  for (let f = first; f < last; f++) {
    const cell = ends + (<usize>f << 2);
    const size = load<u32>(cell);
    store<u32>(cell, at);
    at += size;
  }
  for (let s = 0; s < count; s++) {
    const row = load<u32>(order + (<usize>s << 2));
    const end = entryOf(c, row, last);
    for (let n = entryOf(c, row, first); n < end; n += 4) {
      const cell = ends + (<usize>load<u32>(index + n) << 2);
      const place = load<u32>(cell);
      store<u32>(cell, place + 1);
      const entry = c.lists + ENTRY * place;
      store<u32>(entry, <u32>s << 7);
      store<f32>(entry, load<f32>(c.value + n), 4);
      store<f32>(entry, load<f32>(c.error + n), 8);
    }
  }
  return c.lists + ENTRY * before;
}

/** Gradients and Adam of one tile of V and W for the features `first` … `last` − 1. */
function stepTile(c: AutoRec, tile: u32, first: u32, last: u32, base: usize, constants: usize): void {
  const h = hiddenAt(c, tile, 0), delta = deltaAt(c, tile, 0);
  const gradient = constants + 64;
  const slice = <usize>tile * c.features * TILE;
  let from = base;
  for (let f = first; f < last; f++) {
    const to = c.lists + ENTRY * load<u32>(c.listEnd + (<usize>f << 2));
    const at = slice + (<usize>f << 7);
    sumTile(delta, from, to, 4, gradient);
    adamTile(constants, gradient, c.encoder + at, c.encoderFirst + at, c.encoderSecond + at);
    sumTile(h, from, to, 8, gradient);
    adamTile(constants, gradient, c.decoder + at, c.decoderFirst + at, c.decoderSecond + at);
    from = to;
  }
}

/** out [32] = Σ over a list of (the factor at `factor` of the entry) · (its row's tile). */
// @ts-ignore: decorator
@inline
function sumTile(rows: usize, from: usize, to: usize, factor: usize, out: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (let e = from; e < to; e += ENTRY) {
    const x = v128.load32_splat(e + factor);
    const w = rows + load<u32>(e);
    a0 = fma4(x, v128.load(w), a0);
    a1 = fma4(x, v128.load(w, 16), a1);
    a2 = fma4(x, v128.load(w, 32), a2);
    a3 = fma4(x, v128.load(w, 48), a3);
    a4 = fma4(x, v128.load(w, 64), a4);
    a5 = fma4(x, v128.load(w, 80), a5);
    a6 = fma4(x, v128.load(w, 96), a6);
    a7 = fma4(x, v128.load(w, 112), a7);
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, a4, 64);
  v128.store(out, a5, 80);
  v128.store(out, a6, 96);
  v128.store(out, a7, 112);
}

/** Adam on the 32 weights at `w`. */
// @ts-ignore: decorator
@inline
function adamTile(constants: usize, g: usize, w: usize, m: usize, v: usize): void {
  const l2 = v128.load32_splat(constants);
  const b1 = v128.load32_splat(constants, 4), r1 = v128.load32_splat(constants, 8);
  const b2 = v128.load32_splat(constants, 12), r2 = v128.load32_splat(constants, 16);
  const scale = v128.load32_splat(constants, 20), root = v128.load32_splat(constants, 24);
  const epsilon = v128.load32_splat(constants, 28);
  for (let i: usize = 0; i < TILE; i += 16) {
    const x = v128.load(w + i);
    const gradient = fma4(l2, x, v128.load(g + i));
    const m1 = firstMoment4(v128.load(m + i), gradient, b1, r1);
    const v1 = secondMoment4(v128.load(v + i), gradient, b2, r2);
    v128.store(m + i, m1);
    v128.store(v + i, v1);
    v128.store(w + i, f32x4.add(x, f32x4.div(f32x4.mul(m1, scale), fma4(f32x4.sqrt(v1), root, epsilon))));
  }
}

/** Gradients and Adam of μ (tiles in turn) and of b for the features `first` … `last` − 1. */
function stepBiases(
  c: AutoRec, thread: u32, threads: u32, count: i32, first: u32, last: u32, base: usize, step: u32,
): void {
  const gradient = c.biasesGradient;
  for (let t = thread; t < c.tiles; t += threads) {
    const at = <usize>t * TILE;
    for (let j: usize = 0; j < TILE; j += 16) {
      let sum = f32x4.splat(0);
      for (let s = 0; s < count; s++) sum = f32x4.add(sum, v128.load(deltaAt(c, t, s) + j));
      v128.store(gradient + at + j, sum);
    }
    updateRow(c.optimizer, c.biases + at, gradient + at, c.biasesFirst + at, c.biasesSecond + at, TILE, step);
  }
  const output = <usize>c.tiles * TILE;
  let from = base;
  for (let f = first; f < last; f++) {
    const to = c.lists + ENTRY * load<u32>(c.listEnd + (<usize>f << 2));
    let sum: f32 = 0;
    for (; from < to; from += ENTRY) sum += load<f32>(from, 8);
    store<f32>(gradient + output + (<usize>f << 2), sum);
  }
  const at = output + (<usize>first << 2);
  const bytes = (<usize>(last - first) + 15 & ~15) << 2;
  updateRow(c.optimizer, c.biases + at, gradient + at, c.biasesFirst + at, c.biasesSecond + at, bytes, step);
}
