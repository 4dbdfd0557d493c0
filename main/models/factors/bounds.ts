/** Bounds [parts + 1] that cut rows into ranges of about equal weight; `start` is a CSR index of the weights. */
export function balancedBounds(start: Uint32Array, parts: number): Uint32Array {
  const rows = start.length - 1;
  const bounds = new Uint32Array(parts + 1).fill(rows);
  bounds[0] = 0;
  for (let row = 0, part = 1; row < rows && part < parts; row++)
    while (part < parts && start[row] >= (start[rows] * part) / parts) bounds[part++] = row;
  return bounds;
}
