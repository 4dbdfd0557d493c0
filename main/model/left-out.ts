import type { History } from './model.ts';

/** The history without its item at a place. */
export function without({ items, values }: History, place: number): History {
  return { items: items.filter((_, k) => k !== place), values: values.filter((_, k) => k !== place) };
}

/** The places of the largest values by size, the largest first; among equal ones the earlier. */
export function strongest(values: ArrayLike<number>, most: number): number[] {
  return Array.from({ length: values.length }, (_, place) => place)
    .sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b)
    .slice(0, most);
}

/** [rows] scores constant + bias[i] + row · table[i], of a table [rows, k] in float32, summed in float64. */
export function scoresOfRow(
  table: Float32Array,
  row: ArrayLike<number>,
  k: number,
  bias: ArrayLike<number> | null,
  constant = 0,
): Float32Array {
  const scores = new Float32Array(table.length / k);
  const startOf = (i: number): number => constant + (bias ? bias[i] : 0);
  let i = 0;
  // Four sums that do not wait for each other; each is added up in the order of a plain loop.
  for (; i + 4 <= scores.length; i += 4) {
    let [at, a, b, c, d] = [i * k, startOf(i), startOf(i + 1), startOf(i + 2), startOf(i + 3)];
    for (let f = 0; f < k; f++, at++) {
      const x = row[f];
      a += x * table[at];
      b += x * table[at + k];
      c += x * table[at + 2 * k];
      d += x * table[at + 3 * k];
    }
    scores[i] = a;
    scores[i + 1] = b;
    scores[i + 2] = c;
    scores[i + 3] = d;
  }
  for (; i < scores.length; i++) {
    let sum = startOf(i);
    for (let f = 0; f < k; f++) sum += row[f] * table[i * k + f];
    scores[i] = sum;
  }
  return scores;
}
