import { factorScorer } from '../../model/factor-scorer.ts';
import type { ModelDefinition, SavedModel, Scorer } from '../../model/model.ts';
import { caserShape } from './shape.ts';
import {
  dropout,
  embeddingSize,
  initialScale,
  samplingParameters,
  trainingParameters,
} from '../../model/training-parameters.ts';
import { caserHistory } from './history.ts';
import { caserFactors } from './plain.ts';
import { presets } from './presets.ts';

/** Convolutional sequence embedding (Tang & Wang 2018): the last L items as an image, and who is looking at it. */
export const caser: ModelDefinition = {
  name: 'caser',
  title: 'Caser',
  kind: 'sequence',
  baseline: false,
  iterative: true,
  summary:
    'Reads the last few items of a history in their order, and predicts what comes next for this user.',
  goodWhen: 'The order of events means something: sessions, series, habits that change.',
  cost: 'slow',
  equation: [
    'E = rows of the last L items; h_s = max over places of F_s · E[place … place + s − 1]; v = Σ_l F′_l E_l',
    'z = relu(W [v, relu(h + b)] + b′), ŷ(u,t,i) = W′_i · [z, P_u] + b″_i',
    'log: L = −Σ log σ(ŷ_target) − Σ_{sampled} log(1 − σ(ŷ)); bpr: −Σ log σ(ŷ_target − ŷ_sampled)',
    'softmax: L = −Σ log (e^ŷ_target / Σ_i e^ŷ_i) over the catalogue',
  ].join('\n'),
  latex: String.raw`E \in \mathbb{R}^{L \times d}: \text{ rows of the last } L \text{ items}
    h_s = \max_{t}\; F_s \cdot E_{t \dots t+s-1}, \qquad v = \sum_{l} F'_l\, E_l
    z = \operatorname{relu}\bigl(W\,[\,v, \operatorname{relu}(h + b)\,] + b'\bigr), \qquad \hat y(u,t,i) = W'_i \cdot [\,z, P_u\,] + b''_i
    \text{log: } L = -\sum \ln \sigma(\hat y_{\text{target}}) - \sum_{\text{sampled}} \ln\bigl(1 - \sigma(\hat y)\bigr)
    \text{softmax: } L = -\sum \ln \frac{e^{\hat y_{\text{target}}}}{\sum_i e^{\hat y_i}}`,
  failsWhen:
    'Data without times or whose order means nothing, short histories, and a random split: it reads what comes next, so it must be tested by time.',
  reference:
    'Tang & Wang, "Personalized Top-N Sequential Recommendation via Convolutional Sequence Embedding", WSDM 2018, §3; Dive into Deep Learning 21.7',
  parameters: [
    embeddingSize(50, 512, 'Larger: finer tastes, slower, over-fits earlier.'),
    {
      name: 'length',
      title: 'Window (L)',
      type: 'integer',
      default: 5,
      minimum: 1,
      maximum: 50,
      search: { low: 2, high: 10, scale: 'log' },
      effect: 'Items of the history that are read. Longer: more context, slower (with its square).',
      group: 'model',
    },
    {
      name: 'targets',
      title: 'Targets (T)',
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 20,
      search: { values: [1, 2, 3] },
      effect: 'Items after the window that are predicted. More than one skips over noise in the order.',
      group: 'model',
    },
    {
      name: 'horizontalFilters',
      title: 'Horizontal filters a height',
      type: 'integer',
      default: 16,
      minimum: 1,
      maximum: 256,
      search: { low: 4, high: 32, scale: 'log' },
      effect: 'Patterns of one to L items in a row. More: slower, finds rarer patterns.',
      group: 'model',
    },
    {
      name: 'verticalFilters',
      title: 'Vertical filters',
      type: 'integer',
      default: 4,
      minimum: 1,
      maximum: 64,
      search: { low: 1, high: 8, scale: 'log' },
      effect: 'Weightings of the window’s places. A few are enough.',
      group: 'model',
    },
    dropout(0.5),
    {
      name: 'initialization',
      title: 'Weights start from',
      type: 'choice',
      default: 'paper',
      choices: [
        { value: 'paper', title: 'As the authors’ code' },
        { value: 'normal', title: 'N(0, scale²), as the book' },
      ],
      effect: 'The authors’ start suits small learning rates, the book’s large ones.',
      group: 'model',
    },
    initialScale(0.0001, 1, 'Standard deviation of all weights at the start (normal start only).'),
    {
      name: 'loss',
      title: 'Loss',
      type: 'choice',
      default: 'log',
      choices: [
        { value: 'log', title: 'Log loss (sampled negatives)' },
        { value: 'bpr', title: 'BPR (pairs)' },
        { value: 'softmax', title: 'Softmax over the catalogue' },
      ],
      search: { values: ['log', 'softmax'] },
      effect:
        'Log loss as in the paper, BPR as in the book; softmax is best on small catalogues, and slow on large ones.',
      group: 'training',
    },
    ...trainingParameters({
      epochs: 30,
      learningRate: 0.001,
      regularization: 0.000001,
      batchSize: 512,
      batchUnit: 'Windows',
    }),
    ...samplingParameters(3, 'target (not under softmax)'),
  ],
  presets,
  work: ({ users, items, ratings }, parameters) => {
    const numbers = [
      'embeddingSize',
      'length',
      'horizontalFilters',
      'verticalFilters',
      'targets',
      'negatives',
    ];
    const [d, length, horizontal, vertical, targets, negatives] = numbers.map((name) =>
      Number(parameters[name]),
    );
    // Filters of each height at each place, the dense layer, and the items that are scored.
    const places = (length * (length + 1) * (length + 2)) / 6;
    const dense = (vertical * d + horizontal * length) * d;
    const scored = parameters['loss'] === 'softmax' ? items : targets * (1 + negatives);
    const window = places * d * horizontal + dense + scored * 2 * d;
    return { epoch: 6 * ratings * window, score: 4 * d, bytes: 12 * d * (users + 3 * items) };
  },
  // A small network that is done in seconds, chosen on validation by test/defaults/sample.ts.
  sample: {
    embeddingSize: 24,
    length: 3,
    targets: 1,
    horizontalFilters: 4,
    verticalFilters: 2,
    dropout: 0.4,
    learningRate: 0.01,
    epochs: 10,
  },
  factories: {
    fused: async () => (await import('./fused.ts')).createCaser,
    tensorflow: async () => (await import('./tensorflow.ts')).createCaser,
  },
  suite: { variants: [{ loss: 'bpr' }, { loss: 'softmax' }] },
  scorer: caserScorer,
  history: caserHistory,
};

/**
 * Scores after each user's last L train items. A user without train rows has an empty window and the initial embedding:
 * everybody's favourites. An item without train rows keeps its initial row.
 */
export function caserScorer(saved: SavedModel): Scorer {
  return factorScorer(caserFactors(saved.weights, caserShape(saved.parameters), saved.train));
}
