/**
 * The desktop app's story: its main process on a strict stand-in for Electron, its preload script and window in a real
 * Chromium, its engine, importers and trainers in processes of their own that talk over handed ports.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { root } from '../../main/setup/sources.ts';
import type { Bridge, Outcome } from '../../shared/host.ts';
import { launchBrowser } from '../fixtures/browser.ts';
import { draw } from '../fixtures/electron/chromium.ts';
import { app, standInSession, windows } from '../fixtures/electron/electron.ts';
import { dialogs, menus } from '../fixtures/electron/system.ts';
import { utilities } from '../fixtures/electron/utility.ts';
import { drawing } from '../fixtures/electron/window.ts';
import { isAlive, until } from '../fixtures/workbench.ts';
import { axeViolations } from './axe.ts';

vi.mock('electron', () => import('../fixtures/electron/electron.ts'));

const folder = mkdtempSync(join(tmpdir(), 'electron-story-'));
const errors: string[] = [];
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  drawing.driver = async (contents) => {
    const answer = standInSession.schemes.get('app');
    if (!answer) throw new Error('Nobody answers app://.');
    const { preload } = windows[0].options.webPreferences ?? {};
    const drawn = await draw(browser, contents, answer, preload ?? '');
    ({ page } = drawn);
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    return drawn.driver;
  };
  Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } });
  process.argv = ['electron', root, '--data-dir', join(folder, 'data')];
  await import('../../main/shell/electron/main.ts');
  app.becomeReady();
  await until('the window', () => windows[0]?.isVisible());
});

afterAll(async () => {
  for (const { pid } of utilities) if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const button = (name: string | RegExp) => page.getByRole('button', { name });
const go = (screen: number) => page.keyboard.press(`Control+${screen}`);
const invoke = (method: string, params: unknown) =>
  page.evaluate(([name, values]) => (Reflect.get(window, 'workbench') as Bridge).invoke(name, values), [
    method,
    params,
  ] as const);

it('opens on its own page, with neither Node nor Electron in it, and its policy', async () => {
  expect(windows[0].contents.getURL()).toMatch(/^app:\/\/workbench\//);
  const names = ['require', 'process', 'module', 'Buffer', 'electron', 'standInInvoke'];
  expect(await page.evaluate((all) => all.filter((name) => name in window), names)).toEqual([]);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.head.append(script);
    return 'inlineRan' in window;
  });
  expect(ran).toBe(false);
  // What the policy says of that is no fault of the page.
  errors.length = 0;
});

it('makes the sample in an importer that the shell forked for the engine', async () => {
  await button('Open the sample').waitFor();
  // Without its runs, which would keep those of this story waiting.
  expect(await invoke('datasets.sample', { runs: false })).toHaveProperty('result.job');
  await page.getByRole('heading', { name: 'Ratings per user' }).waitFor();
  expect(utilities.map(({ options }) => /workbench-(\w+)-/.exec(options.serviceName ?? '')?.[1])).toEqual(
    expect.arrayContaining(['engine', 'importer']),
  );
});

it('trains, draws the curve and shows the result', async () => {
  await button('Start a run').click();
  await page.getByLabel('Name, optional').fill('My first model');
  await page.getByLabel('Epochs', { exact: false }).first().fill('3');
  for (const box of await page
    .getByRole('region', { name: /baselines/i })
    .getByRole('checkbox')
    .all())
    if (await box.isChecked()) await box.uncheck();
  await button('Start run').click();
  const row = page.getByRole('row', { name: /My first model/ });
  await expect.poll(() => row.textContent(), { timeout: 90_000 }).toMatch(/Finished|Stopped/);
  expect(windows[0].progress.length).toBeGreaterThan(0);
});

it("imports a file from the system's dialog and writes the rejected rows where the system's dialog says", async () => {
  const rows = ['user_id,item_id,rating'];
  for (let at = 0; at < 500; at++) rows.push(`${at % 37},${(at * 13) % 91},${1 + (at % 5)}`);
  rows[100] = '12,34,N/A';
  const file = join(folder, 'my ratings.csv');
  writeFileSync(file, rows.join('\n'));
  dialogs.openResult = { canceled: false, filePaths: [file] };
  await go(1);
  await button('Import ratings…').click();
  await button('Choose a file…').click();
  await button('Map columns').click();
  await button('Check every row').click();
  await page.getByText('Every row is accounted for').waitFor();
  await button(/^Import [\d,]+ ratings/).click();
  const rejected = join(folder, 'rejected.csv');
  dialogs.saveResult = { canceled: false, filePath: rejected };
  await button(/rejected rows/).click();
  await expect.poll(() => existsSync(rejected) && readFileSync(rejected, 'utf8')).toContain('N/A');
  expect(dialogs.save.at(-1)?.defaultPath?.startsWith(folder)).toBe(true);
});

it('opens a file that a second start of the app hands over, and keeps the imported one in its menu', async () => {
  const file = join(folder, 'handed over.csv');
  writeFileSync(file, 'user,item\n1,2\n');
  app.emit('second-instance', {}, [], '', { files: [file] });
  await page.getByRole('heading', { name: /^Import handed over/ }).waitFor();
  await page.getByText('first 1 rows').waitFor();
  await button('Cancel').click();
  const names = menus.at(-1)?.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  expect(JSON.stringify(names?.find(({ label }) => label === 'Open recent'))).toContain('my ratings.csv');
});

it('refuses what Electron would refuse between the worlds, and answers what is wrong with a hint', async () => {
  const refused = page.evaluate(() =>
    (Reflect.get(window, 'workbench') as Bridge).invoke('runs.list', new Proxy({}, {})).then(
      () => 'taken',
      (error: unknown) => String(error),
    ),
  );
  await expect(refused.catch(String)).resolves.toContain('could not be cloned');
  const outcome: Outcome = await invoke('runs.get', { run: 'nobody' });
  expect(outcome).toMatchObject({ error: { hint: expect.any(String) as string } });
});

it('shows every screen without an error', async () => {
  for (let screen = 1; screen <= 6; screen++) {
    await go(screen);
    await page.locator('main').waitFor();
  }
  await page.getByRole('tab', { name: 'Diagnostics' }).click();
  await button('Test this installation').click();
  await page.getByText('This installation works').waitFor({ timeout: 100_000 });
  expect(await axeViolations(page)).toEqual([]);
  if (process.env['WORKBENCH_PICTURES'])
    await page.screenshot({ path: join(process.env['WORKBENCH_PICTURES'], 'installation-test.png') });
  expect(errors).toEqual([]);
});

it('ends its engine in order when the window is closed', async () => {
  const pids = utilities.flatMap(({ pid }) => pid ?? []);
  expect(pids.length).toBeGreaterThan(0);
  windows[0].close();
  await expect.poll(() => app.exitCode, { timeout: 60_000 }).toBe(0);
  await expect.poll(() => pids.filter(isAlive), { timeout: 60_000 }).toEqual([]);
  expect(dialogs.errors).toEqual([]);
});
