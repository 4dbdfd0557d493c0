/** Matrix factorisation on TensorFlow.js: the definition that the kernels are checked against. */
import { usersOfRows } from '../../ratings/ratings.ts';
import { EmbeddingTable } from '../../tensorflow/tables.ts';
import { batchOrder, epochKey } from '../../numeric/batch-order.ts';
import type { TensorFlowFactory, TrainableModel } from '../../model/model.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { checkTables, stepTables, type TableBatch } from '../../tensorflow/table-batch.ts';
import type { ModelState } from '../../numeric/state.ts';
import { mfScorer, mfStart } from './weights.ts';

/** Batches between two ticks: well under 50 ms. */
const BATCHES_PER_TICK = 2;
/** Samples of the batch that is checked by finite differences. */
const CHECKED = 32;

export const createMf: TensorFlowFactory = async ({ train, parameters, seed }, { tf }) => {
  const start = mfStart({ train, parameters, seed });
  const { embeddingSize: k, biases, mean } = start;
  const { optimizer, batchSize, rateFactor, gradientClipping } = trainingSettings(parameters);
  const tables = {
    users: new EmbeddingTable(train.userCount, k, optimizer),
    items: new EmbeddingTable(train.itemCount, k, optimizer),
    userBias: new EmbeddingTable(train.userCount, 1, optimizer),
    itemBias: new EmbeddingTable(train.itemCount, 1, optimizer),
  };
  tables.users.values.set(start.users);
  tables.items.values.set(start.items);
  const userOfRow = usersOfRows(train);
  const n = train.item.length;
  let epochs = 0;

  /** A batch of rows of the ratings: ½ · mean squared error from [batch, k] twice and [batch, 1] twice. */
  const batchOf = (rows: Uint32Array): TableBatch => {
    const users = rows.map((row) => userOfRow[row]);
    const items = rows.map((row) => train.item[row]);
    const factors = [
      { table: tables.users, rows: users },
      { table: tables.items, rows: items },
    ];
    const bias = [
      { table: tables.userBias, rows: users },
      { table: tables.itemBias, rows: items },
    ];
    return {
      parts: biases ? [...factors, ...bias] : factors,
      data: Float32Array.from(rows, (row) => train.value[row]),
      loss: ([p, q, ...added], ratings) => {
        let score = tf.add(tf.sum(tf.mul(p, q), 1), mean);
        for (const term of added) score = tf.add(score, tf.squeeze(term, [1]));
        return tf.mul(0.5, tf.mean(tf.square(tf.sub(score, ratings))));
      },
    };
  };

  const weights = (): ModelState => ({
    users: tables.users.values.slice(),
    items: tables.items.values.slice(),
    userBias: tables.userBias.values.slice(),
    itemBias: tables.itemBias.values.slice(),
    mean: Float32Array.of(mean),
  });

  const model: TrainableModel & { gradientCheck(): ReturnType<typeof checkTables> } = {
    examplesPerEpoch: n,
    async trainEpoch(_epoch, tick) {
      const order = batchOrder(n, batchSize, epochKey(seed, 'shuffle', epochs));
      const factor = rateFactor(epochs + 1);
      let sum = 0;
      for (let from = 0, batch = 1; from < n; from += batchSize, batch++) {
        const rows = order.subarray(from, from + batchSize);
        sum += stepTables(tf, batchOf(rows), factor, gradientClipping) * rows.length;
        if (batch % BATCHES_PER_TICK === 0) await tick(Math.min(n, from + batchSize));
      }
      epochs++;
      await tick(n);
      return { loss: n === 0 ? 0 : sum / n };
    },
    scorer: () => mfScorer({ weights: weights(), parameters }),
    state: () => ({
      ...tables.users.state('users'),
      ...tables.items.state('items'),
      ...tables.userBias.state('userBias'),
      ...tables.itemBias.state('itemBias'),
      epochs: Uint32Array.of(epochs),
    }),
    restore(state) {
      tables.users.restore('users', state);
      tables.items.restore('items', state);
      tables.userBias.restore('userBias', state);
      tables.itemBias.restore('itemBias', state);
      epochs = Number(state['epochs'][0]);
    },
    weights,
    restoreWeights(stored) {
      for (const [name, { values }] of Object.entries(tables)) values.set(stored[name]);
    },
    dispose: () => undefined,
    gradientCheck: () => checkTables(tf, batchOf(train.item.slice(0, CHECKED).map((_, row) => row))),
  };
  return model;
};
