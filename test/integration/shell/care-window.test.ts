/** Settings → Engine and Storage, as a person uses them, on the real engine. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from '../../e2e/axe.ts';
import { launchBrowser } from '../../fixtures/browser.ts';
import { outputOf } from '../../fixtures/workbench.ts';
import { serveBuilt, type Served } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-care-'));
const [dir, backup, other] = ['data', 'backup.db', 'other'].map((name) => join(folder, name));
let served: Served;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  mkdirSync(dir);
  await outputOf(dir, 'sample');
  await outputOf(dir, 'backup', backup);
  await outputOf(dir, 'train', '--dataset', 'Sample (synthetic)', '--model', 'popularity');
  served = await serveBuilt(dir);
  browser = await launchBrowser();
  page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${served.url}#settings`);
});

afterAll(async () => {
  await browser.close();
  served.process.kill('SIGTERM');
  await served.ended;
  rmSync(folder, { recursive: true, force: true });
});

const open = (tab: string): Promise<void> => page.getByRole('tab', { name: tab }).click();
const press = (name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

it('restarts the engine', async () => {
  await page.goto(`${new URL(served.url).origin}/#settings`);
  await open('Engine');
  await press('Restart');
  await page.getByText('The engine was restarted').waitFor();
});

it('restores a backup, after a question, and shows what is there then', async () => {
  await open('Storage');
  const chooser = page.waitForEvent('filechooser');
  await press('Restore…');
  await (await chooser).setFiles(backup);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('are kept beside it').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await page.getByText('Restored 1 data set, 0 runs.').waitFor();
  await page.getByText('0 runs, 0 archived').waitFor();
});

it('moves the data, and says where they are', async () => {
  await press('Move…');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New folder').fill(dir);
  await dialog.getByRole('button', { name: 'Move' }).click();
  await page.getByText('the data are there already').waitFor();
  await press('Move…');
  await dialog.getByLabel('New folder').fill(other);
  await dialog.getByRole('button', { name: 'Move' }).click();
  await page.getByText(`The data are in ${other}`).waitFor();
  await page.getByTitle(other, { exact: true }).waitFor();
  expect([dir, other].map((place) => existsSync(join(place, 'workbench.db')))).toEqual([false, true]);
  if (process.env.PICTURE) await page.screenshot({ path: process.env.PICTURE });
});
