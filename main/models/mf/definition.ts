import type { ParameterSchema } from '../../../shared/config.ts';
import type { ModelDefinition } from '../../model/model.ts';
import { embeddingSize, initialScale, steps, trainingParameters } from '../../model/training-parameters.ts';
import { mfScorer } from './weights.ts';
import { mfHistory } from './history.ts';
import { presets } from './presets.ts';

const parameters: readonly ParameterSchema[] = [
  embeddingSize(64, 1024, 'Larger: finer tastes, longer epochs, and sooner over-fitted with little data.'),
  {
    name: 'biases',
    title: 'User and item biases',
    type: 'boolean',
    default: true,
    effect: 'Off: factors alone must say that some users are strict and some items liked.',
    group: 'model',
  },
  {
    name: 'globalMean',
    title: 'Global mean',
    type: 'boolean',
    default: true,
    effect: 'Off (as the book): biases must first climb to the mean rating, which costs epochs.',
    group: 'model',
  },
  initialScale(0, 10),
  ...trainingParameters({
    epochs: 20,
    learningRate: 0.002,
    regularization: 2e-5,
    batchSize: 4096,
    batchUnit: 'Ratings',
    tablesAlone: true,
  }),
  steps('a rating'),
];

/**
 * Matrix factorization with biases for ratings (Koren, Bell & Volinsky 2009). A user or an item without a train rating
 * keeps zero factors and a zero bias, so that its predictions fall back to the mean and the other side's bias.
 */
export const mf: ModelDefinition = {
  name: 'mf',
  title: 'MF',
  kind: 'ratings',
  baseline: false,
  iterative: true,
  summary: 'Users and items are points in a space of tastes; a rating is how well they match, plus biases.',
  goodWhen: 'Star ratings that you want to predict, and the first model to try on them.',
  cost: 'fast',
  equation: ['r̂(u,i) = μ + b_u + b_i + p_u·q_i', 'L = ½ · mean (r − r̂)², weights decayed by λ'].join('\n'),
  latex: String.raw`\hat r(u,i) = \mu + b_u + b_i + p_u \cdot q_i
    L = \tfrac12\, \operatorname{mean}_{(u,i)}\, \bigl(r_{ui} - \hat r(u,i)\bigr)^2, \quad \text{weights decayed by } \lambda`,
  failsWhen:
    'Clicks without ratings (there is nothing to predict), new users and items (their factors say nothing yet), and lists judged by their order: a model of ratings seldom ranks well.',
  reference: 'Koren, Bell & Volinsky, "Matrix Factorization Techniques", 2009; Dive into Deep Learning 21.3',
  parameters,
  presets,
  sample: {},
  work: ({ users, items, ratings }, { embeddingSize }) => {
    const k = Number(embeddingSize);
    return { epoch: 8 * k * ratings, score: 2 * k, bytes: 12 * k * (users + items) };
  },
  factories: {
    fused: async () => (await import('./fused.ts')).createMf,
    tensorflow: async () => (await import('./tensorflow.ts')).createMf,
  },
  suite: {
    variants: [
      { steps: 'single', optimizer: 'sgd' },
      { regularization: 0.01 },
      { biases: false },
      { globalMean: false, optimizer: 'adagrad' },
      { optimizer: 'row-adagrad', learningRate: 0.02 },
    ],
  },
  scorer: mfScorer,
  history: mfHistory,
};
