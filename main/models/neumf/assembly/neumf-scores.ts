// NeuMF: scores of pairs, and of users for all items.
import { Chunk, chunkOf, layerAt, Neumf, relu, repeatRow } from './neumf-block';
import { forward } from './neumf-forward';
import { Table } from '../../../kernels/assembly/rows';
import { gemm } from '../../../kernels/assembly/tile';
import { dot, padded4 } from '../../../kernels/assembly/vectors';

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
