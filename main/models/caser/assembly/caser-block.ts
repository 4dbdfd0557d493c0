// What the kernels of Caser share: the parameter block, and a thread's scratch.
import { padded4 } from '../../../kernels/assembly/vectors';

/** Written by main/models/caser/fused-core.ts. Widths are padded to 4 floats, pads zero. Offsets in bytes. */
@unmanaged
export class Caser {
  users: usize;
  /** [items + 1]: row 0 is padding. */
  items: usize;
  /** [items, 2·width + 4]: weights of [z | user | 1]. */
  output: usize;
  data: usize;
  optimizer: usize;
  weights: usize;
  first: usize;
  second: usize;
  weightBytes: u32;
  shardGradients: usize;
  losses: usize;
  random: usize;
  /** v128 [shards] states of the dropout generator. */
  dropoutRandom: usize;
  shards: u32;
  loss: i32;
  length: u32;
  targets: u32;
  negatives: u32;
  hardestOf: u32;
  /** k, and k padded. */
  size: u32;
  width: u32;
  /** Filters a height, padded; vertical filters. */
  filters: u32;
  vertical: u32;
  /** Floats of the fully connected layer's input: vertical · width + length · filters. */
  inputs: u32;
  /** Dense weights: horizontal filters [height][filters][height · width], their biases [length · filters], vertical
      [vertical][length] and biases, fully connected [inputs, width] and bias. */
  horizontal: u32;
  horizontalBias: u32;
  verticalWeights: u32;
  verticalBias: u32;
  full: u32;
  fullBias: u32;
  /** Transposed once a batch: filters [height][height · width][filters], then [width, inputs]. */
  horizontalTransposed: usize;
  fullTransposed: usize;
  /** u32 [windows]: user, and place of the first item in `sequence` (item + 1, 0: padding). */
  windowUser: usize;
  windowFirst: usize;
  sequence: usize;
  windows: u32;
  batchSize: u32;
  chunk: u32;
  shardWindows: u32;
  /** Of each slot: user, `length` items, its state [z | user | 1, 0, 0, 0] and gradients of user and items. */
  batchUsers: usize;
  batchItems: usize;
  states: usize;
  userGradients: usize;
  itemGradients: usize;
  /** Of each slot `targets` · (1 + negatives) output rows and the loss's gradients by their scores. */
  batchTargets: usize;
  targetGradients: usize;
  scratch: usize;
  scratchBytes: u32;
  links: usize;
  linkSlots: u32;
  /** Dropout: keep where a signed random word is at least this; factor of what is kept (1: no dropout). */
  dropoutThreshold: i32;
  keepFactor: f32;
  keyLow: u32;
  keyHigh: u32;
  permutationBits: u32;
  batches: u32;
  /** Softmax: output rows in panels (packOutput), and the scores' gradients [slots, columns]. */
  outputPanels: usize;
  scores: usize;
  columns: u32;
  /** 1: the batch's windows and targets were written by the caller (tests). */
  given: u32;
}

/** A thread's scratch: the fields, then the buffers they point to. */
@unmanaged
export class Chunk {
  windows: u32;
  /** First slot of the chunk. */
  slot: u32;
  embeddings: usize;
  inputs: usize;
  inputDeltas: usize;
  convolution: usize;
  places: usize;
  deltas: usize;
  stateDelta: usize;
  /** Scores of one window. */
  pairs: usize;
}

// Values of `loss`.
export const LOG: i32 = 0;
export const BPR: i32 = 1;
export const SOFTMAX: i32 = 2;

// @ts-ignore: decorator
@inline
export function stateBytes(p: Caser): usize {
  return (<usize>p.width << 3) + 16;
}

/** Bytes of a thread's scratch that hold the fields of its Chunk. */
export const CHUNK_FIELDS: u32 = 64;

/** Rows of zeros and sums at the end of a thread's scratch. */
export const SPARE_ROWS: u32 = 17;

export function chunkOf(p: Caser, thread: u32): Chunk {
  const scratch = p.scratch + <usize>thread * p.scratchBytes;
  const c = changetype<Chunk>(scratch);
  placeChunk(p, c, scratch + CHUNK_FIELDS);
  return c;
}

/** The chunk's buffers from an address on; returns the end of them. */
function placeChunk(p: Caser, c: Chunk, from: usize): usize {
  const rows = <usize>padded4(p.chunk);
  let at = from;
  c.embeddings = at;
  c.inputs = at += (rows * p.length * p.width) << 2;
  c.inputDeltas = at += (rows * p.inputs) << 2;
  c.convolution = at += (rows * p.inputs) << 2;
  c.places = at += (rows * p.filters) << 2;
  c.deltas = at += (rows * p.length * p.filters) << 2;
  c.stateDelta = at += (rows * p.width) << 2;
  c.pairs = at += rows * stateBytes(p);
  return at + ((padded4(p.targets * p.negatives) + 4 * padded4(p.targets)) << 2);
}

/** Bytes of a thread's scratch. `work`: CHUNK_FIELDS bytes. */
export function caserScratch(thread: u32, threads: u32, block: usize, work: usize): u32 {
  if (thread != 0) return 0;
  const p = changetype<Caser>(block);
  return <u32>((placeChunk(p, changetype<Chunk>(work), CHUNK_FIELDS) + SPARE_ROWS * stateBytes(p) + 63) & ~63);
}

/** Offset of the filters of a height among the horizontal weights: those of lower heights come first. */
// @ts-ignore: decorator
@inline
export function filtersOfHeight(p: Caser, height: u32): usize {
  return <usize>(((height * (height - 1)) >> 1) * p.filters * p.width) << 2;
}
