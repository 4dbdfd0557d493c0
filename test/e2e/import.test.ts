/** Bringing data in, in the real window over the real shell and importer: files that are wrong, twice, or not wanted. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { zipOf } from '../fixtures/data/zip.ts';
import { realWindow } from './window.ts';
import { wizardOf } from './wizard.ts';

const window = realWindow();
const { folder, errors, button } = window;
const { choose, open, check, finish, figures } = wizardOf(window);
let page: Page;
beforeAll(() => {
  page = window.page;
  page.setDefaultTimeout(20_000);
});

const row = (name: RegExp) => page.getByRole('grid', { name: 'Data sets' }).getByRole('row', { name });

/** `count` ratings of 97 users and 211 items, a minute apart; `change` may spoil one. */
function file(name: string, count: number, change: (fields: string[], index: number) => void): string {
  const rows = ['user;item;rating;timestamp'];
  for (let at = 0; at < count; at += 1) {
    const fields = [at % 97, (at * 13) % 211, 1 + ((at * 7) % 5), 881_250_949 + at * 60].map(String);
    change(fields, at);
    rows.push(fields.join(';'));
  }
  const path = join(folder, name);
  writeFileSync(path, rows.join('\n') + '\n');
  return path;
}

it('takes a file that is dropped on the window', async () => {
  const path = file('dropped.csv', 300, () => undefined);
  await button('Import your ratings…').click();
  const data = await page.evaluateHandle(
    (text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.csv', { type: 'text/csv' }));
      return transfer;
    },
    readFileSync(path, 'utf8'),
  );
  const target = page.getByRole('region', { name: 'Import ratings' });
  await target.dispatchEvent('dragover', { dataTransfer: data });
  await target.dispatchEvent('drop', { dataTransfer: data });
  await page.getByRole('heading', { name: 'Import dropped.csv' }).waitFor();
  await button('Map columns').click();
  await page.getByText('881250949 is 1997-12-04', { exact: false }).waitFor();
  await button('Cancel').click();
});

it('imports titles and genres in the same go', async () => {
  const ratings = file('with titles.csv', 2000, () => undefined);
  const titles = join(folder, 'titles.csv');
  const items = Array.from({ length: 211 }, (_, item) => `${item},Item number ${item},Drama|Comedy`);
  writeFileSync(titles, ['item,title,genres', ...items].join('\n'));
  await open(ratings);
  await button('Map columns').click();
  await choose(titles, 'Choose a file of titles…');
  await page.getByText('Titles, genres and years of').waitFor();
  await check();
  await finish();
  await page.getByText('211 titles, 2 genres').waitFor();
});

it('knows the same ratings again, and offers a name that is free', async () => {
  await open(join(folder, 'with titles.csv'));
  await button('Map columns').click();
  await check();
  await page.getByText('with titles holds the same ratings.').waitFor();
  const name = page.getByLabel('Name of the data set');
  await expect.poll(() => name.inputValue()).toBe('with titles 2');
  await name.fill('with titles');
  await page.getByText('A data set has this name already.').waitFor();
  await expect.poll(() => button('Choose another name first').isDisabled()).toBe(true);
  await button('Cancel').click();
});

it('stops over the limit, saves every rejected row, fixes a reason and takes the fix back', async () => {
  await open(file('one in six.csv', 2400, (fields, at) => at % 6 === 3 && (fields[2] = 'N/A')));
  await button('Map columns').click();
  await check();
  await expect.poll(figures).toEqual([2400, 2000, 400, 0, 0]);
  await expect.poll(() => button('Fix the rejected rows first').isDisabled()).toBe(true);

  const download = page.waitForEvent('download');
  await button('Rejected rows', true).click();
  const saved = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\n');
  expect(saved).toHaveLength(401);
  expect(saved[1]).toMatch(/^5,not a number,rating,N\/A,/);

  await button('Leave out “N/A” as missing').click();
  await expect.poll(figures).toEqual([2400, 2000, 0, 0, 400]);
  await button(/^Undo “Leave out/).click();
  await expect.poll(figures).toEqual([2400, 2000, 400, 0, 0]);
  await button('Leave out “N/A” as missing').click();
  await button('Import 2,000 ratings').waitFor();
  await finish();
  await row(/one in six/).waitFor();
});

const fixes: [string, string, (fields: string[], at: number) => void, string, number[]][] = [
  [
    'a decimal comma',
    'comma.csv',
    (fields, at) => at > 990 && (fields[2] = '3,5'),
    'Read “,” as the decimal mark',
    [1000, 1000, 0, 0, 0],
  ],
  [
    'a stray quote',
    'quote.csv',
    (fields, at) => at % 100 === 5 && (fields[1] = `"1"${at}`),
    'Read without quotes',
    [1000, 1000, 0, 0, 0],
  ],
  [
    'times of another form',
    'times.csv',
    (fields, at) => at % 40 === 0 && (fields[3] = '22.09.1997'),
    'Use the row order as time',
    [1000, 1000, 0, 0, 0],
  ],
];
it.each(fixes)('fixes %s', async (_what, name, change, fix, after) => {
  await open(file(name, 1000, change));
  await button('Map columns').click();
  await check();
  await expect.poll(async () => (await figures())[2]).toBeGreaterThan(0);
  await button(fix).click();
  await expect.poll(figures).toEqual(after);
  await button('Cancel').click();
});

it('fixes a wrong encoding', async () => {
  const path = join(folder, 'latin.csv');
  const lines = Array.from(
    { length: 600 },
    (_, at) => `${at % 97};caf\u00e9 ${(at * 13) % 211};${1 + (at % 5)}`,
  );
  writeFileSync(path, Buffer.from(['user;item;rating', ...lines].join('\n'), 'latin1'));
  await open(path);
  await page.getByLabel('Encoding').selectOption('utf-8');
  await page.getByText('as you chose').first().waitFor();
  await button('Map columns').click();
  await check();
  await expect.poll(figures).toEqual([600, 0, 600, 0, 0]);
  await button('Read as windows-1252').click();
  await expect.poll(figures).toEqual([600, 600, 0, 0, 0]);
  await button('Cancel').click();
});

it('rejects ratings outside a scale, and widens it again', async () => {
  await open(file('scale.csv', 500, (fields, at) => at % 50 === 0 && (fields[2] = '7')));
  await button('Map columns').click();
  await check();
  await page.getByLabel('Highest rating').fill('5');
  await expect.poll(figures).toEqual([500, 490, 10, 0, 0]);
  await page.getByText('Rating outside the scale').waitFor();
  await button(/^Widen the scale to/).click();
  await expect.poll(figures).toEqual([500, 500, 0, 0, 0]);
  await button('Cancel').click();
});

it('says in the window’s own words what a list of items is for', async () => {
  await open(join(folder, 'titles.csv'));
  await button('Map columns').click();
  await page.getByText('this looks like a list of items').waitFor();
  const text = await page.getByRole('alert').textContent();
  expect(text).toContain('under Titles');
  expect(text).not.toContain('--');
  await expect.poll(() => button('Choose the user column').isDisabled()).toBe(true);
  await button('Cancel').click();
});

it('asks which file of a zip holds the ratings, and takes another where it is the wrong one', async () => {
  const ratings = readFileSync(file('one.csv', 40, () => undefined));
  const path = join(folder, 'several.zip');
  const noise = Uint8Array.from({ length: 600 }, (_, k) => (k * 37) & 255);
  writeFileSync(path, zipOf({ 'cover.jpg': noise, 'a/one.csv': ratings, 'a/two.csv': ratings }));
  await button(/^Import (your )?ratings/).click();
  await choose(path, 'Choose a file…');
  const member = page.getByLabel('File in the zip');
  const asked = page.getByRole('alert').filter({ hasText: 'The archive holds several files.' });
  await asked.waitFor();
  expect(await asked.textContent()).not.toContain('--');
  expect(await button('Choose a file first').isDisabled()).toBe(true);
  await member.selectOption('cover.jpg');
  await page.getByRole('alert').filter({ hasText: 'The file is not text.' }).waitFor();
  await button('Choose another file…').waitFor();
  await choose(path, 'Choose another file…');
  await asked.waitFor();
  await member.selectOption('a/two.csv');
  await page.getByRole('heading', { name: 'Preview' }).waitFor();
  await button('Map columns').click();
  await check();
  expect(await figures()).toEqual([40, 40, 0, 0, 0]);
});

it('tells columns of one name apart', async () => {
  const path = join(folder, 'twins.csv');
  writeFileSync(
    path,
    `id,id,rating\n${Array.from({ length: 30 }, (_, k) => `u${k % 5},i${k},3\n`).join('')}`,
  );
  await open(path);
  await button('Map columns').click();
  await page.getByLabel('User', { exact: true }).selectOption({ label: 'id (column 1)' });
  await page.getByLabel('Item', { exact: true }).selectOption({ label: 'id (column 2)' });
  await check();
  expect(await figures()).toEqual([30, 30, 0, 0, 0]);
});

it('deletes a data set only when the chance to undo it has gone', async () => {
  const remove = async () => {
    await row(/one in six/).click();
    await button('More about this data set').click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByText('Deleted one in six').waitFor();
    await expect.poll(() => row(/one in six/).count()).toBe(0);
  };
  await remove();
  await page.keyboard.press('Control+z');
  await row(/one in six/).waitFor();
  await remove();
  await page.mouse.move(10, 10);
  await expect.poll(() => page.getByText('Deleted one in six').count(), { timeout: 15_000 }).toBe(0);
  const left = async () => {
    await page.reload();
    await row(/with titles/).waitFor();
    return row(/one in six/).count();
  };
  await expect.poll(left).toBe(0);
});

it('lists MovieLens with its licence, and says why a download ended', async () => {
  await button('Get MovieLens…').click();
  const dialog = page.getByRole('dialog', { name: 'Get MovieLens' });
  for (const name of ['MovieLens 100K', 'MovieLens 1M', 'MovieLens 25M', 'MovieLens latest, small']) {
    await dialog.getByRole('radio', { name }).waitFor();
  }
  await dialog.getByText('GroupLens Research at the University of Minnesota').waitFor();
  await dialog.getByRole('radio', { name: 'MovieLens latest, small' }).check();
  await dialog.getByRole('button', { name: /^Download/ }).click();
  // Without a network it fails with a hint; where there is one, it comes to the end.
  const failed = page.getByText('or fetch the archive by other means', { exact: false });
  const ready = page.getByText('MovieLens latest, small is ready');
  await failed.or(ready).first().waitFor({ timeout: 60_000 });
});

it('printed no error on the way', () => {
  expect(errors).toEqual([]);
});
