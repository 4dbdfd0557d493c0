// Vectors of f32 in memory. Their lengths are in bytes, multiples of 16.
import { fma4, sum4 } from './math';

/** n rounded up to a multiple of 4. */
// @ts-ignore: decorator
@inline
export function padded4(n: u32): u32 {
  return (n + 3) & ~3;
}

/** a·b */
// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) sum = fma4(v128.load(a + i), v128.load(b + i), sum);
  return sum4(sum);
}

/** a·b in four sums, which do not wait for each other. */
// @ts-ignore: decorator
@inline
export function wideDot(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  const wide = bytes & ~63;
  let i: usize = 0;
  for (; i < wide; i += 64) {
    s0 = fma4(v128.load(a + i), v128.load(b + i), s0);
    s1 = fma4(v128.load(a + i, 16), v128.load(b + i, 16), s1);
    s2 = fma4(v128.load(a + i, 32), v128.load(b + i, 32), s2);
    s3 = fma4(v128.load(a + i, 48), v128.load(b + i, 48), s3);
  }
  for (; i < bytes; i += 16) s0 = fma4(v128.load(a + i), v128.load(b + i), s0);
  return sum4(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** to = a·x. Four vectors at a time: their addresses are then free. */
// @ts-ignore: decorator
@inline
export function setScaled(to: usize, x: usize, a: v128, bytes: usize): void {
  const end = to + bytes, wide = to + (bytes & ~63);
  for (; to < wide; to += 64, x += 64) {
    v128.store(to, f32x4.mul(a, v128.load(x)));
    v128.store(to, f32x4.mul(a, v128.load(x, 16)), 16);
    v128.store(to, f32x4.mul(a, v128.load(x, 32)), 32);
    v128.store(to, f32x4.mul(a, v128.load(x, 48)), 48);
  }
  for (; to < end; to += 16, x += 16) v128.store(to, f32x4.mul(a, v128.load(x)));
}

/** to += a·x */
// @ts-ignore: decorator
@inline
export function addScaled(to: usize, x: usize, a: v128, bytes: usize): void {
  const end = to + bytes, wide = to + (bytes & ~63);
  for (; to < wide; to += 64, x += 64) {
    v128.store(to, fma4(a, v128.load(x), v128.load(to)));
    v128.store(to, fma4(a, v128.load(x, 16), v128.load(to, 16)), 16);
    v128.store(to, fma4(a, v128.load(x, 32), v128.load(to, 32)), 32);
    v128.store(to, fma4(a, v128.load(x, 48), v128.load(to, 48)), 48);
  }
  for (; to < end; to += 16, x += 16) v128.store(to, fma4(a, v128.load(x), v128.load(to)));
}
