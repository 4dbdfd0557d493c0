import type { ReadableDatabase } from '../store/database.ts';
import { type LoadedDataset, readDataset } from '../store/ratings.ts';

/** Whole data sets that handlers work on; the last one is kept, since questions come in series. */
export class LoadedDatasets {
  readonly #database: ReadableDatabase;
  #last: { id: string; dataset: LoadedDataset } | null = null;
  #forget: NodeJS.Timeout | undefined;

  constructor(database: ReadableDatabase) {
    this.#database = database;
  }

  get(id: string): LoadedDataset {
    if (this.#last?.id !== id) this.#last = { id, dataset: readDataset(this.#database, id) };
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => (this.#last = null), 60_000).unref();
    return this.#last.dataset;
  }
}
