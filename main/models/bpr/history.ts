import type { HistoryScorer, SavedModel } from '../../model/model.ts';
import { minimize } from '../../numeric/minimize.ts';
import { Random } from '../../numeric/random.ts';
import { rowDecay } from '../factors/row-decay.ts';

/** Unseen items that every item of the history is compared with: the same ones each time. */
const NEGATIVES = 256;

/**
 * Folds a history in: the user's factors that minimise the model's own loss over pairs of an item of the history and an
 * unseen one, and the decay of the row, with the items as they are. The unseen ones are a fixed sample, so the same
 * history has the same scores.
 */
export function bprHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const { items, itemBias } = weights as Record<string, Float32Array>;
  const k = Number(parameters['embeddingSize']);
  const hinge = parameters['loss'] === 'hinge';
  const margin = Number(parameters['margin']);
  const sample = sampleOf(train.itemCount);
  const scoreOf = (row: ArrayLike<number>, item: number): number => {
    let sum = itemBias[item];
    for (let c = 0; c < k; c++) sum += row[c] * items[item * k + c];
    return sum;
  };
  return {
    method: 'fold-in',
    score({ items: seen }) {
      const has = new Set(seen);
      const unseen = sample.filter((item) => !has.has(item));
      const pairs = seen.length * unseen.length;
      let row = new Float64Array(k);
      if (pairs > 0) {
        const copies = Number(parameters['negatives']);
        const decay = rowDecay(parameters, seen.length * copies, train.item.length * copies);
        row = minimize(k, (point, gradient) => {
          const below = Float64Array.from(unseen, (item) => scoreOf(point, item));
          const pull = new Float64Array(unseen.length);
          let loss = 0;
          for (let c = 0; c < k; c++) {
            gradient[c] = decay * point[c];
            loss += (decay / 2) * point[c] ** 2;
          }
          for (const item of seen) {
            const above = scoreOf(point, item);
            let push = 0;
            below.forEach((other, n) => {
              const x = above - other;
              const slope = hinge ? Number(x < margin) : 1 / (1 + Math.exp(x));
              loss +=
                (hinge ? Math.max(0, margin - x) : Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x)))) /
                pairs;
              push += slope / pairs;
              pull[n] += slope / pairs;
            });
            for (let c = 0; c < k; c++) gradient[c] -= push * items[item * k + c];
          }
          unseen.forEach((item, n) => {
            for (let c = 0; c < k; c++) gradient[c] += pull[n] * items[item * k + c];
          });
          return loss;
        });
      }
      return Float32Array.from({ length: train.itemCount }, (_, i) => scoreOf(row, i));
    },
  };
}

/** Distinct items, all of them where they are few. */
function sampleOf(itemCount: number): number[] {
  if (itemCount <= NEGATIVES) return Array.from({ length: itemCount }, (_, item) => item);
  const random = new Random(1, 'negatives');
  const chosen = new Set<number>();
  while (chosen.size < NEGATIVES) chosen.add(random.below(itemCount));
  return [...chosen];
}
