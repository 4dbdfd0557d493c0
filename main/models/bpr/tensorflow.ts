/** BPR and hinge ranking on TensorFlow.js: the definition that the kernels are checked against. */
import { usersOfRows } from '../../ratings/ratings.ts';
import { EmbeddingTable } from '../../tensorflow/tables.ts';
import { batchOrder, epochKey } from '../../numeric/batch-order.ts';
import type { TensorFlowFactory, TrainableModel } from '../../model/model.ts';
import { NegativeSampler, NO_NEGATIVE } from './negatives.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { aliasTable } from '../../numeric/alias-table.ts';
import { checkTables, stepTables, type TableBatch } from '../../tensorflow/table-batch.ts';
import type { ModelState } from '../../numeric/state.ts';
import { bprScorer, bprStart } from './weights.ts';

/** Batches between two ticks: well under 50 ms. */
const BATCHES_PER_TICK = 2;
/** Samples of the batch that is checked by finite differences. */
const CHECKED = 32;

export const createBpr: TensorFlowFactory = async ({ train, parameters, seed }, { tf }) => {
  const start = bprStart({ train, parameters, seed });
  const k = start.embeddingSize;
  const settings = trainingSettings(parameters);
  const { optimizer, batchSize, negatives: copies, rateFactor, gradientClipping } = settings;
  const biased = parameters['itemBias'] === true;
  const hinge = parameters['loss'] === 'hinge';
  const margin = Number(parameters['margin']);
  const users = new EmbeddingTable(train.userCount, k, optimizer);
  const items = new EmbeddingTable(train.itemCount, k, optimizer);
  const itemBias = new EmbeddingTable(train.itemCount, 1, optimizer);
  users.values.set(start.users);
  items.values.set(start.items);
  const userOfRow = usersOfRows(train);
  const n = train.item.length * copies;
  let epochs = 0;

  const sampler = new NegativeSampler(train, {
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
   */
  const batchOf = (samples: Uint32Array, from: number, key: number): TableBatch => {
    const size = samples.length;
    const rows = samples.map((sample) => Math.floor(sample / copies));
    const batchUsers = rows.map((row) => userOfRow[row]);
    const batchItems = new Uint32Array(2 * size);
    const present = new Float32Array(size).fill(1);
    for (let s = 0; s < size; s++) {
      batchItems[s] = train.item[rows[s]];
      const negative = sampler.draw(batchUsers[s], from + s, key);
      if (negative === NO_NEGATIVE) present[s] = 0;
      batchItems[size + s] = negative === NO_NEGATIVE ? batchItems[s] : negative;
    }
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

  const weights = (): ModelState => ({
    users: users.values.slice(),
    items: items.values.slice(),
    itemBias: itemBias.values.slice(),
  });

  const model: TrainableModel & { gradientCheck(): ReturnType<typeof checkTables> } = {
    examplesPerEpoch: n,
    async trainEpoch(_epoch, tick) {
      const order = batchOrder(n, batchSize, epochKey(seed, 'shuffle', epochs));
      const key = epochKey(seed, 'negatives', epochs);
      const factor = rateFactor(epochs + 1);
      let sum = 0;
      for (let from = 0, batch = 1; from < n; from += batchSize, batch++) {
        const samples = order.subarray(from, from + batchSize);
        sum += stepTables(tf, batchOf(samples, from, key), factor, gradientClipping) * samples.length;
        if (batch % BATCHES_PER_TICK === 0) await tick(Math.min(n, from + batchSize));
      }
      epochs++;
      await tick(n);
      return { loss: n === 0 ? 0 : sum / n };
    },
    scorer: () => bprScorer({ weights: weights(), parameters }),
    state: () => ({
      ...users.state('users'),
      ...items.state('items'),
      ...itemBias.state('itemBias'),
      epochs: Uint32Array.of(epochs),
    }),
    restore(state) {
      users.restore('users', state);
      items.restore('items', state);
      itemBias.restore('itemBias', state);
      epochs = Number(state['epochs'][0]);
    },
    weights,
    restoreWeights(stored) {
      users.values.set(stored['users']);
      items.values.set(stored['items']);
      itemBias.values.set(stored['itemBias']);
    },
    dispose: () => undefined,
    gradientCheck: () =>
      checkTables(
        tf,
        batchOf(
          train.item.slice(0, CHECKED).map((_, row) => row),
          0,
          0,
        ),
      ),
  };
  return model;
};
