/** The queue with trainers that end when the test says so. */
import { setImmediate as turn } from 'node:timers/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Events } from '../../../main/engine/events.ts';
import { Jobs } from '../../../main/engine/jobs.ts';
import type { Executor, ExecutorTerms } from '../../../main/engine/runs/executor.ts';
import type { TuningOutcome } from '../../../main/engine/runs/results.ts';
import { type Machine, Queue } from '../../../main/engine/runs/queue.ts';
import { memoryRoom, threadShare, usualParallel } from '../../../main/engine/runs/sharing.ts';
import { WorkbenchError } from '../../../main/base/errors.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import { findAnyRun, findRun, type StoredRun, updateRun } from '../../../main/store/runs.ts';
import { writeSettings } from '../../../main/store/settings.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
let dataset: number;
let jobs: Jobs;
/** Runs that train, in the order in which they began. */
let begun: { id: string; terms: ExecutorTerms; fail: (error: Error) => void; finish: () => void }[];
const ids = (): string[] => begun.map(({ id }) => id);

const execute: Executor = (run, _callbacks, terms) => {
  const { promise, resolve, reject } = Promise.withResolvers<TuningOutcome>();
  begun.push({ id: run.id, terms, fail: reject, finish: () => resolve(outcomeOf(run)) });
  const stop = (): void => reject(new WorkbenchError('cancelled', 'Stopped.', ''));
  return { result: promise, stop };
};

/** Of a run that ended well; what it found is of no matter here. */
function outcomeOf({ config, parameters }: StoredRun): TuningOutcome {
  const compute = { backend: 'wasm', engine: 'fused', version: '1', threads: 1, simd: 'plain' } as const;
  return {
    tuned: {
      ...{ compute, parameters, target: 'rmse', epochs: [], bestEpoch: 1, stopped: 'epochs', validation: {} },
      ...{ seconds: { train: 1, evaluate: 0 }, examplesPerSecond: 1, peakMemoryMb: 90, notes: [] },
      cost: { cpuSeconds: 1, wallSeconds: 1, energyJoules: null, energyNote: '' },
    },
    split: { config: { ...config.split, name: 'random' }, hash: 'h', part: new Uint8Array(6) },
  };
}

beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
  dataset = storeSmall(database);
  jobs = new Jobs(new Events());
  begun = [];
});

async function queueOf(runs: string[], machine: Partial<Machine> = {}): Promise<Queue> {
  const queue = new Queue(database, new Events(), jobs, execute, { cores: 4, lookEvery: 1, ...machine });
  for (const id of runs) {
    storeRun(database, dataset, id);
    queue.add(id);
  }
  await turn();
  return queue;
}

async function end(id: string, error = new WorkbenchError('loss-exploded', 'Too much.', '')): Promise<void> {
  begun.find((one) => one.id === id)?.fail(error);
  await vi.waitFor(() => expect(findRun(database, id).run.status).not.toBe('running'));
  await turn();
}

describe('runs at once', () => {
  it('are half as many as there are cores, at least one', () => {
    expect([1, 2, 3, 8].map(usualParallel)).toEqual([1, 1, 1, 4]);
  });

  it('share the threads, and one alone has all', () => {
    expect(threadShare(4, [], 1)).toBeNull();
    expect(threadShare(4, [], 2)).toBe(2);
    expect(threadShare(4, [2], 1)).toBe(2);
    expect(threadShare(2, [2], 1)).toBe(1);
  });

  it('begin in their order, the next when one has ended', async () => {
    const queue = await queueOf(['a', 'b', 'c']);
    expect(ids()).toEqual(['a', 'b']);
    expect(begun.map(({ terms }) => terms.threads)).toEqual([2, 2]);
    expect(queue.state().queued.map(({ run }) => run)).toEqual(['c']);
    await end('a');
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('are as many as the setting says from the moment that it is changed', async () => {
    writeSettings(database, { parallel: 1 });
    const queue = await queueOf(['a', 'b', 'c']);
    expect(ids()).toEqual(['a']);
    writeSettings(database, { parallel: 3 });
    queue.settingsChanged();
    await turn();
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('are measured against one alone with all threads, and what was found is said', async () => {
    let now = 0;
    const queue = await queueOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'], { cores: 2, now: () => now });
    const finish = async (id: string): Promise<void> => {
      now++;
      begun.find((one) => one.id === id)?.finish();
      await vi.waitFor(() => expect(findAnyRun(database, id).run.status).toBe('finished'));
      await turn();
    };
    expect(ids()).toEqual(['a']);
    writeSettings(database, { parallel: 2 });
    queue.settingsChanged();
    await turn();
    expect(ids()).toEqual(['a', 'b']);
    await finish('a');
    await finish('b');
    // Two at once have been measured, so one is tried alone as soon as those that train have ended.
    await finish('c');
    expect(queue.state().running.map(({ run, threads }) => [run, threads])).toEqual([['d', 2]]);
    expect(queue.state().sharing).toBeNull();
    await finish('d');
    expect(queue.state().sharing).toBe(
      'MF on Small: runs at once do 1.0 × the work of one after the other, so they train at once.',
    );
    expect(queue.state().running).toHaveLength(2);
  });
});

describe('the order', () => {
  it('can be changed, and is still so for the next engine', async () => {
    writeSettings(database, { queuePaused: true });
    const queue = await queueOf(['a', 'b', 'c', 'd']);
    const order = (): string[] => queue.state().queued.map(({ run }) => run);
    queue.move('d', 'first');
    expect(order()).toEqual(['d', 'a', 'b', 'c']);
    queue.move('a', 'last');
    expect(order()).toEqual(['d', 'b', 'c', 'a']);
    queue.move('c', 2);
    expect(order()).toEqual(['d', 'c', 'b', 'a']);
    await queue.close();
    expect(ids()).toEqual([]);

    writeSettings(database, { queuePaused: false, parallel: 1 });
    const next = new Queue(database, new Events(), jobs, execute, { cores: 4 });
    for (const run of ['a', 'b', 'c', 'd']) next.add(run);
    await turn();
    expect(ids()).toEqual(['d']);
    expect(next.state().queued.map(({ run }) => run)).toEqual(['c', 'b', 'a']);
  });

  it('has no place for a run that trains', async () => {
    const queue = await queueOf(['a']);
    expect(() => queue.move('a', 'first')).toThrow('it has no place in the queue');
  });
});

describe('a paused queue', () => {
  it('begins nothing, says so, and goes on', async () => {
    writeSettings(database, { queuePaused: true });
    const queue = await queueOf(['a']);
    expect(ids()).toEqual([]);
    expect(queue.state()).toMatchObject({
      paused: true,
      queued: [{ waitsFor: 'the queue, which is paused' }],
    });
    expect(jobs.list()[0]).toMatchObject({ status: 'queued', stage: 'waits for the queue, which is paused' });
    writeSettings(database, { queuePaused: false });
    queue.settingsChanged();
    await turn();
    expect(ids()).toEqual(['a']);
  });
});

describe('memory', () => {
  const needs = (id: string, peakMemoryMb: number): void => {
    const key = storeRun(database, dataset, id);
    updateRun(database, key, { status: 'finished', epoch: 20, trainSeconds: 1, peakMemoryMb });
  };

  it('is there, will be, or never is', () => {
    const memory = { totalMb: 1000, availableMb: 600 };
    expect(memoryRoom(500, [], memory)).toBe('fits');
    expect(memoryRoom(700, [], memory)).toBe('later');
    expect(memoryRoom(500, [600], memory)).toBe('later');
    expect(memoryRoom(1001, [], memory)).toBe('never');
  });

  it('that is not free makes a run wait until it is, and says how much', async () => {
    needs('earlier', 700);
    let availableMb = 600;
    const queue = await queueOf(['a'], { memory: () => ({ totalMb: 1000, availableMb }) });
    expect(ids()).toEqual([]);
    expect(queue.state().queued[0].waitsFor).toBe('about 700 MB of memory: 600 MB are free');
    availableMb = 800;
    await vi.waitFor(() => expect(ids()).toEqual(['a']));
  });

  it('that the machine does not have ends the run before it begins', async () => {
    needs('earlier', 2000);
    await queueOf(['a'], { memory: () => ({ totalMb: 1000, availableMb: 900 }) });
    expect(findRun(database, 'a').run).toMatchObject({ status: 'failed', error: { code: 'out-of-memory' } });
    await expect(jobs.wait('a')).rejects.toThrow('it was not started');
    expect(ids()).toEqual([]);
  });
});

describe('a full disk', () => {
  it('makes a run wait, and the run goes on when there is room', async () => {
    let free = 1e9;
    const queue = await queueOf(['a', 'b'], { freeBytes: () => free, patient: true });
    free = 0;
    await end('a', new WorkbenchError('disk-full', 'The disk is full.', ''));
    expect(findRun(database, 'a').run.status).toBe('queued');
    expect(queue.state()).toMatchObject({ held: expect.stringContaining('disk is full') as string });
    free = 1e9;
    await vi.waitFor(() => expect(ids()).toEqual(['a', 'b', 'a']));
    expect(queue.state().held).toBeNull();
  });

  it('ends a run of a single command, which can be resumed', async () => {
    await queueOf(['a']);
    await end('a', new WorkbenchError('disk-full', 'The disk is full.', ''));
    expect(findRun(database, 'a').run.status).toBe('interrupted');
  });
});
