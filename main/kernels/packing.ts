/** Rows between their packed form (side by side, without pads) and kernel memory, where they are `stride` floats apart. */

/** A part of a row in kernel memory: `width` floats that start at `from`. A packed row holds its parts one by one. */
export interface RowPart {
  readonly from: number;
  readonly width: number;
}

/** The parts of the first `rows` rows, as a copy: [rows, Σ width]. */
export function packRows(
  values: Float32Array,
  rows: number,
  stride: number,
  parts: readonly RowPart[],
): Float32Array {
  const out = new Float32Array(rows * widthOf(parts));
  for (let r = 0, to = 0; r < rows; r++)
    for (const { from, width } of parts) {
      out.set(values.subarray(r * stride + from, r * stride + from + width), to);
      to += width;
    }
  return out;
}

/** The inverse of packRows: fills the parts, leaves the pads. */
export function unpackRows(
  packed: Float32Array,
  values: Float32Array,
  stride: number,
  parts: readonly RowPart[],
): void {
  const rows = packed.length / Math.max(1, widthOf(parts));
  for (let r = 0, at = 0; r < rows; r++)
    for (const { from, width } of parts) {
      values.set(packed.subarray(at, at + width), r * stride + from);
      at += width;
    }
}

function widthOf(parts: readonly RowPart[]): number {
  return parts.reduce((sum, part) => sum + part.width, 0);
}
