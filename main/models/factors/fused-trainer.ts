/** The fused form of the factor models, by batches: tables of user and item rows, and the kernels that move them. */
import type { Ratings } from '../../ratings/ratings.ts';
import { epochKey, orderBits } from '../../numeric/batch-order.ts';
import { createBlock, type Block, type Layout } from '../../kernels/block.ts';
import type { Kernel, Kernels } from '../../kernels/kernels.ts';
import type { KernelMemory } from '../../kernels/shared-memory.ts';
import { balancedBounds } from './bounds.ts';
import { FactorTables, type TableOptions } from './fused-tables.ts';
import { type Factors, orderCount, orderPlaces, orderScatter } from './kernels.generated.ts';

/** A training call takes about this long: progress and cancel come between calls. */
const SLICE_MS = 15;
/** Samples that a thread orders in one call. */
const ORDER_SLICE = 1 << 18;

type SharedField = keyof typeof Factors.fields;

type FactorLayout = Layout<SharedField>;
type FieldOf<L extends FactorLayout> = SharedField | (keyof L['fields'] & string);

/** @template L the layout of the model's block, which extends that of `Factors` */
export interface FactorOptions<L extends FactorLayout> extends TableOptions {
  /** Trains on batches `from` … `to` − 1. */
  readonly kernel: Kernel<'block' | 'from' | 'to'>;
  readonly layout: L;
  /** The fields of the block that are the model's own. */
  readonly own: (
    memory: KernelMemory,
    shared: Readonly<Record<SharedField, number>>,
  ) => Readonly<Record<Exclude<FieldOf<L>, SharedField>, number>>;
  /** Called before each epoch (from 0). */
  readonly beforeEpoch?: (epoch: number) => void;
}

export class FactorTrainer<L extends FactorLayout> extends FactorTables {
  readonly #options: Pick<FactorOptions<L>, 'seed' | 'settings' | 'kernel' | 'beforeEpoch'>;
  readonly #block: Block<FieldOf<L>>;
  readonly #batchCount: number;
  #batchesPerCall = 4;

  constructor(kernels: Kernels, options: FactorOptions<L>) {
    super(kernels, options);
    const { train, own, layout, rows, rated, seed, settings, kernel, beforeEpoch } = options;
    const { memory, threads } = kernels;
    this.#options = { seed, settings, kernel, ...(beforeEpoch && { beforeEpoch }) };
    const n = this.examplesPerEpoch;
    const batchSize = Math.max(1, Math.min(settings.batchSize, n));
    this.#batchCount = Math.ceil(n / batchSize);
    const heads = memory.u32(train.itemCount);
    heads.data.fill(0xffffffff);
    const bits = orderBits(n);
    const shared: Record<SharedField, number> = {
      ...this.shared,
      batchSize,
      batchCount: this.#batchCount,
      userBounds: memory.copyU32(balancedBounds(train.start, threads)).at,
      itemBounds: memory.copyU32(itemBounds(train, threads)).at,
      batchOf: memory.u32(n).at,
      cursor: memory.u32(threads * this.#batchCount).at,
      sampleUser: memory.u32(n).at,
      sampleItem: memory.u32(n).at,
      sampleValue: rated ? memory.f32(n).at : 0,
      stepsDone: 0,
      slope: memory.f32(batchSize).at,
      loss: memory.f32(batchSize).at,
      negative: memory.u32(batchSize).at,
      oldUsers: memory.f32(batchSize * rows.stride).at,
      head: heads.at,
      next: memory.u32(2 * batchSize).at,
      touched: memory.u32(train.itemCount).at,
      orderKey: 0,
      leftBits: bits.left,
      rightBits: bits.right,
      lossSum: 0,
      oldRow: memory.u32(batchSize).at,
      zeroRow: memory.f32(rows.stride).at,
      spare: memory.u32(16 * threads).at,
    };
    this.#block = createBlock<FieldOf<L>>(
      memory,
      layout as Layout<FieldOf<L>>,
      { ...shared, ...own(memory, shared) } as Record<FieldOf<L>, number>,
    );
  }

  /** One pass over the samples in a new order; the mean loss. `tick` is awaited between slices. */
  async trainEpoch(_epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const { seed, settings, kernel, beforeEpoch } = this.#options;
    const block = this.#block;
    const kernels = this.kernels;
    const n = this.examplesPerEpoch;
    if (n === 0) return { loss: 0 };
    this.optimizer.setLearningRate(settings.optimizer.learningRate * settings.rateFactor(this.epochs + 1));
    block.set('orderKey', epochKey(seed, 'shuffle', this.epochs));
    beforeEpoch?.(this.epochs);
    await this.#order(tick);
    block.set('lossSum', 0);
    for (let from = 0; from < this.#batchCount;) {
      const to = Math.min(this.#batchCount, from + this.#batchesPerCall);
      block.set('stepsDone', this.epochs * this.#batchCount + from);
      const start = performance.now();
      kernels.run(kernel, { block: block.at, from, to });
      const taken = Math.max(0.05, performance.now() - start);
      const fitting = Math.round(((to - from) * SLICE_MS) / taken);
      this.#batchesPerCall = Math.max(1, Math.min(2 * this.#batchesPerCall, fitting));
      from = to;
      await tick(Math.min(n, from * Math.ceil(n / this.#batchCount)));
    }
    this.epochs++;
    return { loss: block.get('lossSum') / n };
  }

  async #order(tick: (done: number) => Promise<void>): Promise<void> {
    const parts = Math.max(1, Math.ceil(this.examplesPerEpoch / ORDER_SLICE / this.kernels.threads));
    const block = this.#block.at;
    for (let part = 0; part < parts; part++) {
      this.kernels.run(orderCount, { block, part, parts });
      if (parts > 1) await tick(0);
    }
    this.kernels.run(orderPlaces, { block });
    for (let part = 0; part < parts; part++) {
      this.kernels.run(orderScatter, { block, part, parts });
      if (parts > 1) await tick(0);
    }
  }
}

/** By how often an item is in the train part, and once more: negatives are spread over all. */
function itemBounds(train: Ratings, threads: number): Uint32Array {
  const start = new Uint32Array(train.itemCount + 1);
  const spread = Math.ceil(train.item.length / Math.max(1, train.itemCount) / 2);
  for (const item of train.item) start[item + 1]++;
  for (let i = 0; i < train.itemCount; i++) start[i + 1] += start[i] + spread;
  return balancedBounds(start, threads);
}
