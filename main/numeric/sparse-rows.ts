/** A sparse matrix by rows: row r holds columns index[start[r]] … index[start[r + 1] − 1], ascending, each once. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** [rows + 1] */
  readonly start: Uint32Array;
  /** [n] column of each entry. */
  readonly index: Uint32Array;
  /** [n] value of each entry. */
  readonly value: Float32Array;
}

/** The transpose, its entries ascending within a row whatever the order of the input's: O(n). */
export function transposeSparse(matrix: SparseRows): SparseRows {
  const { rows, columns } = matrix;
  const start = new Uint32Array(columns + 1);
  for (const column of matrix.index) start[column + 1]++;
  for (let c = 0; c < columns; c++) start[c + 1] += start[c];
  const next = start.slice(0, columns);
  const index = new Uint32Array(matrix.index.length);
  const value = new Float32Array(matrix.index.length);
  for (let r = 0; r < rows; r++) {
    for (let k = matrix.start[r]; k < matrix.start[r + 1]; k++) {
      const place = next[matrix.index[k]]++;
      index[place] = r;
      value[place] = matrix.value[k];
    }
  }
  return { rows: columns, columns: rows, start, index, value };
}

/** Keeps the last of equal neighbours (the transposition is stable, so it is the latest row). */
export function withoutRepeats(matrix: SparseRows): SparseRows {
  const start = new Uint32Array(matrix.rows + 1);
  const { index, value } = matrix;
  let kept = 0;
  for (let r = 0; r < matrix.rows; r++) {
    const first = kept;
    for (let k = matrix.start[r]; k < matrix.start[r + 1]; k++) {
      if (kept > first && index[kept - 1] === index[k]) kept--;
      index[kept] = index[k];
      value[kept++] = value[k];
    }
    start[r + 1] = kept;
  }
  if (kept === index.length) return { ...matrix, start };
  return { ...matrix, start, index: index.slice(0, kept), value: value.slice(0, kept) };
}
