import type { ParameterSchema } from '../../../shared/config.ts';
import type { ModelDefinition } from '../../model/model.ts';
import {
  embeddingSize,
  initialScale,
  samplingParameters,
  steps,
  trainingParameters,
} from '../../model/training-parameters.ts';
import { stopping } from '../../model/stopping-parameters.ts';
import { bprScorer } from './weights.ts';
import { bprHistory } from './history.ts';
import { presets } from './presets.ts';

const parameters: readonly ParameterSchema[] = [
  embeddingSize(64, 1024, 'Larger: finer tastes, longer epochs; very large ones want more regularization.'),
  {
    name: 'loss',
    title: 'Loss',
    type: 'choice',
    default: 'bpr',
    choices: [
      { value: 'bpr', title: 'BPR (log-sigmoid of the difference)' },
      { value: 'hinge', title: 'Hinge (difference of at least the margin)' },
    ],
    search: { values: ['bpr', 'hinge'] },
    effect: 'Hinge stops pulling at pairs that are far enough apart; BPR never quite does.',
    group: 'model',
  },
  {
    name: 'margin',
    title: 'Margin',
    type: 'number',
    default: 1,
    minimum: 0.001,
    maximum: 100,
    scale: 'log',
    search: { low: 0.1, high: 10, scale: 'log', when: { name: 'loss', values: ['hinge'] } },
    effect: 'Hinge loss: how far a positive should be above a negative. Larger: larger factors.',
    group: 'model',
  },
  {
    name: 'itemBias',
    title: 'Item bias',
    type: 'boolean',
    default: false,
    search: { values: [false, true] },
    effect: 'On: popularity has a number of its own, so that new users get the popular items.',
    group: 'model',
  },
  initialScale(0.000001, 10),
  ...trainingParameters({
    epochs: 150,
    learningRate: 0.002,
    regularization: 1e-5,
    batchSize: 2048,
    batchUnit: 'Pairs',
    tablesAlone: true,
  }),
  steps('a pair'),
  ...samplingParameters(1, 'interaction'),
  // It orders by popularity first, and gets worse before it gets better.
  ...stopping({ patience: 10, minimumEpochs: 30 }),
];

/**
 * Bayesian personalised ranking by factors (Rendle et al. 2009), or the same pairs under the hinge loss. A user without
 * a train row has zero factors: every item equal, or by item bias.
 */
export const bpr: ModelDefinition = {
  name: 'bpr',
  title: 'BPR',
  kind: 'ranking',
  baseline: false,
  iterative: true,
  summary: 'Learns from pairs: what someone chose should score above something they did not.',
  goodWhen: 'Clicks, plays or purchases, when the order of the list is what counts.',
  cost: 'fast',
  equation: [
    's(u,i) = b_i + p_u·q_i, x = s(u,i) − s(u,j) for i seen, j not',
    'bpr: L = −mean log σ(x)',
    'hinge: L = mean max(0, margin − x)',
  ].join('\n'),
  latex: String.raw`s(u,i) = b_i + p_u \cdot q_i, \qquad x = s(u,i) - s(u,j), \quad i \text{ seen}, j \text{ not}
    \text{bpr: } L = -\operatorname{mean}\, \ln \sigma(x)
    \text{hinge: } L = \operatorname{mean}\, \max(0,\, m - x)`,
  failsWhen:
    'Predicting stars: its scores are an order, not ratings. With few interactions it falls back on popularity, and a uniform sampler learns slowly where the catalogue is large.',
  reference: 'Rendle et al., "BPR: Bayesian Personalized Ranking", UAI 2009; Dive into Deep Learning 21.5',
  parameters,
  presets,
  sample: { epochs: 40, minimumEpochs: 10 },
  work: ({ users, items, ratings }, { embeddingSize, negatives }) => {
    const k = Number(embeddingSize);
    return { epoch: 12 * k * ratings * Number(negatives), score: 2 * k, bytes: 12 * k * (users + items) };
  },
  factories: {
    fused: async () => (await import('./fused.ts')).createBpr,
    tensorflow: async () => (await import('./tensorflow.ts')).createBpr,
  },
  suite: {
    variants: [
      { steps: 'single', optimizer: 'sgd' },
      { steps: 'single', optimizer: 'row-rmsprop' },
      { loss: 'hinge' },
      { regularization: 0.01, optimizer: 'sgd' },
    ],
  },
  scorer: bprScorer,
  history: bprHistory,
};
