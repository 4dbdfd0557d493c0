/** The desktop app in a real Electron: `WORKBENCH_ELECTRON=1 npx vitest run --project electron`, with a screen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electronBinary } from '../../main/setup/electron-binary.ts';
import { root } from '../../main/setup/sources.ts';
import type { Bridge } from '../../shared/host.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'workbench-electron-'));
let app: ElectronApplication;
let page: Page;

beforeAll(async () => {
  const executablePath = electronBinary();
  if (!executablePath) throw new Error('There is no Electron: run `npx install-electron`.');
  const { ELECTRON_RUN_AS_NODE: _unset, ...env } = process.env;
  app = await _electron.launch({
    executablePath,
    args: [root, '--data-dir', dataDir],
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value ?? ''])),
  });
  page = await app.firstWindow();
});

afterAll(async () => {
  await app.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Calls the engine from the window, as its screens do. */
const invoke = (method: string, params: unknown) =>
  page.evaluate(([name, values]) => (Reflect.get(window, 'workbench') as Bridge).invoke(name, values), [
    method,
    params,
  ] as const);

describe('In a real Electron', () => {
  it('the window draws its screens', async () => {
    expect(page.url()).toMatch(/^app:\/\/workbench\//);
    await page.waitForSelector('nav, main, h1');
  });

  it('the page has neither Node nor Electron, and its policy holds', async () => {
    const globals = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in window),
    );
    expect(globals).toEqual([]);
    const evaluated = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      return 'inlineRan' in window;
    });
    expect(evaluated).toBe(false);
  });

  it('the engine answers, and forks its trainer and importer through the shell', async () => {
    expect(await invoke('engine.state', {})).toMatchObject({ result: { dataDir } });
    const started = await invoke('datasets.sample', { runs: false });
    expect(started).toHaveProperty('result.job');
    const { job } = (started as { result: { job: string } }).result;
    expect(await invoke('jobs.wait', { job })).toHaveProperty('result');
    const datasets = (await invoke('datasets.list', {})) as { result: { id: string; ratings: number }[] };
    expect(datasets.result[0].ratings).toBeGreaterThan(10_000);
    const run = await invoke('runs.start', {
      dataset: datasets.result[0].id,
      configs: [{ model: 'mf', parameters: { epochs: 1 } }],
    });
    expect(run).toHaveProperty('result.runs');
    const [id] = (run as { result: { runs: string[] } }).result.runs;
    expect(await invoke('jobs.wait', { job: id })).toHaveProperty('result');
    expect(await invoke('runs.get', { run: id })).toMatchObject({ result: { run: { status: 'finished' } } });
  });

  it('the page cannot leave, nor open a window', async () => {
    await page.evaluate(() => {
      window.open('https://example.com/');
      location.href = 'https://example.com/';
    });
    // Asked after both were refused: a navigation that began would be under way by then.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(page.url()).toMatch(/^app:\/\/workbench\//);
    expect(app.windows()).toHaveLength(1);
  });
});
