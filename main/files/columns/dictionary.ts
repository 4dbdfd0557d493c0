/**
 * Maps external ids, as bytes, to indices in order of first appearance. Ids that are small canonical decimal numbers
 * ("0", "42", not "042") go through a table by value, all others through a hash table over their bytes; both are text.
 */
const DIRECT_LIMIT = 1 << 24;
const ZERO = 48;

export class Dictionary {
  /** Ids seen so far. */
  size = 0;
  private direct = new Int32Array(1 << 12);
  private slots = new Int32Array(1 << 12);
  private hashes = new Int32Array(1 << 10);
  private offsets = new Float64Array((1 << 10) + 1);
  private pool = new Uint8Array(1 << 14);

  /** Index of the id in bytes [from, to), which gets the next index where it is new. */
  intern(buf: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length > 0 && length <= 8 && (length === 1 || buf[from] !== ZERO)) {
      let value = 0;
      let p = from;
      for (; p < to; p++) {
        const digit = buf[p] - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      if (p === to && value < DIRECT_LIMIT) return this.internNumber(value, buf, from, to);
    }
    return this.internBytes(buf, from, to);
  }

  /** All ids by index. */
  ids(): string[] {
    const bytes = Buffer.from(this.pool.buffer, 0, this.offsets[this.size]);
    const ids = new Array<string>(this.size);
    for (let k = 0; k < this.size; k++) ids[k] = bytes.toString('utf8', this.offsets[k], this.offsets[k + 1]);
    return ids;
  }

  /** Interns every id of another dictionary; returns the index here of each index there. */
  absorb(other: DictionaryParts): Uint32Array {
    const map = new Uint32Array(other.size);
    for (let k = 0; k < other.size; k++)
      map[k] = this.intern(other.pool, other.offsets[k], other.offsets[k + 1]);
    return map;
  }

  /** The ids as bytes, in index order, to be sent to another thread. */
  parts(): DictionaryParts {
    return {
      size: this.size,
      pool: this.pool.slice(0, this.offsets[this.size]),
      offsets: this.offsets.slice(0, this.size + 1),
    };
  }

  private internNumber(value: number, buf: Uint8Array, from: number, to: number): number {
    if (value >= this.direct.length) {
      let capacity = this.direct.length;
      while (capacity <= value) capacity *= 2;
      const grown = new Int32Array(capacity);
      grown.set(this.direct);
      this.direct = grown;
    }
    const known = this.direct[value];
    if (known > 0) return known - 1;
    this.direct[value] = this.size + 1;
    return this.append(buf, from, to, 0);
  }

  private internBytes(buf: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5 ^ (to - from);
    for (let p = from; p < to; p++) hash = Math.imul(hash ^ buf[p], 0x01000193);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 13;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const known = this.slots[slot] - 1;
      if (known < 0) break;
      if (this.hashes[known] === hash && this.equals(known, buf, from, to)) return known;
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = this.size + 1;
    const index = this.append(buf, from, to, hash);
    if (this.size * 2 > this.slots.length) this.rehash();
    return index;
  }

  private equals(index: number, buf: Uint8Array, from: number, to: number): boolean {
    const start = this.offsets[index];
    if (this.offsets[index + 1] - start !== to - from) return false;
    for (let p = from, q = start; p < to; p++, q++) if (buf[p] !== this.pool[q]) return false;
    return true;
  }

  private append(buf: Uint8Array, from: number, to: number, hash: number): number {
    const index = this.size;
    if (index + 1 >= this.offsets.length) {
      const offsets = new Float64Array(this.offsets.length * 2);
      offsets.set(this.offsets);
      this.offsets = offsets;
      const hashes = new Int32Array(offsets.length);
      hashes.set(this.hashes);
      this.hashes = hashes;
    }
    const start = this.offsets[index];
    const end = start + to - from;
    if (end > this.pool.length) {
      const pool = new Uint8Array(Math.max(end, this.pool.length * 2));
      pool.set(this.pool);
      this.pool = pool;
    }
    for (let p = from, q = start; p < to; p++, q++) this.pool[q] = buf[p];
    this.offsets[index + 1] = end;
    this.hashes[index] = hash;
    this.size++;
    return index;
  }

  /** Doubles the hash table. */
  private rehash(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let k = 0; k < old.length; k++) {
      if (old[k] === 0) continue;
      let slot = this.hashes[old[k] - 1] & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = old[k];
    }
    this.slots = slots;
  }
}

export interface DictionaryParts {
  size: number;
  pool: Uint8Array;
  offsets: Float64Array;
}
