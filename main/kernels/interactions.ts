/** The train part in kernel memory, and who has what: for orders of epochs and negatives (assembly/candidates.ts). */
import type { Ratings } from '../ratings/ratings.ts';
import { usersOfRows } from '../ratings/ratings.ts';
import { aliasTable } from '../numeric/alias-table.ts';
import { createBlock } from './block.ts';
import { Interactions } from './kernels.generated.ts';
import type { KernelMemory } from './shared-memory.ts';
import { createSeenBits } from './seen.ts';
import { sortWithinUsers } from '../ratings/matrices.ts';

export interface InteractionOptions {
  /** β of popularity^β sampling; null: uniform. */
  readonly popularityExponent?: number | null;
  /** Bytes that the bitset of users × items may take; larger data are searched instead. Set by tests. */
  readonly bitsetBytes?: number;
}

/** Address of the block that kernels take as `data`. */
export function createInteractions(
  memory: KernelMemory,
  train: Ratings,
  options: InteractionOptions = {},
): number {
  const exponent = options.popularityExponent ?? null;
  const seen = createSeenBits(memory, train, options.bitsetBytes);
  const alias = exponent === null ? null : aliasTable(train, exponent);
  return createBlock(memory, Interactions, {
    start: memory.copyU32(train.start).at,
    item: memory.copyU32(train.item).at,
    seen: seen?.at ?? 0,
    seenBytes: seen?.bytesOfUser ?? 0,
    sorted: seen ? 0 : sortedItems(memory, train),
    items: train.itemCount,
    rows: train.item.length,
    user: memory.copyU32(usersOfRows(train)).at,
    probability: alias ? memory.copyF32(alias.probability).at : 0,
    alias: alias ? memory.copyU32(alias.alias).at : 0,
  }).at;
}

function sortedItems(memory: KernelMemory, train: Ratings): number {
  const sorted = memory.copyU32(train.item);
  sortWithinUsers(sorted.data, train);
  return sorted.at;
}
