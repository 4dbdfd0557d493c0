/** AutoRec on TensorFlow.js, dense batches: the definition that the kernels are checked against. */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import { DenseParameter } from '../../tensorflow/dense.ts';
import { lossAndGradients } from '../../tensorflow/gradients.ts';
import { matMul } from '../../tensorflow/matmul.ts';
import { scheduleFactor } from '../../numeric/optimizer.ts';
import type { Schedule } from '../../numeric/optimizer.ts';
import { Random } from '../../numeric/random.ts';
import { AutoRecScoring } from './scoring.ts';
import type { TensorFlowFactory } from '../../model/model.ts';
import { applyBatch } from '../../tensorflow/clipping.ts';
import type { ModelState } from '../../numeric/state.ts';
import { autorecRows, initialWeights, sourceOf } from './weights.ts';

export const createAutoRec: TensorFlowFactory = (context, { tf }) => {
  const { train, parameters, seed } = context;
  const rows = autorecRows(train, parameters);
  const features = rows.columns;
  const hidden = Number(parameters['embeddingSize']);
  const dropout = Number(parameters['dropout']);
  const batchSize = Number(parameters['batchSize']);
  const options = {
    learningRate: Number(parameters['learningRate']),
    regularization: Number(parameters['regularization']),
  };
  const named = {
    encoder: new DenseParameter([features, hidden], options),
    decoder: new DenseParameter([features, hidden], options),
    hiddenBias: new DenseParameter([hidden], options),
    outputBias: new DenseParameter([features], options),
  };
  const first = initialWeights(context, features);
  named.encoder.values.set(first.encoder);
  named.decoder.values.set(first.decoder);
  const scoring = new AutoRecScoring(train, parameters);
  const shuffle = new Random(seed, 'shuffle');
  const drops = new Random(seed, 'dropout');

  /** Ratings of a batch and where they are, [batch, features]. */
  const denseBatch = (batch: Uint32Array): { x: Tensor2D; observed: Tensor2D } => {
    const x = new Float32Array(batch.length * features);
    const observed = new Float32Array(x.length);
    batch.forEach((row, b) => {
      for (let n = rows.start[row]; n < rows.start[row + 1]; n++) {
        x[b * features + rows.index[n]] = rows.value[n];
        observed[b * features + rows.index[n]] = 1;
      }
    });
    const shape: [number, number] = [batch.length, features];
    return { x: tf.tensor2d(x, shape), observed: tf.tensor2d(observed, shape) };
  };

  /** Inverted dropout: 0, or 1 / (1 − rate), [batch, hidden]. */
  const dropMask = (size: number): Tensor2D => {
    const kept = Float32Array.from({ length: size * hidden }, () =>
      drops.next() < dropout ? 0 : 1 / (1 - dropout),
    );
    return tf.tensor2d(kept, [size, hidden]);
  };

  /** observed · (ŷ − x), [batch, features]. */
  const errorOf =
    (x: Tensor2D, observed: Tensor2D, mask: Tensor2D | null) =>
    (v: Tensor, w: Tensor, mu: Tensor, b: Tensor): Tensor => {
      const h: Tensor = tf.sigmoid(tf.add(matMul(tf, x, v as Tensor2D), mu));
      const kept = mask ? tf.mul(h, mask) : h;
      const predicted = tf.add(matMul(tf, kept as Tensor2D, w as Tensor2D, false, true), b);
      return tf.mul(tf.sub(predicted, x), observed);
    };

  /** ½ · mean of the squared errors over all cells. */
  const lossOf =
    (...batch: Parameters<typeof errorOf>) =>
    (...tensors: Parameters<ReturnType<typeof errorOf>>): Scalar =>
      tf.mul(tf.mean(tf.square(errorOf(...batch)(...tensors))), 0.5);

  /** Loss of a batch and its gradients by the parameters, in the order of `named`. */
  const gradientsOf = (batch: Uint32Array, withDropout: boolean): ReturnType<typeof lossAndGradients> => {
    const { x, observed } = denseBatch(batch);
    const mask = withDropout && dropout > 0 ? dropMask(batch.length) : null;
    const inputs = Object.values(named).map((parameter) => parameter.tensor(tf));
    const result = lossAndGradients(tf, inputs, (v, w, mu, b) => lossOf(x, observed, mask)(v, w, mu, b));
    tf.dispose(mask ? [x, observed, mask] : [x, observed]);
    return result;
  };

  /** The loss without dropout, summed in float64: finite differences need the digits. */
  const lossOnHost = (batch: Uint32Array): number => {
    const errors = tf.tidy(() => {
      const { x, observed } = denseBatch(batch);
      const [v, w, mu, b] = Object.values(named).map((parameter) => parameter.tensor(tf));
      return errorOf(x, observed, null)(v, w, mu, b).dataSync();
    });
    return Array.from(errors).reduce((sum, error) => sum + error * error, 0) / 2 / errors.length;
  };

  const weights = (): ModelState =>
    Object.fromEntries(Object.entries(named).map(([name, { values }]) => [name, values.slice()]));

  return Promise.resolve({
    examplesPerEpoch: rows.index.length,
    async trainEpoch(epoch, tick) {
      const factor = scheduleFactor(parameters['schedule'] as Schedule, epoch, Number(parameters['epochs']));
      const order = shuffle.permutation(rows.rows);
      let sum = 0;
      let done = 0;
      for (let from = 0; from < order.length; from += batchSize) {
        const batch = order.subarray(from, from + batchSize);
        const { loss, gradients } = gradientsOf(batch, true);
        const moves = Object.values(named).map((dense, p) => ({ dense, gradient: gradients[p] }));
        applyBatch(moves, factor, Number(parameters['gradientClipping'] ?? 0));
        sum += loss * batch.length;
        for (const row of batch) done += rows.start[row + 1] - rows.start[row];
        await tick(done);
      }
      return { loss: sum / Math.max(1, rows.rows) };
    },
    scorer: () => scoring.scorer(sourceOf(rows, weights())),
    state: () => ({
      ...named.encoder.state('encoder'),
      ...named.decoder.state('decoder'),
      ...named.hiddenBias.state('hiddenBias'),
      ...named.outputBias.state('outputBias'),
      shuffle: shuffle.state(),
      dropout: drops.state(),
    }),
    restore(state) {
      for (const [name, parameter] of Object.entries(named)) parameter.restore(name, state);
      shuffle.restore(state['shuffle'] as Uint32Array);
      drops.restore(state['dropout'] as Uint32Array);
    },
    weights,
    restoreWeights(stored) {
      for (const [name, { values }] of Object.entries(named)) values.set(stored[name]);
    },
    dispose: () => undefined,
    gradientCheck() {
      const batch = Uint32Array.from({ length: rows.rows }, (_, r) => r);
      const { gradients } = gradientsOf(batch, false);
      return {
        loss: () => lossOnHost(batch),
        parameters: Object.values(named).map(({ values }, p) => ({ values, gradient: gradients[p] })),
      };
    },
  });
};
