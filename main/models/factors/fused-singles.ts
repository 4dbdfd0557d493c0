/** The fused form of the factor models, one sample a step: cells of users and items that threads take at once. */
import { createBlock, type Block, type Layout } from '../../kernels/block.ts';
import type { Kernel, Kernels } from '../../kernels/kernels.ts';
import type { KernelMemory } from '../../kernels/shared-memory.ts';
import { blockCount, itemBlocks, userBlocks } from './cells.ts';
import { FactorTables, type TableOptions } from './fused-tables.ts';
import { type Singles, singlesCount, singlesPlaces, singlesScatter } from './kernels.generated.ts';

/** Samples that a thread takes in one call, well under 50 ms. */
const SLICE = 1 << 17;

type SharedField = keyof typeof Singles.fields;
type SinglesLayout = Layout<SharedField>;
type FieldOf<L extends SinglesLayout> = SharedField | (keyof L['fields'] & string);

/** @template L the layout of the model's block, which extends that of `Singles` */
export interface SinglesOptions<L extends SinglesLayout> extends TableOptions {
  /** Trains on part `part` of `parts` of the cells of a round. */
  readonly kernel: Kernel<'block' | 'round' | 'part' | 'parts'>;
  readonly layout: L;
  /** The fields of the block that are the model's own. */
  readonly own: (
    memory: KernelMemory,
    shared: Readonly<Record<SharedField, number>>,
  ) => Readonly<Record<Exclude<FieldOf<L>, SharedField>, number>>;
  /** Epochs for which items stay in their blocks. */
  readonly dealEvery: number;
  /** Called before each epoch (from 0). */
  readonly beforeEpoch?: (epoch: number) => void;
}

export class SinglesTrainer<L extends SinglesLayout> extends FactorTables {
  readonly #options: Pick<SinglesOptions<L>, 'seed' | 'settings' | 'kernel' | 'dealEvery' | 'beforeEpoch'>;
  readonly #block: Block<FieldOf<L>>;
  readonly #blocks: number;
  readonly #items: Record<'blockOf' | 'items' | 'start', { readonly data: Uint8Array | Uint32Array }>;
  readonly #losses: Float64Array;
  /** The deal that the order in memory is of. */
  #dealt = -1;

  constructor(kernels: Kernels, options: SinglesOptions<L>) {
    super(kernels, options);
    const { train, own, layout, rows, rated, seed, settings, kernel, dealEvery, beforeEpoch } = options;
    const { memory } = kernels;
    this.#options = { seed, settings, kernel, dealEvery, ...(beforeEpoch && { beforeEpoch }) };
    const blocks = blockCount(train, rows.size);
    this.#blocks = blocks;
    const n = train.item.length;
    const [blockOf, items, start] = [
      memory.u8(train.itemCount),
      memory.u32(train.itemCount),
      memory.u32(blocks + 1),
    ];
    this.#items = { blockOf, items, start };
    const losses = memory.f64(blocks);
    this.#losses = losses.data;
    const shared: Record<SharedField, number> = {
      ...this.shared,
      blocks,
      userBlock: memory.copyU32(userBlocks(train, blocks)).at,
      itemBlock: blockOf.at,
      blockItems: items.at,
      blockStart: start.at,
      cellEnd: memory.u32(blocks * blocks).at,
      runEnd: memory.u32(blocks * train.userCount).at,
      sampleItem: memory.u32(n).at,
      sampleValue: rated ? memory.f32(n).at : 0,
      losses: losses.at,
      taken: 0,
    };
    this.#block = createBlock<FieldOf<L>>(
      memory,
      layout as Layout<FieldOf<L>>,
      { ...shared, ...own(memory, shared) } as Record<FieldOf<L>, number>,
    );
  }

  async trainEpoch(_epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const n = this.examplesPerEpoch;
    if (n === 0) return { loss: 0 };
    const { settings, kernel, dealEvery, beforeEpoch } = this.#options;
    const { epochs, kernels } = this;
    const block = this.#block.at;
    const blocks = this.#blocks;
    this.optimizer.setLearningRate(settings.optimizer.learningRate * settings.rateFactor(epochs + 1));
    const parts = Math.max(1, Math.ceil(n / (SLICE * Math.min(kernels.threads, blocks))));
    await this.#order(Math.floor(epochs / dealEvery), parts, tick);
    beforeEpoch?.(epochs);
    const partsOfRound = Math.ceil(parts / blocks);
    this.#losses.fill(0);
    for (let round = 0; round < blocks; round++)
      for (let part = 0; part < partsOfRound; part++) {
        this.#block.set('taken', 0);
        kernels.run(kernel, { block, round, part, parts: partsOfRound });
        await tick(Math.floor((n * (round + (part + 1) / partsOfRound)) / blocks));
      }
    this.epochs++;
    return { loss: this.#losses.reduce((sum, part) => sum + part, 0) / n };
  }

  /** Deals the items to blocks and the rows to cells, unless they are there from the epoch before. */
  async #order(deal: number, parts: number, tick: (done: number) => Promise<void>): Promise<void> {
    if (deal === this.#dealt) return;
    this.#dealt = -1;
    const { kernels } = this;
    const block = this.#block.at;
    const dealt = itemBlocks(this.shared.itemCount, this.#blocks, this.#options.seed, deal);
    for (const [name, { data }] of Object.entries(this.#items)) data.set(dealt[name as keyof typeof dealt]);
    for (let part = 0; part < parts; part++) kernels.run(singlesCount, { block, part, parts });
    kernels.run(singlesPlaces, { block });
    for (let part = 0; part < parts; part++) {
      kernels.run(singlesScatter, { block, part, parts });
      if (parts > 1) await tick(0);
    }
    this.#dealt = deal;
  }
}
