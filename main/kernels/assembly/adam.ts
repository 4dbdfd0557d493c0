// Optimizers of table rows and dense weights: SGD, Adagrad (Duchi et al. 2011), Adam (Kingma & Ba 2015).
// `optimizer` is the address of the block that main/kernels/optimizer-block.ts writes.
import { fma4 } from './math';

/** As main/kernels/optimizer-block.ts writes it. */
@unmanaged
export class Optimizer {
  /** One of those below. */
  kind: i32;
  rate: f32;
  /** Coupled weight decay: L2 added to the gradient. */
  coupled: f32;
  /** Decoupled weight decay per unit of learning rate (AdamW): w ← w·(1 − rate·decay). */
  decoupled: f32;
  beta1: f32;
  beta2: f32;
  epsilon: f32;
  /** f32 [CORRECTIONS, 2], where steps count: 1 / (1 − β1^t) and 1 / √(1 − β2^t). */
  corrections: usize;
  /** 1 − β, rounded from the exact value: 1 − f32(.999) is off by 5e-5. */
  rest1: f32;
  rest2: f32;
}

export const SGD: i32 = 0;
export const ADAGRAD: i32 = 1;
export const ADAM: i32 = 2;
/** From here on: one square a row, rowwise.ts. */
export const ROW_ADAGRAD: i32 = 3;
export const ROW_RMSPROP: i32 = 4;
export const ROW_ADAM: i32 = 5;

/** Steps whose bias corrections are in the table; later ones are 1 in f32. */
export const CORRECTIONS: u32 = 16384;

/** SGD's factor of a weight at each move: 1 less what both kinds of decay take. */
// @ts-ignore: decorator
@inline
export function sgdKeep(optimizer: usize): f32 {
  const o = changetype<Optimizer>(optimizer);
  return 1 - o.rate * (o.coupled + o.decoupled);
}
/** Adam's 1 / (1 − β1^t), times the learning rate. */
// @ts-ignore: decorator
@inline
export function adamRate(optimizer: usize, step: u32): f32 {
  const o = changetype<Optimizer>(optimizer), t = min(step, CORRECTIONS - 1);
  return o.rate * load<f32>(o.corrections + (t << 3));
}
/** Adam's 1 / √(1 − β2^t). */
// @ts-ignore: decorator
@inline
export function adamRoot(optimizer: usize, step: u32): f32 {
  const t = min(step, CORRECTIONS - 1);
  return load<f32>(changetype<Optimizer>(optimizer).corrections + (t << 3), 4);
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
  const o = changetype<Optimizer>(optimizer);
  const l2 = f32x4.splat(o.coupled), keep = f32x4.splat(1 - o.rate * o.decoupled), epsilon = f32x4.splat(o.epsilon);
  if (o.kind == ADAM) {
    const b1 = f32x4.splat(o.beta1), r1 = f32x4.splat(o.rest1);
    const b2 = f32x4.splat(o.beta2), r2 = f32x4.splat(o.rest2);
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
  const scale = f32x4.splat(-o.rate), adagrad = o.kind == ADAGRAD;
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(w + i);
    const gradient = fma4(l2, x, v128.load(g + i));
    let move = f32x4.mul(gradient, scale);
    if (adagrad) {
      const sum = fma4(gradient, gradient, v128.load(v + i));
      v128.store(v + i, sum);
      move = f32x4.div(move, f32x4.add(f32x4.sqrt(sum), epsilon));
    }
    v128.store(w + i, fma4(x, keep, move));
  }
}
