/** Gradient clipping of a whole batch: dense parameters and the rows of embedding tables together. */
import type { DenseParameter } from './dense.ts';
import { clipByGlobalNorm } from '../numeric/optimizer.ts';
import type { EmbeddingTable, RowIndices } from './tables.ts';

/** Gradient by a dense parameter, or, with `rows` [batch], by gathered rows [batch, width] of a table. */
export interface GradientPart {
  readonly gradient: Float32Array;
  readonly rows?: RowIndices;
}

/**
 * The parts of one batch, scaled so that their joint Euclidean norm is at most `limit`; with `limit` 0 as they are. Rows
 * that a batch gathers several times are summed first: the norm is that of the gradient by the table, and the rows of
 * a part come back distinct, in order of first appearance. Weight decay is not in it: the optimizer adds that after.
 * The given arrays are left alone: back ends may share one between parts.
 */
export function clipBatch<P extends GradientPart>(parts: readonly P[], limit: number): readonly P[] {
  if (!(limit > 0)) return parts;
  const own = parts.map((part) =>
    part.rows
      ? { ...part, ...sumByRow(part.rows, part.gradient) }
      : { ...part, gradient: part.gradient.slice() },
  );
  const gradients = own.map(({ gradient }) => gradient);
  clipByGlobalNorm(gradients, limit);
  return own;
}

/** A parameter with its gradient of one batch. */
export type Move =
  | { readonly table: EmbeddingTable; readonly rows: RowIndices; readonly gradient: Float32Array }
  | { readonly dense: DenseParameter; readonly gradient: Float32Array };

/**
 * One step of the optimizer of each parameter of a batch.
 * @param factor of the learning rate
 * @param clipping largest norm of the gradients together; 0: any
 */
export function applyBatch(moves: readonly Move[], factor: number, clipping: number): void {
  for (const move of clipBatch(moves, clipping))
    if ('table' in move) move.table.apply(move.rows, move.gradient, factor);
    else move.dense.apply(move.gradient, factor);
}

/** Gradients [batch, width] summed by row: [distinct] rows and [distinct, width]. */
function sumByRow(rows: RowIndices, gradient: Float32Array): { rows: Uint32Array; gradient: Float32Array } {
  const width = rows.length === 0 ? 0 : gradient.length / rows.length;
  const places = new Map<number, number>();
  for (const row of rows) if (!places.has(row)) places.set(row, places.size);
  const sums = new Float32Array(places.size * width);
  rows.forEach((row, b) => {
    const to = (places.get(row) ?? 0) * width;
    for (let k = 0; k < width; k++) sums[to + k] += gradient[b * width + k];
  });
  return { rows: Uint32Array.from(places.keys()), gradient: sums };
}
