/** Most items: with it 134 million users still make exact doubles. */
const ITEMS = 1 << 26;

/** A set of (user, item) pairs, for the one policy that must know a repeat while it reads: `reject`. */
export class PairSet {
  private slots = new Float64Array(1 << 12).fill(-1);
  private size = 0;

  /** Adds the pair; false where it was there already. */
  add(user: number, item: number): boolean {
    const key = user * ITEMS + item;
    if (!this.insert(this.slots, key)) return false;
    if (++this.size * 2 > this.slots.length) this.grow();
    return true;
  }

  private insert(slots: Float64Array, key: number): boolean {
    const mask = slots.length - 1;
    const low = key % ITEMS;
    let hash = Math.imul((key - low) / ITEMS, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    while (slots[slot] !== -1) {
      if (slots[slot] === key) return false;
      slot = (slot + 1) & mask;
    }
    slots[slot] = key;
    return true;
  }

  private grow(): void {
    const slots = new Float64Array(this.slots.length * 2).fill(-1);
    for (const key of this.slots) if (key !== -1) this.insert(slots, key);
    this.slots = slots;
  }
}
