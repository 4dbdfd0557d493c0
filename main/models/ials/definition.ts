import type { ModelDefinition } from '../../model/model.ts';
import { density, threeDigits, usualRow } from '../../model/counts.ts';
import { embeddingSize } from '../../model/training-parameters.ts';
import { ialsHistory } from './history.ts';
import { ialsScorer } from './weights.ts';
import { presets } from './presets.ts';

/**
 * Implicit ALS (Hu, Koren & Volinsky 2008, §4) with the frequency-scaled regularization of Rendle, Krichene, Zhang &
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
  latex: String.raw`\hat y(u,i) = p_u \cdot q_i
    L = \sum_{(u,i)\ \text{seen}} (1 - \hat y)^2 + \alpha_0 \sum_{u,i} \hat y^2 + \sum_u \lambda_u \lVert p_u \rVert^2 + \sum_i \lambda_i \lVert q_i \rVert^2
    \lambda_u = \lambda\,\bigl(\lvert I_u \rvert + \alpha_0 \lvert I \rvert\bigr)^{\nu}, \qquad \lambda_i = \lambda\,\bigl(\lvert U_i \rvert + \alpha_0 \lvert U \rvert\bigr)^{\nu}`,
  failsWhen:
    'Predicting stars, and orders of events: it knows who has what, not when. Untuned weights of missing pairs and regularization cost more than the choice of model.',
  reference: 'Hu, Koren & Volinsky, ICDM 2008, §4; Rendle et al., RecSys 2022, §3',
  parameters: [
    embeddingSize(
      64,
      1024,
      'Larger: more of the data is remembered, epochs take longer; very large ones want more regularization.',
    ),
    {
      name: 'unobservedWeight',
      title: 'Weight of unobserved pairs',
      type: 'number',
      default: 'auto',
      auto: '10 × ratings ÷ (users × items)',
      minimum: 0.0001,
      maximum: 10,
      scale: 'log',
      search: { low: 0.01, high: 2, scale: 'log' },
      effect:
        'α₀. Higher: popular items count for more, rare ones are recommended less. auto: all missing pairs together ' +
        'weigh ten times what is there.',
      group: 'model',
    },
    {
      name: 'frequencyExponent',
      title: 'Frequency scaling',
      type: 'number',
      default: 1,
      minimum: 0,
      maximum: 1,
      search: { low: 0, high: 1, scale: 'linear' },
      effect: 'ν. 1: users and items with many interactions are held back as much as others; 0: much less.',
      group: 'model',
    },
    {
      name: 'epochs',
      title: 'Epochs',
      type: 'integer',
      default: 40,
      minimum: 1,
      maximum: 1000,
      scale: 'log',
      effect:
        'Passes over all users and items at most. Most of the quality is there after ten to twenty; early stopping ends ' +
        'them where there is a validation part.',
      group: 'training',
    },
    {
      name: 'regularization',
      title: 'Regularization',
      type: 'number',
      default: 'auto',
      auto: '0.08 ÷ (ratings a user × ratings an item)^¼',
      minimum: 0,
      maximum: 1000,
      scale: 'log',
      search: { low: 1e-4, high: 0.5, scale: 'log' },
      effect:
        'λ. Higher: smoother factors, safer with little data; too high: everybody gets the same list. auto: less, the ' +
        'more is known of a row.',
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
  auto: (data) => ({
    unobservedWeight: Math.min(10, Math.max(0.0001, threeDigits(10 * density(data)))),
    regularization: threeDigits(0.08 / usualRow(data)),
  }),
  presets,
  work: ({ users, items, ratings }, { embeddingSize, solverSteps }) => {
    const [k, steps] = [Number(embeddingSize), 1 + Number(solverSteps)];
    const epoch = 2 * steps * (k * k * (users + items) + 4 * k * ratings);
    return { epoch, score: 2 * k, bytes: 12 * k * (users + items) };
  },
  factories: {
    fused: async () => (await import('./fused.ts')).createIals,
    cpu: async () => (await import('./plain.ts')).createIals,
  },
  suite: { parameters: { regularization: 0.05, unobservedWeight: 0.4, epochs: 10 } },
  scorer: ialsScorer,
  history: ialsHistory,
};
