import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { continueRun } from '../../../main/engine/runs/continuing.ts';
import { startRuns } from '../../../main/engine/runs/starting.ts';
import { checkpointFile, readCheckpoint, writeCheckpoint } from '../../../main/store/checkpoints.ts';
import { migrations, openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { findRun, updateRun } from '../../../main/store/runs.ts';
import { RunConfig } from '../../../shared/config.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
let context: Parameters<typeof startRuns>[0];
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  storeSmall(database);
  context = {
    database,
    events: { emit: () => undefined },
    // What begins has its first checkpoint by then.
    queue: { add: (id: string) => expect(findRun(database, id).run.status).toBe('queued') },
    versions: { app: '0' },
  } as unknown as Parameters<typeof startRuns>[0]; // startRuns calls no more of these than this.
});

/** A run of 10 epochs that ended after `epoch`. */
function ended(epoch: number, some: object = {}, model = 'mf'): string {
  const config = v.parse(RunConfig, {
    model,
    parameters: { epochs: 10, ...some },
    preset: 'd2l-mf',
    seed: 3,
  });
  const [id] = startRuns(context, { dataset: 'Small', name: 'Factors', group: 'g', configs: [config] });
  updateRun(database, findRun(database, id).key, { status: 'finished', epoch, bestEpoch: epoch });
  return id;
}

function popular(): string {
  const config = v.parse(RunConfig, { model: 'popularity' });
  const [id] = startRuns(context, { dataset: 'Small', name: 'Popular', group: null, configs: [config] });
  updateRun(database, findRun(database, id).key, { status: 'finished', epoch: 1 });
  return id;
}

const state = { meta: Uint8Array.of(1, 2, 3) };
const keep = (id: string): void => writeCheckpoint(checkpointFile(database.name, id), Object.entries(state));
const stateOf = (id: string) => readCheckpoint(checkpointFile(database.name, id));

describe('continuing a run', () => {
  it('queues one of the same configuration with more epochs, which begins at its last state and names it', () => {
    const parent = ended(10);
    keep(parent);
    const child = findRun(database, continueRun(context, { run: parent, epochs: 5 })).run;
    const { number } = findRun(database, parent).run;
    expect(child).toMatchObject({
      ...{ name: 'Factors to epoch 15', status: 'queued', seed: 3, epochs: 15, group: null },
      parent: { run: parent, number, epoch: 10, fromState: true },
    });
    expect(child.config.preset).toBeNull();
    expect(child.parameters).toEqual({ ...findRun(database, parent).run.parameters, epochs: 15 });
    expect(stateOf(child.id)).toEqual(state);
    expect(stateOf(parent)).toEqual(state);
  });

  it('takes as many epochs again where none are named, and names runs by their end alone', () => {
    const child = continueRun(context, { run: ended(10), epochs: null });
    updateRun(database, findRun(database, child).key, { status: 'finished', epoch: 20 });
    expect(findRun(database, continueRun(context, { run: child, epochs: null })).run.name).toBe(
      'Factors to epoch 40',
    );
  });

  it('trains the epochs again where the last state is not kept, or depends on how many there were to be', () => {
    const lost = findRun(database, continueRun(context, { run: ended(10), epochs: 5 })).run;
    expect(lost.parent?.fromState).toBe(false);
    const falling = ended(10, { schedule: 'linear' });
    keep(falling);
    const child = findRun(database, continueRun(context, { run: falling, epochs: 5 })).run;
    expect(child.parent?.fromState).toBe(false);
    expect(existsSync(checkpointFile(database.name, child.id))).toBe(false);
  });

  it('goes on past the epoch at which patience ended it', () => {
    const child = findRun(database, continueRun(context, { run: ended(6), epochs: 5 })).run;
    expect(child.parameters).toMatchObject({ epochs: 11, minimumEpochs: 11 });
  });

  it('is refused for what has no epochs or has not ended', () => {
    expect(() => continueRun(context, { run: popular(), epochs: 5 })).toThrow('no epochs');
    const waiting = ended(10);
    updateRun(database, findRun(database, waiting).key, { status: 'interrupted' });
    expect(() => continueRun(context, { run: waiting, epochs: 5 })).toThrow('is interrupted');
  });
});

it('runs of before stop by plain patience when they are trained again', () => {
  const path = join(temporaryFolder(), 'old.db');
  const old = openDatabase(path, migrations.slice(0, 6));
  old.pragma('foreign_keys = OFF');
  const insert = old.prepare(
    `INSERT INTO runs (id, name, dataset, fingerprint, model, status, config, parameters, seed, target, versions, metrics,
       epochs, created_at) VALUES (?, 'r', 1, 'f', 'm', 'finished', '{}', ?, 1, 'rmse', '{}', '{}', 9, 0)`,
  );
  insert.run('epochs', '{"epochs":9,"patience":5}');
  insert.run('one pass', '{"regularization":500}');
  old.close();
  const migrated = openDatabase(path);
  onTestFinished(() => void migrated.close());
  expect(migrated.prepare('SELECT parameters FROM runs ORDER BY key').pluck().all()).toEqual([
    '{"epochs":9,"patience":5,"noiseMargin":0,"minimumEpochs":1}',
    '{"regularization":500}',
  ]);
});
