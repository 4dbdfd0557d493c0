// One sample a step: users and items are cut into blocks × blocks cells. In round r the user block u meets the item block
// u + r: cells of a round share no row, so threads take them at once and the bits are those of one thread. Within a cell
// samples go user by user, which keeps the user's row in cache, and the block's items with it.
import { FactorModel } from './factors-block';

@unmanaged
export class Singles extends FactorModel {
  blocks: u32;
  /** u32 [blocks + 1]: first user of each block. */
  userBlock: usize;
  /** u8 [items]: block of each item as they are dealt now. */
  itemBlock: usize;
  /** u32 [items] by block, and [blocks + 1] where each block begins. */
  blockItems: usize;
  blockStart: usize;
  /** u32 [blocks, blocks]: end of each cell's samples while they are placed, then for good; cells of a user block in turn. */
  cellEnd: usize;
  /** u32 [blocks, users]: end of each user's samples in the cell with each item block. */
  runEnd: usize;
  /** [rows]: the rows of the ratings by cell. */
  sampleItem: usize;
  sampleValue: usize;
  /** f64 [blocks]: sum of the losses of each user block. */
  losses: usize;
  /** User blocks that threads have taken in this call, each the next when it is free; set to 0 before. */
  taken: u32;
}

/** The next user block of a call that nobody has, or one past the last. Which thread takes it changes no bit. */
// @ts-ignore: decorator
@inline
export function takeBlock(block: Singles): u32 {
  return atomic.add<u32>(changetype<usize>(block) + offsetof<Singles>('taken'), 1);
}

/** First user of part `part` of a user block. */
export function partOf(block: Singles, own: u32, part: u32, parts: u32): u32 {
  const bounds = block.userBlock + (own << 2);
  const first = load<u32>(bounds), count = load<u32>(bounds, 4) - first;
  return first + <u32>((<u64>count * part) / parts);
}

/** First step of an order: the sizes of the cells, for part `part` of `parts` of each user block. */
export function singlesCount(thread: i32, threads: i32, block: Singles, part: u32, parts: u32): void {
  const blocks = block.blocks, itemBlock = block.itemBlock;
  for (let own: u32 = thread; own < blocks; own += threads) {
    const cells = block.cellEnd + ((own * blocks) << 2);
    if (part == 0) memory.fill(cells, 0, blocks << 2);
    const first = load<u32>(block.start + (partOf(block, own, part, parts) << 2));
    const end = load<u32>(block.start + (partOf(block, own, part + 1, parts) << 2));
    const last: usize = block.item + (end << 2);
    for (let at: usize = block.item + (first << 2); at < last; at += 4) {
      const cell = cells + (load<u8>(itemBlock + load<u32>(at)) << 2);
      store<u32>(cell, load<u32>(cell) + 1);
    }
  }
}

/** Second step: sizes become the places where cells begin. */
export function singlesPlaces(thread: i32, threads: i32, block: Singles): void {
  if (thread != 0) return;
  const cells = block.blocks * block.blocks;
  let at: u32 = 0;
  for (let cell: u32 = 0; cell < cells; cell++) {
    const place = block.cellEnd + (cell << 2);
    const size = load<u32>(place);
    store<u32>(place, at);
    at += size;
  }
}

/** Third step: rows go to their cells, users ascending within each; the beginnings of cells become their ends. */
export function singlesScatter(thread: i32, threads: i32, block: Singles, part: u32, parts: u32): void {
  const blocks = block.blocks, users: usize = block.userCount, itemBlock = block.itemBlock;
  const start = block.start, items = block.item, values = block.value;
  const sampleItem = block.sampleItem, sampleValue = block.sampleValue;
  for (let own: u32 = thread; own < blocks; own += threads) {
    const cells = block.cellEnd + ((own * blocks) << 2);
    const last = partOf(block, own, part + 1, parts);
    for (let user = partOf(block, own, part, parts); user < last; user++) {
      const end = load<u32>(start + (user << 2), 4);
      for (let row = load<u32>(start + (user << 2)); row < end; row++) {
        const item = load<u32>(items + (row << 2));
        const cell = cells + (load<u8>(itemBlock + item) << 2);
        const at = load<u32>(cell);
        store<u32>(cell, at + 1);
        store<u32>(sampleItem + (at << 2), item);
        if (values != 0) store<u32>(sampleValue + (at << 2), load<u32>(values + (row << 2)));
      }
      for (let met: u32 = 0; met < blocks; met++) {
        store<u32>(block.runEnd + ((<usize>met * users + user) << 2), load<u32>(cells + (met << 2)));
      }
    }
  }
}

/** The item block that a user block meets in a round. */
// @ts-ignore: decorator
@inline
export function itemBlockOf(block: Singles, own: u32, round: u32): u32 {
  return (own + round) % block.blocks;
}

/** Address of the ends of the users' samples, [users], in their cells with an item block. */
// @ts-ignore: decorator
@inline
export function runsOf(block: Singles, met: u32): usize {
  return block.runEnd + ((<usize>met * block.userCount) << 2);
}

/** First sample of a user, who is in block `own`, in the cell with item block `met`. */
// @ts-ignore: decorator
@inline
export function firstOfRun(block: Singles, own: u32, met: u32, user: u32): u32 {
  if (user != load<u32>(block.userBlock + (own << 2))) return load<u32>(runsOf(block, met) + ((user - 1) << 2));
  const cell = own * block.blocks + met;
  return cell == 0 ? 0 : load<u32>(block.cellEnd + ((cell - 1) << 2));
}

// @ts-ignore: decorator
@inline
export function addLoss(block: Singles, own: u32, loss: f64): void {
  const sum = block.losses + (own << 3);
  store<f64>(sum, load<f64>(sum) + loss);
}
