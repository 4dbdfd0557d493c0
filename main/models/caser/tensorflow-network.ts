import type { Rank, Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { matMul } from '../../tensorflow/matmul.ts';
import type { Tf } from '../../tensorflow/tensorflow.ts';
import type { CaserShape } from './shape.ts';
import { caserInputs } from './shape.ts';

/** Names and shapes of Caser's dense weights, in the order in which the network takes them. */
export function denseShapes(shape: CaserShape): [string, number[]][] {
  const { length, size, horizontal, vertical } = shape;
  const filters = Array.from({ length }, (_, h): [string, number[]] => [
    `horizontal${h + 1}`,
    [horizontal, (h + 1) * size],
  ]);
  return [
    ...filters,
    ['horizontalBias', [length * horizontal]],
    ['vertical', [vertical, length]],
    ['verticalBias', [vertical]],
    ['full', [caserInputs(shape), size]],
    ['fullBias', [size]],
  ];
}

/**
 * States [batch, 2k + 1] = [z | user | 1] of windows. `users` [batch, k], `items` [batch · L, k] in the windows' order,
 * `dense` as denseShapes names them, `mask` [batch, inputs]: dropout's factors, or null.
 */
export function caserState(
  tf: Tf,
  shape: CaserShape,
  users: Tensor2D,
  items: Tensor2D,
  dense: readonly Tensor[],
  mask: Tensor2D | null,
): Tensor2D {
  const { length, size, vertical } = shape;
  const batch = users.shape[0];
  const window = tf.reshape(items, [batch, length * size]);
  const [horizontalBias, verticalWeights, verticalBias, full, fullBias] = dense.slice(length);
  const patterns = tf.relu<Tensor2D>(tf.add(convolve(tf, shape, window as Tensor2D, dense), horizontalBias));
  // Vertical filters weigh places: [batch · k, L] × [L, filters].
  const places = tf.reshape(tf.transpose(tf.reshape(window, [batch, length, size]), [0, 2, 1]), [-1, length]);
  const sums = tf.add(
    matMul(tf, places as Tensor2D, tf.transpose(verticalWeights as Tensor2D)),
    verticalBias,
  );
  const byFilter = tf.transpose(tf.reshape(sums, [batch, size, vertical]), [0, 2, 1]);
  const inputs = tf.concat2d([tf.reshape(byFilter, [batch, vertical * size]), patterns], 1);
  const kept = mask ? tf.mul(inputs, mask) : inputs;
  const z = tf.relu<Tensor2D>(tf.add(matMul(tf, kept as Tensor2D, full as Tensor2D), fullBias));
  return tf.concat2d([z, users, tf.ones([batch, 1])], 1);
}

/**
 * Largest value of each horizontal filter, [batch, L · filters]. All filters at all places are one product with a banded
 * matrix.
 */
function convolve(tf: Tf, shape: CaserShape, window: Tensor2D, dense: readonly Tensor[]): Tensor2D {
  const { length, size, horizontal } = shape;
  const bands: Tensor2D[] = [];
  for (let height = 1; height <= length; height++) {
    const filters = tf.transpose(dense[height - 1] as Tensor2D);
    for (let place = 0; place + height <= length; place++)
      bands.push(
        tf.pad2d(filters, [
          [place * size, (length - height - place) * size],
          [0, 0],
        ]),
      );
  }
  const values = matMul(tf, window, tf.concat2d(bands, 1));
  let from = 0;
  const largest = Array.from({ length }, (_, h) => {
    const count = length - h;
    const part = tf.slice(values, [0, from], [-1, count * horizontal]);
    from += count * horizontal;
    const byPlace = tf.reshape<Rank.R3>(part, [-1, count, horizontal]);
    return largestOverPlaces(tf, byPlace);
  });
  return tf.concat2d(largest, 1);
}

/** Largest over axis 1 of [batch, places, filters]. Places that tie share the gradient: tf.max gives it to each in full. */
function largestOverPlaces(tf: Tf, values: Tensor3D): Tensor2D {
  const operation = tf.customGrad((...inputs) => {
    // tfjs types the inputs as tensors alone, but the last one is the function that keeps them for the gradient.
    const [x, save] = inputs as unknown as [Tensor3D, (tensors: Tensor[]) => void];
    const value = tf.max(x, 1);
    save([x, value]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [all, largest] = saved;
        const best = tf.cast(tf.equal(all, tf.expandDims(largest, 1)), 'float32');
        return tf.mul(tf.div(best, tf.sum(best, 1, true)), tf.expandDims(dy as Tensor2D, 1));
      },
    };
  });
  return operation(values) as Tensor2D;
}

/**
 * Loss by sampled items: `output` [batch · T · (1 + n), 2k + 1] rows of a window's targets, then of their negatives in
 * the targets' order; `valid` [batch, T]: 0 for a target that is padding. Means over all batch · T targets.
 */
export function sampledLoss(
  tf: Tf,
  state: Tensor2D,
  output: Tensor2D,
  valid: Tensor2D,
  negatives: number,
  loss: 'log' | 'bpr',
): Scalar {
  const [batch, targets] = valid.shape;
  const each = targets * (1 + negatives);
  const rows = tf.reshape(output, [batch, each, -1]);
  const scores = tf.sum<Tensor2D>(tf.mul(rows, tf.expandDims(state, 1)), 2);
  const positive = tf.slice(scores, [0, 0], [-1, targets]);
  const negative = tf.reshape(tf.slice(scores, [0, targets], [-1, targets * negatives]), [
    batch,
    targets,
    negatives,
  ]);
  if (loss === 'bpr') {
    const pairs = tf.mean(tf.softplus(tf.sub(negative, tf.expandDims(positive, 2))), 2);
    return tf.mean(tf.mul(pairs, valid));
  }
  const all = tf.add(tf.softplus(tf.neg(positive)), tf.mean(tf.softplus(negative), 2));
  return tf.mean(tf.mul(all, valid));
}

/** Softmax over the catalogue: `output` [items, 2k + 1]; `counts` [batch, items]: targets of each window. */
export function softmaxLoss(
  tf: Tf,
  state: Tensor2D,
  output: Tensor2D,
  counts: Tensor2D,
  targets: number,
): Scalar {
  const scores = matMul(tf, state, tf.transpose(output));
  const logs = tf.logSoftmax(scores, 1);
  return tf.div(tf.neg(tf.sum(tf.mul(counts, logs))), state.shape[0] * targets);
}
