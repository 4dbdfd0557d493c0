/** What the wizard asks and tells of a file that could be read otherwise, and the buttons that decide it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { realWindow } from './window.ts';
import { wizardOf } from './wizard.ts';

const window = realWindow();
const { folder, errors, button } = window;
const { choose, start, map, check, figures } = wizardOf(window);
let page: Page;
beforeAll(() => {
  page = window.page;
  page.setDefaultTimeout(30_000);
});
afterEach(() => expect(errors).toEqual([]));

const list = () => page.getByRole('list', { name: 'What was taken for what' });

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const ratings = Array.from({ length: 40 }, (_, k) => [
  `u${k % 8}`,
  String(100 + (k % 5) + (k % 8)),
  1 + (k % 5),
]);

it('offers one user a line, and reads it at the press of the button, by keyboard too', async () => {
  const lines = [
    [0, 116, 122, 133],
    [1, 110],
    [2, 130, 115, 124, 134],
    [3, 136, 115],
    [4, 113, 126, 110],
  ];
  await map(write('lists.txt', lines.map((line) => line.join(' ')).join('\n')));
  await list().getByText('This looks like one user a line').waitFor();
  expect(await list().textContent()).not.toContain('--');
  expect(await axeViolations(page)).toEqual([]);
  await button('Read as one user a line').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByLabel('One user a line, then the items').isChecked()).toBe(true);
  await check();
  await expect.poll(figures).toEqual([13, 13, 0, 0, 0]);
});

it('stops where records mostly repeat, and merges them when told to', async () => {
  const rows = Array.from({ length: 60 }, (_, k) => `${k % 2},p${k % 3},${1 + (k % 5)}`);
  await map(write('mixed.csv', ['user,item,rating', ...rows].join('\n')));
  await check();
  await list().getByText('54 of 60 records repeat a user and an item').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await button('Merge them: keep the last of each').click();
  await expect.poll(figures).toEqual([60, 6, 0, 54, 0]);
  await button('Import 6 ratings').waitFor();
  await button(/^Undo “Merge them/).click();
  await list().getByText('54 of 60 records repeat a user and an item').waitFor();
});

it('asks for the sheet of a workbook, and reads another one', async () => {
  const sheet = (name: string, count: number) => ({
    name,
    rows: [['user', 'item', 'rating'], ...ratings.slice(0, count)],
  });
  const workbook = await writeXlsx({ sheets: [sheet('First', 20), sheet('Second', 40)] });
  await start(write('two sheets.xlsx', workbook));
  const asked = page.getByRole('alert').filter({ hasText: 'The workbook holds several sheets.' });
  await asked.waitFor();
  expect(await asked.textContent()).not.toContain('--');
  await page.getByLabel('Sheet').selectOption('Second');
  await page.getByText('one of 2 sheets that hold something').waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await button('Map columns').click();
  await check();
  await expect.poll(figures).toEqual([40, 40, 0, 0, 0]);
});

it('shows the columns of a list of items, which may be chosen, and says where they are guessed', async () => {
  const path = write('ratings.csv', ['user,item,rating', ...ratings.map((row) => row.join(','))].join('\n'));
  const items = Array.from({ length: 12 }, (_, k) => `${k};${100 + k};Film; ${k};Drama|War`);
  const titles = write(
    'unlike.csv',
    ['row;code;naming;category', ...items.map((row) => row.replace('; ', ' '))].join('\n'),
  );
  await map(path);
  await choose(titles, 'Choose a file of titles…');
  await expect.poll(() => page.getByLabel('Their item id').inputValue()).toBe('code');
  await expect.poll(() => page.getByLabel('Their title').inputValue()).toBe('naming');
  expect(await axeViolations(page)).toEqual([]);
  await page.getByLabel('Their title').selectOption('category');
  await expect.poll(() => page.getByLabel('Their title').inputValue()).toBe('category');
  await check();
  await list().getByText('The list of items is read by guess').waitFor();
  await button('Name the columns of the list').click();
  await page.getByLabel('Their item id').waitFor();
});

it('imports the ratings alone where the list of items cannot be used, and says so', async () => {
  const path = write('alone.csv', ['user,item,rating', ...ratings.map((row) => row.join(','))].join('\n'));
  await map(path);
  await choose(write('other.csv', 'item,title\nx,One\ny,Two\n'), 'Choose a file of titles…');
  await page.getByLabel('Their item id').waitFor();
  await check();
  await list().getByText('None of the 2 rows').waitFor();
  expect(await list().textContent()).not.toContain('--');
  await button(/^Import [\d,]+ ratings/).click();
  await button('Show the profile').click();
  await page.getByRole('grid', { name: 'Data sets' }).getByRole('row', { name: /alone/ }).waitFor();
});
