import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
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
