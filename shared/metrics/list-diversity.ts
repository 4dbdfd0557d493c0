import type { ListFacts, UserLists } from './metric.ts';

type ItemVectors = NonNullable<ListFacts['vectors']>;

/** Columns of the vectors that are scaled at a time. */
const COLUMNS = 64;

/**
 * Intra-list diversity: mean of 1 − cos over the pairs of the first k items, for several k at once; items without a
 * vector are left out, NaN where no pair is left.
 * The cosines of all pairs of unit vectors sum to (|Σ x|² − n) ÷ 2, so a list costs its length, not its square.
 * @param cuts ascending
 */
export function listDiversity(
  lists: UserLists,
  vectors: ItemVectors,
  cuts: readonly number[],
): Float64Array[] {
  const users = lists.start.length - 1;
  const norms = vectorNorms(vectors);
  const squares = squaredSums(lists, vectors, norms, cuts);
  const values = cuts.map(() => new Float64Array(users).fill(NaN));
  for (let u = 0; u < users; u++) {
    const from = lists.start[u];
    const length = lists.start[u + 1] - from;
    let known = 0;
    let place = 0;
    cuts.forEach((k, c) => {
      for (; place < k && place < length; place++) if (norms[lists.items[from + place]] > 0) known++;
      if (known > 1) values[c][u] = 1 - (squares[c][u] - known) / (known * (known - 1));
    });
  }
  return values;
}

/**
 * |Σ x|² over the unit vectors x of the first k items of each list, by k and user. Columns in blocks: all unit vectors
 * at once, in float64, would be the largest array of an evaluation.
 */
function squaredSums(
  lists: UserLists,
  vectors: ItemVectors,
  norms: Float64Array,
  cuts: readonly number[],
): Float64Array[] {
  const users = lists.start.length - 1;
  const squares = cuts.map(() => new Float64Array(users));
  const width = Math.min(COLUMNS, vectors.size);
  const units = new Float64Array(norms.length * width);
  const sum = new Float64Array(width);
  for (let first = 0; first < vectors.size; first += width) {
    const columns = Math.min(width, vectors.size - first);
    fillUnits(units, vectors, norms, first, columns);
    for (let u = 0; u < users; u++) {
      sum.fill(0);
      const from = lists.start[u];
      const length = lists.start[u + 1] - from;
      let place = 0;
      cuts.forEach((k, c) => {
        for (; place < k && place < length; place++) {
          const at = lists.items[from + place] * columns;
          for (let j = 0; j < columns; j++) sum[j] += units[at + j];
        }
        let square = squares[c][u];
        for (let j = 0; j < columns; j++) square += sum[j] * sum[j];
        squares[c][u] = square;
      });
    }
  }
  return squares;
}

/** Columns first … first + columns − 1 of the rows scaled to length 1, rows of 0 left as they are. Float64: the sums above cancel. */
function fillUnits(
  units: Float64Array,
  { values, size }: ItemVectors,
  norms: Float64Array,
  first: number,
  columns: number,
): void {
  norms.forEach((norm, item) => {
    for (let j = 0; j < columns; j++)
      units[item * columns + j] = norm === 0 ? 0 : values[item * size + first + j] / norm;
  });
}

/** [itemCount] lengths of the rows. */
function vectorNorms({ values, size }: ItemVectors): Float64Array {
  const norms = new Float64Array(size === 0 ? 0 : values.length / size);
  for (let item = 0; item < norms.length; item++) {
    let square = 0;
    for (let j = item * size; j < (item + 1) * size; j++) square += values[j] * values[j];
    norms[item] = Math.sqrt(square);
  }
  return norms;
}
