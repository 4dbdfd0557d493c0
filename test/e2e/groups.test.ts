/** Groups of seeds in the windows: one row, one unit for tags, pin, trash and comparison. */
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { recordedWindow } from './stand-in.ts';
import { prepare } from './story.ts';

const window = recordedWindow();

async function open(query = ''): Promise<Page> {
  const page = await window.page();
  await page.goto(`${window.url}${query}#runs`);
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  return page;
}
const row = (page: Page, name: string): Locator => page.getByRole('row', { name }).first();
const asked = (page: Page, method: string) =>
  page.evaluate(
    (name) => (Reflect.get(globalThis, 'asked') as string[]).filter((one) => one === name).length,
    method,
  );

it('a group is one row with its seeds, which a tag reaches all of', async () => {
  const page = await open();
  const caser = row(page, 'Caser epochs 4');
  await caser.getByText('3 seeds').waitFor();
  await caser.getByText(/^±/).waitFor();
  await caser.getByRole('checkbox').check();
  await page.getByText('1 selected, 3 runs').waitFor();
  await page.getByRole('button', { name: 'Tag…' }).click();
  await page.getByRole('textbox', { name: 'Tags, separated by commas' }).fill('good, mine');
  await page.getByRole('button', { name: 'Save tags' }).click();
  await page.getByText('Tagged 3 runs').waitFor();
  await page.getByRole('button', { name: 'Runs of Caser epochs 4' }).click();
  const members = page
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox', { name: /Caser.*, seed \d/ }) });
  await expect.poll(() => members.count()).toBe(3);
  await expect.poll(() => members.getByText('good +1').count()).toBe(3);
  await settled(page);
  expect(await axeViolations(page)).toEqual([]);
  await page.close();
});

it('a group unfolds and folds by the keyboard', async () => {
  const page = await open();
  const caser = row(page, 'Caser epochs 4');
  await caser.focus();
  await page.keyboard.press('ArrowRight');
  const members = page.getByRole('checkbox', { name: /Caser.*, seed \d/ });
  await expect.poll(() => members.count()).toBe(3);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => members.count()).toBe(0);
  await page.close();
});

it('a filter takes or leaves whole groups', async () => {
  const page = await open();
  await page.getByRole('textbox', { name: 'Filter runs' }).fill('model:caser seed:2');
  await row(page, 'Caser epochs 4').getByText('3 seeds').waitFor();
  await page.getByText('1 row, 3 runs').waitFor();
  await page.close();
});

it('vs baseline is against the pin alone, and says how to pin where there is none', async () => {
  const page = await open();
  const table = page.getByRole('grid', { name: 'Runs' });
  await row(page, 'EASE').getByText('baseline').waitFor();
  await row(page, 'EASE').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Unpin' }).click();
  await expect.poll(() => table.getByText('baseline', { exact: true }).count()).toBe(0);
  await row(page, 'EASE').getByRole('checkbox').uncheck();
  await page.getByText('or pin one as the baseline of its data set and split').waitFor();
  await row(page, 'iALS epochs 6').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Pin as baseline' }).click();
  await row(page, 'iALS epochs 6').getByText('baseline', { exact: true }).waitFor();
  await page.close();
});

it('runs go to the trash and come back from it', async () => {
  const page = await open();
  await row(page, 'Caser epochs 4').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Move selected runs to the trash' }).click();
  await page.getByText('Moved 3 runs to the trash').waitFor();
  await expect.poll(() => page.getByRole('row', { name: 'Caser epochs 4' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Trash (3)' }).click();
  await page.getByText(/^3 runs in the trash, \d/).waitFor();
  await settled(page);
  expect(await axeViolations(page)).toEqual([]);
  await row(page, 'Caser epochs 4').getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Restore', exact: true }).click();
  await row(page, 'Caser epochs 4').getByText('3 seeds').waitFor();
  await page.close();
});

it('a comparison is of groups, and three more seeds are one click in its verdict', async () => {
  const page = await open();
  await prepare(page, window.url, 'compare', 'light');
  await page.getByText('3 seeds').first().waitFor();
  await page
    .getByText(/two-way random effects/)
    .first()
    .waitFor();
  await page
    .getByRole('button', { name: /^Add 3 seeds/ })
    .first()
    .click();
  await page.getByText(/^Queued 3 runs: seeds \d+, \d+, \d+/).waitFor();
  await page.getByText(/^3 more of .* to come/).waitFor();
  await page.close();
});

it('draws few rows and asks for few curves where groups have hundreds of runs', async () => {
  const page = await open('?runs=5000');
  const table = page.getByRole('grid', { name: 'Runs' });
  await expect.poll(async () => Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThan(30);
  const before = await asked(page, 'runs.get');
  const big = page
    .getByRole('row')
    .filter({ hasText: /14\d seeds/ })
    .first();
  await big.getByRole('checkbox').check();
  await page.getByText(/^1 selected, 14\d runs/).waitFor();
  await big.getByRole('button', { name: /^Runs of / }).click();
  await expect.poll(async () => Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThan(170);
  await settled(page);
  expect(await page.locator('tbody tr').count()).toBeLessThan(100);
  // Its curves are those of ten seeds, and the cards' of what trains.
  expect((await asked(page, 'runs.get')) - before).toBeLessThan(20);
  await page.close();
});
