import type { ModelDefinition, SavedModel, Scorer } from '../../model/model.ts';
import {
  embeddingSize,
  initialScale,
  samplingParameters,
  trainingParameters,
} from '../../model/training-parameters.ts';
import { neumfHistory } from './history.ts';
import { neumfScorer as scorerOf } from './plain.ts';
import { neumfShape } from './shape.ts';
import { presets } from './presets.ts';

/** Neural matrix factorization (He et al. 2017): generalised factors (GMF) and an MLP over user and item, one head. */
export const neumf: ModelDefinition = {
  name: 'neumf',
  title: 'NeuMF',
  kind: 'ranking',
  baseline: false,
  iterative: true,
  summary: 'Factors and a small neural network side by side decide how likely someone is to want an item.',
  goodWhen: 'Plenty of clicks or plays, and the question whether a network beats plain factors on them.',
  cost: 'medium',
  equation: [
    'ŷ(u,i) = h·[ p_u ∘ q_i , φ_L(… φ_1([p′_u, q′_i]) …) ] + b, φ_l(x) = relu(W_l x + b_l)',
    'log: L = −Σ_{(u,i) seen} log σ(ŷ) − Σ_{sampled} log(1 − σ(ŷ))',
    'bpr: L = −Σ_{(u,i,j)} log σ(ŷ(u,i) − ŷ(u,j)), on raw logits',
  ].join('\n'),
  latex: String.raw`\hat y(u,i) = h \cdot \bigl[\, p_u \circ q_i,\; \varphi_L(\dots \varphi_1([\,p'_u, q'_i\,]) \dots)\,\bigr] + b
    \varphi_l(x) = \operatorname{relu}(W_l\, x + b_l)
    \text{log: } L = -\sum_{(u,i)\ \text{seen}} \ln \sigma(\hat y) - \sum_{\text{sampled}} \ln\bigl(1 - \sigma(\hat y)\bigr)
    \text{bpr: } L = -\sum_{(u,i,j)} \ln \sigma\bigl(\hat y(u,i) - \hat y(u,j)\bigr)`,
  failsWhen:
    'Small data: the network over-fits, and well tuned factors (BPR, iALS) are as good for a fraction of the time. It needs several seeds before it may be said to beat anything.',
  reference: 'He et al., "Neural Collaborative Filtering", WWW 2017, §3.2–3.4; Dive into Deep Learning 21.6',
  parameters: [
    {
      name: 'mode',
      title: 'Parts',
      type: 'choice',
      default: 'neumf',
      choices: [
        { value: 'neumf', title: 'NeuMF (both, fused)' },
        { value: 'gmf', title: 'GMF (factors alone)' },
        { value: 'mlp', title: 'MLP (network alone)' },
      ],
      effect: 'GMF alone is fastest; the network alone is weakest on most data; both together are the model.',
      group: 'model',
    },
    embeddingSize(32, 1024, 'Larger: finer tastes, slower, over-fits earlier.', 'Embedding size (GMF)'),
    {
      name: 'mlpEmbeddingSize',
      title: 'Embedding size (MLP)',
      type: 'integer',
      default: 32,
      minimum: 1,
      maximum: 1024,
      scale: 'log',
      search: { low: 4, high: 64, scale: 'log' },
      effect: 'What the network sees of a user and of an item. Larger: slower, over-fits earlier.',
      group: 'model',
    },
    {
      name: 'layers',
      title: 'Layers of the MLP',
      type: 'integers',
      default: '64,32,16',
      minimum: 1,
      maximum: 4096,
      effect: 'Units of each layer, first to last. Wider and deeper: slower, seldom better.',
      group: 'model',
    },
    {
      name: 'initialization',
      title: 'Dense weights start from',
      type: 'choice',
      default: 'xavier',
      choices: [
        { value: 'xavier', title: 'Xavier uniform' },
        { value: 'normal', title: 'N(0, scale²)' },
      ],
      effect: 'Xavier starts the network at full strength; normal starts it near zero, as the book does.',
      group: 'model',
    },
    initialScale(0.0001, 1, 'Standard deviation of the embeddings at the start.'),
    {
      name: 'loss',
      title: 'Loss',
      type: 'choice',
      default: 'log',
      choices: [
        { value: 'log', title: 'Log loss (labelled samples)' },
        { value: 'bpr', title: 'BPR (pairs, on raw logits)' },
      ],
      effect: 'Log loss as in the paper; BPR orders pairs, as in the book.',
      group: 'training',
    },
    {
      name: 'pretrain',
      title: 'Pre-train the parts',
      type: 'boolean',
      default: false,
      effect: 'Trains GMF and MLP first and starts from both: often better, twice the work.',
      group: 'training',
    },
    {
      name: 'pretrainEpochs',
      title: 'Epochs of pre-training',
      type: 'integer',
      default: 5,
      minimum: 1,
      maximum: 1000,
      effect: 'Epochs of each part before they are fused.',
      group: 'training',
    },
    {
      name: 'alpha',
      title: 'Trade-off α',
      type: 'number',
      default: 0.5,
      minimum: 0,
      maximum: 1,
      effect: 'Weight of GMF against MLP in the fused head at the start (pre-training only).',
      group: 'training',
    },
    ...trainingParameters({
      epochs: 20,
      learningRate: 0.001,
      regularization: 0,
      batchSize: 4096,
      batchUnit: 'Labelled samples (log loss) or pairs (BPR)',
    }),
    ...samplingParameters(4, 'positive'),
  ],
  presets,
  work: ({ users, items, ratings }, parameters) => {
    const [k, m] = [Number(parameters['embeddingSize']), Number(parameters['mlpEmbeddingSize'])];
    const widths = [2 * m, ...String(parameters['layers']).split(',').map(Number)];
    const dense = widths.slice(1).reduce((sum, width, l) => sum + width * widths[l], 0);
    const samples = ratings * (1 + Number(parameters['negatives']));
    return { epoch: samples * (6 * dense + 8 * k), score: 2 * dense, bytes: 12 * (k + m) * (users + items) };
  },
  factories: {
    fused: async () => (await import('./fused.ts')).createNeumf,
    tensorflow: async () => (await import('./tensorflow.ts')).createNeumf,
  },
  suite: { variants: [{ mode: 'gmf' }, { mode: 'mlp' }, { loss: 'bpr' }] },
  scorer: neumfScorer,
  history: neumfHistory,
};

/**
 * Scores from stored weights. A user or an item without train rows keeps its initial embedding: a cold user gets a list
 * near that of the average user, a cold item a score near that of the average item.
 */
export function neumfScorer(saved: SavedModel): Scorer {
  return scorerOf(saved.weights, neumfShape(saved.parameters), saved.train.itemCount);
}
