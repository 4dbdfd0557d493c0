// NeuMF (He et al. 2017, §3.4): a batch's gather → forward → loss → backward → optimiser in one call.
//
// A batch is made of groups: one user, `groupSize` items, the positive first. Everything that depends on the user alone
// (its half of the first layer) is computed once a group. Groups go to a fixed number of shards, shards to threads.
import { barrier } from './barrier';
import { Interactions, drawNegative, permuted } from './candidates';
import { logSigmoid1, logSigmoid4, sigmoid1, sigmoid4, sum4 } from './math';
import { gemm, transpose } from './tile';
import { Table, stepRows, stepShards } from './rows';

const LOG: i32 = 0;

/** Written by main/kernels/neumf.ts; sizes padded to 4 (tables) and 8 (layers), pads zero. Offsets in bytes. */
@unmanaged
class Neumf {
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
  /** 0 log loss, 1 BPR. */
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
class Layer {
  /** Rows (inputs; of the first layer: of each half) and columns. */
  inputs: u32;
  outputs: u32;
  weights: u32;
  bias: u32;
  /** Offsets in scratch: activations, their gradients, transposed weights. */
  active: u32;
  delta: u32;
  transposed: u32;
  unused: u32;
}

/** Offsets in a thread's scratch before the layers' own. */
@unmanaged
class Chunk {
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

// @ts-ignore: decorator
@inline
function padded4(n: u32): u32 {
  return (n + 3) & ~3;
}

// @ts-ignore: decorator
@inline
function layerAt(p: Neumf, l: u32): Layer {
  return changetype<Layer>(p.layer + (l << 5));
}

/** The chunk's places in scratch; its own fields are the scratch's first 64 bytes. */
function chunkOf(p: Neumf, thread: u32): Chunk {
  const scratch = p.scratch + <usize>thread * p.scratchBytes;
  const c = changetype<Chunk>(scratch);
  const groups = padded4(p.chunkGroups), rows = padded4(p.chunkGroups * p.groupSize);
  const width = p.layers > 0 ? layerAt(p, 0).outputs : 0;
  let at = scratch + 64;
  c.scratch = scratch;
  c.userRows = at;
  c.itemRows = at += <usize>groups * p.mlp << 2;
  c.userHalf = at += <usize>rows * p.mlp << 2;
  c.userDelta = at += <usize>groups * width << 2;
  c.logits = at += <usize>groups * width << 2;
  c.deltas = at += <usize>rows << 2;
  c.weighted = at += <usize>rows << 2;
  return c;
}

function transposeWeights(p: Neumf, c: Chunk): void {
  for (let l: u32 = 0; l < p.layers; l++) {
    const layer = layerAt(p, l);
    const rows = l == 0 ? layer.inputs * 2 : layer.inputs;
    transpose(
      p.weights + layer.weights, layer.outputs << 2, rows, layer.outputs, c.scratch + layer.transposed, rows << 2,
    );
  }
}

/** Copies `bytes` from `offset` of each row into [n, bytes], and zeros up to `total` rows. */
// @ts-ignore: decorator
@inline
function gather(table: Table, ids: usize, n: u32, total: u32, offset: usize, bytes: usize, out: usize): void {
  for (let r: u32 = 0; r < n; r++) {
    const from = table.weights + <usize>load<u32>(ids + (r << 2)) * table.bytes + offset;
    for (let b: usize = 0; b < bytes; b += 16) v128.store(out + b, v128.load(from + b));
    out += bytes;
  }
  if (total > n) memory.fill(out, 0, <usize>(total - n) * bytes);
}

// @ts-ignore: decorator
@inline
function relu(at: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let b: usize = 0; b < bytes; b += 16) v128.store(at + b, f32x4.max(v128.load(at + b), zero));
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
  return sum4(sum);
}

/** Fills rows of `out` with the bias. */
// @ts-ignore: decorator
@inline
function repeatRow(row: usize, bytes: usize, n: u32, out: usize): void {
  for (let r: u32 = 0; r < n; r++) {
    for (let b: usize = 0; b < bytes; b += 16) v128.store(out + b, v128.load(row + b));
    out += bytes;
  }
}

/** Logits of the chunk's rows: φ = head · [p ∘ q | relu(… relu(W₀[p, q] + b₀) …)] + bias. */
function forward(p: Neumf, c: Chunk): void {
  const users = changetype<Table>(p.users), items = changetype<Table>(p.items);
  const size = p.groupSize, n = c.groups * size, groups4 = padded4(c.groups), rows4 = padded4(n);
  const gmfBytes = <usize>p.gmf << 2, mlpBytes = <usize>p.mlp << 2;
  const head = p.weights + p.head;
  let last: usize = 0, lastBytes: usize = 0;
  if (p.layers > 0) {
    gather(users, c.users, c.groups, groups4, gmfBytes, mlpBytes, c.userRows);
    gather(items, c.items, n, rows4, gmfBytes, mlpBytes, c.itemRows);
    let layer = layerAt(p, 0);
    let outBytes = <usize>layer.outputs << 2;
    const weights = p.weights + layer.weights;
    repeatRow(p.weights + layer.bias, outBytes, groups4, c.userHalf);
    gemm(c.userRows, mlpBytes, 4, weights, outBytes, c.userHalf, outBytes, groups4, layer.outputs, p.mlp, true);
    last = c.scratch + layer.active;
    for (let g: u32 = 0; g < c.groups; g++) {
      repeatRow(c.userHalf + <usize>g * outBytes, outBytes, size, last + <usize>(g * size) * outBytes);
    }
    if (rows4 > n) memory.fill(last + <usize>n * outBytes, 0, <usize>(rows4 - n) * outBytes);
    gemm(
      c.itemRows, mlpBytes, 4, weights + <usize>p.mlp * outBytes, outBytes, last, outBytes, rows4, layer.outputs,
      p.mlp, true,
    );
    relu(last, <usize>rows4 * outBytes);
    for (let l: u32 = 1; l < p.layers; l++) {
      layer = layerAt(p, l);
      const inBytes = outBytes;
      outBytes = <usize>layer.outputs << 2;
      const out = c.scratch + layer.active;
      repeatRow(p.weights + layer.bias, outBytes, rows4, out);
      gemm(
        last, inBytes, 4, p.weights + layer.weights, outBytes, out, outBytes, rows4, layer.outputs, layer.inputs, true,
      );
      relu(out, <usize>rows4 * outBytes);
      last = out;
    }
    lastBytes = outBytes;
  }
  const bias = load<f32>(p.weights + p.headBias);
  for (let g: u32 = 0; g < c.groups; g++) {
    const user = users.weights + <usize>load<u32>(c.users + (g << 2)) * users.bytes;
    const weighted = c.weighted + <usize>g * gmfBytes;
    for (let b: usize = 0; b < gmfBytes; b += 16) {
      v128.store(weighted + b, f32x4.mul(v128.load(user + b), v128.load(head + b)));
    }
    for (let r = g * size; r < (g + 1) * size; r++) {
      const item = items.weights + <usize>load<u32>(c.items + (r << 2)) * items.bytes;
      let x = bias + dot(weighted, item, gmfBytes);
      if (lastBytes > 0) x += dot(last + <usize>r * lastBytes, head + gmfBytes, lastBytes);
      store<f32>(c.logits + (r << 2), x);
    }
  }
  for (let r = n; r < rows4; r++) store<f32>(c.logits + (r << 2), 0);
}

/** Gradients of the chunk's logits, of the mean over the batch (`scale` = 1 ÷ its terms); returns the sum of losses. */
function lossOf(p: Neumf, c: Chunk, scale: f32): f64 {
  const size = p.groupSize, n = c.groups * size;
  const total = p.loss == LOG ? logLoss(c.logits, c.deltas, n, size, scale) : pairLoss(c, size, scale);
  for (let r = n; r < padded4(n); r++) store<f32>(c.deltas + (r << 2), 0);
  return total;
}

/**
 * −log σ(x) of positives (the first of each `size` rows), −log σ(−x) of negatives; gradient σ(x) − y. With the positives'
 * signs turned both become softplus(x) and σ(x). Overwrites the logits.
 */
function logLoss(logits: usize, deltas: usize, n: u32, size: u32, scale: f32): f64 {
  for (let r: u32 = 0; r < n; r += size) store<f32>(logits + (r << 2), -load<f32>(logits + (r << 2)));
  for (let r = n; r < padded4(n); r++) store<f32>(logits + (r << 2), -1000);
  let total: f64 = 0;
  for (let r: u32 = 0; r < n; r += 4) {
    const x = v128.load(logits + (r << 2));
    total -= <f64>sum4(logSigmoid4(f32x4.neg(x)));
    v128.store(deltas + (r << 2), f32x4.mul(sigmoid4(x), f32x4.splat(scale)));
  }
  for (let r: u32 = 0; r < n; r += size) store<f32>(deltas + (r << 2), -load<f32>(deltas + (r << 2)));
  return total;
}

/** BPR on raw logits: −log σ(positive − negative) of each negative of a group. */
function pairLoss(c: Chunk, size: u32, scale: f32): f64 {
  let total: f64 = 0;
  for (let g: u32 = 0; g < c.groups; g++) {
    const logits = c.logits + (<usize>(g * size) << 2), deltas = c.deltas + (<usize>(g * size) << 2);
    const positive = load<f32>(logits);
    let sum: f32 = 0;
    for (let j: u32 = 1; j < size; j++) {
      const margin = positive - load<f32>(logits + (j << 2));
      const slope = sigmoid1(-margin) * scale;
      store<f32>(deltas + (j << 2), slope);
      sum += slope;
      total -= <f64>logSigmoid1(margin);
    }
    store<f32>(deltas, -sum);
  }
  return total;
}

/** Columns of X [n, bytes] added to `out`. */
// @ts-ignore: decorator
@inline
function addColumns(x: usize, n: u32, bytes: usize, out: usize): void {
  for (let b: usize = 0; b < bytes; b += 16) {
    let sum = v128.load(out + b);
    for (let r: u32 = 0, at = x + b; r < n; r++, at += bytes) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + b, sum);
  }
}

/** delta ← delta where the unit was active, else 0 (the derivative of relu). */
// @ts-ignore: decorator
@inline
function maskInactive(active: usize, delta: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let b: usize = 0; b < bytes; b += 16) {
    v128.store(delta + b, v128.and(v128.load(delta + b), f32x4.gt(v128.load(active + b), zero)));
  }
}

/** From the logits' gradients to those of the dense weights (added to `out`) and of the table rows. */
function backward(p: Neumf, c: Chunk, out: usize, userGradients: usize, itemGradients: usize): void {
  const n = c.groups * p.groupSize;
  backwardGmf(p, c, out, userGradients, itemGradients);
  let bias = load<f32>(out + p.headBias);
  for (let r: u32 = 0; r < n; r++) bias += load<f32>(c.deltas + (r << 2));
  store<f32>(out + p.headBias, bias);
  if (p.layers > 0) backwardMlp(p, c, out, userGradients, itemGradients);
}

function backwardGmf(p: Neumf, c: Chunk, out: usize, userGradients: usize, itemGradients: usize): void {
  const users = changetype<Table>(p.users), items = changetype<Table>(p.items);
  const gmfBytes = <usize>p.gmf << 2, size = p.groupSize;
  const head = p.weights + p.head, headOut = out + p.head;
  for (let g: u32 = 0; g < c.groups; g++) {
    const user = users.weights + <usize>load<u32>(c.users + (g << 2)) * users.bytes;
    const weighted = c.weighted + <usize>g * gmfBytes;
    const userOut = userGradients + <usize>g * users.bytes;
    for (let b: usize = 0; b < gmfBytes; b += 16) {
      const w = v128.load(weighted + b);
      let sum = f32x4.splat(0);
      for (let r = g * size; r < (g + 1) * size; r++) {
        const delta = v128.load32_splat(c.deltas + (r << 2));
        const item = items.weights + <usize>load<u32>(c.items + (r << 2)) * items.bytes;
        sum = f32x4.add(sum, f32x4.mul(delta, v128.load(item + b)));
        v128.store(itemGradients + <usize>r * items.bytes + b, f32x4.mul(delta, w));
      }
      v128.store(userOut + b, f32x4.mul(sum, v128.load(head + b)));
      v128.store(headOut + b, f32x4.add(v128.load(headOut + b), f32x4.mul(sum, v128.load(user + b))));
    }
  }
}

function backwardMlp(p: Neumf, c: Chunk, out: usize, userGradients: usize, itemGradients: usize): void {
  const users = changetype<Table>(p.users), items = changetype<Table>(p.items);
  const size = p.groupSize, n = c.groups * size, groups4 = padded4(c.groups), rows4 = padded4(n);
  const gmfBytes = <usize>p.gmf << 2, mlpBytes = <usize>p.mlp << 2;
  let layer = layerAt(p, p.layers - 1);
  let outBytes = <usize>layer.outputs << 2;
  let delta = c.scratch + layer.delta;
  headBackward(
    c.scratch + layer.active, c.deltas, rows4, outBytes, p.weights + p.head + gmfBytes, out + p.head + gmfBytes, delta,
  );
  for (let l = p.layers - 1; l > 0; l--) {
    const below = layerAt(p, l - 1);
    const inBytes = <usize>below.outputs << 2;
    const active = c.scratch + below.active, next = c.scratch + below.delta;
    gemm(
      active, 4, inBytes, delta, outBytes, out + layer.weights, outBytes, layer.inputs, layer.outputs, rows4, true,
    );
    addColumns(delta, rows4, outBytes, out + layer.bias);
    gemm(
      delta, outBytes, 4, c.scratch + layer.transposed, inBytes, next, inBytes, rows4, layer.inputs, layer.outputs,
      false,
    );
    maskInactive(active, next, <usize>rows4 * inBytes);
    layer = below;
    outBytes = inBytes;
    delta = next;
  }
  // First layer: items row by row, users once a group.
  memory.fill(c.userDelta, 0, <usize>groups4 * outBytes);
  for (let g: u32 = 0; g < c.groups; g++) {
    addColumns(delta + <usize>(g * size) * outBytes, size, outBytes, c.userDelta + <usize>g * outBytes);
  }
  addColumns(c.userDelta, c.groups, outBytes, out + layer.bias);
  const weights = out + layer.weights, transposed = c.scratch + layer.transposed;
  gemm(c.userRows, 4, mlpBytes, c.userDelta, outBytes, weights, outBytes, p.mlp, layer.outputs, groups4, true);
  gemm(
    c.itemRows, 4, mlpBytes, delta, outBytes, weights + <usize>p.mlp * outBytes, outBytes, p.mlp, layer.outputs, rows4,
    true,
  );
  gemm(
    c.userDelta, outBytes, 4, transposed, mlpBytes << 1, userGradients + gmfBytes, users.bytes, groups4, p.mlp,
    layer.outputs, false,
  );
  gemm(
    delta, outBytes, 4, transposed + mlpBytes, mlpBytes << 1, itemGradients + gmfBytes, items.bytes, rows4, p.mlp,
    layer.outputs, false,
  );
}

/** Gradients of the head's MLP part (added) and of the last layer's units. */
function headBackward(
  active: usize, deltas: usize, n: u32, bytes: usize, head: usize, headOut: usize, out: usize,
): void {
  const zero = f32x4.splat(0);
  for (let b: usize = 0; b < bytes; b += 16) {
    const weight = v128.load(head + b);
    let sum = v128.load(headOut + b), a = active + b, d = out + b;
    for (let r: u32 = 0; r < n; r++) {
      const x = v128.load(a), delta = v128.load32_splat(deltas + (r << 2));
      sum = f32x4.add(sum, f32x4.mul(delta, x));
      v128.store(d, v128.and(f32x4.mul(delta, weight), f32x4.gt(x, zero)));
      a += bytes;
      d += bytes;
    }
    v128.store(headOut + b, sum);
  }
}

/** Draws the groups of a shard: positives in the epoch's order, their negatives. */
function drawGroups(p: Neumf, shard: u32, position: u32, groups: u32, users: usize, items: usize): void {
  const data = changetype<Interactions>(p.data);
  const state = p.random + (shard << 3);
  const key = ((<u64>p.keyHigh) << 32) | <u64>p.keyLow;
  for (let g: u32 = 0; g < groups; g++) {
    const row = permuted(position + g, data.rows, p.permutationBits, key);
    const user = load<u32>(data.user + (row << 2));
    const item = items + (<usize>(g * p.groupSize) << 2);
    store<u32>(users + (g << 2), user);
    store<u32>(item, load<u32>(data.item + (row << 2)));
    for (let j: u32 = 1; j < p.groupSize; j++) store<u32>(item + (j << 2), drawNegative(data, state, user));
  }
}

/** Dynamic sampling (Zhang et al. 2013): of `hardestOf` draws each negative keeps the one scored highest. */
function keepHardest(p: Neumf, c: Chunk, state: usize, kept: usize): void {
  const data = changetype<Interactions>(p.data);
  const n = c.groups * p.groupSize;
  // `kept`: f32 [rows] best logits so far; u32 [rows] their items behind them.
  const best = kept + (<usize>n << 2);
  for (let round: u32 = 0; round < p.hardestOf; round++) {
    if (round > 0) {
      for (let r: u32 = 0; r < n; r++) {
        if (r % p.groupSize == 0) continue;
        const user = load<u32>(c.users + ((r / p.groupSize) << 2));
        store<u32>(c.items + (r << 2), drawNegative(data, state, user));
      }
    }
    forward(p, c);
    for (let r: u32 = 0; r < n; r++) {
      const x = load<f32>(c.logits + (r << 2));
      if (round > 0 && x <= load<f32>(kept + (r << 2))) continue;
      store<f32>(kept + (r << 2), x);
      store<u32>(best + (r << 2), load<u32>(c.items + (r << 2)));
    }
  }
  memory.copy(c.items, best, <usize>n << 2);
}

function trainShard(p: Neumf, c: Chunk, shard: u32, position: u32, batchGroups: u32): void {
  const users = changetype<Table>(p.users), items = changetype<Table>(p.items);
  const out = p.shardGradients + <usize>shard * p.weightBytes;
  memory.fill(out, 0, p.weightBytes);
  const size = p.groupSize;
  const each = (batchGroups + p.shards - 1) / p.shards;
  const low = min(shard * each, batchGroups), groups = min(each, batchGroups - low);
  const firstGroup = shard * p.shardGroups;
  const userIds = p.batchUsers + (<usize>firstGroup << 2), itemIds = p.batchItems + (<usize>(firstGroup * size) << 2);
  if (p.given == 0) {
    memory.fill(userIds, 0xff, <usize>p.shardGroups << 2);
    memory.fill(itemIds, 0xff, <usize>(p.shardGroups * size) << 2);
    drawGroups(p, shard, position + low, groups, userIds, itemIds);
  }
  const terms = p.loss == LOG ? batchGroups * size : batchGroups * (size - 1);
  const scale: f32 = <f32>1 / <f32>terms;
  let total: f64 = 0;
  for (let g: u32 = 0; g < groups; g += p.chunkGroups) {
    c.groups = min(p.chunkGroups, groups - g);
    c.users = userIds + (g << 2);
    c.items = itemIds + (<usize>(g * size) << 2);
    if (p.hardestOf > 1 && p.given == 0) {
      keepHardest(p, c, p.random + (shard << 3), p.itemGradients + <usize>(firstGroup + g) * size * items.bytes);
    }
    forward(p, c);
    total += lossOf(p, c, scale);
    const slot = <usize>(firstGroup + g);
    backward(p, c, out, p.userGradients + slot * users.bytes, p.itemGradients + slot * size * items.bytes);
  }
  const sum = p.losses + (shard << 3);
  store<f64>(sum, load<f64>(sum) + total);
}

/** Trains `count` batches from batch `first` of the epoch. */
export function neumfTrain(thread: u32, threads: u32, block: usize, first: u32, count: u32): void {
  const p = changetype<Neumf>(block);
  const users = changetype<Table>(p.users), items = changetype<Table>(p.items);
  const rows = changetype<Interactions>(p.data).rows;
  const c = chunkOf(p, thread);
  const slots = p.shards * p.shardGroups;
  const next = p.links + <usize>thread * (<usize>p.linkSlots << 3), distinct = next + (<usize>p.linkSlots << 2);
  // A row of zeros and a row for sums: the thread's last scratch.
  const zero = c.scratch + p.scratchBytes - 2 * max(users.bytes, items.bytes), sum = zero + max(users.bytes, items.bytes);
  for (let b: u32 = 0; b < count; b++) {
    const position = (first + b) * p.groupsPerBatch;
    const groups = min(p.groupsPerBatch, rows - position);
    const step = p.batches + b + 1;
    transposeWeights(p, c);
    for (let shard = thread; shard < p.shards; shard += threads) trainShard(p, c, shard, position, groups);
    barrier(threads);
    stepRows(
      thread, threads, users, p.optimizer, p.batchUsers, slots, p.userGradients, next, distinct, sum, zero, step,
    );
    stepRows(
      thread, threads, items, p.optimizer, p.batchItems, slots * p.groupSize, p.itemGradients, next, distinct, sum, zero,
      step,
    );
    stepShards(
      thread, threads, p.optimizer, p.weights, p.first, p.second, p.weightBytes, p.shardGradients, p.shards, step,
    );
    barrier(threads);
  }
}

/** Loss and gradients of the batch that the caller wrote, no step (tests): shard 0's sum and the rows' gradients. */
export function neumfGradients(thread: u32, threads: u32, block: usize, groups: u32): void {
  const p = changetype<Neumf>(block);
  const c = chunkOf(p, thread);
  transposeWeights(p, c);
  for (let shard = thread; shard < p.shards; shard += threads) trainShard(p, c, shard, 0, groups);
}

/** Logits of `groups` × groupSize pairs (users [groups], items [groups · groupSize]) into out, f32. */
export function neumfScore(
  thread: u32, threads: u32, block: usize, users: usize, items: usize, groups: u32, out: usize,
): void {
  const p = changetype<Neumf>(block);
  const c = chunkOf(p, thread);
  const chunks = (groups + p.chunkGroups - 1) / p.chunkGroups;
  for (let chunk = thread; chunk < chunks; chunk += threads) {
    const g = chunk * p.chunkGroups;
    c.groups = min(p.chunkGroups, groups - g);
    c.users = users + (g << 2);
    c.items = items + (<usize>(g * p.groupSize) << 2);
    forward(p, c);
    memory.copy(out + (<usize>(g * p.groupSize) << 2), c.logits, <usize>(c.groups * p.groupSize) << 2);
  }
}

/** First layer's item half with its bias, [items, outputs] into out: what scoring all items for many users shares. */
export function neumfItemHalf(thread: u32, threads: u32, block: usize, out: usize): void {
  const p = changetype<Neumf>(block);
  const items = changetype<Table>(p.items);
  const layer = layerAt(p, 0);
  const bytes = <usize>layer.outputs << 2;
  const low = (items.rows * thread) / threads, high = (items.rows * (thread + 1)) / threads;
  const to = out + <usize>low * bytes;
  repeatRow(p.weights + layer.bias, bytes, high - low, to);
  gemm(
    items.weights + <usize>low * items.bytes + (p.gmf << 2), items.bytes, 4,
    p.weights + layer.weights + <usize>p.mlp * bytes, bytes, to, bytes, high - low, layer.outputs, p.mlp, true,
  );
}

/** Logits of `n` users for all items into out [n, items]; `half`: what neumfItemHalf wrote (no layers: unused). */
export function neumfScoreUsers(
  thread: u32, threads: u32, block: usize, users: usize, n: u32, half: usize, out: usize,
): void {
  const p = changetype<Neumf>(block);
  const items = changetype<Table>(p.items);
  const c = chunkOf(p, thread);
  const rows = padded4(p.chunkGroups * p.groupSize);
  for (let u = thread; u < n; u += threads) {
    const user = changetype<Table>(p.users).weights + <usize>load<u32>(users + (u << 2)) * changetype<Table>(p.users).bytes;
    scoreGmf(p, c, user, out + (<usize>u * items.rows << 2));
    if (p.layers > 0) scoreMlp(p, c, user + (p.gmf << 2), half, rows, out + (<usize>u * items.rows << 2));
  }
}

function scoreGmf(p: Neumf, c: Chunk, user: usize, out: usize): void {
  const items = changetype<Table>(p.items);
  const bytes = <usize>p.gmf << 2, head = p.weights + p.head;
  const bias = load<f32>(p.weights + p.headBias);
  for (let b: usize = 0; b < bytes; b += 16) {
    v128.store(c.weighted + b, f32x4.mul(v128.load(user + b), v128.load(head + b)));
  }
  for (let i: u32 = 0; i < items.rows; i++) {
    store<f32>(out + (i << 2), bias + dot(c.weighted, items.weights + <usize>i * items.bytes, bytes));
  }
}

function scoreMlp(p: Neumf, c: Chunk, user: usize, half: usize, rows: u32, out: usize): void {
  const count = changetype<Table>(p.items).rows;
  const first = layerAt(p, 0);
  const bytes = <usize>first.outputs << 2;
  const zero = f32x4.splat(0);
  const head = p.weights + p.head + (p.gmf << 2);
  memory.fill(c.userHalf, 0, bytes);
  gemm(user, 0, 4, p.weights + first.weights, bytes, c.userHalf, bytes, 1, first.outputs, p.mlp, false);
  for (let i: u32 = 0; i < count; i += rows) {
    const n = min(rows, count - i);
    let last = c.scratch + first.active, lastBytes = bytes;
    for (let r: u32 = 0; r < n; r++) {
      const from = half + <usize>(i + r) * bytes, to = last + <usize>r * bytes;
      for (let b: usize = 0; b < bytes; b += 16) {
        v128.store(to + b, f32x4.max(f32x4.add(v128.load(from + b), v128.load(c.userHalf + b)), zero));
      }
    }
    for (let l: u32 = 1; l < p.layers; l++) {
      const layer = layerAt(p, l);
      const outBytes = <usize>layer.outputs << 2, to = c.scratch + layer.active;
      repeatRow(p.weights + layer.bias, outBytes, n, to);
      gemm(last, lastBytes, 4, p.weights + layer.weights, outBytes, to, outBytes, n, layer.outputs, layer.inputs, true);
      relu(to, <usize>n * outBytes);
      last = to;
      lastBytes = outBytes;
    }
    for (let r: u32 = 0; r < n; r++) {
      const at = out + (<usize>(i + r) << 2);
      store<f32>(at, load<f32>(at) + dot(last + <usize>r * lastBytes, head, lastBytes));
    }
  }
}
