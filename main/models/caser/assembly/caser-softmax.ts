// Caser: softmax over the catalogue.
import { Caser, Chunk } from './caser-block';
import { exp4, log4, sum4 } from '../../../kernels/assembly/math';
import { NO_ROW, Table } from '../../../kernels/assembly/rows';
import { gemm, transpose } from '../../../kernels/assembly/tile';
import { padded4 } from '../../../kernels/assembly/vectors';

/** Output rows in panels of 8: [panel][2·width + 4][8], so that a tile of the product reads one run of memory. */
export function packOutput(p: Caser, thread: u32, threads: u32): void {
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

/** Softmax over all items: the scores' gradients into p.scores; returns the sum of losses. */
export function softmaxLoss(p: Caser, c: Chunk, scale: f32): f64 {
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
export function softmaxDelta(p: Caser, c: Chunk): void {
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
