import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { rankUserLists } from '../../../main/engine/inspect/user-lists.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { findRun, updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
});

/** Two runs with values of users 0, 1, 2 for each metric. */
function twoRuns(
  values: Record<string, [number[], number[]]>,
): { key: number; run: ReturnType<typeof findRun>['run'] }[] {
  const dataset = storeSmall(database);
  return ['a', 'b'].map((id, k) => {
    const key = storeRun(database, dataset, id);
    const columns = Object.entries(values).map(([name, both]) => [name, Float64Array.from(both[k])] as const);
    writeArtifacts(database, key, 'perUser', {
      users: Uint32Array.of(0, 1, 2),
      ratings: Uint32Array.of(1, 1, 1),
      ...Object.fromEntries(columns),
    });
    updateRun(database, key, {
      status: 'finished',
      metrics: { validation: {}, test: Object.fromEntries(columns.map(([name]) => [name, 0])) },
    });
    return findRun(database, id);
  });
}

function listed(
  runs: ReturnType<typeof twoRuns>,
  list: 'improved' | 'harmed',
  metric: string | null,
): unknown {
  const { column, order } = rankUserLists(database, Uint32Array.of(0, 2, 3, 6), runs, list, metric, 10);
  return { column, users: order.map(({ user }) => user) };
}

describe('the users that a second run changes most', () => {
  it.each(['rmse', 'popularityLift@10', 'tieRate'])('gain where %s falls', (metric) => {
    const runs = twoRuns({
      [metric]: [
        [2, 2, 2],
        [1, 2, 3],
      ],
    });
    expect(listed(runs, 'improved', metric)).toEqual({ column: metric, users: [0] });
    expect(listed(runs, 'harmed', metric)).toEqual({ column: metric, users: [2] });
  });

  it('are found by NDCG@10 unless told, under the name of the candidates', () => {
    const runs = twoRuns({
      'sampled99/ndcg@10': [
        [0, 0.5, 0.4],
        [1, 0, 0.6],
      ],
    });
    expect(listed(runs, 'improved', null)).toEqual({ column: 'sampled99/ndcg@10', users: [0, 2] });
    expect(listed(runs, 'harmed', 'ndcg@10')).toEqual({ column: 'sampled99/ndcg@10', users: [1] });
    expect(() => listed(runs, 'harmed', 'hr@3')).toThrow(/has no hr@3 by user/);
  });

  it('are found by means over seeds where runs stand for their groups', () => {
    const runs = twoRuns({
      rmse: [
        [2, 2, 2],
        [1, 3, 2],
      ],
    });
    // The second configuration once more, of another seed: over both user 0 gains 0.5, and user 1 does as well.
    const key = storeRun(database, 1, 'b2');
    writeArtifacts(database, key, 'perUser', {
      users: Uint32Array.of(0, 1, 2),
      ratings: Uint32Array.of(1, 1, 1),
      rmse: Float64Array.of(2, 0, 2),
    });
    database
      .prepare(
        `UPDATE runs SET status = 'finished', seed = 2, parameters = '{"embeddingSize":9}', metrics = '{"validation":{},"test":{"rmse":0}}'
         WHERE id IN ('b', 'b2')`,
      )
      .run();
    database.prepare("UPDATE runs SET seed = 1 WHERE id = 'b'").run();
    const [a] = runs;
    const b = findRun(database, 'b');
    const starts = Uint32Array.of(0, 2, 3, 6);
    const found = rankUserLists(database, starts, [a, b], 'improved', 'rmse', 10, true);
    expect(found).toEqual({
      column: 'rmse',
      seeds: [1, 2],
      order: [
        { user: 0, value: -0.5 },
        { user: 1, value: -0.5 },
      ],
    });
    expect(rankUserLists(database, starts, [a, b], 'improved', 'rmse', 10).order).toEqual([
      { user: 0, value: -1 },
    ]);
  });
});
