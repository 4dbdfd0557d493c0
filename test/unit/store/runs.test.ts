import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readArtifact, readArtifacts, writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { holdLock } from '../../../main/store/file-lock.ts';
import {
  deleteRuns,
  replaceEpochs,
  epochsOf,
  findRun,
  interruptRunning,
  listRuns,
  updateRun,
  writeEpoch,
} from '../../../main/store/runs.ts';
import { readMapping, readSettings, writeMapping, writeSettings } from '../../../main/store/settings.ts';
import { readParts, writeSplit } from '../../../main/store/splits.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
let dataset: number;
let run: number;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  dataset = storeSmall(database);
  run = storeRun(database, dataset);
});

describe('a run in the store', () => {
  it('keeps its configuration, figures and notes', () => {
    updateRun(database, run, {
      notes: ['one'],
      metrics: { validation: {}, test: { rmse: 0.9 } },
      archived: true,
    });
    expect(findRun(database, 'run-1').run).toMatchObject({
      number: 1,
      status: 'queued',
      datasetName: 'Small',
      config: { model: 'mf', split: { name: 'random' } },
      notes: ['one'],
      metrics: { test: { rmse: 0.9 } },
      archived: true,
    });
    expect(listRuns(database, {})).toEqual([]);
    expect(listRuns(database, { archived: true })).toHaveLength(1);
  });

  it('is listed in pages', () => {
    for (const id of ['run-2', 'run-3']) storeRun(database, dataset, id);
    const first = listRuns(database, { limit: 2 }).map(({ run }) => run.number);
    expect(first).toEqual([1, 2]);
    expect(listRuns(database, { after: 2, limit: 2 }).map(({ run }) => run.id)).toEqual(['run-3']);
  });

  it('grows its curve epoch by epoch, and forgets what a checkpoint does not hold', () => {
    for (const epoch of [1, 2, 3])
      writeEpoch(database, run, { epoch, loss: 1 / epoch, seconds: 1, validation: { rmse: epoch } });
    expect(findRun(database, 'run-1').run).toMatchObject({ epoch: 3, loss: 1 / 3 });
    replaceEpochs(database, run, epochsOf(database, run).slice(0, 2));
    expect(epochsOf(database, run).map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(findRun(database, 'run-1').run).toMatchObject({ epoch: 2, loss: 1 / 2 });
    replaceEpochs(database, run, []);
    expect(findRun(database, 'run-1').run).toMatchObject({ epoch: 0, loss: null });
  });

  it('is interrupted where a crash left it running', () => {
    updateRun(database, run, { status: 'running' });
    expect(interruptRunning(database)).toBe(1);
    expect(findRun(database, 'run-1').run.status).toBe('interrupted');
  });

  it('keeps arrays of every type, replaces a kind whole, and takes all with it', () => {
    const arrays = {
      a: Float32Array.of(1.5),
      b: Float64Array.of(NaN, 2),
      c: Uint32Array.of(7),
      d: Uint8Array.of(1, 2),
    };
    writeArtifacts(database, run, 'weights', arrays);
    expect(readArtifacts(database, run, 'weights')).toEqual(arrays);
    writeArtifacts(database, run, 'weights', { a: Float32Array.of(2) });
    expect(Object.keys(readArtifacts(database, run, 'weights'))).toEqual(['a']);
    deleteRuns(database, [run]);
    expect(readArtifact(database, run, 'weights', 'a')).toBeNull();
  });

  it('cannot lose its data set', () => {
    expect(() => database.prepare('DELETE FROM datasets').run()).toThrow(/FOREIGN KEY/);
  });
});

describe('beside the runs', () => {
  it('a split is kept once by its hash', () => {
    const { split } = findRun(database, 'run-1').run.config;
    writeSplit(database, dataset, { hash: 'h', config: split, part: Uint8Array.of(0, 1, 2) });
    writeSplit(database, dataset, { hash: 'h', config: split, part: Uint8Array.of(0, 0, 0) });
    expect([...(readParts(database, dataset, 'h') ?? [])]).toEqual([0, 1, 2]);
    expect(readParts(database, dataset, 'other')).toBeNull();
  });

  it('settings and mappings come back, and nonsense in the file does no harm', () => {
    expect(readSettings(database).theme).toBe('system');
    expect(writeSettings(database, { theme: 'dark' }).theme).toBe('dark');
    database.prepare("UPDATE settings SET value = '42'").run();
    expect(readSettings(database).theme).toBe('system');
    writeMapping(database, ['a', 'b'], { user: 'a', item: 'b' });
    expect(readMapping(database, ['a', 'b'])).toEqual({ user: 'a', item: 'b' });
    expect(readMapping(database, ['b', 'a'])).toBeNull();
  });

  it('the lock of a folder has one holder', () => {
    const path = join(temporaryFolder(), 'lock');
    const release = holdLock(path);
    expect(release).not.toBeNull();
    expect(holdLock(path)).toBeNull();
    release?.();
    const again = holdLock(path);
    expect(again).not.toBeNull();
    again?.();
  });
});
