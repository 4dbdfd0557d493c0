/** The TensorFlow form of a model that is tables alone: its epochs, and how its state is kept. */
import type { ModelState } from '../../numeric/state.ts';
import type { EmbeddingTable } from '../../tensorflow/tables.ts';
import type { Tf } from '../../tensorflow/tensorflow.ts';
import type { Scorer, TrainableModel } from '../../model/model.ts';
import type { TrainingSettings } from '../../model/training-settings.ts';
import { batchOrder, epochKey } from '../../numeric/batch-order.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import { blockCount, itemBlocks, singleOrder } from './cells.ts';
import { checkTables, stepTables, type TableBatch } from '../../tensorflow/table-batch.ts';

/** Batches between two ticks: well under 50 ms. */
const BATCHES_PER_TICK = 2;
/** Samples of the batch that is checked by finite differences. */
const CHECKED = 32;

/** Where a batch stands: its draws hang on it. */
export interface BatchPlace {
  /** From 0. */
  readonly epoch: number;
  /** Place of its first sample in the epoch's order. */
  readonly from: number;
  /** Items that negatives may be; null: all. */
  readonly pool: Uint32Array | null;
}

export interface TableModel {
  readonly tf: Tf;
  readonly seed: number;
  readonly settings: Pick<TrainingSettings, 'batchSize' | 'singles' | 'rateFactor' | 'gradientClipping'>;
  readonly train: Ratings;
  /** By the names of the weights. */
  readonly tables: Readonly<Record<string, EmbeddingTable>>;
  /** Samples of each row of the ratings: sample s is of row ⌊s / copies⌋. */
  readonly copies: number;
  readonly factors: number;
  /** Epochs for which items stay in their blocks, one sample a step. */
  readonly dealEvery: number;
  /** Null where nothing can be learned from a step of one sample: none is taken. */
  readonly batchOf: (samples: Uint32Array, where: BatchPlace) => TableBatch | null;
  /** Weights that are no table. */
  readonly constants?: ModelState;
  readonly scorer: (weights: ModelState) => Scorer;
}

export function createTableModel(model: TableModel): TrainableModel {
  const { tf, seed, settings, train, copies, factors, dealEvery, tables, batchOf, constants = {} } = model;
  const { rateFactor, gradientClipping } = settings;
  const n = train.item.length * copies;
  let epochs = 0;
  const weights = (): ModelState => ({
    ...Object.fromEntries(Object.entries(tables).map(([name, { values }]) => [name, values.slice()])),
    ...constants,
  });
  function* inBatches(): Generator<[Uint32Array, BatchPlace]> {
    const { batchSize } = settings;
    const order = batchOrder(n, batchSize, epochKey(seed, 'shuffle', epochs));
    for (let from = 0; from < n; from += batchSize)
      yield [order.subarray(from, from + batchSize), { epoch: epochs, from, pool: null }];
  }
  function* singles(): Generator<[Uint32Array, BatchPlace]> {
    const count = blockCount(train, factors);
    const blocks = itemBlocks(train.itemCount, count, seed, Math.floor(epochs / dealEvery));
    for (const { row, place, itemBlock } of singleOrder(train, count, blocks))
      for (let copy = 0; copy < copies; copy++) {
        const pool = blocks.items.subarray(blocks.start[itemBlock], blocks.start[itemBlock + 1]);
        yield [Uint32Array.of(row * copies + copy), { epoch: epochs, from: place * copies + copy, pool }];
      }
  }
  return {
    examplesPerEpoch: n,
    async trainEpoch(_epoch, tick) {
      const factor = rateFactor(epochs + 1);
      let [sum, done, batches] = [0, 0, 0];
      for (const [samples, where] of settings.singles ? singles() : inBatches()) {
        const batch = batchOf(samples, where);
        if (batch) sum += stepTables(tf, batch, factor, gradientClipping) * samples.length;
        done += samples.length;
        if (++batches % BATCHES_PER_TICK === 0) await tick(done);
      }
      epochs++;
      await tick(n);
      return { loss: n === 0 ? 0 : sum / n };
    },
    scorer: () => model.scorer(weights()),
    state: () =>
      Object.assign(
        { epochs: Uint32Array.of(epochs) },
        ...Object.entries(tables).map(([name, table]) => table.state(name)),
      ) as ModelState,
    restore(state) {
      for (const [name, table] of Object.entries(tables)) table.restore(name, state);
      epochs = Number(state['epochs'][0]);
    },
    weights,
    restoreWeights(stored) {
      for (const [name, { values }] of Object.entries(tables)) values.set(stored[name]);
    },
    dispose: () => undefined,
    gradientCheck() {
      const first = Uint32Array.from({ length: Math.min(CHECKED, n) }, (_, sample) => sample);
      const batch = batchOf(first, { epoch: 0, from: 0, pool: null });
      if (!batch) throw new Error('No sample of the first batch has anything to learn from.');
      return checkTables(tf, batch);
    },
  };
}
