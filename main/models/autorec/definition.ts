import { AutoRecScoring } from './scoring.ts';
import type { ModelDefinition } from '../../model/model.ts';
import {
  batchSize,
  dropout,
  embeddingSize,
  epochs,
  gradientClipping,
  learningRate,
  regularization,
  schedule,
} from '../../model/training-parameters.ts';
import { autorecHistory } from './history.ts';
import { autorecRows, sourceOf } from './weights.ts';
import { presets } from './presets.ts';

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
  latex: String.raw`h(x) = \sigma(V^\top x + \mu), \qquad \hat y = W\, h(x) + b
    L = \tfrac12 \operatorname{mean}_{\text{cells of a batch}}\; o\,(\hat y - x)^2, \quad o = 1 \text{ where rated, else } 0`,
  failsWhen:
    'Items with few ratings, clicks without ratings, and catalogues so large that a row of all users no longer fits in a batch.',
  reference: 'Sedhain et al., WWW 2015, eq. 2; Dive into Deep Learning 21.4',
  // The defaults are the book's. Its optimizer is Adam on every weight: there is no other here.
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
  presets,
  work: ({ users, items, ratings }, { embeddingSize, userBased }) => {
    const hidden = Number(embeddingSize);
    const [width, rows] = userBased ? [items, users] : [users, items];
    return {
      epoch: 12 * hidden * ratings,
      score: 2 * hidden,
      bytes: 4 * hidden * (6 * width + rows),
    };
  },
  factories: {
    fused: async () => (await import('./fused.ts')).createAutoRec,
    tensorflow: async () => (await import('./tensorflow.ts')).createAutoRec,
  },
  suite: { parameters: { regularization: 0.003, batchSize: 4 } },
  history: autorecHistory,
  scorer: ({ weights, parameters, train }) =>
    new AutoRecScoring(train, parameters).scorer(sourceOf(autorecRows(train, parameters), weights)),
};
