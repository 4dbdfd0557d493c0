/** Sweeps and tournaments with their trials. What plans and outcomes hold is known to the engine alone. */
import type { ErrorShape } from '../../shared/contract.ts';
import type { Parameters } from '../../shared/config.ts';
import { WorkbenchError } from '../base/errors.ts';
import { deleteCheckpoint } from './checkpoints.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';
import { updateRow } from './update-row.ts';

export type SweepStatus = 'running' | 'finished' | 'cancelled' | 'failed' | 'interrupted';
export type SweepStage = 'tuning' | 'final' | 'done';

export interface StoredSweep {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly kind: 'sweep' | 'tournament';
  readonly dataset: number;
  readonly datasetId: string;
  readonly datasetName: string;
  readonly status: SweepStatus;
  readonly stage: SweepStage;
  readonly plan: unknown;
  readonly outcome: unknown;
  readonly error: ErrorShape | null;
  readonly notes: readonly string[];
  readonly seconds: number;
  /** Seconds that the trials of each entry took from their start to their end; fewer where none has ended. */
  readonly spent: readonly number[];
  readonly trials: number;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

export interface StoredTrial {
  readonly entry: number;
  readonly number: number;
  readonly point: Parameters;
  readonly figures: readonly number[];
  readonly failed: boolean;
  /** It was trained to its end. */
  readonly whole: boolean;
  /** Its runs, one a seed, by seed. */
  readonly runs: readonly { readonly key: number; readonly id: string }[];
}

interface Row {
  key: number;
  id: string;
  name: string;
  kind: 'sweep' | 'tournament';
  dataset: number;
  dataset_id: string;
  dataset_name: string;
  status: SweepStatus;
  stage: SweepStage;
  plan: string;
  outcome: string | null;
  error: string | null;
  notes: string;
  seconds: number;
  spent: string;
  trials: number;
  created_at: number;
  finished_at: number | null;
}

const select = `SELECT sweeps.*, datasets.id AS dataset_id, datasets.name AS dataset_name,
    (SELECT count(*) FROM trials WHERE trials.sweep = sweeps.key) AS trials
  FROM sweeps JOIN datasets ON datasets.key = sweeps.dataset`;

function toSweep(row: Row): StoredSweep {
  return {
    key: row.key,
    id: row.id,
    name: row.name,
    kind: row.kind,
    dataset: row.dataset,
    datasetId: row.dataset_id,
    datasetName: row.dataset_name,
    status: row.status,
    stage: row.stage,
    plan: JSON.parse(row.plan),
    outcome: row.outcome === null ? null : JSON.parse(row.outcome),
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorShape),
    notes: JSON.parse(row.notes) as string[],
    seconds: row.seconds,
    spent: JSON.parse(row.spent) as number[],
    trials: row.trials,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

export function insertSweep(
  database: WritableDatabase,
  sweep: Pick<StoredSweep, 'id' | 'name' | 'kind' | 'dataset' | 'plan'>,
): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO sweeps (id, name, kind, dataset, status, stage, plan, created_at)
       VALUES (@id, @name, @kind, @dataset, 'running', 'tuning', @plan, @createdAt)`,
    )
    .run({ ...sweep, plan: JSON.stringify(sweep.plan), createdAt: Date.now() });
  return Number(lastInsertRowid);
}

/** The sweep of an id or a name; of several of one name the latest. @throws WorkbenchError `sweep-missing` */
export function findSweep(database: ReadableDatabase, idOrName: string): StoredSweep {
  const row = database
    .prepare(
      `${select} WHERE sweeps.id = @it OR sweeps.name = @it ORDER BY sweeps.id = @it DESC, sweeps.key DESC`,
    )
    .get({ it: idOrName }) as Row | undefined;
  if (row) return toSweep(row);
  throw new WorkbenchError(
    'sweep-missing',
    `There is no sweep or tournament "${idOrName}".`,
    'The command sweeps lists them.',
  );
}

export function listSweeps(
  database: ReadableDatabase,
  filter: { readonly dataset?: number | null; readonly status?: SweepStatus } = {},
): StoredSweep[] {
  const rows = database
    .prepare(
      `${select} WHERE (@dataset IS NULL OR sweeps.dataset = @dataset) AND (@status IS NULL OR sweeps.status = @status)
       ORDER BY sweeps.key`,
    )
    .all({ dataset: filter.dataset ?? null, status: filter.status ?? null }) as Row[];
  return rows.map(toSweep);
}

const columns = {
  status: 'status',
  stage: 'stage',
  plan: 'plan',
  outcome: 'outcome',
  error: 'error',
  notes: 'notes',
  seconds: 'seconds',
  spent: 'spent',
  finishedAt: 'finished_at',
} as const;

/** Changes some fields of a sweep; objects and lists are stored as JSON. */
export function updateSweep(
  database: WritableDatabase,
  key: number,
  changes: { readonly [C in keyof typeof columns]?: unknown },
): void {
  updateRow(database, 'sweeps', columns, key, changes);
}

/** Trials of all entries, in the order in which they began. */
export function trialsOf(database: ReadableDatabase, sweep: number): StoredTrial[] {
  const rows = database.prepare('SELECT * FROM trials WHERE sweep = ? ORDER BY entry, number').all(sweep) as {
    entry: number;
    number: number;
    point: string;
    figures: string;
    failed: number;
    whole: number;
  }[];
  const runs = database
    .prepare('SELECT key, id, entry, trial FROM runs WHERE sweep = ? AND trial IS NOT NULL ORDER BY seed')
    .all(sweep) as { key: number; id: string; entry: number; trial: number }[];
  const byTrial = Map.groupBy(runs, ({ entry, trial }) => `${entry} ${trial}`);
  return rows.map(({ entry, number, point, figures, failed, whole }) => ({
    entry,
    number,
    point: JSON.parse(point) as Parameters,
    figures: JSON.parse(figures) as number[],
    failed: failed === 1,
    whole: whole === 1,
    runs: (byTrial.get(`${entry} ${number}`) ?? []).map(({ key, id }) => ({ key, id })),
  }));
}

/** Adds a trial or replaces what is known of it. */
export function writeTrial(
  database: WritableDatabase,
  sweep: number,
  { entry, number, point, figures, failed, whole }: Omit<StoredTrial, 'runs'>,
): void {
  database
    .prepare(
      'INSERT OR REPLACE INTO trials (sweep, entry, number, point, figures, failed, whole) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(sweep, entry, number, JSON.stringify(point), JSON.stringify(figures), Number(failed), Number(whole));
}

/** Ids of the runs at the end of a sweep, by entry and seed. */
export function finalRuns(
  database: ReadableDatabase,
  sweep: number,
): { readonly id: string; readonly key: number; readonly entry: number }[] {
  return database
    .prepare('SELECT id, key, entry FROM runs WHERE sweep = ? AND trial IS NULL ORDER BY entry, seed')
    .all(sweep) as { id: string; key: number; entry: number }[];
}

/** Trials that are over need their checkpoints no more. */
export function deleteTrialCheckpoints(database: WritableDatabase, sweep: number): void {
  const ids = database
    .prepare('SELECT id FROM runs WHERE sweep = ? AND trial IS NOT NULL')
    .pluck()
    .all(sweep);
  for (const id of ids) deleteCheckpoint(database, id as string);
}

/** Deletes a sweep with its trials; the runs at its end stay, but for those that only wait: nobody would want them. */
export function deleteSweep(database: WritableDatabase, key: number): void {
  deleteTrialCheckpoints(database, key);
  database
    .transaction(() => {
      database
        .prepare("DELETE FROM runs WHERE sweep = ? AND (trial IS NOT NULL OR status = 'queued')")
        .run(key);
      database.prepare('DELETE FROM sweeps WHERE key = ?').run(key);
    })
    .immediate();
}

/** What a crash left running is interrupted, to be taken up again. */
export function interruptSweeps(database: WritableDatabase): void {
  database.prepare("UPDATE sweeps SET status = 'interrupted' WHERE status = 'running'").run();
}
