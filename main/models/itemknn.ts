import type { ModelDefinition, SavedModel, Scorer } from './model.ts';
import { transposeSparse, userItemMatrix } from './interactions.ts';

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
  summary: 'Recommends items whose users overlap with the users of what someone already has.',
  goodWhen: 'A strong, explainable baseline: every recommendation is "because you had …".',
  cost: 'fast',
  equation: [
    'ŷ(u,i) = Σ_{j ∈ N_k(i) ∩ I_u} s(i,j)',
    's(i,j) = f_i·f_j / (‖f_i‖‖f_j‖ + shrinkage), f_i = [w_u if u has i] over users',
    'w_u = 1, or log(|I| / (1 + |I_u|)) with TF-IDF',
  ].join('\n'),
  reference: 'Sarwar et al., WWW 2001, §3; Ferrari Dacrema et al., RecSys 2019',
  parameters: [
    {
      name: 'neighbors',
      title: 'Neighbours',
      type: 'integer',
      default: 50,
      minimum: 1,
      maximum: 10_000,
      scale: 'log',
      effect: 'More neighbours: smoother, more popular recommendations; fewer: narrower ones.',
      group: 'model',
    },
    {
      name: 'shrinkage',
      title: 'Shrinkage',
      type: 'number',
      default: 0,
      minimum: 0,
      maximum: 10_000,
      effect: 'Higher: similarities that rest on few common users count less.',
      group: 'model',
    },
    {
      name: 'weighting',
      title: 'Weighting',
      type: 'choice',
      default: 'none',
      choices: [
        { value: 'none', title: 'Every interaction alike' },
        { value: 'tfidf', title: 'TF-IDF' },
      ],
      effect: 'TF-IDF lets users with long histories count less.',
      group: 'model',
    },
  ],
  factories: { cpu: async () => (await import('./plain/itemknn.ts')).createItemKnn },
  scorer: itemKnnScorer,
};

/**
 * Weights: `neighborStart` [items + 1], `neighborItem` [n] ascending within an item, `neighborWeight` [n].
 * Sums run over neighbours in ascending order in both methods, in float32: the same bits.
 */
export function itemKnnScorer(saved: SavedModel): Scorer {
  const { itemCount } = saved.train;
  const history = userItemMatrix(saved.train);
  const neighbors = {
    rows: itemCount,
    columns: itemCount,
    start: saved.weights['neighborStart'] as Uint32Array,
    index: saved.weights['neighborItem'] as Uint32Array,
    value: saved.weights['neighborWeight'] as Float32Array,
  };
  const influence = transposeSparse(neighbors);
  return {
    scoreUsers(users, out) {
      out.fill(0, 0, users.length * itemCount);
      for (let b = 0; b < users.length; b++) {
        const row = out.subarray(b * itemCount, (b + 1) * itemCount);
        for (let k = history.start[users[b]]; k < history.start[users[b] + 1]; k++) {
          const item = history.index[k];
          for (let n = influence.start[item]; n < influence.start[item + 1]; n++)
            row[influence.index[n]] += influence.value[n];
        }
      }
    },
    predict(users, items) {
      const scores = new Float32Array(users.length);
      const ownedBy = new Float64Array(itemCount).fill(-1);
      for (let p = 0, owner = -1; p < users.length; p++) {
        if (users[p] !== owner) {
          owner = users[p];
          for (let k = history.start[owner]; k < history.start[owner + 1]; k++)
            ownedBy[history.index[k]] = owner;
        }
        for (let n = neighbors.start[items[p]]; n < neighbors.start[items[p] + 1]; n++)
          if (ownedBy[neighbors.index[n]] === owner) scores[p] += neighbors.value[n];
      }
      return scores;
    },
  };
}
