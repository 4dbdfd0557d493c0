/** Tables whose rows are records in kernel memory: a row's weights and what its optimizer remembers lie together. */
import { createBlock, padded } from '../../kernels/block.ts';
import { packRows, type RowPart, unpackRows } from '../../kernels/packing.ts';
import type { KernelMemory } from '../../kernels/shared-memory.ts';
import { countsSteps, hasFirst, isRowWise, type OptimizerName } from '../../numeric/optimizer.ts';
import type { ModelState } from '../../numeric/state.ts';
import { FactorTable, NO_LANE } from './kernels.generated.ts';

/** Places in a record, in floats. */
interface RecordLayout {
  readonly weights: RowPart;
  /** Width 0: the optimizer has no such moment. Row-wise squares: of the factors, and of the bias. */
  readonly first: RowPart;
  readonly second: RowPart;
  /** u32; width 0: rows do not count their steps. */
  readonly steps: RowPart;
  /** From a record to the next, a multiple of 4. */
  readonly size: number;
}

/**
 * @param stride floats of a row's weights, a multiple of 4
 * @param lazy rows move when their batch does, by their own steps
 */
export function recordLayout(stride: number, optimizer: OptimizerName, lazy: boolean): RecordLayout {
  let size = 0;
  const part = (width: number): RowPart => {
    const from = size;
    size += width;
    return { from, width };
  };
  const weights = part(stride);
  const first = part(hasFirst(optimizer) ? stride : 0);
  const second = part(optimizer === 'sgd' ? 0 : isRowWise(optimizer) ? 2 : stride);
  const steps = part(lazy && countsSteps(optimizer) ? 1 : 0);
  return { weights, first, second, steps, size: padded(size, 4) };
}

/** Lanes of a row's weights, in floats, or null. */
interface RowLanes {
  readonly bias: number | null;
  /** The lane that is always 1 and multiplies the other side's bias. */
  readonly one: number | null;
}

export class RecordTable {
  /** Address of its FactorTable. */
  readonly at: number;
  readonly rows: number;
  /** [rows, layout.size] */
  readonly #records: Float32Array;
  readonly #layout: RecordLayout;

  constructor(memory: KernelMemory, rows: number, layout: RecordLayout, { bias, one }: RowLanes) {
    const { at, data } = memory.f32(rows * layout.size);
    const lane = (place: number | null): number => (place === null ? NO_LANE : place * 4);
    this.at = createBlock(memory, FactorTable, {
      weights: at,
      first: at + 4 * layout.first.from,
      second: at + 4 * layout.second.from,
      steps: at + 4 * layout.steps.from,
      bias: lane(bias),
      constant: lane(one),
    }).at;
    this.rows = rows;
    this.#records = data;
    this.#layout = layout;
    if (one !== null) for (let row = 0; row < rows; row++) data[row * layout.size + one] = 1;
  }

  /** [rows, width] floats `from` … of each row, as a copy. */
  take(from: number, width: number): Float32Array {
    return packRows(this.#records, this.rows, this.#layout.size, [{ from, width }]);
  }

  /** The inverse of `take`. */
  put(values: Float32Array, from: number, width: number): void {
    unpackRows(values, this.#records, this.#layout.size, [{ from, width }]);
  }

  state(name: string): ModelState {
    const floats = this.#floats().map(([part, { from, width }]) => [name + part, this.take(from, width)]);
    const { width, from } = this.#layout.steps;
    const words = this.#words();
    const steps = Uint32Array.from(
      { length: width * this.rows },
      (_, r) => words[r * this.#layout.size + from],
    );
    return { ...(Object.fromEntries(floats) as ModelState), [`${name}.steps`]: steps };
  }

  restore(name: string, state: ModelState): void {
    for (const [part, { from, width }] of this.#floats())
      if (width > 0) this.put(state[name + part] as Float32Array, from, width);
    const { width, from } = this.#layout.steps;
    const words = this.#words();
    const steps = state[`${name}.steps`];
    for (let r = 0; r < width * this.rows; r++) words[r * this.#layout.size + from] = Number(steps[r]);
  }

  #floats(): [string, RowPart][] {
    const { weights, first, second } = this.#layout;
    return Object.entries({ '': weights, '.first': first, '.second': second });
  }

  #words(): Uint32Array {
    const { buffer, byteOffset, length } = this.#records;
    return new Uint32Array(buffer, byteOffset, length);
  }
}
