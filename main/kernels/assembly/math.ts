// Elementary functions on f32 and on four f32 lanes. No tables: kernels have no static data.

/** a·b + c in four lanes: one rounding in the relaxed build, two in the plain one (so the builds differ in bits). */
// @ts-ignore: decorator
@inline
export function fma4(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Sum of the four lanes, always as (0 + 2) + (1 + 3). */
// @ts-ignore: decorator
@inline
export function sum4(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The sums of the lanes of four vectors, as one vector; each as (0 + 2) + (1 + 3), like sum4. */
// @ts-ignore: decorator
@inline
export function sums4(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** Lane l of a vector, 0 … 3. */
// @ts-ignore: decorator
@inline
export function lane(x: v128, l: u32): f32 {
  if (l == 1) return f32x4.extract_lane(x, 1);
  if (l == 2) return f32x4.extract_lane(x, 2);
  if (l == 3) return f32x4.extract_lane(x, 3);
  return f32x4.extract_lane(x, 0);
}

/** e^x in four lanes, x clamped to ±87; relative error about 2e-7 (Cephes expf). */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  const x = f32x4.min(f32x4.max(value, f32x4.splat(-87)), f32x4.splat(87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = fma4(p, r, f32x4.splat(1.3981999507e-3));
  p = fma4(p, r, f32x4.splat(8.3334519073e-3));
  p = fma4(p, r, f32x4.splat(4.1665795894e-2));
  p = fma4(p, r, f32x4.splat(1.6666665459e-1));
  p = fma4(p, r, f32x4.splat(5.0000001201e-1));
  p = fma4(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  const exponent = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127));
  return f32x4.mul(p, i32x4.shl(exponent, 23));
}

/** 1 / (1 + e^−x) in four lanes. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** Natural logarithm in four lanes, x > 0 and normal; relative error about 2e-7 (Cephes logf). */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // x = m · 2^e with m in [√½, √2).
  let e = i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const small = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = i32x4.add(e, small); // the mask is −1 where true
  m = f32x4.sub(f32x4.add(m, v128.and(small, m)), f32x4.splat(1));
  const z = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = fma4(p, m, f32x4.splat(-1.1514610310e-1));
  p = fma4(p, m, f32x4.splat(1.1676998740e-1));
  p = fma4(p, m, f32x4.splat(-1.2420140846e-1));
  p = fma4(p, m, f32x4.splat(1.4249322787e-1));
  p = fma4(p, m, f32x4.splat(-1.6668057665e-1));
  p = fma4(p, m, f32x4.splat(2.0000714765e-1));
  p = fma4(p, m, f32x4.splat(-2.4999993993e-1));
  p = fma4(p, m, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  const n = f32x4.convert_i32x4_s(e);
  p = fma4(n, f32x4.splat(-2.12194440e-4), p);
  p = f32x4.sub(p, f32x4.mul(z, f32x4.splat(0.5)));
  return fma4(n, f32x4.splat(0.693359375), f32x4.add(m, p));
}

/** log(1 / (1 + e^−x)) in four lanes, without cancellation at either end: min(x, 0) − log(1 + e^−|x|). */
// @ts-ignore: decorator
@inline
export function logSigmoid4(x: v128): v128 {
  const tail = log4(f32x4.add(f32x4.splat(1), exp4(f32x4.neg(f32x4.abs(x)))));
  return f32x4.sub(f32x4.min(x, f32x4.splat(0)), tail);
}

/** e^x, x clamped to ±87. */
// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** Natural logarithm, x > 0 and normal. */
// @ts-ignore: decorator
@inline
export function log1(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

/** 1 / (1 + e^−x). */
// @ts-ignore: decorator
@inline
export function sigmoid1(x: f32): f32 {
  return f32x4.extract_lane(sigmoid4(f32x4.splat(x)), 0);
}

/** log(1 / (1 + e^−x)). */
// @ts-ignore: decorator
@inline
export function logSigmoid1(x: f32): f32 {
  return f32x4.extract_lane(logSigmoid4(f32x4.splat(x)), 0);
}
