/** Utility processes as Electron has them, with real children: their ends against their last messages. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exit, Role } from '../../../../main/process/channel.ts';
import { ManagedProcess } from '../../../../main/process/managed.ts';
import { electronForker } from '../../../../main/shell/electron/forker.ts';
import type { Heard } from '../../../fixtures/children/middle.ts';
import { app } from '../../../fixtures/electron/electron.ts';
import { lateness, utilities } from '../../../fixtures/electron/utility.ts';
import { isAlive } from '../../../fixtures/workbench.ts';
import { Random } from '../../../../main/numeric/random.ts';
import { endUtilities } from './start-app.ts';

vi.mock('electron', () => import('../../../fixtures/electron/electron.ts'));

const child = (name: string): string =>
  new URL(`../../../fixtures/children/${name}.ts`, import.meta.url).pathname;
const files: Record<Role, string> = {
  engine: child('middle'),
  trainer: child('talker'),
  importer: child('worker'),
};
const said: string[] = [];
const forker = electronForker({
  entry: (role) => files[role],
  log: (source, line) => said.push(`${source}: ${line}`),
});
const exitOf = (channel: { onExit(listener: (exit: Exit) => void): void }) =>
  new Promise<Exit>((resolve) => channel.onExit(resolve));

beforeAll(() => app.becomeReady());
beforeEach(() => {
  Object.assign(lateness, { exit: 0, ports: 0 });
});
afterAll(endUtilities);

/** What the engine hears of one child. */
async function heardOf(words: string[], killAfter: number | null = null): Promise<Heard> {
  const engine = new ManagedProcess(forker, 'engine').start();
  const answer = new Promise((resolve, reject) => {
    engine.onMessage(resolve);
    engine.onEnd(() => reject(new Error('The stand-in for the engine ended before it answered.')));
  });
  engine.post({ words, killAfter });
  const heard = (await answer) as Heard;
  await engine.kill();
  return heard;
}

const upTo = (count: number): number[] => [...Array.from({ length: count }, (_, at) => at), -1];

describe('A utility process', () => {
  it('talks in structured clones, tells its words on stderr line by line, and ends in order', async () => {
    const importer = new ManagedProcess(forker, 'importer', {
      arguments: ['orderly'],
      env: { WORKBENCH_TEST: 'yes' },
    });
    await importer.start().ready();
    const answer = new Promise((resolve) => importer.onMessage(resolve));
    importer.post(new Float32Array([1.5, -2]));
    expect(await answer).toEqual({ echo: new Float32Array([1.5, -2]), env: 'yes' });
    expect(await importer.stop()).toMatchObject({ code: 0, asked: true });
    const failing = new ManagedProcess(forker, 'importer', { arguments: ['plain'] });
    await failing.start().ready();
    failing.post('throw');
    await new Promise((resolve) => failing.onEnd(resolve));
    expect(said.join('\n')).toMatch(/^importer \d+: Error: a fault$/m);
  });

  it('that could not go on is told, not the end of the app', () => {
    forker.fork('importer', { arguments: ['mute'] });
    expect(() => utilities.at(-1)?.emit('error', 'FatalError', 'v8::HeapLimit', '{}')).not.toThrow();
    expect(said.at(-1)).toMatch(/FatalError in v8::HeapLimit$/);
  });

  it('that computes a run gets the flags that keep its memory low, as Chromium takes them', () => {
    forker.fork('trainer', { arguments: ['0', '0'] });
    expect(utilities.at(-1)?.options.execArgv).toEqual([
      '--js-flags=--max-semi-space-size=1 --optimize-for-size',
    ]);
    expect(utilities.at(-1)?.options.env).toMatchObject({ MALLOC_ARENA_MAX: '2' });
  });

  it('that crashes is known as crashed though its exit reports 0', async () => {
    for (const late of [0, 5]) {
      lateness.exit = 1_000;
      const channel = forker.fork('importer', { arguments: ['mute'] });
      const utility = utilities.at(-1);
      const exit = exitOf(channel);
      const details = {
        type: 'Utility',
        reason: 'crashed',
        exitCode: 0,
        serviceName: utility?.options.serviceName,
      };
      if (late > 0) utility?.emit('exit', 0);
      app.emit('child-process-gone', {}, details);
      if (late === 0) utility?.emit('exit', 0);
      expect(await exit).toEqual({ code: 1, signal: null });
    }
  });

  it('that was killed has a signal, and one that ended by itself its code', async () => {
    const killed = forker.fork('importer', { arguments: ['mute'] });
    const exit = exitOf(killed);
    await expect.poll(() => killed.pid).toBeDefined();
    killed.kill('SIGKILL');
    expect(await exit).toMatchObject({ signal: 'SIGKILL' });
    const channel = forker.fork('trainer', { arguments: ['0', '0', 'crash'] });
    channel.post('talk');
    expect(await exitOf(channel)).toEqual({ code: 7, signal: null });
    expect(() => channel.post('late')).not.toThrow();
  });

  it('is not taken for another that crashed', async () => {
    const channel = forker.fork('importer', { arguments: ['mute'] });
    const other = forker.fork('importer', { arguments: ['mute'] });
    const [one, two] = utilities.slice(-2);
    app.emit(
      'child-process-gone',
      {},
      { reason: 'crashed', exitCode: 11, serviceName: two.options.serviceName },
    );
    expect(await exitOf(other)).toEqual({ code: 11, signal: null });
    one.emit('exit', 0);
    expect(await exitOf(channel)).toEqual({ code: 0, signal: null });
  });

  it('ends with the engine that asked for it', async () => {
    const engine = new ManagedProcess(forker, 'engine').start();
    engine.post({ words: ['100000', '1', 'slow'], killAfter: null });
    await expect.poll(() => utilities.at(-1)?.pid !== engine.pid && utilities.at(-1)?.pid).toBeGreaterThan(0);
    const trainer = utilities.at(-1)?.pid ?? 0;
    await engine.kill();
    await expect.poll(() => isAlive(trainer)).toBe(false);
  });
});

describe("The engine's view of a child", () => {
  it.each([
    ['before its last words', { exit: 0, ports: 200 }],
    ['with its last words', { exit: 0, ports: 0 }],
    ['after its last words', { exit: 200, ports: 0 }],
  ])('has every word before the end, where the end is told %s', async (_when, late) => {
    Object.assign(lateness, late);
    expect(await heardOf(['20', '1000'])).toEqual({
      words: upTo(20),
      late: 0,
      end: { code: 0, signal: null, asked: false },
    });
  });

  it('has words of megabytes, which no pipe holds', async () => {
    const { words, late } = await heardOf(['5', '4000000']);
    expect([words, late]).toEqual([upTo(5), 0]);
  });

  it('has the words of one that crashed before its end', async () => {
    Object.assign(lateness, { exit: 0, ports: 200 });
    const { words, late, end } = await heardOf(['3', '10', 'crash']);
    expect(words).toEqual(upTo(3));
    expect([late, end.code]).toEqual([0, 7]);
  });

  it('is whole though the child is killed at any moment: words in order, none lost between, none after the end', async () => {
    const random = new Random(13, 'split');
    for (let round = 0; round < 8; round++) {
      Object.assign(lateness, {
        exit: Math.floor(random.next() * 50),
        ports: Math.floor(random.next() * 50),
      });
      const { words, late, end } = await heardOf(['60', '2000', 'slow'], Math.floor(random.next() * 250));
      const inOrder = upTo(60).slice(0, words.length);
      expect(words, `round ${round}`).toEqual(inOrder);
      expect(late, `round ${round}`).toBe(0);
      expect(end.asked).toBe(false);
      if (words.at(-1) !== -1) expect(end.signal, `round ${round}`).toBe('SIGKILL');
    }
  });
});
