// What the kernels of NeuMF share: the parameter block, a thread's scratch, and rows of activations.
import { padded4 } from '../../../kernels/assembly/vectors';

/** Written by main/models/neumf/fused-core.ts; sizes padded to 4 (tables) and 8 (layers), pads zero. Offsets in bytes. */
@unmanaged
export class Neumf {
  users: usize;
  items: usize;
  data: usize;
  optimizer: usize;
  /** Dense weights and their moments. */
  weights: usize;
  first: usize;
  second: usize;
  weightBytes: u32;
  /** [shards, weightBytes] */
  shardGradients: usize;
  /** f64 [shards] sums of losses. */
  losses: usize;
  /** u64 [shards] states of the negatives' generator. */
  random: usize;
  shards: u32;
  groupSize: u32;
  /** LOG or BPR. */
  loss: i32;
  /** Floats of a row's halves [gmf | mlp]. */
  gmf: u32;
  mlp: u32;
  layers: u32;
  /** Layer [layers] */
  layer: usize;
  /** Offset of [gmf | last layer] weights of the head, then 16 bytes that hold its bias. */
  head: u32;
  headBias: u32;
  /** Groups of a chunk, and of a shard at most (rows of the buffers below). */
  chunkGroups: u32;
  shardGroups: u32;
  /** u32 [shards · shardGroups], u32 [shards · shardGroups · groupSize] */
  batchUsers: usize;
  batchItems: usize;
  userGradients: usize;
  itemGradients: usize;
  /** Of each thread: scratch (activations), next and distinct [slots each]. */
  scratch: usize;
  scratchBytes: u32;
  links: usize;
  linkSlots: u32;
  /** Hardest of so many draws for each negative; 1: any. */
  hardestOf: u32;
  /** 64 bits of the epoch's order. */
  keyLow: u32;
  keyHigh: u32;
  permutationBits: u32;
  /** Batches done before this call. */
  batches: u32;
  groupsPerBatch: u32;
  /** 1: batchUsers and batchItems were written by the caller (tests, scoring). */
  given: u32;
}

@unmanaged
export class Layer {
  /** Rows (inputs; of the first layer: of each half) and columns. */
  inputs: u32;
  outputs: u32;
  weights: u32;
  bias: u32;
  /** Offsets in scratch: activations, their gradients, transposed weights. */
  active: u32;
  delta: u32;
  transposed: u32;
}

/** Offsets in a thread's scratch before the layers' own. */
@unmanaged
export class Chunk {
  scratch: usize;
  groups: u32;
  users: usize;
  items: usize;
  /** Rows of users' and items' MLP halves: [groups, mlp], [rows, mlp]. */
  userRows: usize;
  itemRows: usize;
  /** First layer's user half [groups, outputs], and its gradient. */
  userHalf: usize;
  userDelta: usize;
  /** [rows] */
  logits: usize;
  deltas: usize;
  /** head ∘ user, [groups, gmf] */
  weighted: usize;
}

export const LOG: i32 = 0;
export const BPR: i32 = 1;

// @ts-ignore: decorator
@inline
export function layerAt(p: Neumf, l: u32): Layer {
  return changetype<Layer>(p.layer + <usize>l * offsetof<Layer>());
}

/** Bytes of a thread's scratch that hold the fields of its Chunk. */
export const CHUNK_FIELDS: u32 = 64;

export function chunkOf(p: Neumf, thread: u32): Chunk {
  const scratch = p.scratch + <usize>thread * p.scratchBytes;
  const c = changetype<Chunk>(scratch);
  c.scratch = scratch;
  placeChunk(p, c, scratch + CHUNK_FIELDS);
  return c;
}

/** The chunk's buffers from an address on; returns the end of them. */
function placeChunk(p: Neumf, c: Chunk, from: usize): usize {
  const groups = padded4(p.chunkGroups), rows = rowsOf(p);
  const width = p.layers > 0 ? layerAt(p, 0).outputs : 0;
  let at = from;
  c.userRows = at;
  c.itemRows = at += <usize>groups * p.mlp << 2;
  c.userHalf = at += <usize>rows * p.mlp << 2;
  c.userDelta = at += <usize>groups * width << 2;
  c.logits = at += <usize>groups * width << 2;
  c.deltas = at += <usize>rows << 2;
  c.weighted = at += <usize>rows << 2;
  return at + (<usize>groups * p.gmf << 2);
}

function rowsOf(p: Neumf): u32 {
  return padded4(p.chunkGroups * p.groupSize);
}

/**
 * Lays out a thread's scratch for the chunks of two blocks that share their layers: writes the layers' offsets and
 * returns the bytes of it. `work`: CHUNK_FIELDS bytes.
 */
export function neumfScratch(thread: u32, threads: u32, training: usize, scoring: usize, work: usize): u32 {
  if (thread != 0) return 0;
  const p = changetype<Neumf>(training), q = changetype<Neumf>(scoring), c = changetype<Chunk>(work);
  const rows = <usize>max(rowsOf(p), rowsOf(q));
  let at = max(placeChunk(p, c, CHUNK_FIELDS), placeChunk(q, c, CHUNK_FIELDS));
  for (let l: u32 = 0; l < p.layers; l++) {
    const layer = layerAt(p, l);
    const active = line(at), delta = line(active + (rows * layer.outputs << 2));
    const transposed = line(delta + (rows * layer.outputs << 2));
    layer.active = <u32>active;
    layer.delta = <u32>delta;
    layer.transposed = <u32>transposed;
    at = transposed + (<usize>layer.inputs * layer.outputs * (l == 0 ? 2 : 1) << 2);
  }
  // A row of zeros and a row for sums come last.
  return <u32>((line(at) + (<usize>(p.gmf + p.mlp) << 3) + 127) & ~127);
}

/** Rounded up to a cache line. */
function line(at: usize): usize {
  return (at + 63) & ~63;
}

/** max(x, 0) of every value, in place. */
// @ts-ignore: decorator
@inline
export function relu(at: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let b: usize = 0; b < bytes; b += 16) v128.store(at + b, f32x4.max(v128.load(at + b), zero));
}

/** Fills rows of `out` with the bias. */
// @ts-ignore: decorator
@inline
export function repeatRow(row: usize, bytes: usize, n: u32, out: usize): void {
  for (let r: u32 = 0; r < n; r++) {
    for (let b: usize = 0; b < bytes; b += 16) v128.store(out + b, v128.load(row + b));
    out += bytes;
  }
}
