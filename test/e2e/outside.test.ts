/** Runs from a file, capsules and re-runs, by the windows over the real engine. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { walkLines } from '../fixtures/walk.ts';
import { outputOf } from '../fixtures/workbench.ts';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { realWindow } from './window.ts';

const window = realWindow();
const { folder, errors, button } = window;
const pictures = process.env['WORKBENCH_PICTURES'];
if (pictures) mkdirSync(pictures, { recursive: true });
const lists = join(folder, 'lists.csv');
const capsule = join(folder, 'runs.workbench-capsule');
let page: Page;

async function picture(name: string): Promise<void> {
  await settled(page);
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** An item of the menu Files of Runs. */
async function fromFiles(item: string | RegExp): Promise<void> {
  await button('Files', true).click();
  await page.getByRole('menuitem', { name: item }).click();
}

beforeAll(async () => {
  page = window.page;
  const data = join(folder, 'data');
  const ratings = join(folder, 'ratings.csv');
  writeFileSync(ratings, walkLines(40, 80).join('\n'));
  // Commands join the engine of the window.
  await outputOf(data, 'import', ratings, '--name', 'walk');
  const train = (model: string, ...more: string[]): Promise<unknown> =>
    outputOf(data, 'train', '--dataset', 'walk', '--model', model, '--name', model, ...more);
  await train('popularity', '--split', 'leave-last-out');
  await train('itemknn', '--split', 'leave-last-out');
  await train('ease', '--split', 'rolling', '--windows', '4');
  await outputOf(data, 'export-run', 'itemknn', '--lists', lists);
  await outputOf(data, 'export-capsule', 'popularity', '--out', capsule);
  await page.keyboard.press('Control+3');
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
});

it('adds lists of another tool as a run, with what became of each record', async () => {
  await fromFiles('Add a run from a file…');
  const dialog = page.getByRole('dialog', { name: 'Add a run from a file' });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    dialog.getByRole('button', { name: 'Choose a file…' }).click(),
  ]);
  await chooser.setFiles(lists);
  await dialog.getByText('lists.csv').waitFor();
  await dialog.getByLabel('Name of the run').fill('Their lists');
  await dialog.getByLabel('Model that made it').fill('Their KNN');
  const split = dialog.getByLabel('Split', { exact: true });
  const option = await split.locator('option', { hasText: 'leave-last-out' }).first().getAttribute('value');
  await split.selectOption(option);
  await picture('outside-1-form');
  expect(await axeViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add the run' }).click();
  await dialog.getByText('Their lists is a run now').waitFor();
  await picture('outside-2-added');
  expect(await axeViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Show the run' }).click();
  await page.getByRole('row', { name: /Their lists/ }).waitFor();
});

it('opens a capsule', async () => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), fromFiles('Open a capsule…')]);
  await chooser.setFiles(capsule);
  await page.getByText('Opened 1 run').first().waitFor();
});

it('trains a run again and says that the bits are the same', async () => {
  await page.getByLabel('Filter runs').fill('model:itemknn');
  await page
    .getByRole('row', { name: /itemknn/i })
    .last()
    .click();
  await fromFiles('Re-run, and compare the bits');
  const dialog = page.getByRole('dialog', { name: /^Re-run of/ });
  await dialog.getByText('The same bits').waitFor();
  await picture('outside-3-rerun');
  expect(await axeViolations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByLabel('Filter runs').fill('');
});

it('draws the metric over the windows of a rolling split', async () => {
  await page.getByLabel('Filter runs').fill('model:ease');
  await page.getByRole('row', { name: /ease/i }).last().click();
  await page.getByRole('figure', { name: /over time/ }).waitFor();
  await picture('outside-4-over-time');
  expect(await axeViolations(page)).toEqual([]);
});

it('hands out a split of the data set', async () => {
  await page.keyboard.press('Control+1');
  await button('Export…').click();
  const downloads: string[] = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  await page
    .getByRole('menuitem', { name: /^Split of run .*leave-last-out/ })
    .first()
    .click();
  await expect.poll(() => downloads.length, { timeout: 60_000 }).toBe(4);
  expect(downloads.sort()).toEqual(
    ['', '-test', '-train', '-validation'].map((part) => `walk split${part}.${part ? 'csv' : 'json'}`).sort(),
  );
  expect(errors).toEqual([]);
  expect(readdirSync(folder)).not.toContain('split.json');
});
