import type { ItemVectors } from '../evaluation.ts';
import type { TopLists } from '../ranking.ts';

/**
 * Intra-list diversity: mean of 1 − cos over the pairs of the first k items, for several k at once; items without a
 * vector are left out, NaN where no pair is left.
 * The cosines of all pairs of unit vectors sum to (|Σ x|² − n) ÷ 2, so a list costs its length, not its square.
 * @param cuts ascending
 */
export function listDiversity(
  lists: TopLists,
  vectors: ItemVectors,
  cuts: readonly number[],
): Float64Array[] {
  const { size } = vectors;
  const units = unitVectors(vectors);
  const users = lists.start.length - 1;
  const values = cuts.map(() => new Float64Array(users).fill(NaN));
  const sum = new Float64Array(size);
  for (let u = 0; u < users; u++) {
    sum.fill(0);
    const from = lists.start[u];
    const length = lists.start[u + 1] - from;
    let known = 0;
    let place = 0;
    cuts.forEach((k, c) => {
      for (; place < k && place < length; place++) {
        const at = lists.items[from + place] * size;
        let norm = 0;
        for (let j = 0; j < size; j++) {
          sum[j] += units[at + j];
          norm += units[at + j] * units[at + j];
        }
        if (norm > 0) known++;
      }
      if (known < 2) return;
      let square = 0;
      for (let j = 0; j < size; j++) square += sum[j] * sum[j];
      values[c][u] = 1 - (square - known) / (known * (known - 1));
    });
  }
  return values;
}

/** Rows scaled to length 1, rows of 0 left as they are. Float64: the sums above cancel. */
function unitVectors({ values, size }: ItemVectors): Float64Array {
  const units = new Float64Array(values.length);
  for (let at = 0; at < values.length; at += size) {
    let square = 0;
    for (let j = at; j < at + size; j++) square += values[j] * values[j];
    if (square === 0) continue;
    const norm = Math.sqrt(square);
    for (let j = at; j < at + size; j++) units[j] = values[j] / norm;
  }
  return units;
}
