import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findUnits, type Unit } from '../../../main/engine/compare/units.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
let dataset: number;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  dataset = storeSmall(database);
  for (const seed of [1, 2, 3]) finished(`a${seed}`, 8, seed, 'small');
  for (const seed of [1, 2]) finished(`b${seed}`, 16, seed, 'large');
});

function finished(id: string, size: number, seed: number, group: string | null = null): number {
  const key = storeRun(database, dataset, id);
  updateRun(database, key, { status: 'finished' });
  database
    .prepare('UPDATE runs SET seed = ?, parameters = ?, run_group = ? WHERE key = ?')
    .run(seed, JSON.stringify({ size }), group, key);
  return key;
}
const idsOf = (units: readonly Unit[]) => units.map(({ id, runs }) => [id, ...runs.map(({ run }) => run.id)]);
const found = (names: string[], byGroup: boolean | null = null) => idsOf(findUnits(database, names, byGroup));

describe('what a comparison is of', () => {
  it('is runs, where one of each configuration is named', () => {
    expect(found(['a1', 'b1'])).toEqual([
      ['a1', 'a1'],
      ['b1', 'b1'],
    ]);
  });

  it('is groups of what is named, where several seeds of one configuration are', () => {
    expect(found(['a2', 'b1', 'a1'])).toEqual([
      ['a2', 'a2', 'a1'],
      ['b1', 'b1'],
    ]);
    expect(found(['a2', 'b1', 'a1'], false)).toHaveLength(3);
  });

  it('is whole groups where that is asked for, finished runs alone', () => {
    const running = storeRun(database, dataset, 'a4');
    database
      .prepare('UPDATE runs SET seed = 4, parameters = ?, status = ? WHERE key = ?')
      .run(JSON.stringify({ size: 8 }), 'running', running);
    updateRun(database, finished('a5', 8, 5), { archived: true });
    expect(found(['a2', 'b2'], true)).toEqual([
      ['a2', 'a2', 'a1', 'a3'],
      ['b2', 'b2', 'b1'],
    ]);
  });

  it('is a group by its name', () => {
    expect(found(['small', 'b1'])).toEqual([
      ['small', 'a1', 'a2', 'a3'],
      ['b1', 'b1'],
    ]);
    expect(found(['small', 'large']).map(([id]) => id)).toEqual(['small', 'large']);
  });

  it('is seeds for themselves where nothing else is named, but no group alone', () => {
    expect(found(['a1', 'a2'])).toHaveLength(2);
    expect(() => found(['a1', 'a2'], true)).toThrow(/differ by their seed alone/);
  });

  it('is no group of several configurations', () => {
    finished('c1', 32, 1, 'large');
    expect(() => found(['large', 'a1'])).toThrow(/"large" has runs of 2 configurations/);
  });
});
