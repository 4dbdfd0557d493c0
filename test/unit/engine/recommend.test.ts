import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { EngineContext } from '../../../main/engine/context.ts';
import { answersFrom } from '../../../main/engine/inspect/answers.ts';
import { recommendHandlers } from '../../../main/engine/handlers/recommend.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { updateRun } from '../../../main/store/runs.ts';
import { writeSplit } from '../../../main/store/splits.ts';
import { SplitConfig } from '../../../shared/config.ts';
import * as v from 'valibot';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { smallRatings, storeRun, storeSmall } from '../../fixtures/stored.ts';

it('says that a model knows nothing of a user without a train row, and offers popular items as what they are', async () => {
  const database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  const key = storeRun(database, storeSmall(database), 'run-1');
  // Users u1 and 007 rate in train; the one row of u2, and the last of 007, are test.
  const part = Uint8Array.of(0, 0, 2, 0, 0, 2);
  writeSplit(database, 1, { hash: 'h', config: v.parse(SplitConfig, {}), part });
  updateRun(database, key, { splitName: 'random', splitHash: 'h', status: 'finished' });
  writeArtifacts(database, key, 'lists', {
    users: Uint32Array.of(1, 2),
    start: Uint32Array.of(0, 2, 3),
    items: Uint32Array.of(2, 1, 2),
    scores: Float32Array.of(0.5, 0.5, 0.7),
  });
  writeArtifacts(database, key, 'weights', {
    users: new Float32Array(24),
    items: new Float32Array(24),
    userBias: new Float32Array(3),
    itemBias: new Float32Array(3),
    mean: new Float32Array(1),
  });
  const loaded = { get: () => ({ ratings: smallRatings, genres: null, given: null }) };
  // No more of the loaded data sets is read.
  const answers = answersFrom(database, loaded as unknown as EngineContext['loaded']);
  // Weights are the inspector's: the engine's own thread reads none for one list. No more of the context is read.
  const context = {
    database,
    inspector: { top: (run: string, user: number, top: number) => answers.top({ run, user, top }) },
  } as unknown as EngineContext; // no more of the context is read
  const { recommend } = recommendHandlers(context);

  const stranger = await recommend({ run: 'run-1', user: 'u2', top: 2 });
  expect(stranger.known).toBe(false);
  expect(stranger.note).toMatch(/^Run run-1 knows nothing about this user/);
  expect(stranger.history).toEqual([{ item: 'a', title: 'Alpha', rating: 4, part: 'test' }]);
  // Two train rows of a and of b, none of c.
  expect(stranger.items.map(({ item, score, rank }) => [item, score, rank])).toEqual([
    ['a', 2, 1],
    ['b', 2, 2],
  ]);

  const known = await recommend({ run: 'run-1', user: '007', top: 1 });
  expect(known).toMatchObject({ known: true, note: null, items: [{ item: 'c', rank: 1 }] });
  expect(known.history.map(({ part }) => part)).toEqual(['train', 'train', 'test']);

  const inspect = answers['inspect.user'];
  const view = await inspect({ dataset: 'small-id', user: 'u2', runs: ['run-1'], top: 2 });
  expect(view.lists[0].known).toBe(false);
  // What is popular, with what of it was held out of this user's marked, and nothing in the history without its part.
  expect(view.lists[0].items.map(({ item, score, hit }) => [item, score, hit])).toEqual([
    ['a', 2, true],
    ['b', 2, false],
  ]);
  expect(view.history.map(({ part }) => part)).toEqual(['test']);
  expect(view.summary).toMatch(/^Run run-1 learned from no rating of this user/);
});
