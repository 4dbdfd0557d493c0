// AutoRec by row (phase 1): activations, dropout, predictions, errors and their way back to the hidden layer.
import { AutoRec, deltaAt, errorBase, hiddenAt, TILE } from './autorec-block';
import { fma4, sigmoid4, sums4 } from '../../../kernels/assembly/math';

/** out [32] = σ(μ + Σ x·V_f) of one tile, units past the hidden size 0. */
export function encodeTile(c: AutoRec, tile: u32, row: u32, out: usize): void {
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
  // The units of a much rated item saturate. What is this small changes no prediction and no step in f32, but its
  // products are denormals, which processors compute far more slowly.
  const least = f32x4.splat(1e-10);
  for (let j: usize = 0; j < TILE; j += 16) {
    const h = sigmoid4(v128.load(out + j));
    v128.store(out + j, v128.and(h, f32x4.ge(h, least)));
  }
  for (let unit = c.hidden; unit < (tile + 1) << 5; unit++) {
    if (unit >= tile << 5) store<f32>(out + ((unit & 31) << 2), 0);
  }
}

/** Drops units of a row's tile, and writes σ′ with the dropout's factor where deltaTile finds it. */
export function dropTile(c: AutoRec, tile: u32, slot: i32, keyA: i32, keyB: i32): void {
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
export function decodeTile(c: AutoRec, tile: u32, row: u32, slot: i32, h: usize): void {
  const at = c.start + (<usize>row << 2);
  const first = <usize>load<u32>(at) << 2;
  const end = <usize>load<u32>(at, 4) << 2;
  const base = c.decoder + <usize>tile * c.features * TILE;
  const index = c.index, error = errorBase(c, slot, first);
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

/** Turns predictions into errors times `scale`, and sums the row's squared errors. */
export function scaleErrors(c: AutoRec, row: u32, slot: i32, scale: f32): void {
  const at = c.start + (<usize>row << 2);
  const first = <usize>load<u32>(at) << 2;
  const end = <usize>load<u32>(at, 4) << 2;
  const errors = errorBase(c, slot, first);
  let sum: f32 = 0;
  for (let n = first; n < end; n += 4) {
    const error = load<f32>(errors + n) - load<f32>(c.value + n);
    sum += error * error;
    store<f32>(errors + n, error * scale);
  }
  store<f32>(c.rowLoss + (<usize>slot << 2), sum);
}

/** delta [32] = (Σ error_f·W_f) ⊙ what dropTile left there. */
export function deltaTile(c: AutoRec, tile: u32, row: u32, slot: i32, out: usize): void {
  const at = c.start + (<usize>row << 2);
  const first = <usize>load<u32>(at) << 2;
  const end = <usize>load<u32>(at, 4) << 2;
  const base = c.decoder + <usize>tile * c.features * TILE;
  const index = c.index, error = errorBase(c, slot, first);
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  for (let n = first; n < end; n += 4) {
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
