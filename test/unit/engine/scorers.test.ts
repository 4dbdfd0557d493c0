import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Scorers } from '../../../main/engine/inspect/scorers.ts';
import { whatIf } from '../../../main/engine/inspect/what-if.ts';
import { LoadedDatasets } from '../../../main/engine/loaded.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { findUsers } from '../../../main/store/entities.ts';
import { updateRun } from '../../../main/store/runs.ts';
import { writeSplit } from '../../../main/store/splits.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

function stored(): { scorers: (most?: number) => Scorers; database: ReturnType<typeof openDatabase> } {
  const database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  const dataset = storeSmall(database);
  for (const id of ['one', 'two']) {
    const key = storeRun(database, dataset, id);
    database.prepare("UPDATE runs SET model = 'popularity' WHERE key = ?").run(key);
    writeSplit(database, dataset, {
      hash: 'h',
      config: {
        name: 'random',
        testShare: 0.1,
        seed: 1,
        ties: 'last',
        folds: 5,
        fold: 0,
        validation: 'auto',
      },
      part: Uint8Array.of(0, 0, 0, 0, 0, 2),
    });
    updateRun(database, key, { status: 'finished', splitName: 'random', splitHash: 'h' });
    writeArtifacts(database, key, 'weights', { counts: Float32Array.of(3, 2, 0) });
    writeArtifacts(database, key, 'lists', {
      users: Uint32Array.of(2),
      start: Uint32Array.of(0, 1),
      items: Uint32Array.of(2),
      scores: Float32Array.of(0),
    });
  }
  return { database, scorers: (most) => new Scorers(database, new LoadedDatasets(database), most) };
}

const ask = (run: string) => ({ run, user: '007', add: [], remove: [] as string[], top: 10 });

describe('Weights of a run', () => {
  it('are read once for many questions', () => {
    const scorers = stored().scorers();
    for (let time = 0; time < 5; time++) {
      whatIf(scorers, ask('one'));
      whatIf(scorers, ask('Run two'));
    }
    expect(scorers.reads).toBe(2);
  });

  it('are let go for those of another where there is room for one alone', () => {
    const scorers = stored().scorers(1);
    for (const run of ['one', 'one', 'two', 'one']) whatIf(scorers, ask(run));
    expect(scorers.reads).toBe(3);
  });
});

describe('What-if', () => {
  it('tells what rises, what falls out, and how much of the stored list the same history gives', () => {
    const scorers = stored().scorers();
    // User 007 learned a and b, and c was held out: without a change c is all that is left to show.
    const same = whatIf(scorers, ask('one'));
    expect(same.items.map(({ item, rank, was }) => [item, rank, was])).toEqual([['c', 1, 1]]);
    expect(same.overlap).toEqual({ of: 1, shared: 1 });
    expect(same.gone).toEqual([]);
    const without = whatIf(scorers, { ...ask('one'), remove: ['a'] });
    expect(without.items.map(({ item, rank, was }) => [item, rank, was])).toEqual([
      ['a', 1, null],
      ['c', 2, 1],
    ]);
    const first = whatIf(scorers, { ...ask('one'), remove: ['a'], top: 1 });
    expect(first.gone).toMatchObject([{ item: 'c', rank: 2, was: 1 }]);
  });
});

describe('Users', () => {
  it('are found by the index, without sorting or reading the others', () => {
    const { database } = stored();
    const plans: string[] = [];
    const spy = {
      prepare: (sql: string) => {
        const rows = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(1, 'u', 'v', 5) as {
          detail: string;
        }[];
        plans.push(...rows.map(({ detail }) => detail));
        return database.prepare(sql);
      },
    } as unknown as Parameters<typeof findUsers>[0]; // -- prepare is all that it calls
    expect(findUsers(spy, 1, 'u', 5).map(({ id }) => id)).toEqual(['u1', 'u2']);
    expect(plans).toEqual(['SEARCH users USING COVERING INDEX users_by_id (dataset=? AND id>? AND id<?)']);
  });
});
