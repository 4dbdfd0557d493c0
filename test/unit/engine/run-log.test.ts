import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Events } from '../../../main/engine/events.ts';
import type { Executor } from '../../../main/engine/runs/executor.ts';
import { Jobs } from '../../../main/engine/jobs.ts';
import { Queue } from '../../../main/engine/runs/queue.ts';
import { WorkbenchError } from '../../../main/base/errors.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { findRun, logOf } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

it('a failed run tells what computed it, its epochs, and how it ended', async () => {
  const database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  const key = storeRun(database, storeSmall(database));
  const execute: Executor = (_trial, callbacks) => {
    callbacks.started?.({
      compute: { engine: 'fused', backend: 'wasm', version: '1', simd: 'plain', threads: 2 },
      split: { name: 'random', hash: 'abc', part: new Uint8Array(6) },
      target: 'rmse',
      epochs: [],
    });
    callbacks.epoch?.({ epoch: 1, loss: 0.70341, seconds: 0.5, validation: { rmse: 1.25 } });
    const result = Promise.reject(
      new WorkbenchError('loss-exploded', 'Loss became infinite in epoch 2.', 'Clone with less.', {
        parameters: { learningRate: 0.5 },
      }),
    );
    return { result, stop: () => undefined };
  };
  const events = new Events();
  const jobs = new Jobs(events);
  new Queue(database, events, jobs, execute).add('run-1');
  await expect(jobs.wait('run-1')).rejects.toThrow('infinite');
  const log = logOf(database, key).map((line) => line.slice(20));
  expect(log).toEqual([
    'started, seed 1',
    'computes on fused (wasm 1, SIMD plain), threads: 2',
    'epoch 1: loss 0.70341, rmse 1.2500, 0.50 s',
    'failed: Loss became infinite in epoch 2.',
  ]);
  expect(findRun(database, 'run-1').run.error?.details).toEqual({ parameters: { learningRate: 0.5 } });
});
