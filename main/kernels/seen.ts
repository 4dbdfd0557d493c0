/** Who has what in the train part, as bits: negatives are tested against it. */
import type { Ratings } from '../ratings/ratings.ts';
import type { KernelMemory } from './shared-memory.ts';

/** Users × items as bits up to this size; past it, membership is a binary search. */
const BITSET_BYTES = 2 ** 26;

export interface SeenBits {
  /** Byte address of [users, bytesOfUser]; item i is bit i mod 8 of byte i ÷ 8. */
  readonly at: number;
  /** Bytes of one user's bits, rounded up to a multiple of 4. */
  readonly bytesOfUser: number;
}

/** May users × items be kept as bits? */
export function seenBitsFit({ itemCount, userCount }: Ratings, most = BITSET_BYTES): boolean {
  return Math.ceil(itemCount / 32) * 4 * userCount <= most;
}

/** The bits, or null where they would take more than `most` bytes. */
export function createSeenBits(memory: KernelMemory, train: Ratings, most = BITSET_BYTES): SeenBits | null {
  if (!seenBitsFit(train, most)) return null;
  const words = Math.ceil(train.itemCount / 32);
  const bits = memory.u32(words * train.userCount);
  for (let u = 0; u < train.userCount; u++)
    for (let row = train.start[u]; row < train.start[u + 1]; row++)
      bits.data[u * words + (train.item[row] >>> 5)] |= 1 << (train.item[row] & 31);
  return { at: bits.at, bytesOfUser: words * 4 };
}
