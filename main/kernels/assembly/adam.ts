// Optimisers of table rows and dense weights: SGD, Adagrad (Duchi et al. 2011), Adam (Kingma & Ba 2015).
// `optimizer` is the address of the block that main/kernels/optimizer.ts writes.
import { fma4 } from './math';

// @ts-ignore: decorator
@inline
export const SGD: i32 = 0;
// @ts-ignore: decorator
@inline
export const ADAGRAD: i32 = 1;
// @ts-ignore: decorator
@inline
export const ADAM: i32 = 2;

/** Steps whose bias corrections are in the table; later ones are 1 in f32. */
const CORRECTIONS: u32 = 16384;

// @ts-ignore: decorator
@inline
export function optimizerKind(optimizer: usize): i32 {
  return load<i32>(optimizer);
}
// @ts-ignore: decorator
@inline
export function learningRate(optimizer: usize): f32 {
  return load<f32>(optimizer, 4);
}
/** Coupled weight decay: L2 added to the gradient. */
// @ts-ignore: decorator
@inline
export function coupledDecay(optimizer: usize): f32 {
  return load<f32>(optimizer, 8);
}
/** Decoupled weight decay per unit of learning rate (AdamW): w ← w·(1 − rate·decay). */
// @ts-ignore: decorator
@inline
export function decoupledDecay(optimizer: usize): f32 {
  return load<f32>(optimizer, 12);
}
/** Adam's 1 / (1 − β1^t), times the learning rate. */
// @ts-ignore: decorator
@inline
export function adamRate(optimizer: usize, step: u32): f32 {
  const t = step < CORRECTIONS ? step : CORRECTIONS - 1;
  return load<f32>(optimizer, 4) * load<f32>(load<u32>(optimizer, 28) + (t << 3));
}
/** Adam's 1 / √(1 − β2^t). */
// @ts-ignore: decorator
@inline
export function adamRoot(optimizer: usize, step: u32): f32 {
  const t = step < CORRECTIONS ? step : CORRECTIONS - 1;
  return load<f32>(load<u32>(optimizer, 28) + (t << 3), 4);
}

/** Adam's first moment, with a guard that keeps it out of the denormals (they cannot be flushed in WASM). */
// @ts-ignore: decorator
@inline
export function firstMoment4(m: v128, g: v128, beta: v128, rest: v128): v128 {
  const guard = f32x4.splat(1e-20);
  return f32x4.sub(f32x4.add(fma4(m, beta, f32x4.mul(g, rest)), guard), guard);
}

/** Adam's second moment; never below 1e-30. */
// @ts-ignore: decorator
@inline
export function secondMoment4(v: v128, g: v128, beta: v128, rest: v128): v128 {
  return f32x4.add(fma4(v, beta, f32x4.mul(f32x4.mul(g, g), rest)), f32x4.splat(1e-30));
}

/**
 * Moves one row of weights against its gradient. `w`, `g`, `m`, `v`: addresses of `bytes` bytes of f32 (a multiple of
 * 16; m unused by SGD and Adagrad, v unused by SGD). `step`: the row's own count, from 1 (lazy), or the batch's (dense).
 */
export function updateRow(optimizer: usize, w: usize, g: usize, m: usize, v: usize, bytes: usize, step: u32): void {
  const kind = load<i32>(optimizer);
  const rate = load<f32>(optimizer, 4);
  const l2 = f32x4.splat(load<f32>(optimizer, 8));
  const keep = f32x4.splat(1 - rate * load<f32>(optimizer, 12));
  const epsilon = f32x4.splat(load<f32>(optimizer, 24));
  if (kind == ADAM) {
    const beta1 = load<f32>(optimizer, 16), beta2 = load<f32>(optimizer, 20);
    // 1 − β comes rounded from the exact value: 1 − f32(.999) is off by 5e-5.
    const b1 = f32x4.splat(beta1), r1 = f32x4.splat(load<f32>(optimizer, 32));
    const b2 = f32x4.splat(beta2), r2 = f32x4.splat(load<f32>(optimizer, 36));
    const scale = f32x4.splat(-adamRate(optimizer, step)), root = f32x4.splat(adamRoot(optimizer, step));
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(w + i);
      const gradient = fma4(l2, x, v128.load(g + i));
      const m1 = firstMoment4(v128.load(m + i), gradient, b1, r1);
      const v1 = secondMoment4(v128.load(v + i), gradient, b2, r2);
      v128.store(m + i, m1);
      v128.store(v + i, v1);
      const denominator = fma4(f32x4.sqrt(v1), root, epsilon);
      v128.store(w + i, fma4(x, keep, f32x4.div(f32x4.mul(m1, scale), denominator)));
    }
    return;
  }
  const scale = f32x4.splat(-rate);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(w + i);
    const gradient = fma4(l2, x, v128.load(g + i));
    let move = f32x4.mul(gradient, scale);
    if (kind == ADAGRAD) {
      const sum = fma4(gradient, gradient, v128.load(v + i));
      v128.store(v + i, sum);
      move = f32x4.div(move, f32x4.add(f32x4.sqrt(sum), epsilon));
    }
    v128.store(w + i, fma4(x, keep, move));
  }
}
