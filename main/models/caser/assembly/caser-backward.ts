// Caser: from the gradients of states to those of weights and rows.
import { Caser, Chunk, filtersOfHeight, stateBytes } from './caser-block';
import { sum4 } from '../../../kernels/assembly/math';
import { gemm } from '../../../kernels/assembly/tile';
import { dot, padded4 } from '../../../kernels/assembly/vectors';

/** From the state's gradient to those of the dense weights (added to `out`), of the user's row and the window's rows. */
export function backward(p: Caser, c: Chunk, out: usize): void {
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
