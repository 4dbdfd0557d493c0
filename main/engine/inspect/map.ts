/** The items of a run on a plane: those that it takes for alike lie together. */
import type { Checked, Result } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { principalPlane } from '../../numeric/principal.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import { allItems } from '../../store/entities.ts';
import { findRun } from '../../store/runs.ts';
import type { Scorers } from './scorers.ts';
import type { RunScorer } from './scoring.ts';
import { itemVectors } from './vectors.ts';

/** The hit rate of an item counts its test rows that stand among the first so many. */
const K = 10;

/**
 * The most rated items that the run has learned from, and where it places them.
 * @returns `table` [shown, k]; `left`: items that are not shown
 * @throws WorkbenchError `run-unfinished`, `no-map`
 */
export function placedItems(
  scorers: Scorers,
  run: string,
  most: number,
): { opened: RunScorer; shown: Uint32Array; table: Float32Array; k: number; left: number } {
  const opened = scorers.get(run);
  const vectors = itemVectors(opened);
  if (!vectors)
    throw new WorkbenchError(
      'no-map',
      `${opened.model.title} places no items: it has no factors.`,
      'Choose a run of a model that learns factors or embeddings of items.',
    );
  const { values, k } = vectors;
  const learned = Uint32Array.from(opened.rowsOf.keys()).filter((item) => opened.rowsOf[item] > 0);
  const shown = learned.sort((a, b) => opened.rowsOf[b] - opened.rowsOf[a] || a - b).subarray(0, most);
  const table = new Float32Array(shown.length * k);
  shown.forEach((item, row) => table.set(values.subarray(item * k, (item + 1) * k), row * k));
  return { opened, shown, table, k, left: learned.length - shown.length };
}

/**
 * The most rated items that the run has learned from, on the first two principal axes of their factors.
 * @throws WorkbenchError `run-unfinished`, `no-map`
 */
export function mapOf(scorers: Scorers, { run, most }: Checked<'inspect.map'>): Result<'inspect.map'> {
  const { opened, shown, table, k, left } = placedItems(scorers, run, most);
  const items = allItems(scorers.database, opened.dataset);
  const { points, explained } = principalPlane(table, k);
  const hits = hitRates(scorers, run);
  return {
    run,
    explained: [explained[0], explained[1]],
    items: Array.from(shown, (item, row) => {
      const { id, title, genres } = items[item];
      const tested = hits.tested[item] ?? 0;
      return {
        item: id,
        title: title ?? id,
        x: points[row * 2],
        y: points[row * 2 + 1],
        genre: genres?.split('|')[0] ?? null,
        ratings: opened.rowsOf[item],
        hitRate: tested > 0 ? hits.found[item] / tested : null,
      };
    }),
    left,
  };
}

/** [itemCount] test rows of each item, and those of them among the first K. */
function hitRates(
  { database, loaded }: Scorers,
  idOrName: string,
): { tested: Uint32Array; found: Float64Array } {
  const { key, run } = findRun(database, idOrName);
  const { ratings } = loaded.get(run.dataset);
  const { rows, above, equal } = readArtifacts(database, key, 'ranks');
  const tested = new Uint32Array(ratings.itemCount);
  const found = new Float64Array(ratings.itemCount);
  for (let n = 0; rows && n < rows.length; n++) {
    const item = ratings.item[rows[n]];
    tested[item]++;
    // Among equals every order is as likely.
    found[item] += Math.min(1, Math.max(0, (K - above[n]) / (equal[n] + 1)));
  }
  return { tested, found };
}
