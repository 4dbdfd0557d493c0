/** A run's curve after the engine was killed at the worst moment: its checkpoint is ahead of the stored epochs. */
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { Events } from '../../../main/engine/events.ts';
import type { Executor } from '../../../main/engine/runs/executor.ts';
import { Jobs } from '../../../main/engine/jobs.ts';
import { Queue } from '../../../main/engine/runs/queue.ts';
import { storeResult, type TrialOutcome } from '../../../main/engine/runs/results.ts';
import { WorkbenchError } from '../../../main/base/errors.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { epochsOf, findRun, writeEpoch } from '../../../main/store/runs.ts';
import type { Epoch } from '../../../shared/contract.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const epochs = (...numbers: number[]): Epoch[] =>
  numbers.map((epoch) => ({ epoch, loss: 1 / epoch, seconds: 1, validation: { rmse: epoch } }));

let database: WritableDatabase;
let key: number;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  key = storeRun(database, storeSmall(database));
});

/** Resumes run-1 from a checkpoint that holds `held`, trains one more epoch, and breaks off. */
async function resume(held: Epoch[]): Promise<number[]> {
  const execute: Executor = (_run, callbacks) => {
    callbacks.started({
      compute: { engine: 'cpu', backend: 'js', version: '1', simd: 'none', threads: 1 },
      split: { name: 'random', hash: 'abc', part: new Uint8Array(6) },
      target: 'rmse',
      epochs: held,
    });
    callbacks.epoch(epochs(held.length + 1)[0]);
    return {
      result: Promise.reject(new WorkbenchError('trainer-ended', 'Killed.', '')),
      stop: () => undefined,
    };
  };
  const jobs = new Jobs(new Events());
  new Queue(database, new Events(), jobs, execute).add('run-1');
  await expect(jobs.wait('run-1')).rejects.toThrow('Killed.');
  return epochsOf(database, key).map(({ epoch }) => epoch);
}

it('gets the epochs that the checkpoint holds and the database does not', async () => {
  for (const epoch of epochs(1, 2, 4)) writeEpoch(database, key, epoch);
  expect(await resume(epochs(1, 2, 3, 4, 5))).toEqual([1, 2, 3, 4, 5, 6]);
});

it('loses the epochs that the database holds and the checkpoint does not', async () => {
  for (const epoch of epochs(1, 2, 3, 4)) writeEpoch(database, key, epoch);
  expect(await resume(epochs(1))).toEqual([1, 2]);
  expect(await resume([])).toEqual([1]);
});

it('is the result’s in the end', () => {
  for (const epoch of epochs(1, 3, 9)) writeEpoch(database, key, epoch);
  const outcome = {
    split: { config: findRun(database, 'run-1').run.config.split, hash: 'abc', part: new Uint8Array(6) },
    result: {
      epochs: epochs(1, 2, 3),
      bestEpoch: 2,
      weights: {},
      metrics: { validation: {}, test: {} },
      test: { metrics: {}, perUser: { users: new Uint32Array(), ratings: new Uint32Array(), values: {} } },
      seconds: { train: 1, evaluate: 1 },
      notes: [],
    },
  } as unknown as TrialOutcome; // What is stored is read alone; a whole outcome would hide what matters here.
  storeResult(database, key, findRun(database, 'run-1').run, outcome);
  expect(epochsOf(database, key)).toEqual(epochs(1, 2, 3));
  expect(findRun(database, 'run-1').run).toMatchObject({ status: 'finished', epoch: 3, loss: 1 / 3 });
});
