// Caser (Tang & Wang 2018, §3): a batch's gather → convolutions → loss → backward → optimiser in one call.
//
// A batch is made of windows: `length` items of a user in order, then `targets` items to predict. A window's embeddings
// lie one behind the other, so a horizontal filter at a place is a product with strided rows. Windows go to a fixed
// number of shards, shards to threads.
import { barrier } from './barrier';
import { Interactions, drawNegative, permuted } from './candidates';
import { exp4, log4, logSigmoid4, sigmoid4, sum4 } from './math';
import { gemm, transpose } from './tile';
import { NO_ROW, Table, linkRows, stepOthers, stepRow, stepRows, stepShards } from './rows';

// 0 log loss, 1 BPR, 2 softmax.
const LOG: i32 = 0;
const SOFTMAX: i32 = 2;

/** Written by main/kernels/caser-core.ts. Widths are padded to 4 floats, pads zero. Offsets in bytes. */
@unmanaged
class Caser {
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
class Chunk {
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

// @ts-ignore: decorator
@inline
function padded4(n: u32): u32 {
  return (n + 3) & ~3;
}

// @ts-ignore: decorator
@inline
function stateBytes(p: Caser): usize {
  return (<usize>p.width << 3) + 16;
}

function chunkOf(p: Caser, thread: u32): Chunk {
  const scratch = p.scratch + <usize>thread * p.scratchBytes;
  const c = changetype<Chunk>(scratch);
  const rows = <usize>padded4(p.chunk);
  let at = scratch + 64;
  c.embeddings = at;
  c.inputs = at += (rows * p.length * p.width) << 2;
  c.inputDeltas = at += (rows * p.inputs) << 2;
  c.convolution = at += (rows * p.inputs) << 2;
  c.places = at += (rows * p.filters) << 2;
  c.deltas = at += (rows * p.length * p.filters) << 2;
  c.stateDelta = at += (rows * p.width) << 2;
  c.pairs = at += rows * stateBytes(p);
  return c;
}

/** Offset of the filters of a height among the horizontal weights: those of lower heights come first. */
// @ts-ignore: decorator
@inline
function filtersOfHeight(p: Caser, height: u32): usize {
  return <usize>(((height * (height - 1)) >> 1) * p.filters * p.width) << 2;
}

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

/** Output rows in panels of 8: [panel][2·width + 4][8], so that a tile of the product reads one run of memory. */
function packOutput(p: Caser, thread: u32, threads: u32): void {
  const table = changetype<Table>(p.output);
  const panels = p.columns >> 3;
  for (let panel = (panels * thread) / threads; panel < (panels * (thread + 1)) / threads; panel++) {
    const rows = min<u32>(8, table.rows - (panel << 3));
    transpose(
      table.weights + (<usize>panel << 3) * table.bytes, table.bytes, rows, table.bytes >> 2,
      p.outputPanels + <usize>panel * (table.bytes << 3), 32,
    );
  }
}

/** Windows' embeddings, [windows, length · width]; pad windows zero. */
function gather(p: Caser, c: Chunk): void {
  const table = changetype<Table>(p.items);
  const bytes = <usize>p.width << 2;
  const ids = p.batchItems + (<usize>(c.slot * p.length) << 2);
  let out = c.embeddings;
  for (let n: u32 = 0; n < c.windows * p.length; n++) {
    const row = table.weights + <usize>load<u32>(ids + (n << 2)) * bytes;
    for (let b: usize = 0; b < bytes; b += 16) v128.store(out + b, v128.load(row + b));
    out += bytes;
  }
  const pads = padded4(c.windows) - c.windows;
  if (pads > 0) memory.fill(out, 0, <usize>(pads * p.length) * bytes);
}

/** Horizontal filters: the largest value over a filter's places, and which place it is from (§3.2). */
function convolve(p: Caser, c: Chunk): void {
  const rows = padded4(c.windows), filters = p.filters, filterBytes = <usize>filters << 2;
  const rowBytes = <usize>(p.length * p.width) << 2, inputBytes = <usize>p.inputs << 2;
  const placeBytes = <usize>(p.length * filters) << 2;
  for (let height: u32 = 1; height <= p.length; height++) {
    const weights = p.horizontalTransposed + filtersOfHeight(p, height);
    const column = <usize>(p.vertical * p.width + (height - 1) * filters) << 2;
    const best = c.inputs + column, places = c.places + (<usize>((height - 1) * filters) << 2);
    for (let place: u32 = 0; place + height <= p.length; place++) {
      const from = c.embeddings + (<usize>(place * p.width) << 2);
      if (place == 0) {
        gemm(from, rowBytes, 4, weights, filterBytes, best, inputBytes, rows, filters, height * p.width, false);
        for (let r: u32 = 0; r < rows; r++) memory.fill(places + <usize>r * placeBytes, 0, filterBytes);
        continue;
      }
      gemm(
        from, rowBytes, 4, weights, filterBytes, c.convolution, filterBytes, rows, filters, height * p.width, false,
      );
      const index = i32x4.splat(place);
      for (let r: u32 = 0; r < rows; r++) {
        const x = c.convolution + <usize>r * filterBytes, y = best + <usize>r * inputBytes;
        const z = places + <usize>r * placeBytes;
        for (let b: usize = 0; b < filterBytes; b += 16) {
          const value = v128.load(x + b), old = v128.load(y + b);
          const more = f32x4.gt(value, old);
          v128.store(y + b, v128.bitselect(value, old, more));
          v128.store(z + b, v128.bitselect(index, v128.load(z + b), more));
        }
      }
    }
  }
  const bias = p.weights + p.horizontalBias, zero = f32x4.splat(0);
  for (let r: u32 = 0; r < rows; r++) {
    const x = c.inputs + <usize>r * inputBytes + (<usize>(p.vertical * p.width) << 2);
    for (let b: usize = 0; b < placeBytes; b += 16) {
      v128.store(x + b, f32x4.max(f32x4.add(v128.load(x + b), v128.load(bias + b)), zero));
    }
  }
}

/** Vertical filters: weighted sums of a window's embeddings (§3.2). */
function sumVertically(p: Caser, c: Chunk): void {
  const rows = padded4(c.windows), bytes = <usize>p.width << 2;
  const rowBytes = bytes * p.length, inputBytes = <usize>p.inputs << 2;
  for (let r: u32 = 0; r < rows; r++) {
    const e = c.embeddings + <usize>r * rowBytes;
    for (let f: u32 = 0; f < p.vertical; f++) {
      const out = c.inputs + <usize>r * inputBytes + <usize>f * bytes;
      const weights = p.weights + p.verticalWeights + (<usize>(f * p.length) << 2);
      const bias = v128.load32_splat(p.weights + p.verticalBias + (f << 2));
      for (let b: usize = 0; b < bytes; b += 16) {
        let sum = bias;
        for (let l: u32 = 0, at = e + b; l < p.length; l++, at += bytes) {
          sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + (l << 2)), v128.load(at)));
        }
        v128.store(out + b, sum);
      }
      for (let j = p.size; j < p.width; j++) store<f32>(out + (j << 2), 0);
    }
  }
}

/** Drops units with the shard's generator (four xorshift streams); what is left is scaled. A dropped unit is 0. */
function dropout(p: Caser, c: Chunk, state: usize): void {
  const bytes = (<usize>c.windows * p.inputs) << 2;
  const threshold = i32x4.splat(p.dropoutThreshold), factor = f32x4.splat(p.keepFactor);
  let x = v128.load(state);
  for (let at = c.inputs, end = c.inputs + bytes; at < end; at += 16) {
    x = v128.xor(x, i32x4.shl(x, 13));
    x = v128.xor(x, i32x4.shr_u(x, 17));
    x = v128.xor(x, i32x4.shl(x, 5));
    v128.store(at, v128.and(f32x4.mul(v128.load(at), factor), i32x4.ge_s(x, threshold)));
  }
  v128.store(state, x);
}

/** States [z | user | 1] of the chunk's windows. `dropoutState`: 0 for none. */
function forward(p: Caser, c: Chunk, dropoutState: usize): void {
  const rows = padded4(c.windows), bytes = <usize>p.width << 2, inputBytes = <usize>p.inputs << 2;
  gather(p, c);
  convolve(p, c);
  sumVertically(p, c);
  if (dropoutState != 0 && p.keepFactor != 1) dropout(p, c, dropoutState);
  const states = p.states + <usize>c.slot * stateBytes(p);
  const bias = p.weights + p.fullBias, zero = f32x4.splat(0);
  gemm(
    c.inputs, inputBytes, 4, p.weights + p.full, bytes, states, stateBytes(p), rows, p.width, p.inputs, false,
  );
  const users = changetype<Table>(p.users);
  for (let w: u32 = 0; w < c.windows; w++) {
    const z = states + <usize>w * stateBytes(p);
    const user = users.weights + <usize>load<u32>(p.batchUsers + ((c.slot + w) << 2)) * bytes;
    for (let b: usize = 0; b < bytes; b += 16) {
      v128.store(z + b, f32x4.max(f32x4.add(v128.load(z + b), v128.load(bias + b)), zero));
      v128.store(z + bytes + b, v128.load(user + b));
    }
    v128.store(z + 2 * bytes, f32x4(1, 0, 0, 0));
  }
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

// @ts-ignore: decorator
@inline
function addScaled(out: usize, factor: f32, x: usize, bytes: usize): void {
  const f = f32x4.splat(factor);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(f, v128.load(x + i))));
  }
}

/** A negative of the user for the slot `at`: the one scored highest of `hardestOf` draws. */
function draw(p: Caser, random: usize, user: u32, state: usize): u32 {
  const data = changetype<Interactions>(p.data);
  let item = drawNegative(data, random, user);
  if (p.hardestOf < 2) return item;
  const table = changetype<Table>(p.output);
  let best = dot(state, table.weights + <usize>item * table.bytes, table.bytes);
  for (let n: u32 = 1; n < p.hardestOf; n++) {
    const other = drawNegative(data, random, user);
    const x = dot(state, table.weights + <usize>other * table.bytes, table.bytes);
    if (x > best) {
      best = x;
      item = other;
    }
  }
  return item;
}

/**
 * Loss of a window's sampled scores, and their gradients (written over the scores); the gradient by the state goes to
 * `delta` [z | user]. A target that is padding counts for nothing.
 */
function sampledLoss(p: Caser, c: Chunk, w: u32, random: usize, scale: f32, delta: usize): f64 {
  const table = changetype<Table>(p.output);
  const bytes = <usize>table.bytes;
  const slot = c.slot + w, each = p.targets * (1 + p.negatives);
  const state = p.states + <usize>slot * bytes;
  const ids = p.batchTargets + (<usize>(slot * each) << 2), out = p.targetGradients + (<usize>(slot * each) << 2);
  drawNegatives(p, ids, random, load<u32>(p.batchUsers + (slot << 2)), state);
  for (let n: u32 = 0; n < each; n++) {
    const row = load<u32>(ids + (n << 2));
    store<f32>(out + (n << 2), row == NO_ROW ? 0 : dot(state, table.weights + <usize>row * bytes, bytes));
  }
  const total = p.loss == LOG ? logLoss(p, c, ids, out, scale) : pairLoss(p, c, ids, out, scale);
  addRows(table, ids, out, each, delta, <usize>p.width << 3);
  return total;
}

function drawNegatives(p: Caser, ids: usize, random: usize, user: u32, state: usize): void {
  for (let t: u32 = 0; t < p.targets; t++) {
    const at = ids + ((p.targets + t * p.negatives) << 2);
    if (load<u32>(ids + (t << 2)) == NO_ROW) memory.fill(at, 0xff, <usize>p.negatives << 2);
    else if (p.given == 0) {
      for (let n: u32 = 0; n < p.negatives; n++) store<u32>(at + (n << 2), draw(p, random, user, state));
    }
  }
}

/**
 * softplus(x) and its slope σ(x) for the n values at `x` (room for the next multiple of 4): the slopes replace the
 * values; returns Σ softplus.
 */
function softplus(x: usize, n: u32): f64 {
  for (let r = n; r < padded4(n); r++) store<f32>(x + (r << 2), -1000);
  let total: f64 = 0;
  for (let r: u32 = 0; r < n; r += 4) {
    const value = v128.load(x + (r << 2));
    total -= <f64>sum4(logSigmoid4(f32x4.neg(value)));
    v128.store(x + (r << 2), sigmoid4(value));
  }
  return total;
}

/** −log σ(x) of targets, −log σ(−x) of their negatives, these by their mean. */
function logLoss(p: Caser, c: Chunk, ids: usize, out: usize, scale: f32): f64 {
  const x = c.pairs, n = p.targets * p.negatives;
  const share: f32 = <f32>1 / <f32>p.negatives;
  for (let t: u32 = 0; t < p.targets; t++) {
    store<f32>(x + (t << 2), load<u32>(ids + (t << 2)) == NO_ROW ? -1000 : -load<f32>(out + (t << 2)));
  }
  let total = softplus(x, p.targets);
  for (let t: u32 = 0; t < p.targets; t++) store<f32>(out + (t << 2), -load<f32>(x + (t << 2)) * scale);
  const negatives = out + (p.targets << 2);
  for (let j: u32 = 0; j < n; j++) {
    const row = load<u32>(ids + ((p.targets + j) << 2));
    store<f32>(x + (j << 2), row == NO_ROW ? -1000 : load<f32>(negatives + (j << 2)));
  }
  total += softplus(x, n) * <f64>share;
  for (let j: u32 = 0; j < n; j++) store<f32>(negatives + (j << 2), load<f32>(x + (j << 2)) * (scale * share));
  return total;
}

/** −log σ(target − negative), by the mean over a target's negatives. */
function pairLoss(p: Caser, c: Chunk, ids: usize, out: usize, scale: f32): f64 {
  const x = c.pairs, n = p.targets * p.negatives;
  const share: f32 = <f32>1 / <f32>p.negatives;
  const negatives = out + (p.targets << 2);
  for (let j: u32 = 0; j < n; j++) {
    const t = j / p.negatives, none = load<u32>(ids + (t << 2)) == NO_ROW;
    store<f32>(x + (j << 2), none ? -1000 : load<f32>(negatives + (j << 2)) - load<f32>(out + (t << 2)));
  }
  const total = softplus(x, n) * <f64>share;
  for (let t: u32 = 0; t < p.targets; t++) {
    let sum: f32 = 0;
    for (let j = t * p.negatives; j < (t + 1) * p.negatives; j++) {
      const g = load<f32>(x + (j << 2)) * (scale * share);
      store<f32>(negatives + (j << 2), g);
      sum += g;
    }
    store<f32>(out + (t << 2), -sum);
  }
  return total;
}

/** Σ gradient · row over n rows of the table into out, `bytes` of each row; sums stay in registers. */
function addRows(table: Table, ids: usize, gradients: usize, n: u32, out: usize, bytes: usize): void {
  let b: usize = 0;
  for (; b + 64 <= bytes; b += 64) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j: u32 = 0; j < n; j++) {
      const row = load<u32>(ids + (j << 2));
      if (row == NO_ROW) continue;
      const at = table.weights + <usize>row * table.bytes + b, g = v128.load32_splat(gradients + (j << 2));
      s0 = f32x4.add(s0, f32x4.mul(g, v128.load(at)));
      s1 = f32x4.add(s1, f32x4.mul(g, v128.load(at, 16)));
      s2 = f32x4.add(s2, f32x4.mul(g, v128.load(at, 32)));
      s3 = f32x4.add(s3, f32x4.mul(g, v128.load(at, 48)));
    }
    v128.store(out + b, s0);
    v128.store(out + b, s1, 16);
    v128.store(out + b, s2, 32);
    v128.store(out + b, s3, 48);
  }
  for (; b < bytes; b += 16) {
    let sum = f32x4.splat(0);
    for (let j: u32 = 0; j < n; j++) {
      const row = load<u32>(ids + (j << 2));
      if (row == NO_ROW) continue;
      const at = table.weights + <usize>row * table.bytes + b;
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(gradients + (j << 2)), v128.load(at)));
    }
    v128.store(out + b, sum);
  }
}

/** Softmax over all items: the scores' gradients into p.scores; returns the sum of losses. */
function softmaxLoss(p: Caser, c: Chunk, scale: f32): f64 {
  const table = changetype<Table>(p.output);
  const rows = padded4(c.windows), rowBytes = <usize>p.columns << 2, items = table.rows;
  const scores = p.scores + <usize>c.slot * rowBytes;
  for (let panel: u32 = 0; panel < p.columns >> 3; panel++) {
    gemm(
      p.states + <usize>c.slot * table.bytes, table.bytes, 4, p.outputPanels + <usize>panel * (table.bytes << 3), 32,
      scores + (<usize>panel << 5), rowBytes, rows, 8, table.bytes >> 2, false,
    );
  }
  let total: f64 = 0;
  for (let w: u32 = 0; w < c.windows; w++) {
    const x = scores + <usize>w * rowBytes;
    for (let i = items; i < p.columns; i++) store<f32>(x + (i << 2), f32.MIN_SAFE_INTEGER);
    let most = v128.load(x);
    for (let b: usize = 16; b < rowBytes; b += 16) most = f32x4.max(most, v128.load(x + b));
    most = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
    const top = f32x4.splat(max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)));
    let valid: u32 = 0;
    const ids = p.batchTargets + (<usize>((c.slot + w) * p.targets) << 2);
    for (let t: u32 = 0; t < p.targets; t++) {
      const target = load<u32>(ids + (t << 2));
      if (target == NO_ROW) continue;
      valid++;
      total -= <f64>(load<f32>(x + (target << 2)) - f32x4.extract_lane(top, 0));
    }
    let sum = f32x4.splat(0);
    for (let b: usize = 0; b < rowBytes; b += 16) {
      const e = exp4(f32x4.sub(v128.load(x + b), top));
      v128.store(x + b, e);
      sum = f32x4.add(sum, e);
    }
    const whole = sum4(sum);
    total += <f64>valid * <f64>f32x4.extract_lane(log4(f32x4.splat(whole)), 0);
    const factor = f32x4.splat((scale * <f32>valid) / whole);
    for (let b: usize = 0; b < rowBytes; b += 16) v128.store(x + b, f32x4.mul(v128.load(x + b), factor));
    for (let i = items; i < p.columns; i++) store<f32>(x + (i << 2), 0);
    for (let t: u32 = 0; t < p.targets; t++) {
      const target = load<u32>(ids + (t << 2));
      if (target == NO_ROW) continue;
      const at = x + (target << 2);
      store<f32>(at, load<f32>(at) - scale);
    }
  }
  for (let w = c.windows; w < rows; w++) memory.fill(scores + <usize>w * rowBytes, 0, rowBytes);
  return total;
}

/** The scores' gradients back to the states: product with the output rows, a cacheful of them at a time. */
function softmaxDelta(p: Caser, c: Chunk): void {
  const table = changetype<Table>(p.output);
  const rowBytes = <usize>p.columns << 2;
  for (let from: u32 = 0; from < table.rows; from += 64) {
    gemm(
      p.scores + <usize>c.slot * rowBytes + (from << 2), rowBytes, 4, table.weights + <usize>from * table.bytes,
      table.bytes, c.stateDelta, table.bytes, padded4(c.windows), table.bytes >> 2, min<u32>(64, table.rows - from),
      from > 0,
    );
  }
}

/** From the state's gradient to those of the dense weights (added to `out`), of the user's row and the window's rows. */
function backward(p: Caser, c: Chunk, out: usize): void {
  const rows = padded4(c.windows), bytes = <usize>p.width << 2, inputBytes = <usize>p.inputs << 2;
  const zero = f32x4.splat(0);
  for (let w: u32 = 0; w < rows; w++) {
    const delta = c.stateDelta + <usize>w * stateBytes(p), z = p.states + <usize>(c.slot + w) * stateBytes(p);
    const masked = c.deltas + <usize>w * bytes, user = p.userGradients + <usize>(c.slot + w) * bytes;
    for (let b: usize = 0; b < bytes; b += 16) {
      if (w < c.windows) {
        v128.store(masked + b, v128.and(v128.load(delta + b), f32x4.gt(v128.load(z + b), zero)));
        v128.store(user + b, v128.load(delta + bytes + b));
      } else v128.store(masked + b, zero);
    }
  }
  gemm(c.inputs, 4, inputBytes, c.deltas, bytes, out + p.full, bytes, p.inputs, p.width, rows, true);
  for (let b: usize = 0; b < bytes; b += 16) {
    let sum = v128.load(out + p.fullBias + b);
    for (let w: u32 = 0, at = c.deltas + b; w < c.windows; w++, at += bytes) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + p.fullBias + b, sum);
  }
  gemm(
    c.deltas, bytes, 4, p.fullTransposed, inputBytes, c.inputDeltas, inputBytes, rows, p.inputs, p.width, false,
  );
  if (p.keepFactor != 1) {
    const factor = f32x4.splat(p.keepFactor), n = (<usize>c.windows * p.inputs) << 2;
    for (let b: usize = 0; b < n; b += 16) {
      const kept = f32x4.ne(v128.load(c.inputs + b), zero);
      v128.store(c.inputDeltas + b, v128.and(f32x4.mul(v128.load(c.inputDeltas + b), factor), kept));
    }
  }
  backwardVertical(p, c, out);
  backwardHorizontal(p, c, out);
}

/** Writes the windows' gradients (the horizontal ones are added) and adds those of the vertical filters. */
function backwardVertical(p: Caser, c: Chunk, out: usize): void {
  const bytes = <usize>p.width << 2, rowBytes = bytes * p.length, inputBytes = <usize>p.inputs << 2;
  for (let w: u32 = 0; w < c.windows; w++) {
    const e = c.embeddings + <usize>w * rowBytes, gradient = p.itemGradients + <usize>(c.slot + w) * rowBytes;
    const delta = c.inputDeltas + <usize>w * inputBytes;
    for (let l: u32 = 0; l < p.length; l++) {
      const to = gradient + <usize>l * bytes;
      for (let b: usize = 0; b < bytes; b += 16) {
        let sum = f32x4.splat(0);
        for (let f: u32 = 0, at = delta + b; f < p.vertical; f++, at += bytes) {
          const weight = v128.load32_splat(p.weights + p.verticalWeights + (<usize>(f * p.length + l) << 2));
          sum = f32x4.add(sum, f32x4.mul(weight, v128.load(at)));
        }
        v128.store(to + b, sum);
      }
    }
    for (let f: u32 = 0; f < p.vertical; f++) {
      const units = delta + <usize>f * bytes;
      let bias = f32x4.splat(0);
      for (let b: usize = 0; b < bytes; b += 16) bias = f32x4.add(bias, v128.load(units + b));
      const biasOut = out + p.verticalBias + (f << 2);
      store<f32>(biasOut, load<f32>(biasOut) + sum4(bias));
      for (let l: u32 = 0; l < p.length; l++) {
        const weightOut = out + p.verticalWeights + (<usize>(f * p.length + l) << 2);
        store<f32>(weightOut, load<f32>(weightOut) + dot(units, e + <usize>l * bytes, bytes));
      }
    }
  }
}

/** A filter's gradient goes to the one place that gave its largest value. */
function backwardHorizontal(p: Caser, c: Chunk, out: usize): void {
  const bytes = <usize>p.width << 2, rowBytes = bytes * p.length, inputBytes = <usize>p.inputs << 2;
  const placeBytes = <usize>(p.length * p.filters) << 2;
  for (let height: u32 = 1; height <= p.length; height++) {
    const filterBytes = bytes * height;
    for (let f: u32 = 0; f < p.filters; f++) {
      const unit = (height - 1) * p.filters + f;
      const at = filtersOfHeight(p, height) + <usize>f * filterBytes;
      const weights = p.weights + p.horizontal + at, weightsOut = out + p.horizontal + at;
      const column = <usize>(p.vertical * p.width + unit) << 2;
      let bias: f32 = 0;
      for (let w: u32 = 0; w < c.windows; w++) {
        if (load<f32>(c.inputs + <usize>w * inputBytes + column) <= 0) continue;
        const g = load<f32>(c.inputDeltas + <usize>w * inputBytes + column);
        const place = load<u32>(c.places + <usize>w * placeBytes + (unit << 2));
        const e = c.embeddings + <usize>w * rowBytes + <usize>place * bytes;
        const gradient = p.itemGradients + <usize>(c.slot + w) * rowBytes + <usize>place * bytes;
        bias += g;
        const factor = f32x4.splat(g);
        for (let b: usize = 0; b < filterBytes; b += 16) {
          v128.store(weightsOut + b, f32x4.add(v128.load(weightsOut + b), f32x4.mul(factor, v128.load(e + b))));
          v128.store(gradient + b, f32x4.add(v128.load(gradient + b), f32x4.mul(factor, v128.load(weights + b))));
        }
      }
      const biasOut = out + p.horizontalBias + (unit << 2);
      store<f32>(biasOut, load<f32>(biasOut) + bias);
    }
  }
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
      addScaled(sum, load<f32>(p.targetGradients + (at << 2)), p.states + <usize>(at / each) * bytes, bytes);
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
  const zero = c.embeddings - 64 + p.scratchBytes - 17 * bytes, sum = zero + bytes;
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
