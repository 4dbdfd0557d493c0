import type { Dataset, DatasetDetail } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { readColumn } from './columns.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';

/** What is known of a data set when it is stored; the counts of runs come from the runs. */
export type NewDataset = Omit<Dataset, 'runs' | 'archived' | 'createdAt'> &
  Pick<DatasetDetail, 'source' | 'accounting' | 'rejectKinds' | 'profile'>;

interface Row {
  key: number;
  id: string;
  name: string;
  fingerprint: string;
  users: number;
  items: number;
  ratings: number;
  implicit: number;
  minimum: number;
  maximum: number;
  step: number | null;
  time_kind: Dataset['timeKind'];
  time_from: number | null;
  time_to: number | null;
  bytes: number;
  parent: string | null;
  archived: number;
  sample: number;
  titles: number;
  genres: number;
  given_split: number;
  created_at: number;
  runs: number;
  source: string;
  accounting: string;
  reject_kinds: string;
  profile: string;
}

/** Trials count with their sweep, and are no runs of their own. */
const select = `SELECT datasets.*,
    (SELECT count(*) FROM runs WHERE runs.dataset = datasets.key AND runs.trial IS NULL) AS runs
  FROM datasets WHERE status = 'ready'`;

function toDataset(row: Row): Dataset {
  return {
    id: row.id,
    name: row.name,
    users: row.users,
    items: row.items,
    ratings: row.ratings,
    fingerprint: row.fingerprint,
    implicit: row.implicit === 1,
    scale: row.implicit ? null : { minimum: row.minimum, maximum: row.maximum, step: row.step },
    timeKind: row.time_kind,
    timeSpan:
      row.time_from === null || row.time_to === null ? null : { from: row.time_from, to: row.time_to },
    bytes: row.bytes,
    runs: row.runs,
    parent: row.parent,
    archived: row.archived === 1,
    sample: row.sample === 1,
    titles: row.titles,
    genres: row.genres,
    givenSplit: row.given_split === 1,
    createdAt: row.created_at,
  };
}

export function listDatasets(database: ReadableDatabase, archived: boolean): Dataset[] {
  const rows = database
    .prepare(`${select} AND archived <= ? ORDER BY created_at`)
    .all(archived ? 1 : 0) as Row[];
  return rows.map(toDataset);
}

/** Key and summary of the data set of an id or a name. @throws WorkbenchError `dataset-missing` */
export function findDataset(database: ReadableDatabase, idOrName: string): { key: number; dataset: Dataset } {
  const row = database
    .prepare(`${select} AND (id = @it OR name = @it) ORDER BY id = @it DESC`)
    .get({ it: idOrName }) as Row | undefined;
  if (row) return { key: row.key, dataset: toDataset(row) };
  const names = listDatasets(database, true).map((dataset) => dataset.name);
  throw new WorkbenchError(
    'dataset-missing',
    `There is no data set "${idOrName}".`,
    names.length > 0 ? `There are: ${names.join(', ')}.` : 'Import one first, or open the sample.',
  );
}

export function datasetDetail(database: ReadableDatabase, idOrName: string): DatasetDetail {
  const { key, dataset } = findDataset(database, idOrName);
  const row = database
    .prepare('SELECT source, accounting, reject_kinds, profile FROM datasets WHERE key = ?')
    .get(key) as Pick<Row, 'source' | 'accounting' | 'reject_kinds' | 'profile'>;
  return {
    dataset,
    source: JSON.parse(row.source) as DatasetDetail['source'],
    accounting: JSON.parse(row.accounting) as DatasetDetail['accounting'],
    rejectKinds: JSON.parse(row.reject_kinds) as DatasetDetail['rejectKinds'],
    profile: JSON.parse(row.profile) as DatasetDetail['profile'],
  };
}

/** The data set of the same content, if there is one. */
export function findByFingerprint(database: ReadableDatabase, fingerprint: string): Dataset | null {
  const row = database.prepare(`${select} AND fingerprint = ?`).get(fingerprint) as Row | undefined;
  return row ? toDataset(row) : null;
}

/** Whether the name is taken, by a data set that is ready or one that is being written. */
export function isNameTaken(database: ReadableDatabase, name: string): boolean {
  return database.prepare('SELECT 1 FROM datasets WHERE name = ?').get(name) !== undefined;
}

/**
 * Begins a data set: its row is there but not seen (`importing`) until finishDataset. What a crash leaves half done,
 * removeUnfinished takes away.
 * @throws WorkbenchError `name-taken`
 */
export function beginDataset(database: WritableDatabase, dataset: NewDataset): number {
  if (isNameTaken(database, dataset.name)) {
    throw new WorkbenchError(
      'name-taken',
      `There is a data set "${dataset.name}" already.`,
      'Choose another name, or delete or rename the other one first.',
    );
  }
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO datasets (id, name, status, fingerprint, users, items, ratings, implicit, minimum, maximum, step,
         time_kind, time_from, time_to, bytes, parent, sample, titles, genres, given_split, source, accounting,
         reject_kinds, profile, created_at)
       VALUES (@id, @name, 'importing', @fingerprint, @users, @items, @ratings, @implicit, @minimum, @maximum, @step,
         @timeKind, @from, @to, @bytes, @parent, @sample, @titles, @genres, @givenSplit, @source, @accounting,
         @rejectKinds, @profile, @createdAt)`,
    )
    .run({
      id: dataset.id,
      name: dataset.name,
      fingerprint: dataset.fingerprint,
      users: dataset.users,
      items: dataset.items,
      ratings: dataset.ratings,
      implicit: Number(dataset.implicit),
      minimum: dataset.scale?.minimum ?? 1,
      maximum: dataset.scale?.maximum ?? 1,
      step: dataset.scale?.step ?? null,
      timeKind: dataset.timeKind,
      from: dataset.timeSpan?.from ?? null,
      to: dataset.timeSpan?.to ?? null,
      bytes: dataset.bytes,
      parent: dataset.parent,
      sample: Number(dataset.sample),
      titles: dataset.titles,
      genres: dataset.genres,
      givenSplit: Number(dataset.givenSplit),
      source: JSON.stringify(dataset.source),
      accounting: JSON.stringify(dataset.accounting),
      rejectKinds: JSON.stringify(dataset.rejectKinds),
      profile: JSON.stringify(dataset.profile),
      createdAt: Date.now(),
    });
  return Number(lastInsertRowid);
}

export interface ItemRow {
  readonly id: string;
  readonly title: string | null;
  /** Separated by |. */
  readonly genres: string | null;
  readonly year: number | null;
  /** Address of a picture; nothing is fetched from it unasked. */
  readonly image: string | null;
}

/** Adds users from a position on, in one transaction. */
export function insertUsers(
  database: WritableDatabase,
  dataset: number,
  from: number,
  ids: readonly string[],
): void {
  const insert = database.prepare('INSERT INTO users (dataset, position, id) VALUES (?, ?, ?)');
  database.transaction(() => ids.forEach((id, k) => insert.run(dataset, from + k, id))).immediate();
}

/** Adds items from a position on, in one transaction. */
export function insertItems(
  database: WritableDatabase,
  dataset: number,
  from: number,
  items: readonly ItemRow[],
): void {
  const insert = database.prepare(
    'INSERT INTO items (dataset, position, id, title, genres, year, image) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  database
    .transaction(() =>
      items.forEach(({ id, title, genres, year, image }, k) =>
        insert.run(dataset, from + k, id, title, genres, year, image),
      ),
    )
    .immediate();
}

/** Makes a begun data set visible: the last write of an import. */
export function finishDataset(database: WritableDatabase, dataset: number): void {
  database.prepare("UPDATE datasets SET status = 'ready' WHERE key = ?").run(dataset);
}

/** Takes away a data set with everything that belongs to it. Runs must be gone before. */
export function deleteDataset(database: WritableDatabase, dataset: number): void {
  database.prepare('DELETE FROM datasets WHERE key = ?').run(dataset);
}

/** Takes away what imports left half done. Returns how many there were. */
export function removeUnfinished(database: WritableDatabase): number {
  return database.prepare("DELETE FROM datasets WHERE status = 'importing'").run().changes;
}

/** @throws WorkbenchError `name-taken` */
export function renameDataset(database: WritableDatabase, key: number, name: string): void {
  const other = database.prepare('SELECT key FROM datasets WHERE name = ?').get(name) as
    { key: number } | undefined;
  if (other && other.key !== key) {
    throw new WorkbenchError('name-taken', `There is a data set "${name}" already.`, 'Choose another name.');
  }
  database.prepare('UPDATE datasets SET name = ? WHERE key = ?').run(name, key);
}

export function archiveDataset(database: WritableDatabase, key: number, archived: boolean): void {
  database.prepare('UPDATE datasets SET archived = ? WHERE key = ?').run(Number(archived), key);
}

/** Text of all rejected rows as CSV (line,kind,column,found,expected,text), or null where there were none. */
export function rejectsOf(database: ReadableDatabase, key: number): string | null {
  const bytes = readColumn(database, key, 'rejects');
  return bytes && new TextDecoder().decode(bytes);
}
