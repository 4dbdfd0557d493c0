import type { ModelDefinition } from '../../model/model.ts';
import { threeDigits, usualRow } from '../../model/counts.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import { easeHistory } from './history.ts';
import { easeScorer } from './weights.ts';
import { presets } from './presets.ts';

/**
 * EASE-R (Steck 2019): the linear model X ≈ X·B with a zero diagonal, in closed form. Users without history score 0
 * everywhere; an item without an interaction scores 0 for everybody.
 */
export const ease: ModelDefinition = {
  name: 'ease',
  title: 'EASE',
  kind: 'ranking',
  baseline: true,
  iterative: false,
  seedless: true,
  summary: 'One weight for every pair of items, solved exactly: what having one says about another.',
  goodWhen: 'Up to some ten thousand items; hard to beat when users have long histories.',
  cost: 'medium',
  equation: [
    'ŷ(u,i) = Σ_{j ∈ I_u} B_ji',
    'min ‖X − XB‖² + λ‖B‖², diag(B) = 0: B_ij = −P_ij / P_jj, P = (XᵀX + λI)⁻¹',
  ].join('\n'),
  latex: String.raw`\hat y(u,i) = \sum_{j \in I_u} B_{ji}
    \min_B\; \lVert X - X B \rVert^2 + \lambda \lVert B \rVert^2, \quad \operatorname{diag}(B) = 0
    B_{ij} = -\frac{P_{ij}}{P_{jj}} \ (i \ne j), \qquad P = (X^\top X + \lambda I)^{-1}`,
  failsWhen:
    'More than some twenty thousand items: memory grows with their square and time with their cube. Users with one or two items get lists that hardly differ.',
  reference: 'Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, §3.1',
  parameters: [
    {
      name: 'regularization',
      title: 'Regularization',
      type: 'number',
      default: 'auto',
      auto: '30 × (ratings a user × ratings an item)^¼',
      minimum: 0.1,
      maximum: 1_000_000,
      scale: 'log',
      search: { low: 10, high: 10_000, scale: 'log' },
      effect:
        'λ, in interactions. Higher: pairs of items must occur together more often to count. auto: more, the more is ' +
        'known of a row.',
      group: 'training',
    },
  ],
  auto: (data) => ({ regularization: threeDigits(30 * usualRow(data)) }),
  presets,
  work: ({ users, items, ratings }) => ({
    epoch: 2 * items ** 3 + (2 * ratings * ratings) / Math.max(1, users),
    score: (2 * ratings) / Math.max(1, users),
    bytes: 8 * items * items,
  }),
  factories: {
    fused: async () => (await import('./fused.ts')).createEase,
    cpu: async () => (await import('./plain.ts')).createEase,
  },
  suite: { parameters: { regularization: 10 } },
  history: easeHistory,
  scorer: (saved) => {
    const { itemCount } = saved.train;
    const matrix = saved.weights['itemWeights'] as Float32Array;
    return easeScorer(matrix, itemCount, itemCount, userItemMatrix(saved.train));
  },
};
