import { join } from 'node:path';
import * as v from 'valibot';
import { expect, it, onTestFinished } from 'vitest';
import { findFoldGroups } from '../../../main/engine/compare/stored-folds.ts';
import { startRuns } from '../../../main/engine/runs/starting.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { insertRun } from '../../../main/store/runs.ts';
import { RunConfig } from '../../../shared/config.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeSmall } from '../../fixtures/stored.ts';

function opened(): WritableDatabase {
  const database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  return database;
}

it('finds groups of folds by their name, whole or without its number', () => {
  const database = opened();
  const dataset = storeSmall(database);
  const store = (group: string, fold: number): void => {
    insertRun(database, {
      ...{ id: `${group} ${fold}`, name: `${group} fold ${fold}`, dataset, fingerprint: 'f00d' },
      config: v.parse(RunConfig, { model: 'mf', split: { name: 'k-fold', fold } }),
      ...{ parameters: {}, target: 'rmse', epochs: 1, group, versions: { app: '0' } },
    });
  };
  for (const group of ['mf 5-fold 17', 'bias 5-fold 18', 'bias 5-fold 19'])
    for (const fold of [0, 1]) store(group, fold);
  const found = findFoldGroups(database, ['mf', 'bias 5-fold 18']);
  expect(found?.map(({ id, label, runs }) => [id, label, runs.length])).toEqual([
    ['mf 5-fold 17', 'mf (5-fold)', 2],
    ['bias 5-fold 18', 'bias (5-fold)', 2],
  ]);
  expect(findFoldGroups(database, ['bpr', 'm'])).toBeNull();
  expect(() => findFoldGroups(database, ['mf', 'bias'])).toThrow(/2 groups of folds named "bias"/);
  expect(() => findFoldGroups(database, ['mf', 'bpr'])).toThrow(/"bpr" is no group of folds/);
});

it('refuses a split by time on data without time, unless the order of the file is asked for', () => {
  const database = opened();
  storeSmall(database, { timeKind: 'none', timeSpan: null });
  const queued: string[] = [];
  const context = {
    database,
    events: { emit: () => undefined },
    queue: { add: (id: string) => queued.push(id) },
    versions: { app: '0' },
  } as unknown as Parameters<typeof startRuns>[0]; // startRuns calls no more of these than this.
  const start = (split: object): string[] =>
    startRuns(context, {
      ...{ dataset: 'Small', name: 'one', group: null },
      configs: [v.parse(RunConfig, { model: 'popularity', split })],
    });
  for (const name of ['leave-last-out', 'user-ratio', 'global-time'])
    expect(() => start({ name })).toThrow(/has none/);
  expect(start({ name: 'leave-last-out', timeOrder: 'file' })).toEqual(queued);
  expect(start({ name: 'random' })).toHaveLength(1);
});

it('does not read the order of the file where there are times', () => {
  const database = opened();
  storeSmall(database);
  // The refusal comes before anything else is read.
  const context = { database } as unknown as Parameters<typeof startRuns>[0];
  const configs = [
    v.parse(RunConfig, { model: 'popularity', split: { name: 'leave-last-out', timeOrder: 'file' } }),
  ];
  expect(() => startRuns(context, { dataset: 'Small', name: 'one', group: null, configs })).toThrow(
    /has times/,
  );
});
