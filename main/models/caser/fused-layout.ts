/** Where Caser's dense weights lie in kernel memory. Pads are zero and stay zero. */
import type { CaserShape } from './shape.ts';
import { padded } from '../../kernels/block.ts';
import type { Piece } from '../../kernels/pieces.ts';

export interface CaserLayout {
  /** k padded to 4; filters a height padded to 4; inputs of the fully connected layer with both. */
  readonly width: number;
  readonly filters: number;
  readonly inputs: number;
  /** Float offsets among the dense weights. */
  readonly horizontal: number;
  readonly horizontalBias: number;
  readonly vertical: number;
  readonly verticalBias: number;
  readonly full: number;
  readonly fullBias: number;
  /** Floats of all horizontal filters, and of the dense weights (a multiple of 16). */
  readonly horizontalSize: number;
  readonly size: number;
  readonly pieces: readonly Piece[];
}

export function caserLayout(shape: CaserShape): CaserLayout {
  const { length, size, horizontal, vertical } = shape;
  const width = padded(size, 4);
  const filters = padded(horizontal, 4);
  const inputs = vertical * width + length * filters;
  const pieces: Piece[] = [];
  const add = (
    name: string,
    from: number,
    rows: number,
    columns: number,
    at: number,
    stride: number,
  ): void => {
    pieces.push({ name, from, rows, columns, at, stride });
  };
  let at = 0;
  for (let s = 1; s <= length; s++) {
    // A filter's rows are padded one by one: [filters · s, k] at a stride of `width`.
    add(`horizontal${s}`, 0, horizontal * s, size, at, width);
    at += filters * s * width;
  }
  const horizontalSize = at;
  const horizontalBias = at;
  add('horizontalBias', 0, length, horizontal, at, filters);
  at += length * filters;
  const verticalAt = at;
  add('vertical', 0, vertical, length, at, length);
  at += padded(vertical * length, 4);
  const verticalBias = at;
  add('verticalBias', 0, 1, vertical, at, vertical);
  at += padded(vertical, 4);
  const full = at;
  for (let f = 0; f < vertical; f++) add('full', f * size * size, size, size, at + f * width * width, width);
  for (let s = 0; s < length; s++) {
    const from = (vertical * size + s * horizontal) * size;
    add('full', from, horizontal, size, at + (vertical * width + s * filters) * width, width);
  }
  at += inputs * width;
  const fullBias = at;
  add('fullBias', 0, 1, size, at, width);
  at += width;
  return {
    width,
    filters,
    inputs,
    horizontal: 0,
    horizontalBias,
    vertical: verticalAt,
    verticalBias,
    full,
    fullBias,
    horizontalSize,
    size: padded(at, 16),
    pieces,
  };
}
