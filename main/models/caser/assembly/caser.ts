// Caser (Tang & Wang 2018, §3): a batch's gather → convolutions → loss → backward → optimizer in one call.
//
// A batch is made of windows: `length` items of a user in order, then `targets` items to predict. A window's embeddings
// lie one behind the other, so a horizontal filter at a place is a product with strided rows. Windows go to a fixed
// number of shards, shards to threads.
import { barrier } from '../../../kernels/assembly/barrier';
import { permuted } from '../../../kernels/assembly/candidates';
import { backward } from './caser-backward';
import { Caser, Chunk, chunkOf, filtersOfHeight, SOFTMAX, SPARE_ROWS, stateBytes } from './caser-block';
import { forward } from './caser-forward';
import { sampledLoss } from './caser-sampled';
import { packOutput, softmaxDelta, softmaxLoss } from './caser-softmax';
import { linkRows, NO_ROW, stepOthers, stepRow, stepRows, stepShards, Table } from '../../../kernels/assembly/rows';
import { gemm, transpose } from '../../../kernels/assembly/tile';
import { addScaled } from '../../../kernels/assembly/vectors';

/** Each thread its share of the transposed weights. */
function transposeWeights(p: Caser, thread: u32, threads: u32): void {
  for (let height: u32 = 1; height <= p.length; height++) {
    if (height % threads != thread) continue;
    const at = filtersOfHeight(p, height), bytes = (height * p.width) << 2;
    transpose(
      p.weights + p.horizontal + at, bytes, p.filters, height * p.width, p.horizontalTransposed + at, p.filters << 2,
    );
  }
  const low = (p.inputs * thread) / threads, high = (p.inputs * (thread + 1)) / threads;
  transpose(
    p.weights + p.full + <usize>low * (p.width << 2), p.width << 2, high - low, p.width,
    p.fullTransposed + (low << 2), p.inputs << 2,
  );
  if (p.loss == SOFTMAX) packOutput(p, thread, threads);
}

/** Writes a shard's windows: users, items and targets (padding: no row). Free slots hold no row. */
function drawWindows(p: Caser, shard: u32, position: u32, windows: u32): void {
  const key = ((<u64>p.keyHigh) << 32) | <u64>p.keyLow;
  const first = shard * p.shardWindows;
  const each = p.loss == SOFTMAX ? p.targets : p.targets * (1 + p.negatives);
  memory.fill(p.batchUsers + (<usize>first << 2), 0xff, <usize>p.shardWindows << 2);
  memory.fill(p.batchItems + (<usize>(first * p.length) << 2), 0xff, <usize>(p.shardWindows * p.length) << 2);
  memory.fill(p.batchTargets + (<usize>(first * each) << 2), 0xff, <usize>(p.shardWindows * each) << 2);
  for (let w: u32 = 0; w < windows; w++) {
    const window = permuted(position + w, p.windows, p.permutationBits, key);
    const slot = first + w;
    const sequence = p.sequence + (load<u32>(p.windowFirst + (window << 2)) << 2);
    store<u32>(p.batchUsers + (slot << 2), load<u32>(p.windowUser + (window << 2)));
    memory.copy(p.batchItems + (<usize>(slot * p.length) << 2), sequence, <usize>p.length << 2);
    for (let t: u32 = 0; t < p.targets; t++) {
      // 0 (padding) becomes NO_ROW.
      const target = load<u32>(sequence + ((p.length + t) << 2)) - 1;
      store<u32>(p.batchTargets + (<usize>(slot * each + t) << 2), target);
    }
  }
}

function trainShard(p: Caser, c: Chunk, shard: u32, position: u32, batchWindows: u32): void {
  const out = p.shardGradients + <usize>shard * p.weightBytes;
  memory.fill(out, 0, p.weightBytes);
  const each = (batchWindows + p.shards - 1) / p.shards;
  const low = min(shard * each, batchWindows), windows = min(each, batchWindows - low);
  if (p.given == 0) drawWindows(p, shard, position + low, windows);
  const scale: f32 = <f32>1 / <f32>(batchWindows * p.targets);
  const random = p.random + (shard << 3), dropoutState = p.dropoutRandom + (shard << 4);
  const bytes = stateBytes(p);
  let total: f64 = 0;
  for (let w: u32 = 0; w < windows; w += p.chunk) {
    c.windows = min(p.chunk, windows - w);
    c.slot = shard * p.shardWindows + w;
    forward(p, c, dropoutState);
    if (p.loss == SOFTMAX) {
      total += softmaxLoss(p, c, scale);
      softmaxDelta(p, c);
    } else {
      for (let n: u32 = 0; n < c.windows; n++) {
        total += sampledLoss(p, c, n, random, scale, c.stateDelta + <usize>n * bytes);
      }
    }
    backward(p, c, out);
  }
  const sum = p.losses + (shard << 3);
  store<f64>(sum, load<f64>(sum) + total);
}

/** Output rows: Σ gradient · state over a row's occurrences, never written out. */
function stepOutput(
  thread: u32, threads: u32, p: Caser, next: usize, distinct: usize, sum: usize, zero: usize, step: u32,
): void {
  const table = changetype<Table>(p.output);
  const bytes = <usize>table.bytes, each = p.targets * (1 + p.negatives);
  const count = linkRows(
    thread, threads, table, p.batchTargets, p.shards * p.shardWindows * each, next, distinct,
  );
  if (table.dense != 0) stepOthers(thread, threads, table, p.optimizer, zero, step);
  for (let d: u32 = 0; d < count; d++) {
    const row = load<u32>(distinct + (d << 2));
    memory.fill(sum, 0, bytes);
    let slot = load<u32>(table.heads + (row << 2));
    while (slot != 0) {
      const at = slot - 1;
      const gradient = v128.load32_splat(p.targetGradients + (at << 2));
      addScaled(sum, p.states + <usize>(at / each) * bytes, gradient, bytes);
      slot = load<u32>(next + (at << 2));
    }
    stepRow(table, p.optimizer, row, sum, step);
  }
}

/** Under softmax every output row moves: each thread its slice, the product of the scores' gradients and the states. */
function stepAllOutput(thread: u32, threads: u32, p: Caser, sum: usize, step: u32): void {
  const table = changetype<Table>(p.output);
  const bytes = <usize>table.bytes, rowBytes = <usize>p.columns << 2;
  // In runs of 16 rows (a cache line of scores), on the same borders whatever the threads.
  const runs = (table.rows + 15) >> 4;
  for (let run = (runs * thread) / threads; run < (runs * (thread + 1)) / threads; run++) {
    const rows = min<u32>(16, table.rows - (run << 4));
    memory.fill(sum, 0, bytes << 4);
    for (let shard: u32 = 0; shard < p.shards; shard++) {
      const first = shard * p.shardWindows;
      let n: u32 = 0;
      while (n < p.shardWindows && load<u32>(p.batchUsers + ((first + n) << 2)) != NO_ROW) n++;
      gemm(
        p.scores + <usize>first * rowBytes + (<usize>run << 6), 4, rowBytes, p.states + <usize>first * bytes, bytes,
        sum, bytes, rows, table.bytes >> 2, n, true,
      );
    }
    for (let r: u32 = 0; r < rows; r++) {
      stepRow(table, p.optimizer, (run << 4) + r, sum + <usize>r * bytes, step);
    }
  }
}

/** Trains `count` batches from batch `first` of the epoch. */
export function caserTrain(thread: u32, threads: u32, block: usize, first: u32, count: u32): void {
  const p = changetype<Caser>(block);
  const c = chunkOf(p, thread);
  const slots = p.shards * p.shardWindows;
  const next = p.links + <usize>thread * (<usize>p.linkSlots << 3), distinct = next + (<usize>p.linkSlots << 2);
  // A row of zeros and sixteen rows for sums: the thread's last scratch.
  const bytes = stateBytes(p);
  const zero = changetype<usize>(c) + p.scratchBytes - SPARE_ROWS * bytes, sum = zero + bytes;
  for (let b: u32 = 0; b < count; b++) {
    const position = (first + b) * p.batchSize;
    const windows = min(p.batchSize, p.windows - position);
    const step = p.batches + b + 1;
    transposeWeights(p, thread, threads);
    barrier(threads);
    for (let shard = thread; shard < p.shards; shard += threads) trainShard(p, c, shard, position, windows);
    barrier(threads);
    stepRows(
      thread, threads, changetype<Table>(p.users), p.optimizer, p.batchUsers, slots, p.userGradients, next, distinct,
      sum, zero, step,
    );
    stepRows(
      thread, threads, changetype<Table>(p.items), p.optimizer, p.batchItems, slots * p.length, p.itemGradients, next,
      distinct, sum, zero, step,
    );
    if (p.loss == SOFTMAX) stepAllOutput(thread, threads, p, sum, step);
    else stepOutput(thread, threads, p, next, distinct, sum, zero, step);
    stepShards(
      thread, threads, p.optimizer, p.weights, p.first, p.second, p.weightBytes, p.shardGradients, p.shards, step,
    );
    barrier(threads);
  }
}

/** Loss and gradients of the batch that the caller wrote, no step (tests). */
export function caserGradients(thread: u32, threads: u32, block: usize, windows: u32): void {
  const p = changetype<Caser>(block);
  const c = chunkOf(p, thread);
  transposeWeights(p, thread, threads);
  barrier(threads);
  for (let shard = thread; shard < p.shards; shard += threads) trainShard(p, c, shard, 0, windows);
}

/** States [z | user | 1] of the windows that the caller wrote to batchUsers and batchItems, without dropout. */
export function caserStates(thread: u32, threads: u32, block: usize, windows: u32): void {
  const p = changetype<Caser>(block);
  const c = chunkOf(p, thread);
  transposeWeights(p, thread, threads);
  barrier(threads);
  const chunks = (windows + p.chunk - 1) / p.chunk;
  for (let n = thread; n < chunks; n += threads) {
    c.slot = n * p.chunk;
    c.windows = min(p.chunk, windows - c.slot);
    forward(p, c, 0);
  }
}
