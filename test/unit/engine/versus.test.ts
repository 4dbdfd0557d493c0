import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { pinRun } from '../../../main/engine/compare/pins.ts';
import { Versus } from '../../../main/engine/compare/versus.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { deleteRuns, findRun, updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const users = Uint32Array.from({ length: 8 }, (_, user) => user);
const metric = 'ndcg@10';
let database: WritableDatabase;
let dataset: number;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  dataset = storeSmall(database);
});

function finished(id: string, ndcg: number[], { of = users, seed = 1, size = 8 } = {}): void {
  const key = storeRun(database, dataset, id);
  const ratings = new Uint32Array(of.length).fill(1);
  writeArtifacts(database, key, 'perUser', { users: of, ratings, [metric]: Float64Array.from(ndcg) });
  const mean = ndcg.reduce((a, b) => a + b, 0) / ndcg.length;
  updateRun(database, key, { status: 'finished', metrics: { validation: {}, test: { [metric]: mean } } });
  database
    .prepare('UPDATE runs SET seed = ?, parameters = ? WHERE key = ?')
    .run(seed, JSON.stringify({ size }), key);
}

describe('a run against the pinned baseline', () => {
  it('is tested on the users of both, each pair by itself', async () => {
    finished('baseline', [0, 0, 0, 0, 0, 0, 0, 0]);
    finished('better', [1, 2, 3, 4, 5, 6, 7, 8], { size: 16 });
    finished('mixed', [1, -2, 3, -4, 5, -6, 7, -8], { size: 32 });
    pinRun(database, 'baseline', true);
    const versus = new Versus(database);
    const [better, mixed, itself] = await versus.test({
      groups: [['better'], ['mixed'], ['baseline']],
      metric,
    });
    // All eight signs alike: 2 of 2⁸ equally likely ones are as extreme.
    expect(better?.pValue).toBeCloseTo(2 / 256, 10);
    expect(better?.difference).toBeCloseTo(4.5, 12);
    expect(better?.significant).toBe(true);
    expect(mixed?.significant).toBe(false);
    expect(itself).toBeNull();
    // What else is in the table changes nothing.
    expect(await versus.test({ groups: [['better']], metric })).toEqual([better]);
  });

  it('is the mean of its distinct seeds, and so is the baseline, with an interval over users and seeds', async () => {
    finished('seed 1 of the baseline', [0, 0, 0, 0, 0, 0, 0, 0]);
    finished('seed 2 of the baseline', [2, 2, 2, 2, 2, 2, 2, 2], { seed: 2 });
    finished('seed 1', [9, -1, 9, -1, 9, -1, 9, -1], { size: 16 });
    finished('seed 2', [-1, 9, -1, 9, -1, 9, -1, 9], { size: 16, seed: 2 });
    finished('seed 2 again', [-1, 9, -1, 9, -1, 9, -1, 90], { size: 16, seed: 2 });
    pinRun(database, 'seed 2 of the baseline', true);
    const [mean] = await new Versus(database).test({
      groups: [['seed 1', 'seed 2', 'seed 2 again']],
      metric,
    });
    expect(mean?.difference).toBeCloseTo(4 - 1, 12);
    expect(mean?.method).toBe('t over users and seeds (two-way random effects; seeds: 2 and 2)');
    // The baseline's seeds lie 2 apart: their chance covers the difference.
    expect(mean?.significant).toBe(false);
  });

  it('is null without a pin, the metric, its end or a common user', async () => {
    finished('baseline', [0, 0, 0, 0, 0, 0, 0, 0]);
    finished('elsewhere', [1, 1], { of: Uint32Array.of(20, 21), size: 16 });
    finished('tested', [1, 2, 3, 4, 5, 6, 7, 8], { size: 32 });
    storeRun(database, dataset, 'queued');
    const versus = new Versus(database);
    const groups = [['elsewhere'], ['queued']];
    expect(await versus.test({ groups: [['tested']], metric })).toEqual([null]);
    pinRun(database, 'baseline', true);
    expect(await versus.test({ groups, metric })).toEqual([null, null]);
    expect(await versus.test({ groups: [['tested']], metric: 'rmse' })).toEqual([null]);
  });
});

describe('a pin', () => {
  it('is one for those that compare, is taken by any seed of the group, and goes with the run', () => {
    finished('a', [1]);
    finished('b', [2], { size: 16 });
    finished('b again', [2], { size: 16, seed: 2 });
    expect(pinRun(database, 'a', true)).toEqual({ pinned: 'a', changed: ['a'] });
    expect(pinRun(database, 'b', true)).toEqual({ pinned: 'b', changed: ['a', 'b'] });
    expect(findRun(database, 'a').run.pinned).toBe(false);
    expect(() => pinRun(database, 'a', false)).toThrow(/the baseline there is "Run b"/);
    expect(pinRun(database, 'b again', false)).toEqual({ pinned: null, changed: ['b'] });
    expect(() => pinRun(database, 'b', false)).toThrow(/not pinned, nor is any other/);
    pinRun(database, 'b', true);
    deleteRuns(database, [findRun(database, 'b').key]);
    expect(pinRun(database, 'a', true).changed).toEqual(['a']);
  });

  it('is refused to a run that has no figures', () => {
    storeRun(database, dataset, 'queued');
    expect(() => pinRun(database, 'queued', true)).toThrow(/is queued, so it has no figures/);
  });
});
