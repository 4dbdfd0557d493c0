/** Embedding tables of the batch kernels; assembly/rows.ts reads them. */
import type { OptimizerName } from '../numeric/optimizer.ts';
import { createBlock, padded } from './block.ts';
import { Table } from './kernels.generated.ts';
import type { Buffer, KernelMemory } from './shared-memory.ts';
import type { ModelState } from '../numeric/state.ts';

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

/** @param dense every row moves every batch (as the book and PyTorch do) instead of the batch's rows alone */
export function createTable(
  memory: KernelMemory,
  rows: number,
  stride: number,
  optimizer: OptimizerName,
  dense: boolean,
): KernelTable {
  const arrays = createTableArrays(memory, rows, stride, optimizer, dense ? 1 : rows);
  const heads = memory.u32(padded(rows, 16));
  const block = createBlock(memory, Table, {
    weights: arrays.values.at,
    first: arrays.first.at,
    second: arrays.second.at,
    steps: arrays.steps.at,
    heads: heads.at,
    rows,
    bytes: stride * 4,
    dense: dense ? 1 : 0,
  });
  const { state, restore } = arrays;
  return { at: block.at, rows, stride, values: arrays.values.data, state, restore };
}

/** The values of a table, what its optimizer remembers of them, and how to save them under a name. */
interface TableArrays {
  /** [rows, stride] */
  readonly values: Buffer<Float32Array>;
  /** [rows, stride], or [0] where the optimizer has no such moment. */
  readonly first: Buffer<Float32Array>;
  readonly second: Buffer<Float32Array>;
  /** [stepCount] steps of each row, or of all of them. */
  readonly steps: Buffer<Uint32Array>;
  state(name: string): ModelState;
  restore(name: string, state: ModelState): void;
}

function createTableArrays(
  memory: KernelMemory,
  rows: number,
  stride: number,
  optimizer: OptimizerName,
  stepCount: number,
): TableArrays {
  if (stride % 4 !== 0) throw new RangeError(`a table's stride is a multiple of 4, got ${stride}`);
  const values = memory.f32(rows * stride);
  const first = memory.f32(optimizer === 'adam' ? rows * stride : 0);
  const second = memory.f32(optimizer === 'sgd' ? 0 : rows * stride);
  const steps = memory.u32(padded(stepCount, 16));
  const parts = { '': values, '.first': first, '.second': second, '.steps': steps };
  return {
    values,
    first,
    second,
    steps,
    state: (name) =>
      Object.fromEntries(Object.entries(parts).map(([part, { data }]) => [name + part, data.slice()])),
    restore: (name, state) => {
      for (const [part, { data }] of Object.entries(parts)) data.set(state[name + part]);
    },
  };
}
