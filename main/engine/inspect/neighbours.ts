/** Items that a run takes for alike. */
import type { Checked, Result } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { itemPosition } from '../../store/entities.ts';
import { DatasetReader } from './inspection.ts';
import type { RunScorer } from './scoring.ts';
import type { Scorers } from './scorers.ts';
import { itemVectors } from './vectors.ts';

/**
 * By the model's own similarity where one item of a history adds to the score of another (ItemKNN, EASE), else by the
 * cosine of the items' factors.
 * @throws WorkbenchError `item-missing`, `run-unfinished`, `no-neighbours`
 */
export function neighbours(
  scorers: Scorers,
  { run, item, top }: Checked<'inspect.neighbours'>,
): Result<'inspect.neighbours'> {
  const opened = scorers.get(run);
  const reader = new DatasetReader(scorers.database, opened.dataset);
  const target = itemPosition(scorers.database, opened.dataset, item);
  const { how, similarity } = similarities(opened, target);
  const order = Uint32Array.from(similarity.keys()).filter((other) => other !== target);
  order.sort((a, b) => similarity[b] - similarity[a] || a - b);
  return {
    item,
    how,
    neighbours: Array.from(order.subarray(0, top), (other) => ({
      ...reader.listed(other),
      similarity: similarity[other],
    })),
  };
}

function similarities(opened: RunScorer, target: number): { how: string; similarity: Float32Array } {
  const { scorer, saved, history, model } = opened;
  const vectors = itemVectors(opened);
  if (vectors)
    return { how: 'cosine of the factors', similarity: cosines(vectors.values, vectors.k, target) };
  if (!scorer.factors && history?.contributions) {
    const one = { items: Uint32Array.of(target), values: Float32Array.of(saved.train.maximum) };
    return { how: 'what it adds to the score of the other', similarity: history.score(one, null) };
  }
  throw new WorkbenchError(
    'no-neighbours',
    `${model.title} has neither factors nor similarities of items.`,
    'Choose a run of another model.',
  );
}

/** [itemCount] cosine of each row of `table` [itemCount, k] with one of them; 0 for rows of zeros. */
function cosines(table: Float32Array, k: number, target: number): Float32Array {
  const norm = (at: number): number => Math.sqrt(product(table, at, at, k));
  const own = norm(target * k);
  return Float32Array.from({ length: table.length / k }, (_, other) => {
    const length = own * norm(other * k);
    return length > 0 ? product(table, target * k, other * k, k) / length : 0;
  });
}

function product(table: Float32Array, a: number, b: number, k: number): number {
  let sum = 0;
  for (let c = 0; c < k; c++) sum += table[a + c] * table[b + c];
  return sum;
}
