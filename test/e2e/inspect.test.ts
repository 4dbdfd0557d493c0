/** Inspect over recorded answers: titles have their room at every width, and all that opens from it is accessible. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { picture, recordedWindow } from './stand-in.ts';
import { prepare } from './story.ts';

const window = recordedWindow();

async function open(width: number, theme = 'light', height = 900): Promise<Page> {
  const page = await window.page(width, height);
  await prepare(page, window.url, 'inspect', theme);
  return page;
}

async function addThird(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a run' }).click();
  await page.getByRole('dialog').getByRole('listitem').first().getByRole('button').click();
  await page
    .getByRole('region', { name: /^Top \d+ of/ })
    .nth(2)
    .waitFor();
  await settled(page);
}

/** Titles that do not fit where they stand, after each was given 40 characters. */
function cutTitles(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const long = 'Englishman Who Went Up a Hill But Came, ';
    const titles = [...document.querySelectorAll<HTMLElement>('ol.list .title')];
    for (const title of titles) title.textContent = long;
    return titles
      .filter((title) => title.scrollWidth > title.clientWidth || title.scrollHeight > title.clientHeight + 1)
      .map((title) => `${title.clientWidth} × ${title.clientHeight}`);
  });
}

describe('three lists', () => {
  it.each([1440, 1920])('cut no title of 40 characters at %d px', async (width) => {
    const page = await open(width);
    await addThird(page);
    await picture(page, `inspect-three-${width}`);
    expect(await page.locator('ol.list .title').count()).toBe(30);
    expect(await cutTitles(page)).toEqual([]);
    await page.close();
  });

  // 960 px are 1,440 at 150 %.
  it.each([1180, 960, 900])('fit side by side at %d px', async (width) => {
    const page = await open(width);
    await addThird(page);
    await picture(page, `inspect-three-${width}`);
    const lists = page.getByRole('region', { name: /^Top \d+ of/ });
    const boxes = await Promise.all([0, 1, 2].map((at) => lists.nth(at).boundingBox()));
    for (const box of boxes) {
      expect(box?.width).toBeGreaterThan(140);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
    await page.close();
  });
});

describe.each(['light', 'dark'])('in the %s theme axe finds nothing on', (theme) => {
  const more = async (page: Page, item: string): Promise<void> => {
    await page.getByRole('button', { name: 'More to do' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  it.each([
    ['what-if', (page: Page) => page.getByRole('button', { name: 'What-if' }).click()],
    ['somebody new', (page: Page) => more(page, 'What-if for somebody new')],
    ['the form of a golden user', (page: Page) => more(page, 'Save as a golden user…')],
    ['golden users', (page: Page) => page.getByLabel('List of users').selectOption('golden')],
    ['the map', (page: Page) => more(page, 'Map of the items')],
    [
      'the map by UMAP',
      async (page: Page) => {
        await more(page, 'Map of the items');
        await page.getByRole('radio', { name: 'UMAP' }).click();
        await page.getByText('close together where').first().waitFor();
      },
    ],
    ['the taste test', (page: Page) => more(page, 'Blind taste test')],
    ['the item page', (page: Page) => page.getByRole('button', { name: 'Item page' }).click()],
    [
      'a reason in full',
      (page: Page) =>
        page
          .getByRole('button', { name: /^more on/ })
          .first()
          .click(),
    ],
    ['the choice of a run', (page: Page) => page.getByRole('button', { name: 'Add a run' }).click()],
  ] as const)('%s', async (name, act) => {
    const page = await open(1440, theme);
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await act(page);
    await settled(page);
    await picture(page, `inspect-${name.replaceAll(' ', '-')}-${theme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

it('keeps runs of unlike splits apart with a word', async () => {
  const page = await open(1440);
  const guard = page.getByText('These runs were tested on different splits');
  expect(await guard.count()).toBe(0);
  await page.goto(`${window.url}?unlike#inspect`);
  await page.reload();
  await guard.waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.close();
});

it('ranks again when an item is taken out, and says what was done', async () => {
  const page = await open(1440);
  await page.getByRole('button', { name: 'What-if' }).click();
  const asked = () =>
    page.evaluate(
      () => (Reflect.get(window, 'asked') as string[]).filter((method) => method === 'inspect.whatIf').length,
    );
  await expect.poll(asked).toBeGreaterThanOrEqual(2);
  const before = await asked();
  await page
    .getByRole('button', { name: /^Take .* out$/ })
    .first()
    .click();
  await page.getByText('removed').waitFor();
  await expect.poll(asked).toBeGreaterThanOrEqual(before + 2);
  await page.getByRole('button', { name: 'Reset' }).click();
  expect(await page.getByText('removed').count()).toBe(0);
  await page.close();
});
