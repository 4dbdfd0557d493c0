import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleDataset } from '../../../main/files/sample-dataset.ts';
import { readStaged, removeStaged, writeStaged } from '../../../main/files/staged.ts';
import { storeStaged } from '../../../main/engine/datasets/storing.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';

it.skipIf(process.platform !== 'linux')('a stored data set leaves no file open', async () => {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'w.db'));
  onTestFinished(() => void database.close());
  const staging = join(folder, 'staging');
  writeStaged(staging, sampleDataset(1), null);
  const origin = { name: 'Sample', source: { file: 'x' }, parent: null, sample: true };
  await storeStaged(database, readStaged(staging), origin, new AbortController().signal);
  removeStaged(staging);
  const open = readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // The one that listed the folder.
      return [];
    }
  });
  expect(open.filter((path) => path.startsWith(staging))).toEqual([]);
});

describe('a data set that is large', () => {
  it('is stored to the same bytes, its log copied meanwhile by another thread that then gives its room back', async () => {
    const folder = temporaryFolder();
    const staging = join(folder, 'staging');
    writeStaged(staging, sampleDataset(1), null);
    const stored = async (file: string, logBytes?: number): Promise<unknown> => {
      const database = openDatabase(join(folder, file));
      onTestFinished(() => void database.close());
      const origin = { name: 'Sample', source: { file: 'x' }, parent: null, sample: true };
      await storeStaged(database, readStaged(staging), origin, new AbortController().signal, logBytes);
      expect(database.pragma('wal_autocheckpoint', { simple: true })).toBe(1000);
      return database.prepare('SELECT name, chunk, data FROM columns ORDER BY name, chunk').all();
    };
    const usual = await stored('usual.db');
    expect(await stored('large.db', 1 << 16)).toEqual(usual);
    expect(statSync(join(folder, 'large.db-wal')).size).toBe(0);
  });

  it('that was given up leaves nothing of itself, and the database as it was', async () => {
    const folder = temporaryFolder();
    const database = openDatabase(join(folder, 'w.db'));
    onTestFinished(() => void database.close());
    const staging = join(folder, 'staging');
    writeStaged(staging, sampleDataset(1), null);
    const origin = { name: 'Sample', source: { file: 'x' }, parent: null, sample: true };
    const storing = storeStaged(database, readStaged(staging), origin, AbortSignal.abort(), 1 << 16);
    await expect(storing).rejects.toThrow('aborted');
    expect(database.prepare('SELECT count(*) FROM datasets').pluck().get()).toBe(0);
    expect(database.prepare('SELECT count(*) FROM columns').pluck().get()).toBe(0);
    expect(database.pragma('wal_autocheckpoint', { simple: true })).toBe(1000);
  });
});
