import type { HistoryScorer, SavedModel } from '../../model/model.ts';

/** The score of an item is the sum of B[j, item] over the history (Steck 2019, eq. 2): each item adds its row's weight. */
export function easeHistory({ weights, train: { itemCount } }: SavedModel): HistoryScorer {
  const matrix = weights['itemWeights'] as Float32Array;
  return {
    method: 'exact',
    how: 'The score is the sum of what each item of the history adds to it: its weight in the model’s matrix (Steck 2019).',
    score({ items }) {
      const scores = new Float32Array(itemCount);
      for (const item of items) for (let i = 0; i < itemCount; i++) scores[i] += matrix[item * itemCount + i];
      return scores;
    },
    contributions: ({ items }, item) => ({
      base: 0,
      parts: Float64Array.from(items, (other) => matrix[other * itemCount + item]),
    }),
  };
}
