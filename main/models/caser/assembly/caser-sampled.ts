// Caser: log loss and BPR of sampled items.
import { drawNegative, Interactions } from '../../../kernels/assembly/candidates';
import { Caser, Chunk, LOG } from './caser-block';
import { logSigmoid4, sigmoid4, sum4 } from '../../../kernels/assembly/math';
import { NO_ROW, Table } from '../../../kernels/assembly/rows';
import { dot, padded4 } from '../../../kernels/assembly/vectors';

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
export function sampledLoss(p: Caser, c: Chunk, w: u32, random: usize, scale: f32, delta: usize): f64 {
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
