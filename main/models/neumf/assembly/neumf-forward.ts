// NeuMF: logits of a chunk of groups (He et al. 2017, §3.4).
import { Chunk, layerAt, Neumf, relu, repeatRow } from './neumf-block';
import { Table } from '../../../kernels/assembly/rows';
import { gemm } from '../../../kernels/assembly/tile';
import { dot, padded4 } from '../../../kernels/assembly/vectors';

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

/** Logits of the chunk's rows: φ = head · [p ∘ q | relu(… relu(W₀[p, q] + b₀) …)] + bias. */
export function forward(p: Neumf, c: Chunk): void {
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
