import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childrenOf, isAlive, openWindow, serveBuilt, type Served } from './serve.ts';

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

/** The engine process of a shell: its only child while nothing trains. */
async function engineOf({ process: shell }: Served): Promise<number> {
  const [engine] = await childrenOf(shell.pid ?? 0);
  return engine;
}

describe.skipIf(process.platform === 'win32')('The built browser shell', () => {
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

  it('ends in order when it is asked to, and its engine with it', async () => {
    served = await serveBuilt(dataDir);
    const engine = await engineOf(served);
    served.process.kill('SIGTERM');
    expect(await served.ended).toBe(0);
    expect(isAlive(engine)).toBe(false);
  });

  it('leaves no orphan when it is killed, and the data folder to the next', async () => {
    served = await serveBuilt(dataDir);
    const engine = await engineOf(served);
    served.process.kill('SIGKILL');
    await expect.poll(() => isAlive(engine), { timeout: 10_000 }).toBe(false);
    served = await serveBuilt(dataDir);
    const window = await openWindow(served.url);
    const doctor = await window.invoke('engine.doctor', { selfTest: false });
    expect(doctor).toMatchObject({ storage: { integrity: 'ok' } });
    window.close();
  });

  it('starts a killed engine again, and tells its windows', async () => {
    served = await serveBuilt(dataDir);
    const window = await openWindow(served.url);
    const first = await engineOf(served);
    process.kill(first, 'SIGKILL');
    await expect
      .poll(() => window.events.map(({ event }) => event), { timeout: 15_000 })
      .toContain('engine.changed');
    expect(await window.invoke('engine.state')).toMatchObject({ dataDir });
    expect(await engineOf(served)).not.toBe(first);
    window.close();
  });

  it('says who holds the data folder where another engine does', async () => {
    served = await serveBuilt(dataDir);
    await expect(serveBuilt(dataDir)).rejects.toThrow(/ended with 1: .*owns the data folder/);
  });
});
