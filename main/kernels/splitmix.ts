/** SplitMix64 in JS: the same stream as assembly/random.ts from the same state. State: one u64 as two u32 words. */

const GOLDEN = 0x9e3779b97f4a7c15n;
const MASK = 0xffffffffffffffffn;

function mix(value: bigint): bigint {
  let z = value;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/** First state of the stream for one purpose (and shard) of a seed: streams of other purposes are unrelated. */
export function streamState(seed: number, purpose: string, shard = 0): Uint32Array {
  let z = mix(BigInt(seed) + GOLDEN);
  for (const character of `${purpose}/${shard}`)
    z = mix((z ^ BigInt(character.codePointAt(0) ?? 0)) + GOLDEN);
  return Uint32Array.of(Number(z & 0xffffffffn), Number(z >> 32n));
}

/** Advances the state and returns the next 32 bits. */
export function nextU32(state: Uint32Array): number {
  const s = (((BigInt(state[1]) << 32n) | BigInt(state[0])) + GOLDEN) & MASK;
  state[0] = Number(s & 0xffffffffn);
  state[1] = Number(s >> 32n);
  return Number(mix(s) >> 32n);
}
