/** Items that a run takes for alike. */
import type { Checked, Result } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { itemPosition } from '../../store/entities.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { DatasetReader } from './inspection.ts';
import { openScorer } from './scoring.ts';

/**
 * By the model's own similarity where one item of a history adds to the score of another (ItemKNN, EASE), else by the
 * cosine of the items' factors.
 * @throws WorkbenchError `item-missing`, `run-unfinished`, `no-neighbours`
 */
export function neighbours(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  { run, item, top }: Checked<'inspect.neighbours'>,
): Result<'inspect.neighbours'> {
  const opened = openScorer(database, loaded, run);
  const { model, scorer, saved, itemCount, dataset } = opened;
  const reader = new DatasetReader(database, dataset);
  const target = itemPosition(database, dataset, item);
  const { factors } = scorer;
  const additive = factors ? undefined : model.history?.(saved);
  if (!factors && !additive)
    throw new WorkbenchError(
      'no-neighbours',
      `${model.title} has neither factors nor similarities of items.`,
      'Choose a run of another model.',
    );
  const similarity =
    additive?.score({ items: Uint32Array.of(target), values: Float32Array.of(saved.train.maximum) }) ??
    (factors ? cosines(factors.items, factors.k, target) : new Float32Array(itemCount));
  const order = Uint32Array.from(similarity.keys()).filter((other) => other !== target);
  order.sort((a, b) => similarity[b] - similarity[a] || a - b);
  return {
    item,
    neighbours: Array.from(order.subarray(0, top), (other) => {
      const { id, title } = reader.item(other);
      return { item: id, title: title ?? id, similarity: similarity[other] };
    }),
  };
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
