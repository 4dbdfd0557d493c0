/** Golden users, and what runs give them. */
import { randomUUID } from 'node:crypto';
import { WorkbenchError } from '../base/errors.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';

export interface StoredGolden {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly dataset: string;
  readonly datasetName: string;
  readonly user: string | null;
  readonly history: { item: string; rating: number | null }[] | null;
  readonly expect: string[];
  readonly forbid: string[];
  readonly top: number;
}

/** What a run gives a golden user; `pass` null where it could not be asked. */
export interface GoldenResult {
  readonly golden: string;
  readonly name: string;
  readonly pass: boolean | null;
  readonly missing: string[];
  readonly unwanted: string[];
  readonly note: string;
}

const select = `SELECT golden.key, golden.id, golden.name, datasets.id AS dataset, datasets.name AS datasetName, user, history,
  expect, forbid, top FROM golden JOIN datasets ON datasets.key = golden.dataset`;

type Row = Omit<StoredGolden, 'history' | 'expect' | 'forbid'> & {
  history: string | null;
  expect: string;
  forbid: string;
};

function toGolden(row: Row): StoredGolden {
  return {
    ...row,
    history: row.history === null ? null : (JSON.parse(row.history) as StoredGolden['history']),
    expect: JSON.parse(row.expect) as string[],
    forbid: JSON.parse(row.forbid) as string[],
  };
}

/** @param dataset key; null: of all */
export function listGolden(database: ReadableDatabase, dataset: number | null): StoredGolden[] {
  const rows = database
    .prepare(`${select} WHERE @dataset IS NULL OR golden.dataset = @dataset ORDER BY golden.key`)
    .all({ dataset });
  return (rows as Row[]).map(toGolden);
}

/** Golden users of a run's data set that it was not checked against yet. */
export function uncheckedGolden(database: ReadableDatabase, run: number): StoredGolden[] {
  const rows = database
    .prepare(
      `${select} JOIN runs ON runs.dataset = golden.dataset WHERE runs.key = @run AND NOT EXISTS
         (SELECT 1 FROM golden_results WHERE run = @run AND golden = golden.key) ORDER BY golden.key`,
    )
    .all({ run });
  return (rows as Row[]).map(toGolden);
}

/** @throws WorkbenchError `golden-exists` */
export function insertGolden(
  database: WritableDatabase,
  dataset: number,
  golden: Omit<StoredGolden, 'key' | 'id' | 'dataset' | 'datasetName'>,
): StoredGolden {
  const taken = database
    .prepare('SELECT 1 FROM golden WHERE dataset = ? AND name = ?')
    .get(dataset, golden.name);
  if (taken)
    throw new WorkbenchError(
      'golden-exists',
      `There is a golden user "${golden.name}" already.`,
      'Choose another name, or remove that one first.',
    );
  const id = randomUUID();
  database
    .prepare(
      `INSERT INTO golden (id, dataset, name, user, history, expect, forbid, top, created_at)
       VALUES (@id, @dataset, @name, @user, @history, @expect, @forbid, @top, @createdAt)`,
    )
    .run({
      ...golden,
      id,
      dataset,
      history: golden.history && JSON.stringify(golden.history),
      expect: JSON.stringify(golden.expect),
      forbid: JSON.stringify(golden.forbid),
      createdAt: Date.now(),
    });
  return toGolden(database.prepare(`${select} WHERE golden.id = ?`).get(id) as Row);
}

/** @throws WorkbenchError `golden-missing` */
export function deleteGolden(database: WritableDatabase, id: string): void {
  if (database.prepare('DELETE FROM golden WHERE id = ?').run(id).changes > 0) return;
  throw new WorkbenchError(
    'golden-missing',
    'There is no such golden user.',
    'List them to see which there are.',
  );
}

/** Replaces what is there of these golden users. One that was removed meanwhile is left out. */
export function writeGoldenResults(
  database: WritableDatabase,
  run: number,
  results: readonly GoldenResult[],
): void {
  const insert = database.prepare(
    `INSERT OR REPLACE INTO golden_results (run, golden, pass, missing, unwanted, note)
     SELECT @run, key, @pass, @missing, @unwanted, @note FROM golden WHERE id = @golden`,
  );
  database
    .transaction(() => {
      for (const { golden, pass, missing, unwanted, note } of results)
        insert.run({
          run,
          golden,
          note,
          pass: pass === null ? null : Number(pass),
          missing: JSON.stringify(missing),
          unwanted: JSON.stringify(unwanted),
        });
    })
    .immediate();
}

export function readGoldenResults(database: ReadableDatabase, run: number): GoldenResult[] {
  const rows = database
    .prepare(
      `SELECT golden.id AS golden, golden.name, pass, missing, unwanted, note FROM golden_results
       JOIN golden ON golden.key = golden_results.golden WHERE run = ? ORDER BY golden.key`,
    )
    .all(run) as {
    golden: string;
    name: string;
    pass: number | null;
    missing: string;
    unwanted: string;
    note: string;
  }[];
  return rows.map((row) => ({
    ...row,
    pass: row.pass === null ? null : row.pass === 1,
    missing: JSON.parse(row.missing) as string[],
    unwanted: JSON.parse(row.unwanted) as string[],
  }));
}
