/** What a run would show a person: histories, lists, hits. Reads slices; nothing loads a whole data set. */
import { LATER, TEST, TRAIN, VALIDATION } from '../../ratings/ratings.ts';
import { learnsFrom } from '../../model/learns-from.ts';
import { findModel } from '../../models/registry.ts';
import type { StoredRun } from '../../store/runs.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { arrayFrom } from '../../store/columns.ts';
import { readArtifact, readArtifacts } from '../../store/artifacts.ts';
import type { ItemRow } from '../../store/datasets.ts';
import { type History, readHistory, readItemCounts } from '../../store/histories.ts';

/** What is shown of an item beside its figures. */
export interface Listed {
  readonly item: string;
  readonly title: string;
  readonly genres: string[];
  readonly year: number | null;
}

export interface ListedItem {
  readonly item: number;
  readonly score: number;
}

/** The stored top list of a user (at most 50), best first; null where the run has none for this user. */
export function storedList(database: ReadableDatabase, run: number, user: number): ListedItem[] | null {
  const users = readArtifact(database, run, 'lists', 'users');
  const place = users ? indexOfSorted(users, user) : -1;
  if (place < 0) return null;
  const { start, items, scores } = readArtifacts(database, run, 'lists');
  const list: ListedItem[] = [];
  for (let k = start[place]; k < start[place + 1]; k++) list.push({ item: items[k], score: scores[k] });
  return list;
}

/** The per-user values of a run's metric at a user; empty where the user was not evaluated. */
export function userMetrics(database: ReadableDatabase, run: number, user: number): Record<string, number> {
  const { users, ...vectors } = readArtifacts(database, run, 'perUser');
  const place = users ? indexOfSorted(users, user) : -1;
  if (place < 0) return {};
  return Object.fromEntries(
    Object.entries(vectors)
      .map(([name, vector]) => [name, vector[place]] as const)
      .filter(([, value]) => !Number.isNaN(value)),
  );
}

/** [rows of the history] the part of each row under a split; all train where the split is not stored. */
export function partsOf(
  database: ReadableDatabase,
  dataset: number,
  hash: string | null,
  history: History,
): Uint8Array {
  const row = database
    .prepare('SELECT substr(part, ?, ?) AS part FROM splits WHERE dataset = ? AND hash = ?')
    .get(history.from + 1, history.items.length, dataset, hash ?? '') as { part: Buffer } | undefined;
  return row ? arrayFrom('u8', row.part) : new Uint8Array(history.items.length);
}

export function partName(part: number): 'train' | 'validation' | 'test' | 'later' {
  if (part === LATER) return 'later';
  return part === TEST ? 'test' : part === VALIDATION ? 'validation' : 'train';
}

/** Whether a run learned from a row of the history. @param parts of partsOf, under the split of the run */
export function knowsUser(
  { model, config }: Pick<StoredRun, 'model' | 'config'>,
  { values, items }: History,
  parts: Uint8Array,
): boolean {
  const learned = learnsFrom(findModel(model)?.kind ?? 'ranking', config.evaluation.positive);
  const last = config.refit ? VALIDATION : TRAIN;
  return items.some((_, k) => parts[k] <= last && learned(values?.[k] ?? 1));
}

/** Titles, deciles and histories of one data set, read once and kept while its screen is open. */
export class DatasetReader {
  readonly #database: ReadableDatabase;
  readonly key: number;
  #decile: Uint8Array | null = null;
  #counts: { counts: Uint32Array; sums: Float64Array } | null = null;

  constructor(database: ReadableDatabase, key: number) {
    this.#database = database;
    this.key = key;
  }

  history(user: number): History {
    return readHistory(this.#database, this.key, user);
  }

  item(position: number): ItemRow {
    return this.#database
      .prepare('SELECT id, title, genres, year FROM items WHERE dataset = ? AND position = ?')
      .get(this.key, position) as ItemRow;
  }

  /** What lists tell of an item. */
  listed(position: number): Listed {
    const { id, title, genres, year } = this.item(position);
    return { item: id, title: title ?? id, genres: genres?.split('|') ?? [], year };
  }

  /** Popularity decile of an item: 1 the most rated tenth. */
  decile(item: number): number {
    if (!this.#decile) this.#load();
    return this.#decile?.[item] ?? 10;
  }

  ratingsOf(item: number): { count: number; mean: number | null } {
    if (!this.#counts) this.#load();
    const count = this.#counts?.counts[item] ?? 0;
    return { count, mean: count > 0 ? (this.#counts?.sums[item] ?? 0) / count : null };
  }

  #load(): void {
    const { counts, sums, decile } = readItemCounts(this.#database, this.key);
    this.#counts = { counts, sums };
    this.#decile = decile;
  }
}

/** Place of a value in an ascending array, or −1. */
export function indexOfSorted(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] === value) return middle;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
