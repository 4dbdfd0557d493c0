/** What the networks that train in shards share (NeuMF, Caser): dense weights, losses, random streams, the epoch's loop. */
import type { TrainingSettings } from '../../model/training-settings.ts';
import type { Block } from '../../kernels/block.ts';
import type { Kernel, Kernels } from '../../kernels/kernels.ts';
import { createOptimizer, optimizerSettings } from '../../kernels/optimizer-block.ts';
import { streamState } from '../../kernels/splitmix.ts';
import { inSlices } from '../../kernels/in-slices.ts';
import type { KernelTable } from '../../kernels/kernel-table.ts';
import type { ModelState } from '../../numeric/state.ts';

/** A batch is always cut into so many shards: the sums, and so the bits, do not depend on the threads. */
export const SHARDS = 8;

export interface ShardedOptions {
  readonly seed: number;
  readonly settings: Pick<TrainingSettings, 'optimizer' | 'rateFactor'>;
  /** Floats of the dense weights, a multiple of 16. */
  readonly size: number;
}

/** An epoch of a network: `kernel` trains on batches `first` … `first + count − 1` of the order that its keys make. */
export interface ShardedEpoch {
  readonly epoch: number;
  readonly batches: number;
  readonly kernel: Kernel<'block' | 'first' | 'count'>;
  readonly block: Block<'keyLow' | 'keyHigh' | 'batches'>;
  /** After a slice, with the batches that are done. */
  readonly tick: (done: number) => Promise<void>;
}

export class ShardedTraining {
  /** Dense weights. */
  readonly weights: Float32Array;
  /** Its fields of the block. */
  readonly words;
  readonly #kernels: Kernels;
  readonly #options: ShardedOptions;
  readonly #arrays: Record<string, { readonly data: Float32Array | Uint32Array }>;
  readonly #losses: Float64Array;
  readonly #optimizer;
  /** Batches done in all epochs. */
  #batches = 0;

  constructor(kernels: Kernels, options: ShardedOptions) {
    const { memory } = kernels;
    const { seed, size } = options;
    this.#kernels = kernels;
    this.#options = options;
    const [weights, first, second] = [memory.f32(size), memory.f32(size), memory.f32(size)];
    const random = memory.u32(2 * SHARDS);
    for (let s = 0; s < SHARDS; s++) random.data.set(streamState(seed, 'negatives', s), 2 * s);
    const losses = memory.f64(SHARDS);
    this.weights = weights.data;
    this.#losses = losses.data;
    this.#arrays = { dense: weights, 'dense.first': first, 'dense.second': second, random };
    this.#optimizer = createOptimizer(memory, optimizerSettings(options.settings.optimizer));
    this.words = {
      optimizer: this.#optimizer.at,
      weights: weights.at,
      first: first.at,
      second: second.at,
      weightBytes: size * 4,
      shardGradients: memory.allocate(SHARDS * size * 4),
      losses: losses.at,
      random: random.at,
    };
  }

  /** The sum of the batches' losses. */
  async trainEpoch({ epoch, batches, kernel, block, tick }: ShardedEpoch): Promise<number> {
    const { seed, settings } = this.#options;
    this.#optimizer.setLearningRate(settings.optimizer.learningRate * settings.rateFactor(epoch));
    const [low, high] = streamState(seed, 'shuffle', epoch);
    block.set('keyLow', low);
    block.set('keyHigh', high);
    this.takeLoss();
    const step = (first: number, count: number): void => {
      block.set('batches', this.#batches);
      this.#kernels.run(kernel, { block: block.at, first, count });
      this.#batches += count;
    };
    await inSlices(batches, step, tick);
    return this.takeLoss();
  }

  /** Sum of the losses of all shards so far, and zero it. */
  takeLoss(): number {
    const sum = this.#losses.reduce((total, part) => total + part, 0);
    this.#losses.fill(0);
    return sum;
  }

  /** @param more streams of the network's own */
  state(tables: Record<string, KernelTable>, more: Record<string, Uint32Array> = {}): ModelState {
    const arrays = Object.entries(this.#arrays).map(([name, { data }]) => [name, data.slice()] as const);
    const streams = Object.entries(more).map(([name, data]) => [name, data.slice()] as const);
    return Object.assign(
      { batches: Uint32Array.of(this.#batches), ...Object.fromEntries([...arrays, ...streams]) },
      ...Object.entries(tables).map(([name, table]) => table.state(name)),
    ) as ModelState;
  }

  restore(
    state: ModelState,
    tables: Record<string, KernelTable>,
    more: Record<string, Uint32Array> = {},
  ): void {
    for (const [name, table] of Object.entries(tables)) table.restore(name, state);
    for (const [name, { data }] of Object.entries(this.#arrays)) data.set(state[name]);
    for (const [name, data] of Object.entries(more)) data.set(state[name]);
    this.#batches = state['batches'][0];
  }
}
