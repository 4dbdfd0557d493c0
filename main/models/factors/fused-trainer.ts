/** The fused form of the factor models, by batches: tables of user and item rows, and the kernels that move them. */
import type { Ratings } from '../../ratings/ratings.ts';
import { epochKey, orderBits } from '../../numeric/batch-order.ts';
import type { TrainingSettings } from '../../model/training-settings.ts';
import { createBlock, padded, type Block, type Layout } from '../../kernels/block.ts';
import type { Kernel, Kernels } from '../../kernels/kernels.ts';
import type { KernelMemory } from '../../kernels/memory.ts';
import type { Scorer, TrainableModel } from '../../model/model.ts';
import { createOptimizer, optimizerSettings, type KernelOptimizer } from '../../kernels/optimizer.ts';
import { packRows, unpackRows } from '../../kernels/packing.ts';
import { createTableArrays, type TableArrays } from '../../kernels/table.ts';
import type { ModelState } from '../../numeric/state.ts';
import { sortWithinUsers } from '../../ratings/matrices.ts';
import {
  type Factors,
  FactorTable,
  NO_LANE,
  orderCount,
  orderPlaces,
  orderScatter,
} from './kernels.generated.ts';

/** A training call takes about this long: progress and cancel come between calls. */
const SLICE_MS = 15;
/** Samples that a thread orders in one call. */
const ORDER_SLICE = 1 << 18;

type SharedField = keyof typeof Factors.fields;

/** Places in the rows of the two tables; null: the lane is not there. */
export interface RowLayout {
  /** Factors, from the row's first float on. */
  readonly size: number;
  readonly userBias: number | null;
  readonly itemBias: number | null;
  /** The lane that is always 1 and multiplies the other side's bias. */
  readonly userOne: number | null;
  readonly itemOne: number | null;
  /** Floats of a row, a multiple of 4. */
  readonly stride: number;
}

type FactorLayout = Layout<SharedField>;
type FieldOf<L extends FactorLayout> = SharedField | (keyof L['fields'] & string);

/** @template L the layout of the model's block, which extends that of `Factors` */
export interface FactorOptions<L extends FactorLayout> {
  readonly train: Ratings;
  readonly seed: number;
  readonly rows: RowLayout;
  readonly settings: Omit<TrainingSettings, 'negatives'>;
  /** Samples of each row of the ratings. */
  readonly copies: number;
  /** Trains on batches `from` … `to` − 1. */
  readonly kernel: Kernel<'block' | 'from' | 'to'>;
  readonly layout: L;
  /** The fields of the block that are the model's own. */
  readonly own: (memory: KernelMemory) => Readonly<Record<Exclude<FieldOf<L>, SharedField>, number>>;
  /** Called before each epoch (from 0). */
  readonly beforeEpoch?: (block: Block<FieldOf<L>>, epoch: number) => void;
  /** Ratings are part of the loss: they travel with the samples. */
  readonly rated: boolean;
  /** Items of each user ascending (binary search). */
  readonly sortItems?: boolean;
  /** What the model stores and scores with, of the trainer's weights. */
  readonly weights: (all: FactorWeights) => ModelState;
  readonly scorer: (weights: ModelState) => Scorer;
}

/** `users` and `items` [rows, size], `userBias` and `itemBias` [rows], zero where there is no bias. */
export type FactorWeights = Record<'users' | 'items' | 'userBias' | 'itemBias', Float32Array>;

export class FactorTrainer<L extends FactorLayout> implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly #users: TableArrays;
  readonly #items: TableArrays;
  readonly #kernels: Kernels;
  /** Not the ratings: they are in kernel memory, and their arrays may go. */
  readonly #options: Omit<FactorOptions<L>, 'train' | 'own'>;
  readonly #block: Block<FieldOf<L>>;
  readonly #optimizer: KernelOptimizer;
  readonly #mark: number;
  readonly #batchCount: number;
  /** Epochs done; with the seed it is the whole state of the shuffle and the draws. */
  #epochs = 0;
  #batchesPerCall = 4;

  constructor(kernels: Kernels, options: FactorOptions<L>) {
    const { train, own, ...rest } = options;
    const { rows: layout, settings, copies } = rest;
    const { memory, threads } = kernels;
    this.#kernels = kernels;
    this.#options = rest;
    this.#mark = memory.mark();
    const n = train.item.length * copies;
    if (n > 0xffff0000) throw new RangeError(`${n} examples an epoch are more than the kernels can number.`);
    const batchSize = Math.max(1, Math.min(settings.batchSize, n));
    this.examplesPerEpoch = n;
    this.#batchCount = Math.ceil(n / batchSize);
    const { optimizer = 'adam', mode } = settings.optimizer;
    const tableOf = (rows: number): TableArrays =>
      createTableArrays(memory, rows, layout.stride, optimizer, mode === 'dense' ? 0 : rows);
    this.#users = tableOf(train.userCount);
    this.#items = tableOf(train.itemCount);
    this.#optimizer = createOptimizer(memory, optimizerSettings(settings.optimizer));
    const items = memory.copyU32(train.item);
    if (options.sortItems) sortWithinUsers(items.data, train);
    const heads = memory.u32(train.itemCount);
    heads.data.fill(0xffffffff);
    const bits = orderBits(n);
    const gradientBytes = padded(layout.stride, 16) * 4;
    const shared: Record<SharedField, number> = {
      userCount: train.userCount,
      itemCount: train.itemCount,
      rowBytes: layout.stride * 4,
      sampleCount: n,
      copies,
      batchSize,
      batchCount: this.#batchCount,
      start: memory.copyU32(train.start).at,
      item: items.at,
      value: options.rated ? memory.copyF32(train.value).at : 0,
      userBounds: memory.copyU32(balancedBounds(train.start, threads)).at,
      itemBounds: memory.copyU32(itemBounds(train, threads)).at,
      batchOf: memory.u32(n).at,
      cursor: memory.u32(threads * this.#batchCount).at,
      sampleUser: memory.u32(n).at,
      sampleItem: memory.u32(n).at,
      sampleValue: options.rated ? memory.f32(n).at : 0,
      users: tableBlock(memory, this.#users, layout.userOne),
      items: tableBlock(memory, this.#items, layout.itemOne),
      optimizer: this.#optimizer.at,
      dense: mode === 'dense' ? 1 : 0,
      stepsDone: 0,
      slope: memory.f32(batchSize).at,
      loss: memory.f32(batchSize).at,
      negative: memory.u32(batchSize).at,
      oldUsers: memory.f32(batchSize * layout.stride).at,
      head: heads.at,
      next: memory.u32(2 * batchSize).at,
      touched: memory.u32(train.itemCount).at,
      gradient: memory.allocate(threads * gradientBytes),
      gradientBytes,
      orderKey: 0,
      leftBits: bits.left,
      rightBits: bits.right,
      lossSum: 0,
      oldRow: memory.u32(batchSize).at,
      zeroRow: memory.f32(layout.stride).at,
      spare: memory.u32(16 * threads).at,
    };
    this.#block = createBlock<FieldOf<L>>(
      memory,
      options.layout as Layout<FieldOf<L>>,
      { ...shared, ...own(memory) } as Record<FieldOf<L>, number>,
    );
    fillLane(this.#users.values.data, layout.stride, layout.userOne);
    fillLane(this.#items.values.data, layout.stride, layout.itemOne);
  }

  /** One pass over the samples in a new order; the mean loss. `tick` is awaited between slices. */
  async trainEpoch(_epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const { seed, settings, kernel, beforeEpoch } = this.#options;
    const block = this.#block;
    const kernels = this.#kernels;
    const n = this.examplesPerEpoch;
    if (n === 0) return { loss: 0 };
    this.#optimizer.setLearningRate(settings.optimizer.learningRate * settings.rateFactor(this.#epochs + 1));
    block.set('orderKey', epochKey(seed, 'shuffle', this.#epochs));
    beforeEpoch?.(block, this.#epochs);
    await this.#order(tick);
    block.set('lossSum', 0);
    for (let from = 0; from < this.#batchCount;) {
      const to = Math.min(this.#batchCount, from + this.#batchesPerCall);
      block.set('stepsDone', this.#epochs * this.#batchCount + from);
      const start = performance.now();
      kernels.run(kernel, { block: block.at, from, to });
      const taken = Math.max(0.05, performance.now() - start);
      const fitting = Math.round(((to - from) * SLICE_MS) / taken);
      this.#batchesPerCall = Math.max(1, Math.min(2 * this.#batchesPerCall, fitting));
      from = to;
      await tick(Math.min(n, from * Math.ceil(n / this.#batchCount)));
    }
    this.#epochs++;
    return { loss: block.get('lossSum') / n };
  }

  async #order(tick: (done: number) => Promise<void>): Promise<void> {
    const parts = Math.max(1, Math.ceil(this.examplesPerEpoch / ORDER_SLICE / this.#kernels.threads));
    const block = this.#block.at;
    for (let part = 0; part < parts; part++) {
      this.#kernels.run(orderCount, { block, part, parts });
      if (parts > 1) await tick(0);
    }
    this.#kernels.run(orderPlaces, { block });
    for (let part = 0; part < parts; part++) {
      this.#kernels.run(orderScatter, { block, part, parts });
      if (parts > 1) await tick(0);
    }
  }

  weights(): ModelState {
    const { size, userBias, itemBias, stride } = this.#options.rows;
    const copy = (table: TableArrays, from: number | null, width: number): Float32Array => {
      const rows = table.values.data.length / stride;
      return from === null
        ? new Float32Array(rows)
        : packRows(table.values.data, rows, stride, [{ from, width }]);
    };
    return this.#options.weights({
      users: copy(this.#users, 0, size),
      items: copy(this.#items, 0, size),
      userBias: copy(this.#users, userBias, 1),
      itemBias: copy(this.#items, itemBias, 1),
    });
  }

  scorer(): Scorer {
    return this.#options.scorer(this.weights());
  }

  /** Takes `weights()` back, or a part of them. */
  restoreWeights(weights: ModelState): void {
    const { size, userBias, itemBias, stride } = this.#options.rows;
    const set = (name: string, table: TableArrays, from: number | null, width: number): void => {
      if (from === null || !(name in weights)) return;
      unpackRows(weights[name] as Float32Array, table.values.data, stride, [{ from, width }]);
    };
    set('users', this.#users, 0, size);
    set('items', this.#items, 0, size);
    set('userBias', this.#users, userBias, 1);
    set('itemBias', this.#items, itemBias, 1);
  }

  state(): ModelState {
    return {
      ...this.#users.state('users'),
      ...this.#items.state('items'),
      epochs: Uint32Array.of(this.#epochs),
    };
  }

  restore(state: ModelState): void {
    this.#users.restore('users', state);
    this.#items.restore('items', state);
    this.#epochs = Number(state['epochs'][0]);
  }

  /** Gives the memory back. Nothing that was allocated later may be in use. */
  dispose(): void {
    this.#kernels.memory.release(this.#mark);
  }
}

/** @param one place of the lane that is always 1, or null */
function tableBlock(memory: KernelMemory, table: TableArrays, one: number | null): number {
  return createBlock(memory, FactorTable, {
    weights: table.values.at,
    first: table.first.at,
    second: table.second.at,
    steps: table.steps.at,
    constant: one === null ? NO_LANE : one * 4,
  }).at;
}

function fillLane(values: Float32Array, stride: number, lane: number | null): void {
  for (let at = lane ?? values.length; at < values.length; at += stride) values[at] = 1;
}

/** Bounds [threads + 1] that cut rows into ranges of about equal weight; `start` is a CSR index of the weights. */
export function balancedBounds(start: Uint32Array, threads: number): Uint32Array {
  const rows = start.length - 1;
  const bounds = new Uint32Array(threads + 1).fill(rows);
  bounds[0] = 0;
  for (let row = 0, thread = 1; row < rows && thread < threads; row++)
    while (thread < threads && start[row] >= (start[rows] * thread) / threads) bounds[thread++] = row;
  return bounds;
}

/** By how often an item is in the train part, and once more: negatives are spread over all. */
function itemBounds(train: Ratings, threads: number): Uint32Array {
  const start = new Uint32Array(train.itemCount + 1);
  const spread = Math.ceil(train.item.length / Math.max(1, train.itemCount) / 2);
  for (const item of train.item) start[item + 1]++;
  for (let i = 0; i < train.itemCount; i++) start[i + 1] += start[i] + spread;
  return balancedBounds(start, threads);
}
