import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../main/process/channel.ts';
import { ManagedProcess, type ManagedOptions } from '../../../main/process/managed.ts';
import { nodeForker } from '../../../main/process/node-forker.ts';
import { isAlive } from '../../fixtures/workbench.ts';

const worker = fileURLToPath(new URL('../../fixtures/children/worker.ts', import.meta.url));
const forker = nodeForker(() => worker);

const start = (mode: string, options: ManagedOptions = {}) =>
  new ManagedProcess(forker, 'trainer', { ...options, arguments: [mode] }).start();
const nextMessage = (child: ManagedProcess) => new Promise((resolve) => child.onMessage(resolve));
const ended = (child: ManagedProcess) =>
  new Promise<Parameters<Parameters<ManagedProcess['onEnd']>[0]>[0]>((resolve) => child.onEnd(resolve));

describe('A managed process', () => {
  it('is ready when the child says so, and talks in structured clones', async () => {
    const child = start('plain', { env: { WORKBENCH_TEST: 'yes' } });
    expect(child.isReady).toBe(false);
    await child.ready();
    expect(child.isReady).toBe(true);
    const answer = nextMessage(child);
    child.post(new Float32Array([1.5, -2]));
    expect(await answer).toEqual({ echo: new Float32Array([1.5, -2]), env: 'yes' });
    await child.kill();
  });

  it('stops in order within its grace period', async () => {
    const child = start('orderly');
    await child.ready();
    const last = nextMessage(child);
    expect(await child.stop()).toEqual({ code: 0, signal: null, asked: true, error: null });
    expect(await last).toBe('stopping');
  });

  it('is killed where it hears neither the request nor SIGTERM', async () => {
    const child = start('deaf');
    await child.ready();
    expect(await child.stop(100)).toMatchObject({ signal: 'SIGKILL', asked: true });
  });

  it('stops before it was ready', async () => {
    expect(await start('plain').stop()).toMatchObject({ asked: true });
  });

  it('is killed at once, and stop and kill after the end resolve', async () => {
    const child = start('deaf');
    await child.ready();
    expect(await child.kill()).toMatchObject({ code: null, signal: 'SIGKILL', asked: true });
    expect(await child.stop()).toMatchObject({ signal: 'SIGKILL' });
    expect(child.post('nobody there')).toBe(false);
  });

  it.each(['crash', 'throw', 'reject'])('knows an end that nobody asked for: %s', async (fault) => {
    const child = start('plain');
    await child.ready();
    child.post(fault);
    expect(await ended(child)).toMatchObject({ asked: false, code: fault === 'crash' ? 0 : 1 });
  });

  it('is told of kill -9 from outside', async () => {
    const child = start('plain');
    await child.ready();
    process.kill(child.pid ?? 0, 'SIGKILL');
    expect(await ended(child)).toMatchObject({ asked: false, code: null, signal: 'SIGKILL' });
  });

  it('counts as crashed where it is not ready in time', async () => {
    const child = start('mute', { startWithin: 300 });
    await expect(child.ready()).rejects.toMatchObject({ code: 'process-ended' });
  });

  it('gives the reason of a child that cannot work, and does not start it again', async () => {
    const child = start('refuses', { restarts: 5, backOff: 1 });
    await expect(child.ready()).rejects.toMatchObject({ code: 'folder-owned', hint: 'Ask them.' });
    expect((await ended(child)).error).toMatchObject({ code: 'folder-owned' });
  });

  it('reports a file that is not there as an end', async () => {
    const nowhere = nodeForker(() => '/nowhere/child.js');
    const child = new ManagedProcess(nowhere, 'trainer').start();
    await expect(child.ready()).rejects.toMatchObject({ code: 'process-ended' });
  });
});

describe('A managed process with restarts', () => {
  it('is replaced behind the same object', async () => {
    const child = start('plain', { restarts: 2, backOff: 5 });
    await child.ready();
    const first = child.pid ?? 0;
    const again = new Promise<number>((resolve) =>
      child.onReady((restarts) => {
        if (restarts > 0) resolve(restarts);
      }),
    );
    process.kill(first, 'SIGKILL');
    expect(await again).toBe(1);
    expect(child.pid).not.toBe(first);
    await child.stop();
  });

  it('waits longer after each crash in a row, and gives up', async () => {
    const forks: number[] = [];
    const crashing = {
      fork(): Channel {
        forks.push(performance.now());
        return {
          pid: 1,
          post: () => undefined,
          onMessage: () => undefined,
          onExit: (listener) => setTimeout(() => listener({ code: 0, signal: null })),
          kill: () => undefined,
        };
      },
    };
    const child = new ManagedProcess(crashing, 'engine', { restarts: 3, backOff: 40 }).start();
    expect(await ended(child)).toMatchObject({ asked: false });
    const gaps = forks.slice(1).map((time, index) => time - forks[index]);
    expect(gaps).toHaveLength(3);
    expect(gaps[0]).toBeGreaterThanOrEqual(39);
    expect(gaps[1]).toBeGreaterThanOrEqual(79);
    expect(gaps[2]).toBeGreaterThanOrEqual(159);
  });

  it('is not replaced once it was stopped', async () => {
    const child = start('plain', { restarts: 5, backOff: 20 });
    await child.ready();
    const crashed = new Promise((resolve) => child.onCrash(resolve));
    process.kill(child.pid ?? 0, 'SIGKILL');
    await crashed;
    expect(await child.stop()).toMatchObject({ asked: true });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(child.pid).toBeUndefined();
  });
});

describe('A child whose parent is gone', () => {
  it('ends by itself', async () => {
    const middle = fileURLToPath(new URL('../../fixtures/children/parent.ts', import.meta.url));
    const parent = nodeForker(() => middle).fork('engine', { arguments: [worker] });
    const pid = await new Promise<number>((resolve) =>
      parent.onMessage((message) => resolve(message as number)),
    );
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
