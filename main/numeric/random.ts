/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna 2018), seeded by splitmix32. One generator a purpose, so that
 * a change in one (more negatives, say) leaves the others' draws as they were.
 */
export type RandomPurpose = 'init' | 'shuffle' | 'negatives' | 'dropout' | 'split' | 'search';

const purposes: Record<RandomPurpose, number> = {
  init: 1,
  shuffle: 2,
  negatives: 3,
  dropout: 4,
  split: 5,
  search: 6,
};

export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /** @param seed 0 … 2³² − 1 */
  constructor(seed: number, purpose: RandomPurpose) {
    let x = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(purposes[purpose], 0x85ebca6b)) | 0;
    const splitmix = (): number => {
      x = (x + 0x9e3779b9) | 0;
      let z = x;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return z ^ (z >>> 16);
    };
    this.#a = splitmix();
    this.#b = splitmix();
    this.#c = splitmix();
    this.#d = splitmix();
  }

  /** A whole number, 0 … 2³² − 1. */
  uint32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [0, 1), 32 bits. */
  next(): number {
    return this.uint32() * 2 ** -32;
  }

  /** A whole number, 0 … n − 1; n up to 2³² (the bias is below n · 2⁻³²). */
  below(n: number): number {
    return Math.floor(this.uint32() * 2 ** -32 * n);
  }

  /** Fills with whole numbers 0 … n − 1: what so many calls of `below` give, three times as fast. */
  fillBelow(out: Uint32Array, n: number): Uint32Array {
    let [a, b, c, d] = [this.#a, this.#b, this.#c, this.#d];
    const scale = 2 ** -32 * n;
    for (let k = 0; k < out.length; k++) {
      const product = Math.imul(b, 5);
      const result = Math.imul((product << 7) | (product >>> 25), 9);
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = (d << 11) | (d >>> 21);
      out[k] = (result >>> 0) * scale;
    }
    [this.#a, this.#b, this.#c, this.#d] = [a, b, c, d];
    return out;
  }

  /** Standard normal (Box–Muller, one of the pair: no hidden state beside the four words). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log((this.uint32() + 1) * 2 ** -32));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Fills with N(0, deviation²). */
  fillNormal(out: Float32Array, deviation: number): Float32Array {
    for (let k = 0; k < out.length; k++) out[k] = this.normal() * deviation;
    return out;
  }

  /** Fills with U(−limit, limit). */
  fillUniform(out: Float32Array, limit: number): Float32Array {
    for (let k = 0; k < out.length; k++) out[k] = (2 * this.next() - 1) * limit;
    return out;
  }

  /** Fisher–Yates, in place. */
  shuffle<T extends Uint32Array | Int32Array>(order: T): T {
    for (let k = order.length - 1; k > 0; k--) {
      const other = this.below(k + 1);
      const kept = order[k];
      order[k] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** A random order of 0 … n − 1. */
  permutation(n: number): Uint32Array {
    const order = new Uint32Array(n);
    for (let k = 0; k < n; k++) order[k] = k;
    return this.shuffle(order);
  }

  /** The four words of the state (a copy): with them the draws go on where they were. */
  state(): Uint32Array {
    return Uint32Array.of(this.#a, this.#b, this.#c, this.#d);
  }

  restore(state: Uint32Array): void {
    if (state.length !== 4) throw new RangeError(`a random state has 4 words, got ${state.length}`);
    [this.#a, this.#b, this.#c, this.#d] = Int32Array.from(state);
  }
}
