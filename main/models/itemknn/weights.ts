import { transposeSparse } from '../../numeric/sparse-rows.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import type { Scorer } from '../../model/model.ts';
import type { SavedModel } from '../../model/model.ts';

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
