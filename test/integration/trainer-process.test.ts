import { fork, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RunConfig } from '../../shared/config.ts';
import { bytesOf, writeChunk } from '../../main/store/columns.ts';
import { openDatabase } from '../../main/store/database.ts';
import { beginDataset, finishDataset } from '../../main/store/datasets.ts';
import type { FromTrainer, ToTrainer } from '../../main/training/trainer-protocol.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { newDataset } from '../fixtures/stored.ts';
import { Random } from '../../main/numeric/random.ts';

const entry = fileURLToPath(new URL('../../main/entries/trainer.ts', import.meta.url));

/** 200 users, 80 items, 8,000 ratings with structure: a database with one data set, `ratings`. */
function storeRatings(): string {
  const path = join(temporaryFolder(), 'workbench.db');
  const database = openDatabase(path);
  const [users, items, rows] = [200, 80, 40];
  const random = new Random(1, 'split');
  const item = new Uint32Array(users * rows);
  for (let u = 0; u < users; u++) item.set(random.permutation(items).subarray(0, rows), u * rows);
  const value = Float32Array.from(item, (i, row) => 1 + ((Math.floor(row / rows) + i) % 5));
  const start = Uint32Array.from({ length: users + 1 }, (_, u) => u * rows);
  const time = Float64Array.from(item, (_, row) => row);
  const key = beginDataset(
    database,
    newDataset({ id: 'ratings', name: 'Ratings', users, items, ratings: item.length }),
  );
  for (const [name, column] of Object.entries({ start, item, value, time }))
    writeChunk(database, key, name, 0, bytesOf(column));
  finishDataset(database, key);
  database.close();
  return path;
}

interface Trainer {
  readonly child: ChildProcess;
  readonly messages: FromTrainer[];
  /** The exit code, or the signal. */
  readonly ended: Promise<number | string | null>;
}

/** Forks a trainer and starts a run in it. */
function train(
  database: string,
  parameters: Record<string, number | string | boolean>,
  start: Partial<Extract<ToTrainer, { type: 'start' }>> = {},
  onMessage: (message: FromTrainer, child: ChildProcess) => void = () => undefined,
): Trainer {
  const child = fork(entry, { execPath: process.execPath, execArgv: [], serialization: 'advanced' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const messages: FromTrainer[] = [];
  child.on('message', (received) => {
    const message = received as FromTrainer;
    messages.push(message);
    onMessage(message, child);
  });
  const config = v.parse(RunConfig, { model: 'mf', parameters, split: {}, evaluation: {}, threads: 2 });
  child.send({ type: 'start', database, dataset: 'ratings', run: 'r', config, ...start } satisfies ToTrainer);
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? code));
  });
  return { child, messages, ended };
}

const ofType = <T extends FromTrainer['type']>(
  { messages }: Trainer,
  type: T,
): Extract<FromTrainer, { type: T }>[] =>
  messages.filter((message): message is Extract<FromTrainer, { type: T }> => message.type === type);

describe('the trainer process', () => {
  it('reports its engine and split, every epoch and one result, and ends', async () => {
    const trainer = train(storeRatings(), { epochs: 3, patience: 0 });
    expect(await trainer.ended).toBe(0);
    const [started] = ofType(trainer, 'started');
    expect(started.compute.engine).toBe('fused');
    expect(started.split.part).toHaveLength(8000);
    expect(ofType(trainer, 'epoch').map(({ epoch }) => epoch.epoch)).toEqual([1, 2, 3]);
    const [{ result }] = ofType(trainer, 'result');
    expect(result.metrics.test['rmse']).toBeGreaterThan(0);
    expect(Object.values(result.weights).every((array) => ArrayBuffer.isView(array))).toBe(true);
    expect(result.peakMemoryMb).toBeLessThan(250);
  });

  it('sends an error with a hint, never a stack', async () => {
    const trainer = train(storeRatings(), { epoch: 3 });
    expect(await trainer.ended).toBe(0);
    const [{ error, cancelled }] = ofType(trainer, 'failed');
    expect(error).toMatchObject({
      code: 'unknown-parameter',
      hint: expect.stringContaining('epochs') as string,
    });
    expect(JSON.stringify(error)).not.toContain(' at ');
    expect(cancelled).toBe(false);
  });

  it('ends after the present epoch when asked, and at once when cancelled', async () => {
    const database = storeRatings();
    const many = { epochs: 10_000, patience: 0 };
    const stopped = train(database, many, {}, (message, child) => {
      if (message.type === 'epoch') child.send({ type: 'stop', after: 'epoch' } satisfies ToTrainer);
    });
    expect(await stopped.ended).toBe(0);
    expect(ofType(stopped, 'result')[0].result.stopped).toBe('user');
    const cancelled = train(database, many, {}, (message, child) => {
      if (message.type === 'epoch') child.send({ type: 'stop', after: 'now' } satisfies ToTrainer);
    });
    expect(await cancelled.ended).toBe(0);
    expect(ofType(cancelled, 'failed')[0].cancelled).toBe(true);
  });

  it('killed and resumed comes to the same bits as uninterrupted', async () => {
    const database = storeRatings();
    const parameters = { epochs: 40, patience: 0, learningRate: 0.002 };
    const whole = train(database, parameters);
    await whole.ended;
    // Its last state, kept for more epochs: the next run is to begin at its first.
    rmSync(join(dirname(database), 'checkpoints'), { recursive: true });
    const killed = train(database, parameters, { checkpointSeconds: 0 }, (message, child) => {
      if (message.type === 'epoch' && message.epoch.epoch === 7) child.kill('SIGKILL');
    });
    expect(await killed.ended).toBe('SIGKILL');
    expect(ofType(killed, 'checkpoint').length).toBeGreaterThan(4);
    const resumed = train(database, parameters);
    await resumed.ended;
    expect(ofType(resumed, 'epoch')[0].epoch.epoch).toBeGreaterThan(1);
    const [a, b] = [whole, resumed].map((trainer) => ofType(trainer, 'result')[0].result);
    expect(b.weights).toEqual(a.weights);
    expect(b.metrics).toEqual(a.metrics);
    expect(b.bestEpoch).toBe(a.bestEpoch);
  });
});
