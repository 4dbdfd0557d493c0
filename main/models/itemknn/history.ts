import type { HistoryScorer, SavedModel } from '../../model/model.ts';

/**
 * The score of an item is the sum of its similarity to each item of the history that is among its neighbours
 * (similarities are not divided by their sum), so each adds exactly its own.
 */
export function itemKnnHistory({ weights, train }: SavedModel): HistoryScorer {
  const start = weights['neighborStart'] as Uint32Array;
  const neighbor = weights['neighborItem'] as Uint32Array;
  const weight = weights['neighborWeight'] as Float32Array;
  return {
    method: 'exact',
    how: 'The score is the sum of the item’s similarities to the items of the history that are among its neighbours; it is not divided by anything.',
    score({ items }) {
      const has = new Uint8Array(train.itemCount);
      for (const item of items) has[item] = 1;
      const scores = new Float32Array(train.itemCount);
      for (let i = 0; i < train.itemCount; i++)
        for (let n = start[i]; n < start[i + 1]; n++) if (has[neighbor[n]] === 1) scores[i] += weight[n];
      return scores;
    },
    contributions({ items }, item) {
      const similarity = new Map<number, number>();
      for (let n = start[item]; n < start[item + 1]; n++) similarity.set(neighbor[n], weight[n]);
      return { base: 0, parts: Float64Array.from(items, (other) => similarity.get(other) ?? 0) };
    },
  };
}
