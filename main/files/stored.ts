/** Reads a stored data set back, with its ids and metadata, for derived data sets and exports. */
import { userIds, allItems } from '../store/entities.ts';
import { findDataset } from '../store/datasets.ts';
import type { ReadableDatabase } from '../store/database.ts';
import { readDataset } from '../store/ratings.ts';
import type { Dataset } from './types.ts';

/** Given candidates are left out: they belong to the whole data set's test rows. */
export function storedDataset(database: ReadableDatabase, id: string): Dataset {
  const { key, dataset } = findDataset(database, id);
  const { ratings, given } = readDataset(database, dataset.id);
  const items = allItems(database, key);
  return {
    ratings,
    userIds: userIds(database, key),
    itemIds: items.map((item) => item.id),
    metadata: items.some(
      (item) => item.title !== null || item.genres !== null || item.year !== null || item.image !== null,
    )
      ? {
          titles: items.map((item) => item.title),
          genres: items.map((item) => item.genres?.split('|') ?? null),
          years: items.map((item) => item.year),
          images: items.map((item) => item.image),
        }
      : null,
    timeKind: dataset.timeKind,
    part: given?.part ?? null,
    candidates: null,
    fingerprint: dataset.fingerprint,
  };
}
