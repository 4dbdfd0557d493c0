import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { answersFrom } from '../../../main/engine/inspect/answers.ts';
import { LoadedDatasets } from '../../../main/engine/loaded.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { updateRun } from '../../../main/store/runs.ts';
import { writeSplit } from '../../../main/store/splits.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const config = {
  name: 'random' as const,
  testShare: 0.1,
  seed: 1,
  ties: 'last' as const,
  folds: 5,
  fold: 0,
  validation: 'auto' as const,
};

it('marks the hits of each run by its own split and by what is positive for it', async () => {
  const database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  const dataset = storeSmall(database);
  // User 007 rated a 1, b 2 and c 5.
  const parts = { first: [0, 2, 2], second: [2, 0, 0] };
  const store = (id: string, hash: keyof typeof parts, positive: number | null): void => {
    const key = storeRun(database, dataset, id, { positive });
    writeSplit(database, dataset, { hash, config, part: Uint8Array.of(0, 0, 0, ...parts[hash]) });
    updateRun(database, key, { splitName: 'random', splitHash: hash });
    writeArtifacts(database, key, 'lists', {
      users: Uint32Array.of(2),
      start: Uint32Array.of(0, 3),
      items: Uint32Array.of(0, 1, 2),
      scores: Float32Array.of(3, 2, 1),
    });
  };
  store('every', 'first', null);
  store('liked', 'first', 4);
  store('other', 'second', null);
  const handlers = answersFrom(database, new LoadedDatasets(database));
  const ask = (...runs: string[]): ReturnType<(typeof handlers)['inspect.user']> =>
    handlers['inspect.user']({ dataset: 'small-id', user: '007', runs, top: 10 });
  const view = await ask('every', 'liked', 'other');
  const hits = view.lists.map(({ items }) => items.filter(({ hit }) => hit).map(({ item }) => item));
  expect(hits).toEqual([['b', 'c'], ['c'], ['a']]);
  expect(view.lists.map((list) => list.hits)).toEqual([2, 1, 1]);
  expect(view.summary).toBe(
    '3 of 3 items are in both lists. Run every finds 2 of 2 held-out items, Run liked 1 of 1.',
  );
  expect((await ask('liked')).summary).toBe('Run liked finds 1 of 1 held-out item in its top 3.');
});
