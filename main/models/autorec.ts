import type { Parameters } from '../../shared/config.ts';
import type { Ratings } from '../data/ratings.ts';
import { glorotLimit } from '../trainer/dense.ts';
import { Random } from '../trainer/random.ts';
import { AutoRecScoring } from './autorec-scoring.ts';
import type { AutoRecSource } from './autorec-scoring.ts';
import type { SparseRows } from './interactions.ts';
import { itemUserMatrix, userItemMatrix } from './interactions.ts';
import type { ModelDefinition, ModelState, TrainingContext } from './model.ts';
import {
  batchSize,
  dropout,
  embeddingSize,
  epochs,
  gradientClipping,
  learningRate,
  regularization,
  schedule,
} from './training-parameters.ts';

/**
 * AutoRec (Sedhain, Menon, Sanner & Xie 2015): an autoencoder of an item's column of ratings (item-based, the default)
 * or of a user's row. Only observed cells count. The loss is the book's: half the squared error, averaged over all
 * cells of the batch (unobserved ones are 0), so that its weight decay is comparable with the published one.
 * Cold users and items (no rating in train) are predicted the mean of the other one; two cold ones the global mean.
 */
export const autorec: ModelDefinition = {
  name: 'autorec',
  title: 'AutoRec',
  kind: 'ratings',
  baseline: false,
  iterative: true,
  summary: 'A one-layer autoencoder that fills in the missing ratings of an item from those it has.',
  goodWhen: 'Dense star ratings: often the most accurate predictions, from some hundred ratings an item on.',
  cost: 'medium',
  equation: [
    'h(x) = σ(Vᵀx + μ), ŷ = W h(x) + b; x = ratings of an item by all users (0: not rated)',
    'L = ½ mean over the cells of a batch of observed · (ŷ − x)²; weight decay λ on V, W, μ, b',
  ].join('\n'),
  reference: 'Sedhain et al., WWW 2015, eq. 2; Dive into Deep Learning 21.4',
  // The defaults are the book's. Its optimiser is Adam on every weight: there is no other here.
  parameters: [
    embeddingSize(500, 4096, 'Larger: finer patterns, slower epochs, earlier over-fitting.', 'Hidden units'),
    {
      name: 'userBased',
      title: 'User-based',
      type: 'boolean',
      default: false,
      effect: 'Encodes users by their items instead of items by their users; mostly less accurate.',
      group: 'model',
    },
    dropout(0.05),
    {
      name: 'initialization',
      title: 'First weights',
      type: 'choice',
      default: 'normal',
      choices: [
        { value: 'normal', title: 'Normal, deviation .01 (the book)' },
        { value: 'xavier', title: 'Xavier uniform' },
      ],
      effect: 'Xavier starts with larger weights and wants more epochs; it ends lower on large data.',
      group: 'model',
    },
    epochs(25),
    learningRate(0.002),
    regularization(
      0.00001,
      'Weight decay, on a loss averaged over all cells: 0.000001 to 0.00001 is usual. Higher: less over-fitting.',
    ),
    batchSize(256, 'Items (or users)'),
    schedule,
    gradientClipping,
  ],
  factories: {
    fused: async () => (await import('../kernels/autorec.ts')).createAutoRec,
    tensorflow: async () => (await import('./tensorflow/autorec.ts')).createAutoRec,
  },
  scorer: ({ weights, parameters, train }) =>
    new AutoRecScoring(train, parameters).scorer(sourceOf(autorecRows(train, parameters), weights)),
};

/** The training matrix as the autoencoder reads it: items × users (item-based) or users × items. */
export function autorecRows(train: Ratings, parameters: Parameters): SparseRows {
  return parameters['userBased'] === true ? userItemMatrix(train) : itemUserMatrix(train);
}

/** Weights of V (`encoder`) and W (`decoder`), [features, hidden]; both biases start at 0. */
export function initialWeights(
  context: TrainingContext,
  features: number,
): { encoder: Float32Array; decoder: Float32Array } {
  const size = features * Number(context.parameters['embeddingSize']);
  const fill = weightFiller(context, features);
  return { encoder: fill(new Float32Array(size)), decoder: fill(new Float32Array(size)) };
}

/** Writes the first weights piece by piece, row-major: those of V, then those of W. */
export function weightFiller(
  { parameters, seed }: Pick<TrainingContext, 'parameters' | 'seed'>,
  features: number,
): (out: Float32Array) => Float32Array {
  const random = new Random(seed, 'init');
  const limit = glorotLimit(features, Number(parameters['embeddingSize']));
  return parameters['initialization'] === 'xavier'
    ? (out) => random.fillUniform(out, limit)
    : (out) => random.fillNormal(out, 0.01);
}

/** Scores from weights in plain memory: `encoder`, `decoder` [features, hidden], `hiddenBias`, `outputBias`. */
export function sourceOf(rows: SparseRows, weights: ModelState): AutoRecSource {
  const { encoder, decoder, hiddenBias, outputBias } = weights;
  const hidden = hiddenBias.length;
  return {
    outputBias,
    writeActivations(target, stride) {
      const sum = new Float64Array(hidden);
      for (let r = 0; r < rows.rows; r++) {
        sum.set(hiddenBias);
        for (let n = rows.start[r]; n < rows.start[r + 1]; n++) {
          const from = rows.index[n] * hidden;
          const x = rows.value[n];
          for (let c = 0; c < hidden; c++) sum[c] += x * encoder[from + c];
        }
        for (let c = 0; c < hidden; c++) target[r * stride + c] = 1 / (1 + Math.exp(-sum[c]));
      }
    },
    writeDecoder(feature, target, at) {
      target.set(decoder.subarray(feature * hidden, (feature + 1) * hidden), at);
    },
  };
}
