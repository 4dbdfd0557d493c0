/** BPR and hinge ranking as their definition says them, on TensorFlow.js: what the kernels are checked against. */
import { usersOfRows } from '../../ratings/ratings.ts';
import { EmbeddingTable } from '../../tensorflow/tables.ts';
import { epochKey } from '../../numeric/batch-order.ts';
import type { TensorFlowFactory } from '../../model/model.ts';
import { NO_NEGATIVE } from './kernels.generated.ts';
import { PlacedNegatives } from './negatives.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { aliasTable } from '../../numeric/alias-table.ts';
import type { TableBatch } from '../../tensorflow/table-batch.ts';
import { type BatchPlace, createTableModel } from '../factors/tensorflow.ts';
import { bprScorer, bprStart, DEAL_EVERY } from './weights.ts';

export const createBpr: TensorFlowFactory = async ({ train, parameters, seed }, { tf }) => {
  const start = bprStart({ train, parameters, seed });
  const k = start.embeddingSize;
  const settings = trainingSettings(parameters);
  const { optimizer, negatives: copies } = settings;
  const biased = parameters['itemBias'] === true;
  const hinge = parameters['loss'] === 'hinge';
  const margin = Number(parameters['margin']);
  const users = new EmbeddingTable(train.userCount, k, optimizer);
  const items = new EmbeddingTable(train.itemCount, k, optimizer);
  const itemBias = new EmbeddingTable(train.itemCount, 1, optimizer);
  users.values.set(start.users);
  items.values.set(start.items);
  const userOfRow = usersOfRows(train);

  const sampler = new PlacedNegatives(train, {
    alias: settings.popularityExponent === null ? null : aliasTable(train, settings.popularityExponent),
    hardestOf: settings.hardestOf,
    score: (user, item) => {
      let sum = itemBias.values[item];
      for (let c = 0; c < k; c++) sum += users.values[user * k + c] * items.values[item * k + c];
      return sum;
    },
  });

  /**
   * A batch of samples that stand at `from` of the epoch's order. Gathered: users [batch, k], positives above negatives
   * [2 · batch, k], their biases [2 · batch, 1]. Its data are 0 where a user has no negative, else 1.
   * A pair of its own without a negative is no step at all.
   */
  const batchOf = (samples: Uint32Array, { epoch, from, pool }: BatchPlace): TableBatch | null => {
    const key = epochKey(seed, 'negatives', epoch);
    const size = samples.length;
    const rows = samples.map((sample) => Math.floor(sample / copies));
    const batchUsers = rows.map((row) => userOfRow[row]);
    const batchItems = new Uint32Array(2 * size);
    const present = new Float32Array(size).fill(1);
    for (let s = 0; s < size; s++) {
      batchItems[s] = train.item[rows[s]];
      const negative = sampler.draw(batchUsers[s], from + s, key, pool);
      if (negative === NO_NEGATIVE) present[s] = 0;
      batchItems[size + s] = negative === NO_NEGATIVE ? batchItems[s] : negative;
    }
    if (settings.singles && present.every((value) => value === 0)) return null;
    const factors = [
      { table: users, rows: batchUsers },
      { table: items, rows: batchItems },
    ];
    return {
      parts: biased ? [...factors, { table: itemBias, rows: batchItems }] : factors,
      data: present,
      loss: ([p, q, bias], mask) => {
        const [positive, negative] = tf.split(q, 2);
        let x = tf.sum(tf.mul(p, tf.sub(positive, negative)), 1);
        if (biased) {
          const [above, below] = tf.split(bias, 2);
          x = tf.add(x, tf.squeeze(tf.sub(above, below), [1]));
        }
        const loss = hinge ? tf.relu(tf.sub(margin, x)) : tf.softplus(tf.neg(x));
        return tf.mean(tf.mul(loss, mask));
      },
    };
  };

  return createTableModel({
    tf,
    seed,
    settings,
    tables: { users, items, itemBias },
    train,
    copies,
    factors: k,
    dealEvery: DEAL_EVERY,
    batchOf,
    scorer: (weights) => bprScorer({ weights, parameters }),
  });
};
