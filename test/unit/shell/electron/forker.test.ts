import { beforeEach, describe, expect, it, vi } from 'vitest';
import { brokerForker } from '../../../../main/process/broker.ts';
import type { Exit } from '../../../../main/process/channel.ts';
import type { UtilityPort } from '../../../../main/process/utility.ts';
import { electronForker } from '../../../../main/shell/electron/forker.ts';
import { app, FakePort, utilities, type FakeUtility } from './fake-electron.ts';

vi.mock('electron', async () => (await import('./fake-electron.ts')).electron);

const forker = electronForker((role) => `/app/dist/main/${role}.js`);
const exitOf = (channel: { onExit(listener: (exit: Exit) => void): void }) =>
  new Promise<Exit>((resolve) => channel.onExit(resolve));
const gone = (child: FakeUtility, reason: string, exitCode: number) =>
  app.emit(
    'child-process-gone',
    {},
    { type: 'Utility', reason, exitCode, serviceName: child.options.serviceName },
  );

/** The engine's side: its parentPort, joined to what the shell posts to the engine. */
function engineSide(engine: FakeUtility): UtilityPort {
  const port = new FakePort();
  port.postMessage = (message) => engine.emit('message', message);
  engine.on('posted', (data: unknown, ports: FakePort[]) => port.emit('message', { data, ports }));
  return port;
}

beforeEach(() => {
  utilities.length = 0;
});

describe('A utility process', () => {
  it('is forked from its built file under a name of its own', () => {
    const child = forker.fork('engine', { arguments: ['--data-dir', '/data'], env: { A: 'b' } });
    expect(utilities[0]).toMatchObject({ file: '/app/dist/main/engine.js', args: ['--data-dir', '/data'] });
    expect(utilities[0].options).toMatchObject({
      serviceName: expect.stringMatching(/^workbench-engine-\d+$/),
    });
    expect(utilities[0].options.env).toMatchObject({ A: 'b' });
    expect(child.pid).toBeUndefined();
    utilities[0].spawn(42);
    expect(child.pid).toBe(42);
  });

  it('that crashes is known as crashed though its exit reports 0', async () => {
    for (const order of ['gone first', 'exit first']) {
      const child = forker.fork('engine');
      const utility = utilities.at(-1);
      const exit = exitOf(child);
      if (order === 'gone first') gone(utility, 'crashed', 0);
      utility.emit('exit', 0);
      if (order === 'exit first') gone(utility, 'crashed', 0);
      expect(await exit, order).toEqual({ code: 1, signal: null });
    }
  });

  it('that was killed has a signal, and one that ended by itself its code', async () => {
    const killed = forker.fork('engine');
    gone(utilities[0], 'killed', 9);
    expect(await exitOf(killed)).toEqual({ code: 9, signal: 'SIGKILL' });
    const ended = forker.fork('engine');
    utilities[1].emit('exit', 3);
    expect(await exitOf(ended)).toEqual({ code: 3, signal: null });
  });

  it('is not taken for another that crashed', async () => {
    const child = forker.fork('engine');
    forker.fork('engine');
    gone(utilities[1], 'crashed', 11);
    utilities[0].emit('exit', 0);
    expect(await exitOf(child)).toEqual({ code: 0, signal: null });
  });

  it('tells of its end after the exit event, inside of which nothing may be posted', () => {
    const child = forker.fork('engine');
    const heard = vi.fn();
    child.onExit(heard);
    utilities[0].emit('exit', 0);
    expect(heard).not.toHaveBeenCalled();
  });

  it('takes nothing any more when it has ended', async () => {
    const child = forker.fork('engine');
    utilities[0].emit('exit', 0);
    await exitOf(child);
    child.post('late');
    child.kill();
    expect(utilities[0].posted).toEqual([]);
    expect(utilities[0].kills).toEqual([]);
  });
});

describe('The broker', () => {
  it('forks for the engine, and joins the two without the shell between them', async () => {
    const engine = forker.fork('engine');
    const seen = vi.fn();
    engine.onMessage(seen);
    const child = brokerForker(engineSide(utilities[0])).fork('trainer', {
      arguments: ['7'],
      env: { A: 'b' },
    });
    child.post('before it runs');
    const [, trainer] = utilities;
    expect(trainer).toMatchObject({ file: '/app/dist/main/trainer.js', args: ['7'] });
    expect(trainer.options.env).toMatchObject({ A: 'b', WORKBENCH_CHANNEL: 'brokered' });
    const [port] = trainer.posted[0].ports;
    const atChild: unknown[] = [];
    port.on('message', ({ data }: { data: unknown }) => atChild.push(data));
    port.start();
    trainer.spawn(77);
    expect(child.pid).toBe(77);
    await expect.poll(() => atChild).toEqual(['before it runs']);
    const atEngine: unknown[] = [];
    child.onMessage((message) => atEngine.push(message));
    port.postMessage(new Float32Array([1, 2]));
    await expect.poll(() => atEngine).toEqual([new Float32Array([1, 2])]);
    expect(seen).not.toHaveBeenCalled();
  });

  it('tells the engine of the end of a child, and kills one for it', async () => {
    forker.fork('engine');
    const child = brokerForker(engineSide(utilities[0])).fork('importer');
    const [, importer] = utilities;
    importer.spawn(78);
    child.kill();
    expect(importer.kills).toEqual(['SIGTERM']);
    gone(importer, 'crashed', 0);
    expect(await exitOf(child)).toEqual({ code: 1, signal: null });
  });

  it('kills what the engine left behind when it ends', async () => {
    const engine = forker.fork('engine');
    brokerForker(engineSide(utilities[0])).fork('trainer');
    utilities[0].emit('exit', 1);
    await exitOf(engine);
    expect(utilities[1].kills).toEqual(['SIGTERM']);
  });
});
