// BPR and hinge one pair a step: the batch of bpr.ts with one pair in it, in the cells of Singles. The negative comes from
// the positive's block of items, so that no thread touches another's rows; blocks are dealt anew now and then. What a user
// has of that block are the samples of the cell, one after the other: they are marked while the user is at hand.
import { Optimizer, ROW_ADAGRAD, ROW_ADAM, SGD, sgdKeep } from '../../../kernels/assembly/adam';
import { exp1, log1 } from '../../../kernels/assembly/math';
import { wideDot } from '../../../kernels/assembly/vectors';
import { gradientRow, moveRow } from '../../factors/assembly/factors';
import { itemsOf, NO_LANE, usersOf } from '../../factors/assembly/factors-block';
import { mix32 } from '../../factors/assembly/order';
import { addLoss, firstOfRun, itemBlockOf, partOf, runsOf, Singles, takeBlock } from '../../factors/assembly/singles';
import { HINGE } from './bpr';
import { differenceDot, moveThree, moveThreeByRow, multiplyThree, Products, threeGradients } from './bpr-moves';
import { below, drawFromPool, Draws, DYNAMIC, isMarked, NO_NEGATIVE, POPULARITY } from './draws';

/** Written by main/models/bpr/fused.ts. */
@unmanaged
export class BprSingles extends Singles {
  lossKind: u32;
  margin: f32;
  /** Address of the Draws. */
  draws: usize;
  /** [threads, markBytes] bits of the items that the user at hand has in the cell; between users all zero. */
  marks: usize;
  markBytes: u32;
}

/** Trains on part `part` of `parts` of the users of each cell of a round. */
export function bprSingles(thread: i32, threads: i32, block: BprSingles, round: u32, part: u32, parts: u32): void {
  const marks = block.marks + <usize>thread * block.markBytes, items = block.sampleItem;
  for (let own = takeBlock(block); own < block.blocks; own = takeBlock(block)) {
    const met = itemBlockOf(block, own, round), runs = runsOf(block, met);
    const from = partOf(block, own, part, parts), to = partOf(block, own, part + 1, parts);
    if (from == to) continue;
    let first = firstOfRun(block, own, met, from);
    let loss: f64 = 0;
    for (let user = from; user < to; user++) {
      const end = load<u32>(runs + (user << 2));
      if (first < end) {
        mark(marks, items, first, end);
        loss += pairs(block, thread, user, first, end, met, marks);
        unmark(marks, items, first, end);
      }
      first = end;
    }
    addLoss(block, own, loss);
  }
}

// @ts-ignore: decorator
@inline
function mark(marks: usize, items: usize, from: u32, to: u32): void {
  for (let s = from; s < to; s++) {
    const item = load<u32>(items + (s << 2)), word = marks + ((item >> 5) << 2);
    store<u32>(word, load<u32>(word) | (<u32>1 << (item & 31)));
  }
}

// @ts-ignore: decorator
@inline
function unmark(marks: usize, items: usize, from: u32, to: u32): void {
  for (let s = from; s < to; s++) store<u32>(marks + ((load<u32>(items + (s << 2)) >> 5) << 2), 0);
}

/** The pairs of one user, whose samples are `from` … `to` − 1; items and negatives are of block `own`. */
function pairs(block: BprSingles, thread: i32, user: u32, from: u32, to: u32, own: u32, marks: usize): f64 {
  const d = changetype<Draws>(block.draws);
  const start = block.blockStart + (own << 2);
  const first = load<u32>(start), size = load<u32>(start, 4) - first;
  const pool: usize = block.blockItems + (first << 2);
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes, users = usersOf(block), items = itemsOf(block);
  const optimizer: usize = block.optimizer, kind = changetype<Optimizer>(optimizer).kind;
  const rate = changetype<Optimizer>(optimizer).rate, keep = f32x4.splat(sgdKeep(optimizer));
  const unbiased = users.constant == NO_LANE, sgd = kind == SGD;
  const byRow = kind >= ROW_ADAGRAD && kind != ROW_ADAM && unbiased && block.dense == 0;
  const copies = block.copies, gradient = gradientRow(block, thread), table: usize = items.weights;
  const sampleItem: usize = block.sampleItem, hinge = block.lossKind == HINGE, margin = block.margin;
  const p = users.weights + <usize>user * record;
  // The gradients' place is free where none is written.
  const products = changetype<Products>(gradient);
  let total: f64 = 0, product: f64 = 1;
  for (let s = from; s < to; s++) {
    const item = load<u32>(sampleItem + (s << 2));
    const q = table + <usize>item * record;
    for (let c: u32 = 0; c < copies; c++) {
      const negative = draw(block, d, marks, s * copies + c, p, pool, size, own);
      if (negative == NO_NEGATIVE) continue;
      const n = table + <usize>negative * record;
      const x = byRow ? multiplyThree(products, p, q, n, bytes) : differenceDot(p, q, n, bytes);
      // The loss's derivative by x.
      let slope: f32 = 0;
      if (hinge) {
        total += max(margin - x, 0);
        if (x < margin) slope = -1;
      } else {
        // −log σ(x) = max(−x, 0) + log(1 + t) with t = e^−|x|; the logarithms of many pairs are taken at once.
        const t = exp1(-abs(x)), whole: f32 = 1 + t;
        total += max(-x, 0);
        product *= whole;
        if (product > 1e30) {
          total += log1(<f32>product);
          product = 1;
        }
        slope = (x > 0 ? -t : -1) / whole;
      }
      if (sgd) {
        moveThree(p, q, n, f32x4.splat(-rate * slope), keep, bytes);
        if (!unbiased) store<f32>(p + users.constant, 1);
      } else if (byRow) {
        moveThreeByRow(block, products, user, item, negative, slope);
      } else {
        threeGradients(p, q, n, f32x4.splat(slope), gradient, bytes);
        moveRow(block, users, user, gradient, 1);
        moveRow(block, items, item, gradient + bytes, 1);
        moveRow(block, items, negative, gradient + 2 * bytes, 1);
      }
    }
  }
  return total + log1(<f32>product);
}

/** The negative of the sample at a place of the epoch. */
// @ts-ignore: decorator
@inline
function draw(
  block: BprSingles, d: Draws, marks: usize, place: u32, p: usize, pool: usize, size: u32, own: u32,
): u32 {
  const base = mix32(place ^ d.negativeKey);
  let chosen = load<u32>(pool + (below(mix32(base), size) << 2));
  // Nearly always the first uniform draw will do; otherwise the rule from its beginning.
  if (d.sampling == POPULARITY || isMarked(marks, 0, 0, chosen)) {
    chosen = drawFromPool(d, marks, base, 0, pool, size, own);
  }
  if (d.sampling != DYNAMIC || chosen == NO_NEGATIVE) return chosen;
  const bytes: usize = block.rowBytes, record: usize = block.recordBytes, items = itemsOf(block).weights;
  let best = wideDot(p, items + <usize>chosen * record, bytes);
  for (let c: u32 = 1; c < d.candidates; c++) {
    const item = drawFromPool(d, marks, base, c, pool, size, own);
    const score = wideDot(p, items + <usize>item * record, bytes);
    if (score > best) {
      best = score;
      chosen = item;
    }
  }
  return chosen;
}
