/** The shuffle and the draws of an epoch as functions of counters: every engine and thread count makes the same ones. */

/** 32 well-mixed bits of 32 (Wellons' lowbias32). */
export function mix32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Key of an epoch's shuffle or draws; epochs from 0. */
export function epochKey(seed: number, purpose: 'shuffle' | 'negatives', epoch: number): number {
  return mix32(mix32(seed ^ (purpose === 'shuffle' ? 0x6a09e667 : 0xbb67ae85)) + epoch + 1);
}

/** Bits of the two halves of a number below n. */
export function orderBits(n: number): { left: number; right: number } {
  const bits = Math.max(2, 32 - Math.clz32(Math.max(0, n - 1)));
  return { left: bits >> 1, right: bits - (bits >> 1) };
}

function roundBits(x: number, key: number, bits: number): number {
  let h = Math.imul(x ^ key, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca77);
  return h >>> (32 - bits);
}

/**
 * Places of samples 0 … n − 1 in an epoch's order: a pseudo-random permutation (four Feistel rounds, walking the cycle
 * until the value is below n). The same as placeOf in main/models/factors/assembly/order.ts.
 */
export function shuffledPlaces(n: number, key: number): Uint32Array {
  const { left, right } = orderBits(n);
  const mask = (1 << right) - 1;
  const keys = [0, 1, 2, 3].map((round) => mix32(key + round));
  const places = new Uint32Array(n);
  for (let s = 0; s < n; s++) {
    let x = s;
    do {
      let l = x >>> right;
      let r = x & mask;
      l ^= roundBits(r, keys[0], left);
      r ^= roundBits(l, keys[1], right);
      l ^= roundBits(r, keys[2], left);
      r ^= roundBits(l, keys[3], right);
      x = ((l << right) | r) >>> 0;
    } while (x >= n);
    places[s] = x;
  }
  return places;
}

/**
 * Samples in the epoch's order, [n]: batch b is places b · batchSize … of it. Within a batch samples ascend (a sum over
 * a batch does not ask for an order, and rows of one user side by side are faster).
 */
export function batchOrder(n: number, batchSize: number, key: number): Uint32Array {
  const places = shuffledPlaces(n, key);
  const next = Uint32Array.from({ length: Math.ceil(n / batchSize) }, (_, batch) => batch * batchSize);
  const order = new Uint32Array(n);
  for (let s = 0; s < n; s++) order[next[Math.floor(places[s] / batchSize)]++] = s;
  return order;
}
