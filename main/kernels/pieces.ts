/** Dense weights of a network between their packed form (by name, no pads) and their places in kernel memory. */
import type { ModelState } from '../numeric/state.ts';

/** A matrix [rows, columns] of the packed weight `name`, from float `from` of it, at float `at` with `stride`. */
export interface Piece {
  readonly name: string;
  readonly from: number;
  readonly rows: number;
  readonly columns: number;
  readonly at: number;
  readonly stride: number;
}

/** The weights by name, without pads. */
export function packPieces(pieces: readonly Piece[], values: Float32Array): ModelState {
  const size: Record<string, number> = {};
  for (const p of pieces) size[p.name] = Math.max(size[p.name] ?? 0, p.from + p.rows * p.columns);
  const packed = Object.fromEntries(Object.entries(size).map(([name, n]) => [name, new Float32Array(n)]));
  forEachWeight(pieces, (name, from, at) => (packed[name][from] = values[at]));
  return packed;
}

/** Fills the weights' places; pads are left alone. */
export function unpackPieces(pieces: readonly Piece[], weights: ModelState, values: Float32Array): void {
  forEachWeight(pieces, (name, from, at) => (values[at] = weights[name][from]));
}

function forEachWeight(
  pieces: readonly Piece[],
  visit: (name: string, packed: number, at: number) => void,
): void {
  for (const p of pieces)
    for (let r = 0; r < p.rows; r++)
      for (let c = 0; c < p.columns; c++) visit(p.name, p.from + r * p.columns + c, p.at + r * p.stride + c);
}
