/** The order of an epoch in which every sample is a step of its own; assembly/singles.ts takes the same cells. */
import type { Ratings } from '../../ratings/ratings.ts';
import { epochKey, shuffledPlaces } from '../../numeric/batch-order.ts';
import { balancedBounds } from './bounds.ts';

/** Blocks of users and of items: at least and at most so many. */
const FEWEST_BLOCKS = 4;
const MOST_BLOCKS = 64;
/** Bytes of an item block's factors: so much stays in the cache that a core has to itself. */
const BLOCK_BYTES = 2 ** 18;
/** Ratings that a user has with an item block in the mean, at least: each visit loads the user's row. */
const FEWEST_RATINGS = 2;
/** With fewer items than this there is one block: a user may have all of a small one, and no negative in it. */
const FEWEST_ITEMS = 32;

/**
 * Users and items are cut into so many blocks, a power of two. It hangs on the data's counts and the number of factors alone,
 * never on the threads or the machine, and so do the bits.
 */
export function blockCount({ userCount, itemCount, item }: Ratings, factors: number): number {
  if (itemCount < FEWEST_ITEMS) return 1;
  const fitting = (4 * factors * itemCount) / BLOCK_BYTES;
  const visited = item.length / (FEWEST_RATINGS * Math.max(1, userCount));
  let blocks = FEWEST_BLOCKS;
  while (blocks < MOST_BLOCKS && blocks < fitting && 2 * blocks <= visited) blocks *= 2;
  return blocks;
}

/** [blocks + 1] first user of each block, with about as many rows in each. */
export function userBlocks({ start }: Pick<Ratings, 'start'>, blocks: number): Uint32Array {
  return balancedBounds(start, blocks);
}

/** The blocks of the items as they are dealt. */
export interface ItemBlocks {
  /** [items] */
  readonly blockOf: Uint8Array;
  /** [items] by block, and where each block begins, [blocks + 1]. */
  readonly items: Uint32Array;
  readonly start: Uint32Array;
}

/** Deal number `deal` (from 0) of the items to equal blocks. */
export function itemBlocks(itemCount: number, blocks: number, seed: number, deal: number): ItemBlocks {
  const places = shuffledPlaces(itemCount, epochKey(seed, 'shuffle', deal));
  const start = Uint32Array.from({ length: blocks + 1 }, (_, block) =>
    Math.ceil((block * itemCount) / blocks),
  );
  const blockOf = Uint8Array.from(places, (place) => Math.floor((place * blocks) / itemCount));
  const items = new Uint32Array(itemCount);
  places.forEach((place, item) => (items[place] = item));
  return { blockOf, items, start };
}

export interface SingleSample {
  /** Row of the ratings. */
  readonly row: number;
  /** Its place among the rows by cell. */
  readonly place: number;
  readonly itemBlock: number;
}

/** The rows of an epoch in the order in which one thread takes them. */
export function* singleOrder(
  train: Ratings,
  blocks: number,
  { blockOf }: ItemBlocks,
): Generator<SingleSample> {
  const bounds = userBlocks(train, blocks);
  const { start, item } = train;
  const sizes = new Uint32Array(blocks * blocks);
  for (let own = 0; own < blocks; own++)
    for (let row = start[bounds[own]]; row < start[bounds[own + 1]]; row++)
      sizes[own * blocks + blockOf[item[row]]]++;
  const first = Uint32Array.from(sizes);
  for (let cell = 0, at = 0; cell < first.length; cell++) {
    first[cell] = at;
    at += sizes[cell];
  }
  for (let round = 0; round < blocks; round++)
    for (let own = 0; own < blocks; own++) {
      const itemBlock = (own + round) % blocks;
      let place = first[own * blocks + itemBlock];
      for (let row = start[bounds[own]]; row < start[bounds[own + 1]]; row++)
        if (blockOf[item[row]] === itemBlock) yield { row, place: place++, itemBlock };
    }
}
