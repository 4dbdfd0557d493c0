// AutoRec by feature (phase 2): the gradients of V_f and W_f in registers over the batch's rows, then Adam.
import { adamRate, adamRoot, firstMoment4, Optimizer, secondMoment4, updateRow } from '../../../kernels/assembly/adam';
import { AutoRec, deltaAt, errorBase, hiddenAt, TILE } from './autorec-block';
import { fma4 } from '../../../kernels/assembly/math';

/** Bytes of an entry of a feature's list: offset of the row's tile, rating, error. */
export const ENTRY: usize = 12;

/** λ, β1, 1 − β1, β2, 1 − β2, −rate, root, ε of this step at `out`; 32 words after them are a gradient's scratch. */
export function adamConstants(c: AutoRec, step: u32, out: usize): void {
  const o = changetype<Optimizer>(c.optimizer);
  store<f32>(out, o.coupled);
  store<f32>(out, o.beta1, 4);
  store<f32>(out, 1 - o.beta1, 8);
  store<f32>(out, o.beta2, 12);
  store<f32>(out, 1 - o.beta2, 16);
  store<f32>(out, -adamRate(c.optimizer, step), 20);
  store<f32>(out, adamRoot(c.optimizer, step), 24);
  store<f32>(out, o.epsilon, 28);
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
export function listFeatures(c: AutoRec, order: usize, count: i32, first: u32, last: u32): usize {
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
    const error = errorBase(c, s, <usize>load<u32>(c.start + (<usize>row << 2)) << 2);
    for (let n = entryOf(c, row, first); n < end; n += 4) {
      const cell = ends + (<usize>load<u32>(index + n) << 2);
      const place = load<u32>(cell);
      store<u32>(cell, place + 1);
      const entry = c.lists + ENTRY * place;
      store<u32>(entry, <u32>s << 7);
      store<f32>(entry, load<f32>(c.value + n), 4);
      store<f32>(entry, load<f32>(error + n), 8);
    }
  }
  return c.lists + ENTRY * before;
}

/** Gradients and Adam of one tile of V and W for the features `first` … `last` − 1. */
export function stepTile(c: AutoRec, tile: u32, first: u32, last: u32, base: usize, constants: usize): void {
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
export function stepBiases(
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
