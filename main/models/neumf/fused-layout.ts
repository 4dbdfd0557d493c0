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
