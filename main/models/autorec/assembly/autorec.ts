// AutoRec (Sedhain et al. 2015), sparse at both ends: only observed cells are read, predicted and differentiated.
// A row is an item (item-based) or a user (user-based); its features are the ratings by the other side.
// Weights are tile-major, [tiles, features, 32]: a tile's slice stays in the second-level cache.
// Phase 1, by row: h = σ(μ + Σ x·V_f), dropout, ŷ_f = b_f + h·W_f, errors, and their way back to the hidden layer.
// Phase 2, by feature: the gradients of V_f and W_f in registers over the batch's rows, then Adam. No shared sums, so
// the bits do not depend on the number of threads.
import { AutoRec, deltaAt, hiddenAt, SCRATCH, TILE } from './autorec-block';
import { adamConstants, listFeatures, stepBiases, stepTile } from './autorec-features';
import { decodeTile, deltaTile, dropTile, encodeTile, scaleErrors } from './autorec-rows';
import { barrier } from '../../../kernels/assembly/barrier';

/**
 * One step on the `count` rows at `order`. `step`: 1, 2, …; `keyA`, `keyB`: random words of this batch's dropout.
 * Loss: Σ error² over observed cells · ½ ÷ (count · features).
 */
export function autorecBatch(
  thread: i32, threads: i32, block: usize, order: usize, count: i32, step: i32, keyA: i32, keyB: i32,
): void {
  const c = changetype<AutoRec>(block);
  const from = rowBorder(c, order, count, thread, threads);
  const to = rowBorder(c, order, count, thread + 1, threads);
  const scale = <f32>(1 / (<f64>count * <f64>c.features));
  for (let t: u32 = 0; t < c.tiles; t++) {
    for (let s = from; s < to; s++) {
      encodeTile(c, t, load<u32>(order + (<usize>s << 2)), hiddenAt(c, t, s));
      dropTile(c, t, s, keyA, keyB);
    }
    for (let s = from; s < to; s++) decodeTile(c, t, load<u32>(order + (<usize>s << 2)), s, hiddenAt(c, t, s));
  }
  for (let s = from; s < to; s++) scaleErrors(c, load<u32>(order + (<usize>s << 2)), s, scale);
  for (let t: u32 = 0; t < c.tiles; t++) {
    for (let s = from; s < to; s++) deltaTile(c, t, load<u32>(order + (<usize>s << 2)), s, deltaAt(c, t, s));
  }
  barrier(threads);
  const first = load<u32>(c.borders + (<usize>thread << 2));
  const last = load<u32>(c.borders + (<usize>thread << 2), 4);
  const constants = c.scratch + <usize>thread * SCRATCH;
  adamConstants(c, step, constants);
  const base = listFeatures(c, order, count, first, last);
  for (let t: u32 = 0; t < c.tiles; t++) stepTile(c, t, first, last, base, constants);
  stepBiases(c, thread, threads, count, first, last, base, step);
}

/** Activations of the `count` rows at `order`, without dropout, into out [count, tiles · 32]. */
export function autorecEncode(thread: i32, threads: i32, block: usize, order: usize, count: i32, out: usize): void {
  const c = changetype<AutoRec>(block);
  const from = rowBorder(c, order, count, thread, threads);
  const to = rowBorder(c, order, count, thread + 1, threads);
  for (let t: u32 = 0; t < c.tiles; t++) {
    for (let s = from; s < to; s++) {
      encodeTile(c, t, load<u32>(order + (<usize>s << 2)), out + (<usize>s * c.tiles + t) * TILE);
    }
  }
}

/** First place in the batch of a thread's share: the rows are cut where their entries are in equal parts. */
function rowBorder(c: AutoRec, order: usize, count: i32, part: i32, parts: i32): i32 {
  if (part == 0) return 0;
  if (part == parts) return count;
  let total: u64 = 0;
  for (let s = 0; s < count; s++) total += 4 + entries(c, order, s);
  const target = total * part / parts;
  let sum: u64 = 0;
  let s = 0;
  while (s < count && sum < target) sum += 4 + entries(c, order, s++);
  return s;
}

// @ts-ignore: decorator
@inline
function entries(c: AutoRec, order: usize, s: i32): u32 {
  const row = c.start + (<usize>load<u32>(order + (<usize>s << 2)) << 2);
  return load<u32>(row, 4) - load<u32>(row);
}
