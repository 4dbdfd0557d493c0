import { UMAP } from 'umap-js';
import { Random } from './random.ts';

/** Neighbours of a row that hold it in its place; fewer where there are fewer rows. */
const NEIGHBOURS = 15;
const EPOCHS = 300;
/** Share of the work that is finding the neighbours. */
const FINDING = 0.4;

/**
 * The rows of a table [rows, k] on a plane, those that point the same way (cosine) together: UMAP (McInnes, Healy &
 * Melville 2018) over exact neighbours. Deterministic. It yields the share that is done after each short step, so that
 * whoever drives it can do other things meanwhile, or leave it.
 * @returns [rows, 2]; null under four rows, which have no neighbourhoods
 */
export function* umapPlane(table: Float32Array, k: number): Generator<number, Float32Array | null> {
  const rows = table.length / k;
  if (rows < 4) return null;
  const count = Math.min(NEIGHBOURS, rows - 1);
  const near = yield* neighbours(unitRows(table, k), k, count);
  const random = new Random(1, 'init');
  const umap = new UMAP({ nNeighbors: count, nEpochs: EPOCHS, random: () => random.uint32() / 2 ** 32 });
  umap.setPrecomputedKNN(near.indices, near.distances);
  // The neighbours are known: of the rows it reads the number alone.
  const epochs = umap.initializeFit(near.indices);
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    yield FINDING + ((1 - FINDING) * (epoch + 1)) / epochs;
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

function unitRows(table: Float32Array, k: number): Float32Array {
  const unit = table.slice();
  for (let at = 0; at < unit.length; at += k) {
    let square = 0;
    for (let c = 0; c < k; c++) square += unit[at + c] ** 2;
    const length = Math.sqrt(square);
    if (length > 0) for (let c = 0; c < k; c++) unit[at + c] /= length;
  }
  return unit;
}

interface Neighbours {
  /** [rows, count] the row itself first. */
  readonly indices: number[][];
  /** [rows, count] 1 − cosine. */
  readonly distances: number[][];
}

/** The nearest of each row among all, the lower row among equally near ones. */
function* neighbours(unit: Float32Array, k: number, count: number): Generator<number, Neighbours> {
  const rows = unit.length / k;
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const far = new Float32Array(rows);
    const own = unit.subarray(row * k, (row + 1) * k);
    for (let other = 0; other < rows; other++) {
      let cosine = 0;
      for (let c = 0; c < k; c++) cosine += own[c] * unit[other * k + c];
      far[other] = Math.max(0, 1 - cosine);
    }
    const nearest = smallest(far, row, count - 1);
    indices.push([row, ...nearest]);
    distances.push([0, ...nearest.map((other) => far[other])]);
    if (row % 8 === 7) yield (FINDING * row) / rows;
  }
  return { indices, distances };
}

/** Places of the `count` smallest values but one, the smallest first. */
function smallest(values: Float32Array, but: number, count: number): number[] {
  const best: number[] = [];
  for (let at = 0; at < values.length; at++) {
    if (at === but || (best.length === count && values[at] >= values[best[count - 1]])) continue;
    let place = best.length;
    while (place > 0 && values[best[place - 1]] > values[at]) place--;
    best.splice(place, 0, at);
    if (best.length > count) best.pop();
  }
  return best;
}
