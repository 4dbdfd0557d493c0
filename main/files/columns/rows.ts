/** Growing columns of (user, item, value, time) in blocks, so that growth never copies what is there. */
const BLOCK = 1 << 19;

export interface RowBlock {
  user: Uint32Array;
  item: Uint32Array;
  value: Float32Array;
  /** Empty where the rows have no time. */
  time: Float64Array;
  length: number;
}

export class RowBlocks {
  blocks: RowBlock[] = [];
  length = 0;
  /** Rows that were the same as the one before, and are not kept where runs are merged. */
  repeats = 0;
  private readonly timed: boolean;
  private readonly mergesRuns: boolean;
  private readonly capacity: number;
  private current: RowBlock | null = null;

  /**
   * @param mergesRuns of rows that follow each other and are the same only the first is kept: a file of one row over and
   *   over takes no memory, and whichever of equal rows stays is the same
   */
  constructor(timed: boolean, mergesRuns = false, capacity = BLOCK) {
    this.timed = timed;
    this.mergesRuns = mergesRuns;
    this.capacity = capacity;
  }

  append(user: number, item: number, value: number, time: number): void {
    let block = this.current;
    if (this.mergesRuns && block !== null && this.isLast(block, user, item, value, time)) {
      this.repeats++;
      return;
    }
    if (block === null || block.length === this.capacity) block = this.current = this.open();
    const at = block.length++;
    block.user[at] = user;
    block.item[at] = item;
    block.value[at] = value;
    if (this.timed) block.time[at] = time;
    this.length++;
  }

  private isLast(block: RowBlock, user: number, item: number, value: number, time: number): boolean {
    const at = block.length - 1;
    return (
      block.item[at] === item &&
      block.user[at] === user &&
      block.value[at] === Math.fround(value) &&
      (!this.timed || block.time[at] === time)
    );
  }

  /** What comes next is no repeat of what was, for it belongs to another part. */
  seal(): void {
    this.current = null;
  }

  /** Appends a block as it is. */
  adopt(block: RowBlock): void {
    this.blocks.push(block);
    this.current = null;
    this.length += block.length;
  }

  /** [size] rows of each index in a column. */
  countsOf(column: 'user' | 'item', size: number): Uint32Array {
    const counts = new Uint32Array(size);
    for (const block of this.blocks) for (let k = 0; k < block.length; k++) counts[block[column][k]]++;
    return counts;
  }

  /** Lets go of the memory. */
  release(): void {
    this.blocks = [];
    this.current = null;
    this.length = 0;
    this.repeats = 0;
  }

  private open(): RowBlock {
    const block = {
      user: new Uint32Array(this.capacity),
      item: new Uint32Array(this.capacity),
      value: new Float32Array(this.capacity),
      time: new Float64Array(this.timed ? this.capacity : 0),
      length: 0,
    };
    this.blocks.push(block);
    return block;
  }
}
