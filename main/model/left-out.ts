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
  for (let i = 0; i < scores.length; i++) {
    let sum = constant + (bias ? bias[i] : 0);
    for (let c = 0; c < k; c++) sum += row[c] * table[i * k + c];
    scores[i] = sum;
  }
  return scores;
}
