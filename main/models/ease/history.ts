import type { History, HistoryScorer, SavedModel } from '../../model/model.ts';

/** The score of an item is the sum of B[j, item] over the history (Steck 2019, eq. 2): each item adds its row's weight. */
export function easeHistory({ weights, train: { itemCount } }: SavedModel): HistoryScorer {
  const matrix = weights['itemWeights'] as Float32Array;
  /** [itemCount] of a history; those of the last one are kept, for questions about it come in series. */
  let last: { readonly history: History; readonly sums: Float64Array } | null = null;
  const sumsOf = (history: History): Float64Array => {
    if (last?.history === history) return last.sums;
    const sums = new Float64Array(itemCount);
    for (const item of history.items) addRow(sums, item, 1);
    last = { history, sums };
    return sums;
  };
  const addRow = (sums: Float64Array, item: number, factor: 1 | -1): void => {
    const row = matrix.subarray(item * itemCount, (item + 1) * itemCount);
    for (let i = 0; i < itemCount; i++) sums[i] += factor * row[i];
  };
  return {
    method: 'exact',
    how: 'The score is the sum of what each item of the history adds to it: its weight in the model’s matrix (Steck 2019).',
    score: (history) => Float32Array.from(sumsOf(history)),
    scoreWithout(history, place) {
      const sums = sumsOf(history).slice();
      addRow(sums, history.items[place], -1);
      return Float32Array.from(sums);
    },
    contributions: ({ items }, item) => ({
      base: 0,
      parts: Float64Array.from(items, (other) => matrix[other * itemCount + item]),
    }),
  };
}
