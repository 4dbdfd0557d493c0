import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Versus } from '../../../main/engine/compare/versus.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const users = Uint32Array.from({ length: 8 }, (_, user) => user);
let database: WritableDatabase;
let dataset: number;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  dataset = storeSmall(database);
});

function finished(id: string, ndcg: number[], of = users): void {
  const key = storeRun(database, dataset, id);
  const ratings = new Uint32Array(of.length).fill(1);
  writeArtifacts(database, key, 'perUser', { users: of, ratings, 'ndcg@10': Float64Array.from(ndcg) });
  updateRun(database, key, { status: 'finished' });
}

describe('a run against its baseline', () => {
  it('is tested on the users of both, Holm over all that were asked for', async () => {
    finished('baseline', [0, 0, 0, 0, 0, 0, 0, 0]);
    finished('better', [1, 2, 3, 4, 5, 6, 7, 8]);
    finished('mixed', [1, -2, 3, -4, 5, -6, 7, -8]);
    const [better, mixed] = await new Versus(database).test({
      baseline: 'baseline',
      groups: [['better'], ['mixed']],
      metric: 'ndcg@10',
    });
    // All eight signs alike: 2 of 2⁸ equally likely ones are as extreme.
    expect(better?.pValue).toBeCloseTo(2 / 256, 10);
    expect(better?.adjusted).toBeCloseTo(4 / 256, 10);
    expect(mixed?.adjusted).toBeGreaterThan(0.5);
  });

  it('is the mean of its seeds, user by user', async () => {
    finished('baseline', [0, 0, 0, 0, 0, 0, 0, 0]);
    finished('seed 1', [9, -1, 9, -1, 9, -1, 9, -1]);
    finished('seed 2', [-1, 9, -1, 9, -1, 9, -1, 9]);
    const [mean] = await new Versus(database).test({
      baseline: 'baseline',
      groups: [['seed 1', 'seed 2']],
      metric: 'ndcg@10',
    });
    expect(mean?.pValue).toBeCloseTo(2 / 256, 10);
  });

  it('has no p-value without the metric, its end or a common user', async () => {
    finished('baseline', [0, 0, 0, 0, 0, 0, 0, 0]);
    finished('elsewhere', [1, 1], Uint32Array.of(20, 21));
    storeRun(database, dataset, 'queued');
    const versus = new Versus(database);
    const groups = [['elsewhere'], ['queued']];
    expect(await versus.test({ baseline: 'baseline', groups, metric: 'ndcg@10' })).toEqual([null, null]);
    expect(await versus.test({ baseline: 'baseline', groups, metric: 'rmse' })).toEqual([null, null]);
  });
});
