import { threeDigits, usualRow } from '../../model/counts.ts';
import type { DataSize, ModelDefinition } from '../../model/model.ts';
import { itemKnnHistory } from './history.ts';
import { itemKnnScorer } from './weights.ts';
import { presets } from './presets.ts';

/**
 * Item-based nearest neighbours on interactions (Sarwar et al. 2001; shrinkage as in Bell & Koren 2007, Ferrari Dacrema
 * et al. 2019): s(i, j) = Σ_u f(u,i)·f(u,j) / (‖f_i‖·‖f_j‖ + shrinkage), a score sums s over the k nearest neighbours
 * of the candidate that the user has.
 */
export const itemKnn: ModelDefinition = {
  name: 'itemknn',
  title: 'ItemKNN',
  kind: 'ranking',
  baseline: true,
  iterative: false,
  seedless: true,
  summary: 'Recommends items whose users overlap with the users of what someone already has.',
  goodWhen: 'A strong, explainable baseline: every recommendation is "because you had …".',
  cost: 'fast',
  equation: [
    'ŷ(u,i) = Σ_{j ∈ N_k(i) ∩ I_u} s(i,j)',
    's(i,j) = f_i·f_j / (‖f_i‖‖f_j‖ + shrinkage), f_i = [w_u if u has i] over users',
    'w_u = 1, or log(|I| / (1 + |I_u|)) with TF-IDF',
  ].join('\n'),
  latex: String.raw`\hat y(u,i) = \sum_{j \,\in\, N_k(i) \,\cap\, I_u} s(i,j)
    s(i,j) = \frac{f_i \cdot f_j}{\lVert f_i \rVert\, \lVert f_j \rVert + \beta}, \qquad f_i = \bigl[\, w_u \text{ if } u \text{ has } i, \text{ else } 0 \,\bigr]_u
    w_u = 1, \quad\text{or}\quad w_u = \ln \frac{\lvert I \rvert}{1 + \lvert I_u \rvert} \text{ with TF-IDF}`,
  failsWhen:
    'Rare items: two users in common are chance (raise the shrinkage). It finds what lies beside a history, and nothing that only shows over several steps.',
  reference: 'Sarwar et al., WWW 2001, §3; Ferrari Dacrema et al., RecSys 2019',
  parameters: [
    {
      name: 'neighbors',
      title: 'Neighbours',
      type: 'integer',
      default: 200,
      minimum: 1,
      maximum: 10_000,
      scale: 'log',
      search: { low: 10, high: 1000, scale: 'log' },
      effect: 'More neighbours: smoother, more popular recommendations; fewer: narrower ones.',
      group: 'model',
    },
    {
      name: 'shrinkage',
      title: 'Shrinkage',
      type: 'number',
      default: 'auto',
      auto: '200,000 ÷ (ratings a user × ratings an item), in the weights of TF-IDF',
      minimum: 0,
      maximum: 10_000,
      search: { low: 0, high: 1000, scale: 'linear' },
      effect:
        'Higher: similarities that rest on few common users count less. TF-IDF weighs a common user by some 5 to 30, and ' +
        'wants as much more. auto: more, the less is known of a row.',
      group: 'model',
    },
    {
      name: 'weighting',
      title: 'Weighting',
      type: 'choice',
      default: 'tfidf',
      choices: [
        { value: 'none', title: 'Every interaction alike' },
        { value: 'tfidf', title: 'TF-IDF' },
      ],
      search: { values: ['none', 'tfidf'] },
      effect: 'TF-IDF lets users with long histories count less.',
      group: 'model',
    },
  ],
  auto: (data, { weighting }) => ({ shrinkage: usualShrinkage(data, weighting !== 'none') }),
  presets,
  sample: {},
  work: ({ users, items, ratings }, { neighbors }) => ({
    epoch: (20 * ratings * ratings) / Math.max(1, users),
    score: (20 * ratings) / Math.max(1, users),
    bytes: 8 * items * Number(neighbors),
  }),
  factories: { cpu: async () => (await import('./plain.ts')).createItemKnn },
  suite: { parameters: { shrinkage: 0, weighting: 'none' } },
  scorer: itemKnnScorer,
  history: itemKnnHistory,
};

/** As much as the data are thin; without TF-IDF in common users, which weigh 1 instead of log²(items ÷ (1 + n_u)). */
function usualShrinkage(data: DataSize, tfidf: boolean): number {
  const perUser = data.ratings / Math.max(1, data.users);
  const weight = tfidf ? 1 : Math.max(1, Math.log(Math.max(1, data.items) / (1 + perUser)) ** 2);
  return Math.min(10_000, threeDigits(200_000 / usualRow(data) ** 4 / weight));
}
