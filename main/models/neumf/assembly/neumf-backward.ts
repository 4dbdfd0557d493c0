// NeuMF: losses of a chunk and their gradients.
import { logSigmoid1, logSigmoid4, sigmoid1, sigmoid4, sum4 } from '../../../kernels/assembly/math';
import { Chunk, layerAt, LOG, Neumf } from './neumf-block';
import { Table } from '../../../kernels/assembly/rows';
import { gemm } from '../../../kernels/assembly/tile';
import { padded4 } from '../../../kernels/assembly/vectors';

/** Gradients of the chunk's logits, of the mean over the batch (`scale` = 1 ÷ its terms); returns the sum of losses. */
export function lossOf(p: Neumf, c: Chunk, scale: f32): f64 {
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
export function backward(p: Neumf, c: Chunk, out: usize, userGradients: usize, itemGradients: usize): void {
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
