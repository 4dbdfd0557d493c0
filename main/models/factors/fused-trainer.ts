/** Trains tables of user and item rows with the kernels of assembly/factors.ts: what MF and BPR share. */
import type { Ratings } from '../../ratings/ratings.ts';
import { epochKey, orderBits } from '../../numeric/batch-order.ts';
import type { TrainingSettings } from '../../model/training-settings.ts';
import { createBlock, floatWord, padded, type Block } from '../../kernels/block.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { createOptimizer, optimizerSettings, type KernelOptimizer } from '../../kernels/optimizer.ts';
import { packRows, unpackRows } from '../../kernels/packing.ts';
import { createTableArrays, type TableArrays } from '../../kernels/table.ts';
import type { ModelState } from '../../numeric/state.ts';
import { sortWithinUsers } from '../../ratings/matrices.ts';

/** A training call takes about this long: progress and cancel come between calls. */
const SLICE_MS = 15;
/** Samples that a thread orders in one call. */
const ORDER_SLICE = 1 << 18;
/** No lane of a row is constant. */
const NO_LANE = 0xffffffff;

/** Places in the rows of the two tables; null: the lane is not there. */
export interface FactorLayout {
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

export interface FactorOptions {
  readonly train: Ratings;
  readonly seed: number;
  readonly layout: FactorLayout;
  readonly settings: Omit<TrainingSettings, 'negatives'>;
  /** Samples of each row of the ratings. */
  readonly copies: number;
  /** Name of the kernel that trains on batches. */
  readonly kernel: 'mfBatches' | 'bprBatches';
  /** Ratings are part of the loss: they travel with the samples. */
  readonly rated: boolean;
  /** Items of each user ascending (binary search). */
  readonly sortItems?: boolean;
  readonly mean?: number;
  /** Words of the block after the shared ones. */
  readonly own?: Record<string, number>;
}

export class FactorTrainer {
  readonly examplesPerEpoch: number;
  readonly #users: TableArrays;
  readonly #items: TableArrays;
  readonly #kernels: Kernels;
  /** Not the ratings: they are in kernel memory, and their arrays may go. */
  readonly #options: Pick<FactorOptions, 'seed' | 'settings' | 'kernel' | 'layout'>;
  readonly #block: Block<string>;
  readonly #optimizer: KernelOptimizer;
  readonly #lossSum: Float64Array;
  readonly #mark: number;
  readonly #batchCount: number;
  /** Epochs done; with the seed it is the whole state of the shuffle and the draws. */
  #epochs = 0;
  #batchesPerCall = 4;

  constructor(kernels: Kernels, options: FactorOptions) {
    const { train, layout, settings, copies } = options;
    const { memory, threads } = kernels;
    this.#kernels = kernels;
    this.#options = { seed: options.seed, settings, kernel: options.kernel, layout };
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
    const head = {
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
    };
    const tables = {
      users: this.#users.values.at,
      usersFirst: this.#users.first.at,
      usersSecond: this.#users.second.at,
      usersSteps: this.#users.steps.at,
      items: this.#items.values.at,
      itemsFirst: this.#items.first.at,
      itemsSecond: this.#items.second.at,
      itemsSteps: this.#items.steps.at,
    };
    const rest = {
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
      gradient: memory.f32(threads * padded(layout.stride, 16)).at,
      orderKey: 0,
      leftBits: bits.left,
      rightBits: bits.right,
      mean: floatWord(options.mean ?? 0),
      userConstant: (layout.userOne ?? NO_LANE / 4) * 4,
      itemConstant: (layout.itemOne ?? NO_LANE / 4) * 4,
      userOne: floatWord(1),
      itemOne: floatWord(1),
      lossSum: 0,
      lossSumHigh: 0,
      oldRow: memory.u32(batchSize).at,
      zeroRow: memory.f32(layout.stride).at,
      spare: memory.u32(16 * threads).at,
      unused: 0,
    };
    this.#block = createBlock(memory, { ...head, ...tables, ...rest, ...options.own });
    this.#lossSum = new Float64Array(memory.memory.buffer, this.#block.at + 176, 1);
    fillLane(this.#users.values.data, layout.stride, layout.userOne);
    fillLane(this.#items.values.data, layout.stride, layout.itemOne);
  }

  /** One pass over the samples in a new order; the mean loss. `tick` is awaited between slices. */
  async trainEpoch(tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const { seed, settings, kernel } = this.#options;
    const kernels = this.#kernels;
    const n = this.examplesPerEpoch;
    if (n === 0) return { loss: 0 };
    this.#optimizer.setLearningRate(settings.optimizer.learningRate * settings.rateFactor(this.#epochs + 1));
    this.#block.set('orderKey', epochKey(seed, 'shuffle', this.#epochs));
    if (kernel === 'bprBatches') this.#block.set('negativeKey', epochKey(seed, 'negatives', this.#epochs));
    await this.#order(tick);
    this.#lossSum[0] = 0;
    for (let from = 0; from < this.#batchCount;) {
      const to = Math.min(this.#batchCount, from + this.#batchesPerCall);
      this.#block.set('stepsDone', this.#epochs * this.#batchCount + from);
      const start = performance.now();
      kernels.run(kernel, this.#block.at, from, to);
      const taken = Math.max(0.05, performance.now() - start);
      const fitting = Math.round(((to - from) * SLICE_MS) / taken);
      this.#batchesPerCall = Math.max(1, Math.min(2 * this.#batchesPerCall, fitting));
      from = to;
      await tick(Math.min(n, from * Math.ceil(n / this.#batchCount)));
    }
    this.#epochs++;
    return { loss: this.#lossSum[0] / n };
  }

  async #order(tick: (done: number) => Promise<void>): Promise<void> {
    const parts = Math.max(1, Math.ceil(this.examplesPerEpoch / ORDER_SLICE / this.#kernels.threads));
    const { at } = this.#block;
    for (let part = 0; part < parts; part++) {
      this.#kernels.run('orderCount', at, part, parts);
      if (parts > 1) await tick(0);
    }
    this.#kernels.run('orderPlaces', at);
    for (let part = 0; part < parts; part++) {
      this.#kernels.run('orderScatter', at, part, parts);
      if (parts > 1) await tick(0);
    }
  }

  /** Copies `users` and `items` [rows, size], `userBias` and `itemBias` [rows], zero where there is no bias. */
  weights(): Record<'users' | 'items' | 'userBias' | 'itemBias', Float32Array> {
    const { size, userBias, itemBias, stride } = this.#options.layout;
    const copy = (table: TableArrays, from: number | null, width: number): Float32Array => {
      const rows = table.values.data.length / stride;
      return from === null
        ? new Float32Array(rows)
        : packRows(table.values.data, rows, stride, [{ from, width }]);
    };
    return {
      users: copy(this.#users, 0, size),
      items: copy(this.#items, 0, size),
      userBias: copy(this.#users, userBias, 1),
      itemBias: copy(this.#items, itemBias, 1),
    };
  }

  /** Takes `weights()` back, or a part of them. */
  setWeights(weights: ModelState): void {
    const { size, userBias, itemBias, stride } = this.#options.layout;
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
