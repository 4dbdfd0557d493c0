/** Matrix factorisation on TensorFlow.js: the definition that the kernels are checked against. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { usersOfRows } from '../../data/ratings.ts';
import { lossAndGradients } from '../../trainer/gradients.ts';
import { EmbeddingTable } from '../../trainer/tables.ts';
import { batchOrder, epochKey } from '../batch-order.ts';
import { mfScorer, mfStart } from '../mf.ts';
import type { ModelState, TensorFlowFactory } from '../model.ts';
import { trainingSettings } from '../neural-parameters.ts';

/** Batches between two ticks: well under 50 ms. */
const BATCHES_PER_TICK = 2;

export const createMf: TensorFlowFactory = async ({ train, parameters, seed }, { tf }) => {
  const start = mfStart({ train, parameters, seed });
  const { embeddingSize: k, biases, mean } = start;
  const { optimizer, batchSize, rateFactor } = trainingSettings(parameters);
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

  /** ½ · mean squared error of a batch of gathered rows, [batch, k] and [batch, 1]. */
  const lossOf =
    (ratings: Tensor) =>
    (p: Tensor, q: Tensor, userBias?: Tensor, itemBias?: Tensor): Scalar => {
      let score = tf.add(tf.sum(tf.mul(p, q), 1), mean);
      if (userBias && itemBias) score = tf.add(score, tf.squeeze(tf.add(userBias, itemBias), [1]));
      return tf.mul(0.5, tf.mean(tf.square(tf.sub(score, ratings)))) as Scalar;
    };

  const step = (rows: Uint32Array, factor: number): number => {
    const users = Uint32Array.from(rows, (row) => userOfRow[row]);
    const items = Uint32Array.from(rows, (row) => train.item[row]);
    const ratings = tf.tensor1d(Float32Array.from(rows, (row) => train.value[row]));
    const inputs = [tables.users.gather(tf, users), tables.items.gather(tf, items)];
    if (biases) inputs.push(tables.userBias.gather(tf, users), tables.itemBias.gather(tf, items));
    const { loss, gradients } = lossAndGradients(tf, inputs, lossOf(ratings));
    ratings.dispose();
    tables.users.apply(users, gradients[0], factor);
    tables.items.apply(items, gradients[1], factor);
    if (biases) {
      tables.userBias.apply(users, gradients[2], factor);
      tables.itemBias.apply(items, gradients[3], factor);
    }
    return loss * rows.length;
  };

  const weights = (): ModelState => ({
    users: tables.users.values.slice(),
    items: tables.items.values.slice(),
    userBias: tables.userBias.values.slice(),
    itemBias: tables.itemBias.values.slice(),
    mean: Float32Array.of(mean),
  });

  return {
    examplesPerEpoch: n,
    async trainEpoch(_epoch, tick) {
      const order = batchOrder(n, batchSize, epochKey(seed, 'shuffle', epochs));
      const factor = rateFactor(epochs + 1);
      let sum = 0;
      for (let from = 0, batch = 1; from < n; from += batchSize, batch++) {
        sum += step(order.subarray(from, from + batchSize), factor);
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
    dispose: () => undefined,
  };
};
