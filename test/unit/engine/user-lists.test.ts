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
      ...Object.fromEntries(columns),
    });
    updateRun(database, key, {
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
});
