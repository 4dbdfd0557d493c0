// NeuMF (He et al. 2017, §3.4): a batch's gather → forward → loss → backward → optimizer in one call.
//
// A batch is made of groups: one user, `groupSize` items, the positive first. Everything that depends on the user alone
// (its half of the first layer) is computed once a group. Groups go to a fixed number of shards, shards to threads.
import { barrier } from '../../../kernels/assembly/barrier';
import { drawNegative, Interactions, permuted } from '../../../kernels/assembly/candidates';
import { backward, lossOf } from './neumf-backward';
import { Chunk, chunkOf, layerAt, LOG, Neumf } from './neumf-block';
import { forward } from './neumf-forward';
import { stepRows, stepShards, Table } from '../../../kernels/assembly/rows';
import { transpose } from '../../../kernels/assembly/tile';

function transposeWeights(p: Neumf, c: Chunk): void {
  for (let l: u32 = 0; l < p.layers; l++) {
    const layer = layerAt(p, l);
    const rows = l == 0 ? layer.inputs * 2 : layer.inputs;
    transpose(
      p.weights + layer.weights, layer.outputs << 2, rows, layer.outputs, c.scratch + layer.transposed, rows << 2,
    );
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
