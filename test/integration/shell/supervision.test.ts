import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { childrenOf, hasProc, isAlive, outputOf, workbench } from '../../fixtures/workbench.ts';
import { openWindow, serveBuilt, type Served } from './serve.ts';

let dataDir: string;
let served: Served | null = null;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'workbench-served-'));
});

afterEach(async () => {
  served?.process.kill('SIGKILL');
  await served?.ended;
  served = null;
  rmSync(dataDir, { recursive: true, force: true });
});

/** The engine process of a shell. */
function engineOf({ process: shell }: Served): number {
  const [engine] = childrenOf(shell.pid ?? 0, 'engine');
  return engine;
}

describe.skipIf(!hasProc)('The built browser shell', () => {
  it('prints its address on one line and answers from the engine process', async () => {
    served = await serveBuilt(dataDir);
    expect(served.printed().trim().split('\n')).toHaveLength(1);
    expect(new URL(served.url).hostname).toBe('127.0.0.1');
    const window = await openWindow(served.url);
    expect(await window.invoke('engine.state')).toMatchObject({ dataDir, status: 'idle' });
    await expect(window.invoke('no.such.method')).rejects.toMatchObject({ hint: expect.any(String) });
    await expect(window.invoke('runs.get', { run: 7 })).rejects.toMatchObject({ code: 'invalid-parameters' });
    window.close();
  });

  it('refuses what is nested too deep, and reads files of one folder alone where it is told so', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'workbench-files-'));
    onTestFinished(() => rmSync(closed, { recursive: true, force: true }));
    const open = join(closed, 'open');
    mkdirSync(open);
    for (const folder of [closed, open]) writeFileSync(join(folder, 'r.csv'), 'user,item,rating\n1,2,3\n');
    symlinkSync(join(closed, 'r.csv'), join(open, 'link.csv'));
    served = await serveBuilt(dataDir, '--files', open);
    const window = await openWindow(served.url);
    for (const depth of [33, 5_000, 100_000]) {
      const ui = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      const text = `{"id":1,"method":"settings.set","params":{"settings":{"ui":{"x":${ui}}}}}`;
      await expect(window.raw(text, 1)).rejects.toMatchObject({ code: 'message-too-large' });
    }
    const inspect = (path: string) => window.invoke('import.inspect', { path });
    await expect(inspect(join(open, 'r.csv'))).resolves.toMatchObject({
      format: expect.any(String) as string,
    });
    for (const path of [
      join(closed, 'r.csv'),
      join(open, 'link.csv'),
      join(open, '..', 'r.csv'),
      '/etc/passwd',
    ])
      await expect(inspect(path)).rejects.toMatchObject({ code: 'path-not-readable' });
    await expect(
      window.invoke('import.inspect', { path: join(open, 'r.csv'), settings: { items: '/etc/passwd' } }),
    ).rejects.toMatchObject({ code: 'path-not-readable' });
    window.close();
  });

  it('ends in order when it is asked to, and its engine with it', async () => {
    served = await serveBuilt(dataDir);
    const engine = engineOf(served);
    served.process.kill('SIGTERM');
    expect(await served.ended).toBe(0);
    expect(isAlive(engine)).toBe(false);
  });

  it('leaves what trains to be resumed and what waits queued when it ends in order', async () => {
    await outputOf(dataDir, 'sample');
    served = await serveBuilt(dataDir);
    const window = await openWindow(served.url);
    await window.invoke('runs.start', {
      dataset: 'Sample (synthetic)',
      configs: [{ model: 'mf', parameters: { epochs: 10_000, patience: 0 } }, { model: 'popularity' }],
    });
    const joined = workbench(dataDir, 'train', '--dataset', 'Sample (synthetic)', '--model', 'bias');
    const runs = () => window.invoke('runs.list') as Promise<{ status: string; epoch: number }[]>;
    await expect.poll(async () => (await runs())[0].epoch, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect.poll(async () => (await runs()).length, { timeout: 30_000 }).toBe(3);
    served.process.kill('SIGTERM');
    expect(await served.ended).toBe(0);
    expect(await joined).toMatchObject({ code: 1, output: { error: { code: 'engine-closed' } } });
    const left = () => outputOf<{ runs: { id: string; name: string; status: string }[] }>(dataDir, 'runs');
    const { runs: kept } = await left();
    expect(kept.map(({ status }) => status)).toEqual(['interrupted', 'queued', 'queued']);

    // A command starts none of them, but can cancel them.
    expect((await workbench(dataDir, 'cancel', kept[1].name)).code).toBe(0);
    expect((await left()).runs.map(({ status }) => status)).toEqual(['interrupted', 'cancelled', 'queued']);

    served = await serveBuilt(dataDir);
    const again = await openWindow(served.url);
    await again.invoke('jobs.wait', { job: kept[2].id });
    expect((await left()).runs.map(({ status }) => status)).toEqual(['interrupted', 'cancelled', 'finished']);
    again.close();
  });

  it('leaves no orphan when it is killed, and the data folder to the next', async () => {
    served = await serveBuilt(dataDir);
    const engine = engineOf(served);
    served.process.kill('SIGKILL');
    await expect.poll(() => isAlive(engine)).toBe(false);
    served = await serveBuilt(dataDir);
    const window = await openWindow(served.url);
    const doctor = await window.invoke('engine.doctor', { selfTest: false });
    expect(doctor).toMatchObject({ storage: { integrity: 'ok' } });
    window.close();
  });

  it('starts a killed engine again, and tells its windows', async () => {
    served = await serveBuilt(dataDir);
    const window = await openWindow(served.url);
    const first = engineOf(served);
    process.kill(first, 'SIGKILL');
    await expect
      .poll(() => window.events.map(({ event }) => event), { timeout: 15_000 })
      .toContain('engine.changed');
    expect(await window.invoke('engine.state')).toMatchObject({ dataDir });
    expect(engineOf(served)).not.toBe(first);
    window.close();
  });

  it('says who holds the data folder where another engine does', async () => {
    served = await serveBuilt(dataDir);
    await expect(serveBuilt(dataDir)).rejects.toThrow(/ended with 1: .*owns the data folder/);
  });
});
