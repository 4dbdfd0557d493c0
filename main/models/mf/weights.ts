import { factorScorer } from '../../model/factor-scorer.ts';
import type { Scorer } from '../../model/model.ts';
import type { SavedModel } from '../../model/model.ts';
import { Random } from '../../numeric/random.ts';
import type { TrainingContext } from '../../model/model.ts';

/** One rating a step, blocks of items serve all epochs: which of them meet changes nothing that is learned. */
export const DEAL_EVERY = Number.POSITIVE_INFINITY;

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
