// Optimizers that remember one square a row: Adagrad, RMSprop and Adam of main/numeric/optimizer.ts in their row-wise forms.
import { adamRate, adamRoot, firstMoment4, Optimizer, ROW_ADAGRAD, ROW_ADAM } from './adam';
import { fma4, sum4 } from './math';

/** No lane of the row is a bias. */
// @ts-ignore: decorator
@inline
export const NO_BIAS: u32 = 0xffffffff;

/** Takes the mean of a row's squared gradient into its square at `v`; the factor of the gradient (or of its mean) in the row's move. */
// @ts-ignore: decorator
@inline
export function rowScale(optimizer: usize, v: usize, mean: f32, step: u32): f32 {
  const o = changetype<Optimizer>(optimizer);
  if (o.kind == ROW_ADAGRAD) {
    const sum = load<f32>(v) + mean;
    store<f32>(v, sum);
    return -o.rate / (sqrt(sum) + o.epsilon);
  }
  const square: f32 = load<f32>(v) * o.beta2 + mean * o.rest2 + <f32>1e-30;
  store<f32>(v, square);
  const rate = o.kind == ROW_ADAM ? adamRate(optimizer, step) : o.rate;
  return -rate / (sqrt(square) * adamRoot(optimizer, step) + o.epsilon);
}

/**
 * As updateRow: `w`, `g` and, for Adam, `m` are `bytes` long. The square at `v` is of the first `width` floats, the one behind
 * it of the bias, whose lane begins at byte `bias` of the row (NO_BIAS: there is none): a bias is a row of one number.
 */
export function updateRowWise(
  optimizer: usize, w: usize, g: usize, m: usize, v: usize, bytes: usize, width: u32, bias: u32, step: u32,
): void {
  const o = changetype<Optimizer>(optimizer);
  const l2 = f32x4.splat(o.coupled), keep: f32 = 1 - o.rate * o.decoupled, adam = o.kind == ROW_ADAM;
  const whole = (<usize>width & ~3) << 2, end = <usize>width << 2;
  let squares = f32x4.splat(0);
  for (let i: usize = 0; i < whole; i += 16) {
    const gradient = fma4(l2, v128.load(w + i), v128.load(g + i));
    squares = fma4(gradient, gradient, squares);
  }
  let sum = sum4(squares);
  for (let i = whole; i < end; i += 4) {
    const gradient = load<f32>(g + i) + o.coupled * load<f32>(w + i);
    sum += gradient * gradient;
  }
  const scale = f32x4.splat(rowScale(optimizer, v, sum / <f32>width, step));
  let biased: f32 = 0, biasGradient: f32 = 0, biasScale: f32 = 0;
  if (bias != NO_BIAS) {
    biased = load<f32>(w + bias);
    biasGradient = load<f32>(g + bias) + o.coupled * biased;
    biasScale = rowScale(optimizer, v + 4, biasGradient * biasGradient, step);
  }
  const keep4 = f32x4.splat(keep), b1 = f32x4.splat(o.beta1), r1 = f32x4.splat(o.rest1);
  for (let i: usize = 0; i < bytes; i += 16) {
    const x = v128.load(w + i);
    let gradient = fma4(l2, x, v128.load(g + i));
    if (adam) {
      gradient = firstMoment4(v128.load(m + i), gradient, b1, r1);
      v128.store(m + i, gradient);
    }
    v128.store(w + i, fma4(scale, gradient, f32x4.mul(x, keep4)));
  }
  if (bias != NO_BIAS) {
    if (adam) biasGradient = load<f32>(m + bias);
    store<f32>(w + bias, biased * keep + biasScale * biasGradient);
  }
}
