/** A small seeded generator (mulberry32): the fake's figures are the same at every start. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0, 1) that depends on the text alone. */
export function hashed(text: string): number {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return seeded(hash)();
}

/** Hexadecimal that depends on the text alone. */
export function fingerprintOf(text: string): string {
  return Array.from({ length: 4 }, (_, part) =>
    Math.floor(hashed(`${text}${part}`) * 65536)
      .toString(16)
      .padStart(4, '0'),
  ).join('');
}
