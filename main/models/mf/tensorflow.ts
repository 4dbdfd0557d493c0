/** MF as its definition says it, on TensorFlow.js: what the kernels are checked against. */
import { usersOfRows } from '../../ratings/ratings.ts';
import { EmbeddingTable } from '../../tensorflow/tables.ts';
import type { TensorFlowFactory } from '../../model/model.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import type { TableBatch } from '../../tensorflow/table-batch.ts';
import { createTableModel } from '../factors/tensorflow.ts';
import { mfScorer, mfStart, DEAL_EVERY } from './weights.ts';

export const createMf: TensorFlowFactory = async ({ train, parameters, seed }, { tf }) => {
  const start = mfStart({ train, parameters, seed });
  const { embeddingSize: k, biases, mean } = start;
  const settings = trainingSettings(parameters);
  const tableOf = (rows: number, width: number): EmbeddingTable =>
    new EmbeddingTable(rows, width, settings.optimizer);
  const tables = {
    users: tableOf(train.userCount, k),
    items: tableOf(train.itemCount, k),
    userBias: tableOf(train.userCount, 1),
    itemBias: tableOf(train.itemCount, 1),
  };
  tables.users.values.set(start.users);
  tables.items.values.set(start.items);
  const userOfRow = usersOfRows(train);

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

  return createTableModel({
    tf,
    seed,
    settings,
    tables,
    train,
    copies: 1,
    factors: k,
    dealEvery: DEAL_EVERY,
    batchOf,
    constants: { mean: Float32Array.of(mean) },
    scorer: (weights) => mfScorer({ weights, parameters }),
  });
};
