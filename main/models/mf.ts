import type { ParameterSchema } from '../../shared/config.ts';
import { Random } from '../trainer/random.ts';
import { factorScorer } from './factor-scorer.ts';
import type { ModelDefinition, SavedModel, Scorer, TrainingContext } from './model.ts';
import { embeddingSize, initialScale, trainingParameters } from './training-parameters.ts';

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
  }),
];

/**
 * Matrix factorisation with biases for ratings (Koren, Bell & Volinsky 2009). A user or an item without a train rating
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
  reference: 'Koren, Bell & Volinsky, "Matrix Factorization Techniques", 2009; Dive into Deep Learning 21.3',
  parameters,
  factories: {
    fused: async () => (await import('../kernels/mf.ts')).createMf,
    tensorflow: async () => (await import('./tensorflow/mf.ts')).createMf,
  },
  scorer: mfScorer,
};

/** What all engines start from. */
export interface MfStart {
  readonly embeddingSize: number;
  readonly biases: boolean;
  /** μ, or 0. */
  readonly mean: number;
  /** [userCount, embeddingSize], [itemCount, embeddingSize]; rows without a rating are zero. */
  readonly users: Float32Array;
  readonly items: Float32Array;
}

/** First factors N(0, initialScale²), users then items; biases start at 0. */
export function mfStart({ train, parameters: given, seed }: TrainingContext): MfStart {
  const k = Number(given['embeddingSize']);
  const scale = Number(given['initialScale']);
  const random = new Random(seed, 'init');
  const users = random.fillNormal(new Float32Array(train.userCount * k), scale);
  const items = random.fillNormal(new Float32Array(train.itemCount * k), scale);
  const rated = new Uint8Array(train.itemCount);
  for (const item of train.item) rated[item] = 1;
  for (let u = 0; u < train.userCount; u++)
    if (train.start[u] === train.start[u + 1]) users.fill(0, u * k, (u + 1) * k);
  for (let i = 0; i < train.itemCount; i++) if (rated[i] === 0) items.fill(0, i * k, (i + 1) * k);
  const sum = train.value.reduce((total, value) => total + value, 0);
  const mean = given['globalMean'] === true && train.value.length > 0 ? sum / train.value.length : 0;
  return { embeddingSize: k, biases: given['biases'] === true, mean: Math.fround(mean), users, items };
}

/** Weights: `users` [users, k], `items` [items, k], `userBias`, `itemBias`, `mean` [1]. */
export function mfScorer(saved: Pick<SavedModel, 'weights' | 'parameters'>): Scorer {
  const { users, items, userBias, itemBias, mean } = saved.weights as Record<string, Float32Array>;
  return factorScorer(
    { users, items, k: Number(saved.parameters['embeddingSize']), itemBias },
    userBias.map((bias) => bias + mean[0]),
  );
}
