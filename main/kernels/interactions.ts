/** The train part in kernel memory, and who has what: for orders of epochs and negatives (assembly/candidates.ts). */
import type { Ratings } from '../data/ratings.ts';
import { usersOfRows } from '../data/ratings.ts';
import { aliasTable } from '../models/sampling.ts';
import { createBlock } from './block.ts';
import type { KernelMemory } from './memory.ts';

/** Users × items as bits up to this size; past it, membership is a binary search. */
const BITSET_BYTES = 2 ** 26;

export interface InteractionOptions {
  /** β of popularity^β sampling; null: uniform. */
  readonly popularityExponent?: number | null;
  /** Largest bitset (tests). */
  readonly bitsetBytes?: number;
}

/** Address of the block that kernels take as `data`. */
export function createInteractions(
  memory: KernelMemory,
  train: Ratings,
  options: InteractionOptions = {},
): number {
  const { userCount, itemCount } = train;
  const exponent = options.popularityExponent ?? null;
  const seenBytes = Math.ceil(itemCount / 8);
  const fits = seenBytes * userCount <= (options.bitsetBytes ?? BITSET_BYTES);
  const alias = exponent === null ? null : aliasTable(train, exponent);
  return createBlock(memory, {
    start: memory.copyU32(train.start).at,
    item: memory.copyU32(train.item).at,
    seen: fits ? seenBits(memory, train, seenBytes) : 0,
    seenBytes,
    sorted: fits ? 0 : sortedItems(memory, train),
    items: itemCount,
    rows: train.item.length,
    user: memory.copyU32(usersOfRows(train)).at,
    probability: alias ? memory.copyF32(alias.probability).at : 0,
    alias: alias ? memory.copyU32(alias.alias).at : 0,
  }).at;
}

function seenBits(memory: KernelMemory, train: Ratings, bytesOfUser: number): number {
  const bits = memory.u8(bytesOfUser * train.userCount);
  for (let u = 0; u < train.userCount; u++)
    for (let row = train.start[u]; row < train.start[u + 1]; row++)
      bits.data[u * bytesOfUser + (train.item[row] >> 3)] |= 1 << (train.item[row] & 7);
  return bits.at;
}

function sortedItems(memory: KernelMemory, train: Ratings): number {
  const sorted = memory.copyU32(train.item);
  for (let u = 0; u < train.userCount; u++) sorted.data.subarray(train.start[u], train.start[u + 1]).sort();
  return sorted.at;
}
