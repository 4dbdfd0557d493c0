/** Row width in kernel memory: a multiple of 4 floats, pads zero. */
export const padded = (width: number): number => Math.ceil(width / 4) * 4;

/** Copies rows of `from` values into rows of `to` ≥ `from`; the pads are left as they are. */
export function packRows(source: Float32Array, from: number, target: Float32Array, to: number): void {
  const rows = source.length / from;
  for (let r = 0; r < rows; r++) target.set(source.subarray(r * from, (r + 1) * from), r * to);
}

/** The first `to` values of each row of `from` values, as a copy. */
export function unpackRows(source: Float32Array, from: number, to: number): Float32Array {
  const rows = source.length / from;
  const target = new Float32Array(rows * to);
  for (let r = 0; r < rows; r++) target.set(source.subarray(r * from, r * from + to), r * to);
  return target;
}
