import type { ModelDefinition, SavedModel, Scorer, TrainingContext } from './model.ts';
import type { Parameters } from '../../shared/config.ts';
import { factorScorer } from './factor-scorer.ts';
import { embeddingSize } from './training-parameters.ts';
import { Random } from '../trainer/random.ts';

/**
 * Implicit ALS (Hu, Koren & Volinsky 2008, §4) with the frequency-scaled regularisation of Rendle, Krichene, Zhang &
 * Koren, "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (2021), §3. Users and items without an
 * interaction get the zero vector: a cold user ranks all items equal, a cold item scores 0 for everybody.
 */
export const ials: ModelDefinition = {
  name: 'ials',
  title: 'iALS',
  kind: 'ranking',
  baseline: true,
  iterative: true,
  summary: 'Factors that reconstruct who has what, every missing interaction counting as a weak "no".',
  goodWhen: 'The first model to try on clicks, plays or purchases: strong, and trained in a second or two.',
  cost: 'fast',
  equation: [
    'ŷ(u,i) = p_u·q_i',
    'L = Σ_{(u,i) seen} (1 − ŷ)² + α₀ Σ_{all u,i} ŷ² + Σ_u λ_u‖p_u‖² + Σ_i λ_i‖q_i‖²',
    'λ_u = λ (|I_u| + α₀|I|)^ν, λ_i = λ (|U_i| + α₀|U|)^ν',
  ].join('\n'),
  reference: 'Hu, Koren & Volinsky, ICDM 2008, §4; Rendle et al., RecSys 2022, §3',
  parameters: [
    embeddingSize(
      64,
      1024,
      'Larger: more of the data is remembered, epochs take longer; very large ones want more regularisation.',
    ),
    {
      name: 'unobservedWeight',
      title: 'Weight of unobserved pairs',
      type: 'number',
      default: 0.4,
      minimum: 0.0001,
      maximum: 10,
      scale: 'log',
      effect: 'α₀. Higher: popular items count for more, rare ones are recommended less.',
      group: 'model',
    },
    {
      name: 'frequencyExponent',
      title: 'Frequency scaling',
      type: 'number',
      default: 1,
      minimum: 0,
      maximum: 1,
      effect: 'ν. 1: users and items with many interactions are held back as much as others; 0: much less.',
      group: 'model',
    },
    {
      name: 'epochs',
      title: 'Epochs',
      type: 'integer',
      default: 8,
      minimum: 1,
      maximum: 1000,
      scale: 'log',
      effect: 'Passes over all users and items. Most of the quality is there after five to ten.',
      group: 'training',
    },
    {
      name: 'regularization',
      title: 'Regularisation',
      type: 'number',
      default: 0.005,
      minimum: 0,
      maximum: 1000,
      scale: 'log',
      effect: 'λ. Higher: smoother factors, safer with little data; too high: everybody gets the same list.',
      group: 'training',
    },
    {
      name: 'solverSteps',
      title: 'Solver steps',
      type: 'integer',
      default: 3,
      minimum: 1,
      maximum: 200,
      effect: 'Conjugate-gradient steps a row and epoch. More: closer to the exact solution, slower.',
      group: 'training',
    },
  ],
  factories: {
    fused: async () => (await import('../kernels/ials.ts')).createIals,
    cpu: async () => (await import('./plain/ials.ts')).createIals,
  },
  scorer: ialsScorer,
};

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
