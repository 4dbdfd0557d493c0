import type { Parameters, RunConfig, RunStatus } from '../../shared/config.ts';
import type { Epoch, ErrorShape, Run } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { deleteCheckpoint } from './checkpoints.ts';
import type { ReadableDatabase, WritableDatabase } from './database.ts';
import { deleteDataset } from './datasets.ts';
import { updateRow } from './update-row.ts';

/** A run as stored. Titles of models come from the registry, which the store does not know. */
export type StoredRun = Omit<Run, 'modelTitle' | 'kind' | 'baseline' | 'seedless'>;

export interface NewRun {
  readonly id: string;
  readonly name: string;
  readonly dataset: number;
  readonly fingerprint: string;
  readonly config: RunConfig;
  readonly parameters: Parameters;
  readonly target: string;
  readonly epochs: number;
  readonly group: string | null;
  /** The sweep that it belongs to, and as which trial; null: a run at the end of one. */
  readonly sweep?: { readonly key: number; readonly entry: number; readonly trial: number | null };
  /** The run that it continues. */
  readonly parent?: StoredRun['parent'];
  /** App and libraries that the run was made with. */
  readonly versions: Readonly<Record<string, string>>;
}

interface Row {
  key: number;
  id: string;
  name: string;
  dataset_id: string;
  dataset_name: string;
  fingerprint: string;
  model: string;
  status: RunStatus;
  config: string;
  parameters: string;
  seed: number;
  target: string;
  split_name: string | null;
  split_hash: string | null;
  compute: string | null;
  metrics: string;
  interval: string | null;
  epoch: number;
  epochs: number;
  best_epoch: number | null;
  loss: number | null;
  train_seconds: number;
  evaluate_seconds: number;
  examples_per_second: number | null;
  peak_memory_mb: number | null;
  cost: string | null;
  notes: string;
  tags: string;
  note: string;
  archived: number;
  golden_passed: number | null;
  golden_failed: number | null;
  pinned: number;
  trashed: number;
  run_group: string | null;
  sweep_id: string | null;
  trial: number | null;
  shown: number;
  parent: string | null;
  error: string | null;
  log: string;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
}

/** Trials are shown with their sweep, and the runs at its end when all of them are tested. */
const shown = `(runs.sweep IS NULL OR
  (runs.trial IS NULL AND (SELECT stage FROM sweeps WHERE sweeps.key = runs.sweep) = 'done'))`;

const select = `SELECT runs.*, ${shown} AS shown, datasets.id AS dataset_id, datasets.name AS dataset_name,
    (SELECT id FROM sweeps WHERE sweeps.key = runs.sweep) AS sweep_id,
    (SELECT sum(pass) FROM golden_results WHERE run = runs.key) AS golden_passed,
    (SELECT sum(1 - pass) FROM golden_results WHERE run = runs.key) AS golden_failed
  FROM runs JOIN datasets ON datasets.key = runs.dataset`;

function toRun(row: Row): StoredRun {
  return {
    id: row.id,
    number: row.key,
    name: row.name,
    dataset: row.dataset_id,
    datasetName: row.dataset_name,
    fingerprint: row.fingerprint,
    model: row.model,
    status: row.status,
    config: JSON.parse(row.config) as RunConfig,
    parameters: JSON.parse(row.parameters) as Parameters,
    seed: row.seed,
    split: row.split_hash === null ? null : { name: row.split_name ?? '', hash: row.split_hash },
    compute: row.compute === null ? null : (JSON.parse(row.compute) as Run['compute']),
    target: row.target,
    metrics: JSON.parse(row.metrics) as Run['metrics'],
    interval: row.interval === null ? null : (JSON.parse(row.interval) as [number, number]),
    epoch: row.epoch,
    epochs: row.epochs,
    bestEpoch: row.best_epoch,
    loss: row.loss,
    seconds: { train: row.train_seconds, evaluate: row.evaluate_seconds },
    examplesPerSecond: row.examples_per_second,
    peakMemoryMb: row.peak_memory_mb,
    cost: row.cost === null ? null : (JSON.parse(row.cost) as Run['cost']),
    notes: JSON.parse(row.notes) as string[],
    tags: JSON.parse(row.tags) as string[],
    note: row.note,
    archived: row.archived === 1,
    golden: row.golden_passed === null ? null : { passed: row.golden_passed, failed: row.golden_failed ?? 0 },
    pinned: row.pinned === 1,
    trashed: row.trashed === 1,
    group: row.run_group,
    sweep: row.sweep_id === null ? null : { id: row.sweep_id, trial: row.trial },
    parent: row.parent === null ? null : (JSON.parse(row.parent) as Run['parent']),
    error: row.error === null ? null : (JSON.parse(row.error) as ErrorShape),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

export function listRuns(
  database: ReadableDatabase,
  filter: {
    dataset?: number | null;
    /** Archived ones and those in the trash too. */
    archived?: boolean;
    status?: RunStatus;
    group?: string;
    model?: string;
    seed?: number;
    fingerprint?: string;
    /** Trials of sweeps too, which were never tested, and the runs at the end of those under way. */
    trials?: boolean;
    /** Runs of higher numbers only, so many at most. */
    after?: number;
    limit?: number | null;
  },
): { key: number; run: StoredRun }[] {
  const rows = database
    .prepare(
      `${select} WHERE (@dataset IS NULL OR runs.dataset = @dataset) AND runs.archived <= @archived
         AND runs.trashed <= @archived
         AND runs.key > @after AND (@status IS NULL OR runs.status = @status) AND (@group IS NULL OR runs.run_group = @group)
         AND (@model IS NULL OR runs.model = @model)
         AND (@seed IS NULL OR runs.seed = @seed) AND (@fingerprint IS NULL OR runs.fingerprint = @fingerprint)
         AND (@trials OR ${shown})
       ORDER BY runs.key LIMIT @limit`,
    )
    .all({
      after: filter.after ?? 0,
      limit: filter.limit ?? -1,
      dataset: filter.dataset ?? null,
      archived: filter.archived ? 1 : 0,
      status: filter.status ?? null,
      group: filter.group ?? null,
      model: filter.model ?? null,
      seed: filter.seed ?? null,
      fingerprint: filter.fingerprint ?? null,
      trials: filter.trials ? 1 : 0,
    }) as Row[];
  return rows.map((row) => ({ key: row.key, run: toRun(row) }));
}

/**
 * The run of an id or a name; of several runs of one name the latest.
 * @throws WorkbenchError `run-missing`; `run-untested` of a trial and of a run at the end of a sweep that is not over:
 *   nobody sees, exports, changes or deletes what a sweep still decides by or has not tested whole
 */
export function findRun(database: ReadableDatabase, idOrName: string): { key: number; run: StoredRun } {
  const { key, run, isShown } = findAnyRun(database, idOrName);
  if (isShown) return { key, run };
  throw new WorkbenchError(
    'run-untested',
    run.sweep?.trial === null
      ? `Run "${run.name}" is at the end of a sweep that is still being tested.`
      : `Run "${run.name}" is a trial of a sweep: it was never tested, and has no weights.`,
    run.sweep?.trial === null
      ? 'Wait until the sweep has ended: its figures are shown together.'
      : 'Look at its sweep, or train its configuration as a run.',
  );
}

/** As `findRun`, those of sweeps too: for what trains them. @throws WorkbenchError `run-missing` */
export function findAnyRun(
  database: ReadableDatabase,
  idOrName: string,
): { key: number; run: StoredRun; isShown: boolean } {
  const row = database
    .prepare(
      `${select} WHERE runs.id = @it OR runs.name = @it
       ORDER BY runs.id = @it DESC, shown DESC, runs.key DESC`,
    )
    .get({ it: idOrName }) as Row | undefined;
  if (row) return { key: row.key, run: toRun(row), isShown: row.shown === 1 };
  throw new WorkbenchError(
    'run-missing',
    `There is no run "${idOrName}".`,
    'List the runs to see their names.',
  );
}

/** The baselines that are pinned. */
export function pinnedRuns(database: ReadableDatabase): { key: number; run: StoredRun }[] {
  const rows = database.prepare(`${select} WHERE runs.pinned = 1 ORDER BY runs.key`).all() as Row[];
  return rows.map((row) => ({ key: row.key, run: toRun(row) }));
}

/** Last lines of the trainer's log. */
export function logOf(database: ReadableDatabase, key: number): string[] {
  const { log } = database.prepare('SELECT log FROM runs WHERE key = ?').get(key) as { log: string };
  return JSON.parse(log) as string[];
}

/** App and libraries that the run was made with. */
export function versionsOf(database: ReadableDatabase, key: number): Record<string, string> {
  const { versions } = database.prepare('SELECT versions FROM runs WHERE key = ?').get(key) as {
    versions: string;
  };
  return JSON.parse(versions) as Record<string, string>;
}

export function epochsOf(database: ReadableDatabase, key: number): Epoch[] {
  const rows = database
    .prepare('SELECT epoch, loss, seconds, validation FROM epochs WHERE run = ? ORDER BY epoch')
    .all(key) as { epoch: number; loss: number; seconds: number; validation: string }[];
  return rows.map((row) => ({ ...row, validation: JSON.parse(row.validation) as Epoch['validation'] }));
}

export function insertRun(database: WritableDatabase, run: NewRun): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO runs (id, name, dataset, fingerprint, model, status, config, parameters, seed, target, epochs,
         run_group, sweep, entry, trial, parent, versions, metrics, created_at)
       VALUES (@id, @name, @dataset, @fingerprint, @model, 'queued', @config, @parameters, @seed, @target, @epochs,
         @group, @sweep, @entry, @trial, @parent, @versions, '{"validation":{},"test":{}}', @createdAt)`,
    )
    .run({
      ...run,
      sweep: run.sweep?.key ?? null,
      entry: run.sweep?.entry ?? null,
      trial: run.sweep?.trial ?? null,
      parent: run.parent ? JSON.stringify(run.parent) : null,
      model: run.config.model,
      seed: run.config.seed,
      config: JSON.stringify(run.config),
      parameters: JSON.stringify(run.parameters),
      versions: JSON.stringify(run.versions),
      createdAt: Date.now(),
    });
  return Number(lastInsertRowid);
}

const columns = {
  name: 'name',
  status: 'status',
  splitName: 'split_name',
  splitHash: 'split_hash',
  compute: 'compute',
  metrics: 'metrics',
  interval: 'interval',
  epoch: 'epoch',
  epochs: 'epochs',
  bestEpoch: 'best_epoch',
  loss: 'loss',
  trainSeconds: 'train_seconds',
  evaluateSeconds: 'evaluate_seconds',
  examplesPerSecond: 'examples_per_second',
  peakMemoryMb: 'peak_memory_mb',
  cost: 'cost',
  notes: 'notes',
  tags: 'tags',
  note: 'note',
  archived: 'archived',
  pinned: 'pinned',
  trashed: 'trashed',
  error: 'error',
  log: 'log',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  place: 'place',
} as const;

/** Changes some fields of a run; objects and lists are stored as JSON. */
export function updateRun(
  database: WritableDatabase,
  key: number,
  changes: { readonly [C in keyof typeof columns]?: unknown },
): void {
  updateRow(database, 'runs', columns, key, changes);
}

/** Adds or replaces an epoch of the curve, and shows it as the run's present state. */
export function writeEpoch(database: WritableDatabase, key: number, epoch: Epoch): void {
  database
    .transaction(() => {
      database
        .prepare(
          'INSERT OR REPLACE INTO epochs (run, epoch, loss, seconds, validation) VALUES (?, ?, ?, ?, ?)',
        )
        .run(key, epoch.epoch, epoch.loss, epoch.seconds, JSON.stringify(epoch.validation));
      const metrics = { validation: epoch.validation, test: {} };
      updateRun(database, key, { epoch: epoch.epoch, loss: epoch.loss, metrics });
    })
    .immediate();
}

/** Makes the curve these epochs, no more and no fewer: what a checkpoint or a result holds is the truth. */
export function replaceEpochs(database: WritableDatabase, key: number, epochs: readonly Epoch[]): void {
  database
    .transaction(() => {
      database.prepare('DELETE FROM epochs WHERE run = ?').run(key);
      for (const epoch of epochs) writeEpoch(database, key, epoch);
      if (epochs.length === 0) updateRun(database, key, { epoch: 0, loss: null });
    })
    .immediate();
}

/**
 * Takes away runs, and where they have one the data set that they are of. Their checkpoints go once that holds: a
 * deletion that fails leaves what an interrupted run goes on from.
 */
export function deleteRuns(database: WritableDatabase, keys: readonly number[], dataset?: number): void {
  const remove = database.transaction(() => {
    const statement = database.prepare('DELETE FROM runs WHERE key = ? RETURNING id').pluck();
    const ids = keys.map((key) => statement.get(key));
    if (dataset !== undefined) deleteDataset(database, dataset);
    return ids;
  });
  for (const id of remove.immediate()) if (typeof id === 'string') deleteCheckpoint(database, id);
}

/** What a crash left running is interrupted. Returns how many there were. */
export function interruptRunning(database: WritableDatabase): number {
  return database
    .prepare("UPDATE runs SET status = 'interrupted', finished_at = ? WHERE status = 'running'")
    .run(Date.now()).changes;
}

/** Runs that wait, in the order in which they begin. @param sweeps those of sweeps too, which start them by themselves */
export function queuedRuns(database: ReadableDatabase, sweeps = true): string[] {
  return database
    .prepare(
      `SELECT id FROM runs WHERE status = 'queued' AND (? OR sweep IS NULL) ORDER BY place IS NULL, place, key`,
    )
    .pluck()
    .all(sweeps ? 1 : 0) as string[];
}

/** Puts a waiting run at a place of the queue, 1 for the first; places after it move up. */
export function placeRun(database: WritableDatabase, id: string, to: number): void {
  database
    .transaction(() => {
      const order = queuedRuns(database).filter((queued) => queued !== id);
      order.splice(to - 1, 0, id);
      const place = database.prepare('UPDATE runs SET place = ? WHERE id = ?');
      order.forEach((queued, k) => place.run(k + 1, queued));
    })
    .immediate();
}

/** A place behind all that wait. */
export function lastPlace(database: ReadableDatabase): number {
  const last = database.prepare("SELECT max(place) FROM runs WHERE status = 'queued'").pluck().get();
  return 1 + Number(last ?? 0);
}

/** Names of the groups that runs are in. */
export function groupNames(database: ReadableDatabase): string[] {
  const rows = database
    .prepare(
      'SELECT DISTINCT run_group AS name FROM runs WHERE run_group IS NOT NULL AND archived = 0 AND trashed = 0',
    )
    .all();
  return (rows as { name: string }[]).map(({ name }) => name);
}
