/** One batch of a model that is tables alone: gather, loss and gradients by autodiff, move. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { lossAndGradients } from './gradients.ts';
import type { EmbeddingTable } from './tables.ts';
import type { Tf } from './tensorflow.ts';
import { applyBatch } from './clipping.ts';

export interface TableBatch {
  /** The tables with the rows that the batch gathers from each, [batch] (rows may repeat). */
  readonly parts: readonly { readonly table: EmbeddingTable; readonly rows: Uint32Array }[];
  /** Mean loss from the gathered rows, in the order of `parts`, and the batch's data. */
  readonly loss: (gathered: readonly Tensor[], data: Tensor) => Scalar;
  /** [batch] what the loss needs beside the rows. */
  readonly data: Float32Array;
}

function differentiate(tf: Tf, batch: TableBatch): { loss: number; gradients: Float32Array[] } {
  const data = tf.tensor1d(batch.data);
  const inputs = batch.parts.map(({ table, rows }) => table.gather(tf, rows));
  const result = lossAndGradients(tf, inputs, (...gathered) => batch.loss(gathered, data));
  data.dispose();
  return result;
}

/**
 * One step of every table's optimizer; the batch's mean loss before it.
 * @param clipping largest norm of the batch's gradient; 0: any
 */
export function stepTables(tf: Tf, batch: TableBatch, factor: number, clipping: number): number {
  const { loss, gradients } = differentiate(tf, batch);
  const moves = batch.parts.map((part, k) => ({ ...part, gradient: gradients[k] }));
  applyBatch(moves, factor, clipping);
  return loss;
}

/** The loss of a fixed batch, and its gradient by each table, for a check by finite differences. */
export function checkTables(
  tf: Tf,
  batch: TableBatch,
): { loss: () => number; parameters: { values: Float32Array; gradient: Float32Array }[] } {
  const { gradients } = differentiate(tf, batch);
  const parameters = batch.parts.map(({ table, rows }, k) => ({
    values: table.values,
    gradient: table.scatter(rows, gradients[k]),
  }));
  return { loss: () => differentiate(tf, batch).loss, parameters };
}
