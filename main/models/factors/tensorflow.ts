/** The TensorFlow form of a model that is tables alone: its epochs, and how its state is kept. */
import type { ModelState } from '../../numeric/state.ts';
import type { EmbeddingTable } from '../../tensorflow/tables.ts';
import type { Tf } from '../../tensorflow/tensorflow.ts';
import type { Scorer, TrainableModel } from '../../model/model.ts';
import type { TrainingSettings } from '../../model/training-settings.ts';
import { batchOrder, epochKey } from '../../numeric/batch-order.ts';
import { checkTables, stepTables, type TableBatch } from '../../tensorflow/table-batch.ts';

/** Batches between two ticks: well under 50 ms. */
const BATCHES_PER_TICK = 2;
/** Samples of the batch that is checked by finite differences. */
const CHECKED = 32;

export interface TableModel {
  readonly tf: Tf;
  readonly seed: number;
  readonly settings: Pick<TrainingSettings, 'batchSize' | 'rateFactor' | 'gradientClipping'>;
  /** By the names of the weights. */
  readonly tables: Readonly<Record<string, EmbeddingTable>>;
  /** Samples of an epoch. */
  readonly samples: number;
  /** The batch of some samples, which stand at `from` of the order of an epoch (from 0). */
  readonly batchOf: (samples: Uint32Array, from: number, epoch: number) => TableBatch;
  /** Weights that are no table. */
  readonly constants?: ModelState;
  readonly scorer: (weights: ModelState) => Scorer;
}

export function createTableModel(model: TableModel): TrainableModel {
  const { tf, seed, settings, tables, samples: n, batchOf, constants = {} } = model;
  const { batchSize, rateFactor, gradientClipping } = settings;
  let epochs = 0;
  const weights = (): ModelState => ({
    ...Object.fromEntries(Object.entries(tables).map(([name, { values }]) => [name, values.slice()])),
    ...constants,
  });
  return {
    examplesPerEpoch: n,
    async trainEpoch(_epoch, tick) {
      const order = batchOrder(n, batchSize, epochKey(seed, 'shuffle', epochs));
      const factor = rateFactor(epochs + 1);
      let sum = 0;
      for (let from = 0, batch = 1; from < n; from += batchSize, batch++) {
        const samples = order.subarray(from, from + batchSize);
        sum += stepTables(tf, batchOf(samples, from, epochs), factor, gradientClipping) * samples.length;
        if (batch % BATCHES_PER_TICK === 0) await tick(Math.min(n, from + batchSize));
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
      return checkTables(tf, batchOf(first, 0, 0));
    },
  };
}
