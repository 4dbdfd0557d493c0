/** Joins a list of items (titles, genres, years, pictures) to a data set by item id. */
import { WorkbenchError } from '../../base/errors.ts';
import { itemRoles } from '../types.ts';
import type { Dataset, ItemMetadata, ItemsOptions, ItemsReport } from '../types.ts';
import type { StagedItem } from '../staged.ts';
import type { KnownItems } from './item-columns.ts';
import { openItemList } from './list.ts';
import type { ItemList } from './list.ts';
import { itemFields } from './row.ts';

/**
 * Reads the list and sets `dataset.metadata`; the first row of an item counts.
 * @param column header name of the ratings' items, '' for none
 * @throws WorkbenchError where the list cannot be read, or its columns not be told, or no row meets an item
 */
export async function attachItems(
  dataset: Dataset,
  options: ItemsOptions,
  column: string,
): Promise<ItemsReport> {
  const wanted = new Map(dataset.itemIds.map((id, index) => [id, index]));
  const count = dataset.itemIds.length;
  const metadata: ItemMetadata = {
    titles: new Array<string | null>(count).fill(null),
    genres: new Array<string[] | null>(count).fill(null),
    years: new Array<number | null>(count).fill(null),
    images: new Array<string | null>(count).fill(null),
  };
  const list = await openItemList(options, { ids: new Set(dataset.itemIds), column });
  const { columns } = list;
  const report: ItemsReport = {
    read: 0,
    matched: 0,
    unused: 0,
    rejected: 0,
    repeated: 0,
    taken: takenOf(list),
  };
  const filled = new Uint8Array(count);
  await list.read({
    row(fields) {
      report.read++;
      const item = itemFields(columns, fields);
      const index = item === null ? undefined : wanted.get(item.id);
      if (item === null) report.rejected++;
      else if (index === undefined) report.unused++;
      else if (filled[index] === 1) report.repeated++;
      else {
        filled[index] = 1;
        metadata.titles[index] = item.title;
        metadata.genres[index] = item.genres;
        metadata.years[index] = item.year;
        metadata.images[index] = item.image;
        report.matched++;
      }
    },
    broken() {
      report.read++;
      report.rejected++;
    },
  });
  if (report.matched === 0) {
    throw new WorkbenchError(
      'no-items-matched',
      `None of the ${report.read} rows of the list of items has the id of an item of the ratings.`,
      `Choose its id column. Ids of the ratings look like ${dataset.itemIds.slice(0, 3).join(', ')}.`,
      { report },
    );
  }
  dataset.metadata = metadata;
  return report;
}

/** Each role's column by its label, with the reason where it was guessed. */
export function takenOf({
  columns,
  guessed,
  names,
}: Pick<ItemList, 'columns' | 'guessed' | 'names'>): ItemsReport['taken'] {
  return itemRoles.flatMap((role) => {
    const at = columns[role];
    const why = guessed.find((guess) => guess.role === role)?.why ?? null;
    return at < 0 ? [] : [{ role, column: names[at] || String(at + 1), why }];
  });
}

/** All rows of a list of items that have an id; the first row of an id counts. */
export async function readItemList(
  options: ItemsOptions,
  known: KnownItems | null = null,
): Promise<StagedItem[]> {
  const items = new Map<string, StagedItem>();
  const list = await openItemList(options, known);
  await list.read({
    row(fields) {
      const item = itemFields(list.columns, fields);
      if (item && !items.has(item.id))
        items.set(item.id, { ...item, genres: item.genres?.join('|') ?? null });
    },
    broken() {},
  });
  return [...items.values()];
}
