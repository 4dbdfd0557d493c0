/** The product as a newcomer meets it: the real windows, shell, engine, trainer and importer in a real Chromium. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { childrenOf, hasProc } from '../fixtures/workbench.ts';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { realWindow } from './window.ts';

const window = realWindow();
const { folder, errors, button } = window;
/** Set, it gets a picture of each step. */
const pictures = process.env['WORKBENCH_PICTURES'];
if (pictures) mkdirSync(pictures, { recursive: true });
let page: Page;
beforeAll(() => void (page = window.page));

async function picture(name: string): Promise<void> {
  if (!pictures) return;
  await settled(page);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

const go = async (screen: number) => {
  await page.keyboard.press(`Control+${screen}`);
  await settled(page);
};

/** What a screen shows last. */
const shown = (screen: number) =>
  [
    page.getByRole('heading', { name: 'Ratings per user' }),
    page.getByRole('heading', { name: 'Before you start' }),
    page.getByRole('grid', { name: 'Runs' }),
    page.getByText(/beats|cannot be told apart/),
    page.getByRole('region', { name: /^Top 10 of/ }),
    page.getByRole('tab', { name: 'Appearance' }),
  ][screen - 1]
    .first()
    .waitFor();

it('opens the sample at the first start', async () => {
  await button('Open the sample').waitFor();
  await picture('0-first-start');
  await button('Open the sample').click();
  await page.getByRole('heading', { name: 'Ratings per user' }).waitFor();
  await picture('1-sample');
});

it('trains a first matrix factorisation and draws its curve while it learns', async () => {
  await button('Start a run').click();
  await page.getByLabel('Embedding size').fill('24');
  await page.getByLabel('Name, optional').fill('My first model');
  await page.getByLabel('Epochs', { exact: false }).first().fill('400');
  for (const box of await page
    .getByRole('region', { name: /Baselines|baselines/ })
    .getByRole('checkbox')
    .all()) {
    if (await box.isChecked()) await box.uncheck();
  }
  await picture('2-new-run');
  await button('Start run').click();
  const row = page.getByRole('row', { name: /My first model/ });
  await row.waitFor();
  await expect.poll(() => row.textContent(), { timeout: 90_000 }).toMatch(/Running/);
  await page.getByRole('application', { name: /^Loss/ }).waitFor();
  await picture('3-learning');
  await expect.poll(() => row.textContent(), { timeout: 120_000 }).toMatch(/Finished|Stopped/);
});

it('compares two runs', async () => {
  await expect
    .poll(() => page.getByRole('row').filter({ hasText: 'Finished' }).count(), { timeout: 120_000 })
    .toBeGreaterThan(4);
  await picture('4-runs');
  await go(4);
  await button('Choose runs…').click();
  const list = page.getByRole('dialog', { name: 'Runs to compare' });
  await list.getByRole('checkbox').nth(0).check();
  await list.getByRole('checkbox').nth(1).check();
  await list.getByRole('checkbox').nth(2).check();
  await list.getByRole('button', { name: /^Compare/ }).click();
  await page
    .getByText(/beats|cannot be told apart/)
    .first()
    .waitFor();
  await picture('5-compare');
});

it('inspects a user', async () => {
  await go(5);
  await page
    .getByRole('region', { name: /^Top 10 of/ })
    .first()
    .waitFor();
  await page
    .getByRole('region', { name: /^Top 10 of/ })
    .first()
    .getByRole('button')
    .nth(2)
    .click();
  await page
    .getByText(/^Why |^How /)
    .first()
    .waitFor();
  await picture('6-inspect');
  const user = await page.getByRole('heading', { name: /^User / }).textContent();
  await button('Next user').click();
  await expect.poll(() => page.getByRole('heading', { name: /^User / }).textContent()).not.toBe(user);
});

it('imports a messy CSV through an upload and accounts for every row', async () => {
  const rows = ['user_id;item_id;rating;timestamp'];
  for (let at = 0; at < 2000; at += 1) {
    rows.push(`${at % 97};${(at * 13) % 211};${1 + ((at * 7) % 5)};${881_250_949 + at * 60}`);
  }
  rows[500] = '12;34;N/A;881250949';
  rows[900] = '12;;4;881250949';
  rows[1200] = '12;34';
  const path = join(folder, 'messy ratings.csv');
  writeFileSync(path, rows.join('\r\n'));
  await go(1);
  await button('Import ratings…').click();
  const chooser = page.waitForEvent('filechooser');
  await button('Choose a file…').click();
  await (await chooser).setFiles(path);
  await page.getByText('Preview').waitFor();
  await picture('7-import-file');
  await button('Map columns').click();
  await picture('8-import-map');
  await button('Check every row').click();
  await page.getByText('Every row is accounted for').waitFor();
  await picture('9-import-check');
  await page.getByText('Rating is not a number').waitFor();
  await button(/^Import [\d,]+ ratings/).click();
  await button('Download rejected rows').waitFor();
  const download = page.waitForEvent('download');
  await button('Download rejected rows').click();
  expect((await download).suggestedFilename()).toMatch(/rejected\.csv$/);
  await button('Show the profile').click();
  await page.getByRole('row', { name: /messy ratings/ }).waitFor();
});

it('queues, stops, renames and deletes runs', async () => {
  await button('Start a run').click();
  await page.getByLabel('Embedding size').fill('16');
  await page.getByRole('textbox', { name: 'Seeds' }).fill('1, 2');
  await page.getByLabel('Epochs', { exact: false }).first().fill('1000');
  await page.getByLabel('Data set').first().selectOption({ label: 'Sample (synthetic)' });
  await button(/^Start \d+ runs/).click();
  const running = page.getByRole('row').filter({ hasText: 'Running' });
  await running.first().waitFor();
  await button(/^Stop now/)
    .first()
    .click();
  await expect
    .poll(
      () =>
        page
          .getByRole('row')
          .filter({ hasText: /Running|Queued/ })
          .count(),
      { timeout: 120_000 },
    )
    .toBe(0);
  const first = page.getByRole('row', { name: /My first model/ });
  await first.click();
  await button('More about this run').click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Renamed model');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('row', { name: /Renamed model/ }).waitFor();
  await button('More about this run').click();
  await page.getByRole('menuitem', { name: 'Move to the trash' }).click();
  await expect.poll(() => page.getByRole('row', { name: /Renamed model/ }).count()).toBe(0);
  await button('Views').click();
  await page.getByRole('menuitem', { name: 'Trash (1)' }).click();
  await page
    .getByRole('row', { name: /Renamed model/ })
    .getByRole('checkbox')
    .check();
  await button(/^Delete/).click();
  await button('Delete 1 run').click();
  await expect.poll(() => page.getByRole('row', { name: /Renamed model/ }).count()).toBe(0);
});

it('finds its state again after a reload', async () => {
  const saving = page.getByText('Saving…').waitFor();
  await page.getByLabel('Filter runs').fill('status:finished');
  await saving;
  await page.getByText('All changes saved').waitFor();
  await page.reload();
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  await expect.poll(() => page.getByLabel('Filter runs').inputValue()).toBe('status:finished');
  await page.getByLabel('Filter runs').fill('');
});

it('is accessible on every screen in both themes with real data', async () => {
  const found: string[] = [];
  for (const theme of ['Light', 'Dark']) {
    await go(6);
    await page.getByRole('tab', { name: 'Appearance' }).click();
    await page.getByRole('radio', { name: theme }).click();
    for (let screen = 1; screen <= 6; screen += 1) {
      await go(screen);
      await shown(screen);
      await settled(page);
      await picture(`theme-${theme}-${screen}`);
      found.push(...(await axeViolations(page)).map((line) => `${theme} ${screen} ${line}`));
    }
  }
  expect(found).toEqual([]);
});

it('starts a run with the keyboard alone', async () => {
  await go(2);
  await page.getByRole('heading', { name: 'Before you start' }).waitFor();
  await page.getByRole('radio', { name: /^Popularity/ }).waitFor();
  for (let press = 0; press < 200; press += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    if (/^(Start|Train)/.test(name)) break;
  }
  await page.keyboard.press('Enter');
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
});

it.skipIf(!hasProc)('shows what is true after the engine was killed', async () => {
  await go(2);
  await page.getByRole('radio', { name: /^BPR/ }).click();
  await page.locator('#parameter-epochs').fill('5000');
  await page.locator('#parameter-patience').fill('0');
  await page.getByLabel('Name, optional').fill('Interrupted by a crash');
  await button(/^(Start|Train)/).click();
  const row = page.getByRole('row', { name: /Interrupted by a crash/ });
  await expect.poll(() => row.textContent(), { timeout: 60_000 }).toMatch(/Running/);
  await page.getByRole('contentinfo').getByText('Interrupted by a crash').waitFor();
  for (const engine of childrenOf(window.served.process.pid ?? 0, 'engine')) process.kill(engine, 'SIGKILL');
  await row.getByText('Interrupted at epoch').waitFor();
  await page.getByRole('contentinfo').getByText('Nothing is running').waitFor();
});

it('printed no error on the way', () => {
  expect(errors).toEqual([]);
});
