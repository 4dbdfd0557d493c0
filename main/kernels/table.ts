/** Embedding tables of the batch kernels; assembly/rows.ts reads them. */
import type { ModelState } from '../models/model.ts';
import type { OptimizerName } from '../trainer/optimizer.ts';
import { createBlock, padded } from './block.ts';
import type { KernelMemory } from './memory.ts';

export interface KernelTable {
  /** Byte address of the table's block. */
  readonly at: number;
  readonly rows: number;
  /** Floats of a row, padded to a multiple of 4; pads stay zero. */
  readonly stride: number;
  /** [rows, stride] */
  readonly values: Float32Array;
  state(name: string): ModelState;
  restore(name: string, state: ModelState): void;
}

/** A part of a row: `width` floats that start at `from`. A packed row holds the parts without their pads. */
export interface RowPart {
  readonly from: number;
  readonly width: number;
}

/** @param dense every row moves every batch (as the book and PyTorch do) instead of the batch's rows alone */
export function createTable(
  memory: KernelMemory,
  rows: number,
  stride: number,
  optimizer: OptimizerName,
  dense: boolean,
): KernelTable {
  if (stride % 4 !== 0) throw new RangeError(`a table's stride is a multiple of 4, got ${stride}`);
  const values = memory.f32(rows * stride);
  const first = memory.f32(optimizer === 'adam' ? rows * stride : 0);
  const second = memory.f32(optimizer === 'sgd' ? 0 : rows * stride);
  const steps = memory.u32(padded(dense ? 1 : rows, 16));
  const heads = memory.u32(padded(rows, 16));
  const block = createBlock(memory, {
    weights: values.at,
    first: first.at,
    second: second.at,
    steps: steps.at,
    heads: heads.at,
    rows,
    bytes: stride * 4,
    dense: dense ? 1 : 0,
  });
  const parts = { '': values.data, '.first': first.data, '.second': second.data, '.steps': steps.data };
  return {
    at: block.at,
    rows,
    stride,
    values: values.data,
    state: (name) =>
      Object.fromEntries(Object.entries(parts).map(([part, data]) => [name + part, data.slice()])),
    restore: (name, state) => {
      for (const [part, data] of Object.entries(parts)) data.set(state[name + part]);
    },
  };
}

/** Rows of `parts` out of rows of `stride` floats, side by side: [rows, Σ width]. */
export function packRows(
  values: Float32Array,
  rows: number,
  stride: number,
  parts: readonly RowPart[],
): Float32Array {
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const out = new Float32Array(rows * width);
  for (let r = 0, to = 0; r < rows; r++)
    for (const part of parts)
      for (let k = 0; k < part.width; k++) out[to++] = values[r * stride + part.from + k];
  return out;
}

/** The inverse of packRows: fills the parts, leaves the pads. */
export function unpackRows(
  packed: Float32Array,
  values: Float32Array,
  stride: number,
  parts: readonly RowPart[],
): void {
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  for (let r = 0, from = 0; from < packed.length && width > 0; r++)
    for (const part of parts)
      for (let k = 0; k < part.width; k++) values[r * stride + part.from + k] = packed[from++];
}
