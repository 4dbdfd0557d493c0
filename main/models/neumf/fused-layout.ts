/** Where NeuMF's weights and a thread's activations lie in kernel memory. Pads are zero and stay zero. */
import { headSize, layerSizes } from './shape.ts';
import type { NeumfShape } from './shape.ts';
import { padded } from '../../kernels/block.ts';
import type { Piece } from '../../kernels/pieces.ts';
import type { RowPart } from '../../kernels/packing.ts';

export interface NeumfLayout {
  /** Padded floats of the two halves of a table row. */
  readonly gmf: number;
  readonly mlp: number;
  readonly rowParts: readonly RowPart[];
  readonly layers: readonly {
    /** Padded; of the first layer: inputs of each half. */
    readonly inputs: number;
    readonly outputs: number;
    /** Float offsets among the dense weights. */
    readonly weights: number;
    readonly bias: number;
  }[];
  readonly head: number;
  readonly headBias: number;
  /** Floats of the dense weights, a multiple of 16. */
  readonly size: number;
  readonly pieces: readonly Piece[];
}

export function neumfLayout(shape: NeumfShape): NeumfLayout {
  const gmf = padded(shape.gmf, 4);
  const mlp = padded(shape.mlp, 4);
  const pieces: Piece[] = [];
  let at = 0;
  const layers = layerSizes(shape).map((size, l) => {
    const outputs = padded(size.outputs, 8);
    const inputs = l === 0 ? mlp : padded(size.inputs, 8);
    const weights = at;
    const rows = l === 0 ? shape.mlp : size.inputs;
    const piece = { name: `layer${l}`, rows, columns: size.outputs, stride: outputs };
    pieces.push({ ...piece, from: 0, at });
    if (l === 0) pieces.push({ ...piece, from: rows * size.outputs, at: at + mlp * outputs });
    at += inputs * outputs * (l === 0 ? 2 : 1);
    const bias = at;
    pieces.push({ name: `bias${l}`, from: 0, rows: 1, columns: size.outputs, at, stride: outputs });
    at += outputs;
    return { inputs, outputs, weights, bias };
  });
  const head = at;
  const last = headSize(shape) - shape.gmf;
  pieces.push({ name: 'head', from: 0, rows: 1, columns: shape.gmf, at, stride: gmf });
  pieces.push({ name: 'head', from: shape.gmf, rows: 1, columns: last, at: at + gmf, stride: last });
  at += gmf + padded(last, 8);
  const headBias = at;
  pieces.push({ name: 'headBias', from: 0, rows: 1, columns: 1, at, stride: 1 });
  const rowParts = [
    { from: 0, width: shape.gmf },
    { from: gmf, width: shape.mlp },
  ];
  return { gmf, mlp, rowParts, layers, head, headBias, size: padded(at + 4, 16), pieces };
}

export interface ScratchPlan {
  /** Byte offsets of each layer's activations, their gradients and its transposed weights. */
  readonly layers: readonly {
    readonly active: number;
    readonly delta: number;
    readonly transposed: number;
  }[];
  readonly bytes: number;
}

/** A thread's scratch for chunks of either of the given shapes (training, scoring); assembly/neumf.ts chunkOf. */
export function scratchPlan(
  layout: NeumfLayout,
  chunks: readonly { readonly groups: number; readonly groupSize: number }[],
): ScratchPlan {
  const width = layout.layers[0]?.outputs ?? 0;
  const rowsOf = (chunk: (typeof chunks)[number]): number => padded(chunk.groups * chunk.groupSize, 4);
  const regions = chunks.map((chunk) => {
    const groups = padded(chunk.groups, 4);
    const rows = rowsOf(chunk);
    return (groups + rows) * layout.mlp + 2 * groups * width + 2 * rows + groups * layout.gmf;
  });
  const rows = Math.max(...chunks.map(rowsOf));
  let at = 64 + Math.max(...regions) * 4;
  const take = (floats: number): number => {
    at = padded(at, 64);
    const from = at;
    at += floats * 4;
    return from;
  };
  const layers = layout.layers.map((layer, l) => ({
    active: take(rows * layer.outputs),
    delta: take(rows * layer.outputs),
    transposed: take(layer.inputs * layer.outputs * (l === 0 ? 2 : 1)),
  }));
  // A row of zeros and a row for sums come last.
  take(2 * (layout.gmf + layout.mlp));
  return { layers, bytes: padded(at, 128) };
}
