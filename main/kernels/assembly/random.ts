// SplitMix64 (Steele, Lea & Flood 2014): one u64 of state in memory, one stream a shard; saved with checkpoints.
// main/kernels/splitmix.ts is the same generator in JS.

/** The next 32 random bits of the stream whose u64 state is at `state`. */
// @ts-ignore: decorator
@inline
export function nextU32(state: usize): u32 {
  const s = load<u64>(state) + 0x9e3779b97f4a7c15;
  store<u64>(state, s);
  let z = (s ^ (s >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return <u32>((z ^ (z >> 31)) >> 32);
}

/** Uniform over 0 … n − 1 (multiply-shift; its bias is below n / 2^32). */
// @ts-ignore: decorator
@inline
export function nextBelow(state: usize, n: u32): u32 {
  return <u32>((<u64>nextU32(state) * <u64>n) >> 32);
}

/** Uniform in [0, 1), 24 bits. */
// @ts-ignore: decorator
@inline
export function nextFloat(state: usize): f32 {
  return <f32>(nextU32(state) >> 8) * <f32>5.9604644775390625e-8;
}

/** Fisher–Yates shuffle of `n` u32 values at `values`. */
export function shuffleU32(state: usize, values: usize, n: u32): void {
  for (let i = n; i > 1; i--) {
    const j = nextBelow(state, i);
    const a = values + ((i - 1) << 2);
    const b = values + (j << 2);
    const x = load<u32>(a);
    store<u32>(a, load<u32>(b));
    store<u32>(b, x);
  }
}
