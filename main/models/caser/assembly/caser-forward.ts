// Caser: states of a chunk of windows (Tang & Wang 2018, §3.2).
import { Caser, Chunk, filtersOfHeight, stateBytes } from './caser-block';
import { Table } from '../../../kernels/assembly/rows';
import { gemm } from '../../../kernels/assembly/tile';
import { padded4 } from '../../../kernels/assembly/vectors';

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
export function forward(p: Caser, c: Chunk, dropoutState: usize): void {
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
