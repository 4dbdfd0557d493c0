/** A split as files that other tools train and test on. */
import type { SplitConfig } from '../../shared/config.ts';
import type { SplitFile } from '../../shared/outside.ts';
import { csvField } from '../base/csv.ts';
import { writeOutput } from '../base/output.ts';
import { makeSplit } from '../evaluation/splits/make-split.ts';
import { splitSummary } from '../evaluation/splits/summary.ts';
import { TEST, TRAIN, VALIDATION } from '../ratings/ratings.ts';
import type { ReadableDatabase } from '../store/database.ts';
import { findDataset } from '../store/datasets.ts';
import { allItems, userIds } from '../store/entities.ts';
import { givenOf, readDataset } from '../store/ratings.ts';
import { placesAt } from './outside/places.ts';
import { floatText } from './text/float-text.ts';
import { throwIfAborted } from './abort.ts';

const FLUSH = 1 << 20;
/** Users between two looks at the signal. */
const BATCH = 256;
const parts = [
  ['train', TRAIN],
  ['validation', VALIDATION],
  ['test', TEST],
] as const;

export interface SplitExport {
  /** Id. */
  readonly dataset: string;
  readonly split: SplitConfig;
  readonly folder: string;
  readonly safeForSpreadsheets: boolean;
}

/**
 * Writes `train.csv`, `validation.csv`, `test.csv` (`user,item,rating,time`) and `split.json` into a folder (or beside a
 * `.json` that is named), and returns their paths. Times are as stored; the column is empty where there are none. A validation part may be empty.
 */
export async function exportSplit(
  database: ReadableDatabase,
  { dataset: id, split: config, folder, safeForSpreadsheets }: SplitExport,
  signal?: AbortSignal,
  onProgress: (rows: number, total: number) => void = () => undefined,
): Promise<string[]> {
  const { key, dataset } = findDataset(database, id);
  const { ratings, given } = readDataset(database, dataset.id);
  const split = makeSplit(ratings, config, givenOf(given));
  const users = userIds(database, key);
  const items = allItems(database, key).map((item) => csvField(item.id));
  const { start, item, value, time } = ratings;
  const places = placesAt(folder, 'split.json');
  places.prepare();
  const written: string[] = [];
  let done = 0;
  for (const [name, mark] of parts) {
    const path = places.beside(`${name}.csv`);
    await writeOutput(
      path,
      async ({ write }) => {
        let text = 'user,item,rating,time\n';
        for (let u = 0; u < ratings.userCount; u++) {
          const user = csvField(users[u]);
          for (let row = start[u]; row < start[u + 1]; row++) {
            if (split.part[row] !== mark) continue;
            text += `${user},${items[item[row]]},${floatText(value[row])},${time ? time[row] : ''}\n`;
            done++;
          }
          if (text.length > FLUSH) {
            write(text);
            text = '';
          }
          if (u % BATCH !== 0) continue;
          throwIfAborted(signal);
          onProgress(done, item.length);
          await new Promise((resolve) => setImmediate(resolve));
        }
        write(text);
      },
      { safeForSpreadsheets },
    );
    written.push(path);
  }
  const { name, fingerprint } = dataset;
  const about: SplitFile = {
    format: 'recommender-workbench-split',
    version: 1,
    hash: split.hash,
    options: config,
    dataset: { name, fingerprint, users: users.length, items: items.length, ratings: item.length },
    rows: splitSummary(ratings, split, 0).counts,
    time: !time ? null : dataset.timeKind === 'order' ? 'order' : 'milliseconds since 1970',
  };
  await writeOutput(places.main, ({ write }) => write(`${JSON.stringify(about, null, 2)}\n`));
  return [...written, places.main];
}
