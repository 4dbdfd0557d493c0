/** Whether a run shows golden users what it should, and nothing that it should not. */
import { WorkbenchError } from '../../base/errors.ts';
import { itemPosition, userPosition } from '../../store/entities.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import type { GoldenResult, StoredGolden } from '../../store/golden.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun } from '../../store/runs.ts';
import { DatasetReader, storedList } from './inspection.ts';
import { openPerson, toHistory } from './person.ts';
import type { Scorers } from './scorers.ts';
import { topItems } from './scoring.ts';

/** The mark of a rule that means a genre. */
const GENRE = 'genre:';

/** @throws WorkbenchError `run-missing`; what else goes wrong is said in the result of the golden user */
export async function checkGolden(
  scorers: Scorers,
  run: string,
  golden: readonly StoredGolden[],
): Promise<GoldenResult[]> {
  const results: GoldenResult[] = [];
  for (const one of golden) {
    const { id, name } = one;
    try {
      results.push({ golden: id, name, ...(await judge(scorers, run, one)), note: '' });
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      results.push({ golden: id, name, pass: null, missing: [], unwanted: [], note: error.message });
    }
  }
  return results;
}

async function judge(
  scorers: Scorers,
  run: string,
  golden: StoredGolden,
): Promise<Pick<GoldenResult, 'pass' | 'missing' | 'unwanted'>> {
  const { database } = scorers;
  const { key } = findDataset(database, golden.dataset);
  const reader = new DatasetReader(database, key);
  const shown = (await listFor(scorers, run, golden, key)).map((item) => reader.listed(item));
  const holds = (rule: string): boolean =>
    shown.some(
      ({ item, genres }) =>
        item === rule || (rule.startsWith(GENRE) && genres.includes(rule.slice(GENRE.length))),
    );
  const missing = golden.expect.filter((rule) => !holds(rule));
  const unwanted = golden.forbid.filter(holds);
  return { pass: missing.length === 0 && unwanted.length === 0, missing, unwanted };
}

/** Positions of the items at the top: what the run's evaluation would rank for a user, or all for somebody imagined. */
async function listFor(
  scorers: Scorers,
  run: string,
  { user, history, top }: StoredGolden,
  dataset: number,
): Promise<number[]> {
  const { database } = scorers;
  if (user !== null) {
    const position = userPosition(database, dataset, user);
    const stored = storedList(database, findRun(database, run).key, position);
    if (stored && stored.length >= top) return stored.slice(0, top).map(({ item }) => item);
    return (await topItems(scorers.get(run), position, top)).map(({ item }) => item);
  }
  const opened = scorers.get(run);
  const entries = new Map(
    (history ?? []).map(({ item, rating }) => [
      itemPosition(database, dataset, item),
      rating ?? opened.saved.train.maximum,
    ]),
  );
  const person = openPerson(opened, null);
  const imagined = toHistory(entries);
  return Array.from(person.ranking(person.score(imagined), imagined).subarray(0, top));
}

/** @throws WorkbenchError `item-missing`, `genre-missing` */
export function assertRules(database: ReadableDatabase, dataset: number, rules: readonly string[]): void {
  for (const rule of rules) {
    if (!rule.startsWith(GENRE)) {
      itemPosition(database, dataset, rule);
      continue;
    }
    const genre = rule.slice(GENRE.length);
    const known = database
      .prepare("SELECT 1 FROM items WHERE dataset = ? AND '|' || genres || '|' LIKE ? ESCAPE '\\' LIMIT 1")
      .get(dataset, `%|${genre.replace(/[\\%_]/g, '\\$&')}|%`);
    if (known) continue;
    throw new WorkbenchError(
      'genre-missing',
      `No item of the data set has the genre "${genre}".`,
      'Genres are written as in the file of items.',
    );
  }
}
