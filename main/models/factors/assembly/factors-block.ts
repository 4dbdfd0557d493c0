// The parameter block of the factor models, which main/models/factors/fused-trainer.ts writes, and its tables.

/** No lane of a row is constant. */
export const NO_LANE: u32 = 0xffffffff;

/**
 * A table of rows. What belongs to a row lies together in a record (FactorModel.recordBytes): its weights and what the
 * optimizer remembers. Addresses are those of the first row's; a part that is not there has any.
 */
@unmanaged
export class FactorTable {
  /** First factor of the first row. */
  weights: usize;
  first: usize;
  /** [rowBytes], or row-wise the squares of the factors and of the bias. */
  second: usize;
  /** u32 */
  steps: usize;
  /** Byte offset within a row of its bias, or NO_LANE. */
  bias: u32;
  /** Byte offset within a row of the lane that is always 1 (it carries the other side's bias), or NO_LANE. */
  constant: u32;
}

/** What both ways of training know: by batches (Factors) and one sample a step (Singles). */
@unmanaged
export class FactorModel {
  userCount: u32;
  itemCount: u32;
  /** Factors of a row. */
  factors: u32;
  /** Bytes of a row's weights: factors, bias, constant, padding to 16. */
  rowBytes: u32;
  /** From a row to the next, a multiple of 16. */
  recordBytes: u32;
  /** Samples of an epoch: rows × copies. */
  sampleCount: u32;
  /** Samples a row of the ratings (BPR's negatives). */
  copies: u32;
  /** [users + 1], [rows], [rows]: the ratings; values are absent (0) where only order counts. */
  start: usize;
  item: usize;
  value: usize;
  /** FactorTable each. */
  users: usize;
  items: usize;
  optimizer: usize;
  /** 1: every row moves every batch. */
  dense: u32;
  /** 1: rows count their own steps. */
  counted: u32;
  /** [threads, gradientBytes] gradients of the rows at hand. */
  gradient: usize;
  gradientBytes: u32;
}

@unmanaged
export class Factors extends FactorModel {
  batchSize: u32;
  batchCount: u32;
  /** [threads + 1]: first user, first item of each thread. */
  userBounds: usize;
  itemBounds: usize;
  /** [samples] batch of each sample; then free. */
  batchOf: usize;
  /** [threads, batches]: end of each thread's samples in each batch. */
  cursor: usize;
  /** [samples] in the epoch's order; within a batch by user. */
  sampleUser: usize;
  sampleItem: usize;
  /** [samples] ratings, f32; absent (0) where only order counts. */
  sampleValue: usize;
  /** Batches done before this call's first (dense). */
  stepsDone: u32;
  /** [batch] derivative of the batch's loss by the sample's score. */
  slope: usize;
  /** [batch] loss of each sample. */
  loss: usize;
  /** [batch] BPR's negatives. */
  negative: usize;
  /** [batch, row]: the rows of the batch's users before their move, each thread's from its first sample on. */
  oldUsers: usize;
  /** [items] last entry of the batch with this item, or −1; [2 · batch] the entry before it. */
  head: usize;
  next: usize;
  /** [items] items of the batch, each thread from its own bound on. */
  touched: usize;
  orderKey: u32;
  leftBits: u32;
  rightBits: u32;
  /** Sum of the losses of the call's samples. */
  lossSum: f64;
  /** [batch] address of the old row of each sample's user. */
  oldRow: usize;
  /** [row] zeros. */
  zeroRow: usize;
  /** [threads, 16] words that nobody reads. */
  spare: usize;
}

// @ts-ignore: decorator
@inline
export function usersOf(block: FactorModel): FactorTable {
  return changetype<FactorTable>(block.users);
}

// @ts-ignore: decorator
@inline
export function itemsOf(block: FactorModel): FactorTable {
  return changetype<FactorTable>(block.items);
}
