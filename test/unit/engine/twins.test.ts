import { join } from 'node:path';
import * as v from 'valibot';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { addSeeds } from '../../../main/engine/runs/more-seeds.ts';
import { predictCosts } from '../../../main/engine/runs/prediction.ts';
import { startMissing, startRuns } from '../../../main/engine/runs/starting.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { findRun, updateRun } from '../../../main/store/runs.ts';
import { RunConfig } from '../../../shared/config.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
let queued: string[];
let context: Parameters<typeof startRuns>[0];
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  storeSmall(database);
  queued = [];
  context = {
    database,
    events: { emit: () => undefined },
    queue: { add: (id: string) => queued.push(id) },
    versions: { app: '0' },
  } as unknown as Parameters<typeof startRuns>[0]; // startRuns calls no more of these than this.
});

const configOf = (some: object = {}): RunConfig => v.parse(RunConfig, { model: 'mf', ...some });
const wanted = (...configs: RunConfig[]) => ({ dataset: 'Small', name: null, group: null, configs });

it('a run that waits or trains is meant again where the same is asked for, elsewhere computed it is another', () => {
  const [first] = startRuns(context, wanted(configOf()));
  const asked = wanted(configOf(), configOf({ seed: 2 }), configOf({ compute: 'tensorflow' }));
  const { runs, already } = startMissing(context, asked);
  expect(already).toEqual([{ run: first, status: 'queued' }]);
  expect(runs[0]).toBe(first);
  expect(queued).toEqual([first, ...runs.slice(1)]);
  expect(new Set(queued).size).toBe(3);
  expect(predictCosts(database, 'small-id', [configOf()])[0].sameAs).not.toBeNull();

  for (const id of queued) updateRun(database, findRun(database, id).key, { status: 'running' });
  expect(startMissing(context, asked).already[0]).toEqual({ run: first, status: 'running' });
  for (const id of queued) updateRun(database, findRun(database, id).key, { status: 'failed' });
  expect(startMissing(context, asked).already).toEqual([]);
});

it('seeds that are added are the lowest that the group has not, whatever became of those it has', () => {
  const [first] = startRuns(context, wanted(configOf(), configOf({ seed: 3 })));
  startRuns(context, wanted(configOf({ seed: 2, parameters: { epochs: 3 } })));
  updateRun(database, findRun(database, first).key, { status: 'failed', name: 'Mine' });
  const { runs, seeds } = addSeeds(context, { run: first, count: 3 });
  expect(seeds).toEqual([2, 4, 5]);
  expect(runs.map((id) => findRun(database, id).run.name)).toEqual([
    'Mine seed 2',
    'Mine seed 4',
    'Mine seed 5',
  ]);
  expect(addSeeds(context, { run: runs[1], count: 1 }).seeds).toEqual([6]);
  expect(findRun(database, runs[1]).run.config.seed).toBe(4);
});

it('a model that draws nothing at random has no seeds to add', () => {
  const [first] = startRuns(context, wanted(configOf({ model: 'popularity' })));
  expect(() => addSeeds(context, { run: first, count: 3 })).toThrow(/draws nothing at random/);
});
