/** BPR and hinge ranking on TensorFlow.js: the definition that the kernels are checked against. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { usersOfRows } from '../../data/ratings.ts';
import { lossAndGradients } from '../../trainer/gradients.ts';
import { EmbeddingTable } from '../../trainer/tables.ts';
import { batchOrder, epochKey } from '../batch-order.ts';
import { bprScorer, bprStart } from '../bpr.ts';
import type { ModelState, TensorFlowFactory } from '../model.ts';
import { NegativeSampler, NO_NEGATIVE } from '../negatives.ts';
import { trainingSettings } from '../neural-parameters.ts';
import { aliasTable } from '../sampling.ts';

/** Batches between two ticks: well under 50 ms. */
const BATCHES_PER_TICK = 2;

export const createBpr: TensorFlowFactory = async ({ train, parameters, seed }, { tf }) => {
  const start = bprStart({ train, parameters, seed });
  const k = start.embeddingSize;
  const settings = trainingSettings(parameters);
  const { optimizer, batchSize, negatives: copies, rateFactor } = settings;
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
   * Mean loss of a batch from gathered rows: users [batch, k], positives above negatives [2 · batch, k], their biases
   * [2 · batch, 1]. `present` [batch] is 0 where a user has no negative.
   */
  const lossOf =
    (present: Tensor) =>
    (p: Tensor, q: Tensor, bias?: Tensor): Scalar => {
      const [positive, negative] = tf.split(q, 2);
      let x = tf.sum(tf.mul(p, tf.sub(positive, negative)), 1);
      if (bias) {
        const [above, below] = tf.split(bias, 2);
        x = tf.add(x, tf.squeeze(tf.sub(above, below), [1]));
      }
      const loss = hinge ? tf.relu(tf.sub(margin, x)) : tf.softplus(tf.neg(x));
      return tf.mean(tf.mul(loss, present));
    };

  const step = (samples: Uint32Array, from: number, key: number, factor: number): number => {
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
    const inputs = [users.gather(tf, batchUsers), items.gather(tf, batchItems)];
    if (biased) inputs.push(itemBias.gather(tf, batchItems));
    const mask = tf.tensor1d(present);
    const { loss, gradients } = lossAndGradients(tf, inputs, lossOf(mask));
    mask.dispose();
    users.apply(batchUsers, gradients[0], factor);
    items.apply(batchItems, gradients[1], factor);
    if (biased) itemBias.apply(batchItems, gradients[2], factor);
    return loss * size;
  };

  const weights = (): ModelState => ({
    users: users.values.slice(),
    items: items.values.slice(),
    itemBias: itemBias.values.slice(),
  });

  return {
    examplesPerEpoch: n,
    async trainEpoch(_epoch, tick) {
      const order = batchOrder(n, batchSize, epochKey(seed, 'shuffle', epochs));
      const key = epochKey(seed, 'negatives', epochs);
      const factor = rateFactor(epochs + 1);
      let sum = 0;
      for (let from = 0, batch = 1; from < n; from += batchSize, batch++) {
        sum += step(order.subarray(from, from + batchSize), from, key, factor);
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
    dispose: () => undefined,
  };
};
