import type { SparseRows } from '../../numeric/sparse-rows.ts';
import { createBlock, padded } from '../../kernels/block.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Buffer, KernelMemory } from '../../kernels/shared-memory.ts';
import { createOptimizer } from '../../kernels/optimizer-block.ts';
import type { KernelOptimizer } from '../../kernels/optimizer-block.ts';
import { AutoRec, ENTRY, SCRATCH, TILE as TILE_BYTES } from './kernels.generated.ts';

/** Hidden units of a tile. */
export const TILE = TILE_BYTES / 4;

interface Settings {
  readonly dropout: number;
  readonly learningRate: number;
  readonly coupledDecay: number;
}

/** AutoRec's weights, moments and work space in kernel memory, and the block that assembly/autorec.ts reads. */
export class AutoRecMemory {
  readonly tiles: number;
  readonly order: Buffer<Uint32Array>;
  /** [batch] entries of the rows before each one in the batch: to be written before a step. */
  readonly errorStart: Buffer<Uint32Array>;
  readonly rowLoss: Buffer<Float32Array>;
  /** [tiles, features, 32], pads zero. */
  readonly encoder: Buffer<Float32Array>;
  readonly encoderFirst: Buffer<Float32Array>;
  readonly encoderSecond: Buffer<Float32Array>;
  readonly decoder: Buffer<Float32Array>;
  readonly decoderFirst: Buffer<Float32Array>;
  readonly decoderSecond: Buffer<Float32Array>;
  /** [tiles · 32 + features] */
  readonly biases: Buffer<Float32Array>;
  readonly biasesFirst: Buffer<Float32Array>;
  readonly biasesSecond: Buffer<Float32Array>;
  readonly optimizer: KernelOptimizer;
  /** Address of the block. */
  readonly block: number;
  readonly #memory: KernelMemory;
  readonly #mark: number;
  readonly #features: number;
  readonly #hidden: number;

  /** @param rows the training matrix; `batch` ≤ its rows */
  constructor(rows: SparseRows, hidden: number, batch: number, kernels: Kernels, settings: Settings) {
    const { memory, threads } = kernels;
    const features = rows.columns;
    this.#memory = memory;
    this.#mark = memory.mark();
    this.#features = features;
    this.#hidden = hidden;
    this.tiles = Math.ceil(hidden / TILE);
    const table = (): Buffer<Float32Array> => memory.f32(this.tiles * features * TILE);
    const biases = (): Buffer<Float32Array> => memory.f32(this.tiles * TILE + padded(features, 16));
    const activations = (): number => memory.f32(this.tiles * batch * TILE).at;
    [this.encoder, this.encoderFirst, this.encoderSecond] = [table(), table(), table()];
    [this.decoder, this.decoderFirst, this.decoderSecond] = [table(), table(), table()];
    [this.biases, this.biasesFirst, this.biasesSecond] = [biases(), biases(), biases()];
    this.order = memory.u32(rows.rows);
    this.errorStart = memory.u32(batch);
    this.rowLoss = memory.f32(batch);
    const most = mostEntries(rows, batch);
    this.optimizer = createOptimizer(memory, { kind: 'adam', ...settings });
    const { encoder, encoderFirst, encoderSecond, decoder, decoderFirst, decoderSecond } = this;
    this.block = createBlock(memory, AutoRec, {
      features,
      hidden,
      tiles: this.tiles,
      batch,
      start: memory.copyU32(rows.start).at,
      index: memory.copyU32(rows.index).at,
      value: memory.copyF32(rows.value).at,
      encoder: encoder.at,
      encoderFirst: encoderFirst.at,
      encoderSecond: encoderSecond.at,
      decoder: decoder.at,
      decoderFirst: decoderFirst.at,
      decoderSecond: decoderSecond.at,
      biases: this.biases.at,
      biasesFirst: this.biasesFirst.at,
      biasesSecond: this.biasesSecond.at,
      biasesGradient: biases().at,
      hiddenBatch: activations(),
      delta: activations(),
      error: memory.f32(most).at,
      errorStart: this.errorStart.at,
      rowLoss: this.rowLoss.at,
      borders: memory.copyU32(featureBorders(rows, threads)).at,
      listEnd: memory.u32(features).at,
      lists: memory.allocate(most * ENTRY),
      optimizer: this.optimizer.at,
      // The comparison is with 32 random bits.
      threshold: Math.round(settings.dropout * 2 ** 32),
      growth: 1 / (1 - settings.dropout),
      scratch: memory.allocate(threads * SCRATCH),
    }).at;
  }

  /** A table as [features, hidden]: a copy. */
  rowsOf(table: Buffer<Float32Array>): Float32Array {
    const out = new Float32Array(this.#features * this.#hidden);
    this.#eachTile((at, from, width) => out.set(table.data.subarray(at, at + width), from));
    return out;
  }

  /** Writes row `feature` of a table, `hidden` values, at `to` of `out`. */
  readRow(table: Buffer<Float32Array>, feature: number, out: Float32Array, to: number): void {
    for (let t = 0; t < this.tiles; t++) {
      const at = (t * this.#features + feature) * TILE;
      const width = Math.min(TILE, this.#hidden - t * TILE);
      out.set(table.data.subarray(at, at + width), to + t * TILE);
    }
  }

  /** Writes [features, hidden] into a table. */
  setTiles(table: Buffer<Float32Array>, rows: Float32Array): void {
    this.#eachTile((at, from, width) => table.data.set(rows.subarray(from, from + width), at));
  }

  /** Writes a table from rows that `fill` makes one after the other. */
  fillTiles(table: Buffer<Float32Array>, fill: (rows: Float32Array) => unknown): void {
    const row = new Float32Array(this.#hidden);
    for (let f = 0; f < this.#features; f++) {
      fill(row);
      for (let t = 0; t < this.tiles; t++)
        table.data.set(row.subarray(t * TILE, (t + 1) * TILE), (t * this.#features + f) * TILE);
    }
  }

  #eachTile(visit: (at: number, from: number, width: number) => void): void {
    for (let t = 0; t < this.tiles; t++) {
      const width = Math.min(TILE, this.#hidden - t * TILE);
      for (let f = 0; f < this.#features; f++)
        visit((t * this.#features + f) * TILE, f * this.#hidden + t * TILE, width);
    }
  }

  /** The view of μ [hidden]. */
  hiddenBias(biases: Buffer<Float32Array>): Float32Array {
    return biases.data.subarray(0, this.#hidden);
  }

  /** The view of b [features]. */
  outputBias(biases: Buffer<Float32Array>): Float32Array {
    return biases.data.subarray(this.tiles * TILE, this.tiles * TILE + this.#features);
  }

  dispose(): void {
    this.#memory.release(this.#mark);
  }
}

/** [threads + 1] features of each thread: equal parts of the work (entries, and a constant for Adam). */
function featureBorders(rows: SparseRows, threads: number): Uint32Array {
  const features = rows.columns;
  const start = new Uint32Array(features + 1);
  for (const feature of rows.index) start[feature + 1]++;
  for (let f = 0; f < features; f++) start[f + 1] += start[f];
  // Adam on a feature costs about as much as the sums over 100 entries of an epoch.
  const cost = (f: number): number => start[f] + 100 * f;
  const borders = new Uint32Array(threads + 1).fill(features);
  borders[0] = 0;
  for (let t = 1, f = 0; t < threads; t++) {
    while (f < features && cost(f) < (cost(features) * t) / threads) f++;
    borders[t] = Math.min(features, Math.ceil(f / 16) * 16);
  }
  return borders;
}

/** Entries of the `batch` longest rows. */
function mostEntries(rows: SparseRows, batch: number): number {
  const lengths = Uint32Array.from({ length: rows.rows }, (_, r) => rows.start[r + 1] - rows.start[r]);
  return lengths
    .sort()
    .subarray(-batch)
    .reduce((sum, length) => sum + length, 0);
}
