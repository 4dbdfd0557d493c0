// AutoRec in kernel memory: the block of addresses and sizes, and where a row's tiles are.

/** Bytes of a row of a tile: 32 hidden units. */
// @ts-ignore: decorator
@inline
export const TILE: usize = 128;

/** Bytes of a thread's work space: the constants of a step and a gradient's tile. */
// @ts-ignore: decorator
@inline
export const SCRATCH: usize = 256;

/** The model in memory, as main/models/autorec/fused.ts writes it. Addresses, unless said otherwise. */
@unmanaged
export class AutoRec {
  features: u32;
  hidden: u32;
  tiles: u32;
  /** Rows that a batch has at most: the stride of `hiddenBatch` and `delta`. */
  batch: u32;
  /** Rows in CSR, features ascending. */
  start: usize;
  index: usize;
  value: usize;
  /** V and W with Adam's moments. */
  encoder: usize;
  encoderFirst: usize;
  encoderSecond: usize;
  decoder: usize;
  decoderFirst: usize;
  decoderSecond: usize;
  /** μ [tiles · 32], then b [features, padded to 16], with Adam's moments and their gradient. */
  biases: usize;
  biasesFirst: usize;
  biasesSecond: usize;
  biasesGradient: usize;
  /** [tiles, batch, 32]: activations after dropout; their gradient, by the pre-activations. */
  hiddenBatch: usize;
  delta: usize;
  /** f32 [entries of the batch]: prediction, then scaled error; row by row, from where `errorStart` says. */
  error: usize;
  /** u32 [batch] */
  errorStart: usize;
  /** f32 [batch]: Σ error² of each row. */
  rowLoss: usize;
  /** u32 [threads + 1]: features of each thread, multiples of 16 but the last. */
  borders: usize;
  /** u32 [features]: end of each feature's list. */
  listEnd: usize;
  lists: usize;
  optimizer: usize;
  /** Dropout: a unit is dropped when its 32 random bits are below `threshold`; the others grow by `growth`. */
  threshold: u32;
  growth: f32;
  /** [threads, SCRATCH]: work space. */
  scratch: usize;
}

// @ts-ignore: decorator
@inline
export function hiddenAt(c: AutoRec, tile: u32, slot: i32): usize {
  return c.hiddenBatch + (<usize>tile * c.batch + slot) * TILE;
}

/** What added to an entry's offset in the matrix gives the address of its error. `first`: the row's first offset. */
// @ts-ignore: decorator
@inline
export function errorBase(c: AutoRec, slot: i32, first: usize): usize {
  return c.error + (<usize>load<u32>(c.errorStart + (<usize>slot << 2)) << 2) - first;
}

// @ts-ignore: decorator
@inline
export function deltaAt(c: AutoRec, tile: u32, slot: i32): usize {
  return c.delta + (<usize>tile * c.batch + slot) * TILE;
}
