import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { diagnosticsOf } from '../../../main/engine/diagnostics.ts';
import type { EngineContext } from '../../../main/engine/context.ts';
import { Events } from '../../../main/engine/events.ts';
import { databasePath } from '../../../main/engine/folder.ts';
import { storageHandlers } from '../../../main/engine/handlers/storage.ts';
import { Jobs } from '../../../main/engine/jobs.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { deleteRuns, listRuns, updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

let dataDir: string;
let database: WritableDatabase;
let jobs: Jobs;
let run: number;
let storage: ReturnType<typeof storageHandlers>;
beforeEach(() => {
  dataDir = temporaryFolder();
  database = openDatabase(databasePath(dataDir));
  onTestFinished(() => void database.close());
  jobs = new Jobs(new Events());
  run = storeRun(database, storeSmall(database));
  writeArtifacts(database, run, 'weights', { factors: new Float32Array(500_000) });
  storage = storageHandlers({ dataDir, database, jobs } as EngineContext);
});

describe('the storage', () => {
  it('says what each run takes, and gives back what a deleted one took', () => {
    expect(storage['storage.usage']({})).toMatchObject({ runs: [{ run: 'run-1', bytes: 2_000_000 }] });
    deleteRuns(database, [run]);
    const { before, after } = storage['storage.compact']({}) as { before: number; after: number };
    expect(before - after).toBeGreaterThan(1_500_000);
    expect(storage['storage.usage']({})).toMatchObject({ databaseBytes: after, freeBytes: 0, runs: [] });
  });

  it('is not compacted under work', () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    jobs.start({ kind: 'import', title: 'Import' }, () => promise);
    expect(() => storage['storage.compact']({})).toThrow(/while runs, imports/);
    resolve();
  });

  it('is backed up whole, into a file that opens', async () => {
    const path = join(temporaryFolder(), 'copy.db');
    const { job } = await storage['storage.backup']({ path });
    await jobs.wait(job);
    expect(readdirSync(dirname(path))).toEqual(['copy.db']);
    const copy = openDatabase(path);
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(listRuns(copy, {})).toHaveLength(1);
    copy.close();
  });

  it('is never backed up onto itself', () => {
    for (const ending of ['', '-wal', '.v1.backup'])
      expect(() => storage['storage.backup']({ path: databasePath(dataDir) + ending })).toThrow(
        /a data folder/,
      );
    for (const own of ['engine.lock', 'engine.json', 'anything.db'])
      expect(() => storage['storage.backup']({ path: join(dataDir, own) })).toThrow(/data folder/);
  });
});

it('diagnostics tell what failed, and no names', () => {
  updateRun(database, run, {
    status: 'failed',
    error: { code: 'loss-not-finite', message: 'Loss became infinite in epoch 2.', hint: '' },
  });
  const text = diagnosticsOf({ database, dataDir, jobs, versions: { app: '1.2.3' } });
  expect(text).toContain('Loss became infinite in epoch 2.');
  expect(text).toContain('1.2.3');
  for (const name of ['Small', 'Run run-1', 'Alpha', '007']) expect(text).not.toContain(name);
});
