import { factorScorer } from '../../model/factor-scorer.ts';
import type { Scorer } from '../../model/model.ts';
import type { SavedModel } from '../../model/model.ts';
import { Random } from '../../numeric/random.ts';
import type { TrainingContext } from '../../model/model.ts';

/** Epochs for which a negative comes from the same items: a new deal costs a tenth of an epoch. */
export const DEAL_EVERY = 4;

/** What all engines start from: [userCount, embeddingSize] and [itemCount, embeddingSize]. */
export interface BprStart {
  readonly embeddingSize: number;
  readonly users: Float32Array;
  readonly items: Float32Array;
}

/** First factors N(0, initialScale²), users then items; users without a row are zero. Biases start at 0. */
export function bprStart({ train, parameters: given, seed }: TrainingContext): BprStart {
  const k = Number(given['embeddingSize']);
  const scale = Number(given['initialScale']);
  const random = new Random(seed, 'init');
  const users = random.fillNormal(new Float32Array(train.userCount * k), scale);
  const items = random.fillNormal(new Float32Array(train.itemCount * k), scale);
  for (let u = 0; u < train.userCount; u++)
    if (train.start[u] === train.start[u + 1]) users.fill(0, u * k, (u + 1) * k);
  return { embeddingSize: k, users, items };
}

/** Weights: `users` [users, k], `items` [items, k], `itemBias` [items] (zero without biases). */
export function bprScorer(saved: Pick<SavedModel, 'weights' | 'parameters'>): Scorer {
  const { users, items, itemBias } = saved.weights as Record<string, Float32Array>;
  return factorScorer({ users, items, k: Number(saved.parameters['embeddingSize']), itemBias });
}
