/**
 * The best `length` of a stream of (item, score), by a heap whose root is the worst kept. Higher scores are better;
 * among equal scores the lower item, so what is kept does not depend on the order of the stream.
 */
export class TopList {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
  readonly length: number;
  size = 0;

  constructor(length: number) {
    this.length = length;
    this.items = new Uint32Array(length);
    this.scores = new Float32Array(length);
  }

  /** Below this score an offer is useless. */
  get threshold(): number {
    return this.size < this.length ? -Infinity : this.scores[0];
  }

  offer(item: number, score: number): void {
    if (this.size < this.length) {
      this.#rise(this.size++, item, score);
    } else if (score > this.scores[0] || (score === this.scores[0] && item < this.items[0])) {
      this.#sink(0, item, score);
    }
  }

  /** Writes the list, best first, at `at` of both arrays, empties the heap and returns the number written. */
  drain(items: Uint32Array, scores: Float32Array, at: number): number {
    const written = this.size;
    for (let k = written - 1; k >= 0; k--) {
      items[at + k] = this.items[0];
      scores[at + k] = this.scores[0];
      this.size--;
      if (k > 0) this.#sink(0, this.items[k], this.scores[k]);
    }
    return written;
  }

  #worse(a: number, b: number): boolean {
    return this.#isWorse(this.items[a], this.scores[a], this.items[b], this.scores[b]);
  }

  #isWorse(itemA: number, scoreA: number, itemB: number, scoreB: number): boolean {
    return scoreA < scoreB || (scoreA === scoreB && itemA > itemB);
  }

  #rise(at: number, item: number, score: number): void {
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isWorse(item, score, this.items[parent], this.scores[parent])) break;
      this.items[at] = this.items[parent];
      this.scores[at] = this.scores[parent];
      at = parent;
    }
    this.items[at] = item;
    this.scores[at] = score;
  }

  #sink(at: number, item: number, score: number): void {
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.#worse(child + 1, child)) child++;
      if (!this.#isWorse(this.items[child], this.scores[child], item, score)) break;
      this.items[at] = this.items[child];
      this.scores[at] = this.scores[child];
      at = child;
    }
    this.items[at] = item;
    this.scores[at] = score;
  }
}
