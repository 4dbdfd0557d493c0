import type { Parameters } from '../../../shared/config.ts';
import { Random } from '../../numeric/random.ts';
import type { TrainingContext } from '../../model/model.ts';
import { factorScorer } from '../../model/factor-scorer.ts';
import type { Scorer } from '../../model/model.ts';
import type { SavedModel } from '../../model/model.ts';

/** Weights: `users` [users, embeddingSize], `items` [items, embeddingSize]. */
export function ialsScorer(saved: Pick<SavedModel, 'weights' | 'parameters'>): Scorer {
  return factorScorer({
    users: saved.weights['users'] as Float32Array,
    items: saved.weights['items'] as Float32Array,
    k: Number(saved.parameters['embeddingSize']),
    itemBias: null,
  });
}

/** λ of each row of one side: λ (its interactions + α₀ · the other side's size)^ν. */
export function rowRegularization(start: Uint32Array, others: number, parameters: Parameters): Float32Array {
  const lambda = Number(parameters['regularization']);
  const background = Number(parameters['unobservedWeight']) * others;
  const exponent = Number(parameters['frequencyExponent']);
  return Float32Array.from(
    { length: start.length - 1 },
    (_, r) => lambda * (start[r + 1] - start[r] + background) ** exponent,
  );
}

/** First factors: N(0, .1² / k), users then items, row-major, as in Rendle et al. 2021. */
export function initialFactors(context: TrainingContext): { users: Float32Array; items: Float32Array } {
  const k = Number(context.parameters['embeddingSize']);
  const random = new Random(context.seed, 'init');
  const deviation = 0.1 / Math.sqrt(k);
  return {
    users: random.fillNormal(new Float32Array(context.train.userCount * k), deviation),
    items: random.fillNormal(new Float32Array(context.train.itemCount * k), deviation),
  };
}
