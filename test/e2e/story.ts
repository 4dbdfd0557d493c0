/** How to bring the window over the fake engine to each screen. */
import type { Page } from 'playwright-core';

export const screenNames = [
  'first',
  'datasets',
  'import',
  'new-run',
  'runs',
  'compare',
  'inspect',
  'settings',
];

const query = (theme: string, more = '') => `?theme=${theme}${more}`;

/** Opens a screen as its picture shows it. */
export async function prepare(page: Page, url: string, name: string, theme: string): Promise<void> {
  const hash = name === 'first' || name === 'import' ? 'datasets' : name;
  await page.goto(`${url}${query(theme, name === 'first' ? '&empty' : '')}#${hash}`);
  await page.waitForSelector('main');
  await page.waitForTimeout(150);
  await steps[name]?.(page);
  await page.waitForTimeout(400);
}

const steps: Record<string, (page: Page) => Promise<void>> = {
  async import(page) {
    await page.getByRole('button', { name: 'Import ratings' }).click();
    await page.getByRole('button', { name: 'Choose a file…' }).click();
    await page.getByRole('button', { name: 'Map columns' }).click();
    await page.getByRole('button', { name: 'Check every row' }).click();
    await page.getByRole('button', { name: /out of scale|outside/i }).click();
  },
  async runs(page) {
    for (const name of ['Caser L5 d50', 'iALS k64', 'BPR k64 lr .05']) {
      await page.getByRole('row', { name }).first().getByRole('checkbox').check();
    }
  },
  async compare(page) {
    await page.goto(page.url().replace('#compare', '#runs'));
    await page.waitForTimeout(150);
    for (const name of ['iALS k64', 'Caser L5 d50', 'BPR k64 lr .05', 'EASE', 'Popularity']) {
      await page.getByRole('row', { name }).first().getByRole('checkbox').check();
    }
    await page.getByRole('button', { name: /^Compare \d/ }).click();
  },
  async inspect(page) {
    await page.waitForTimeout(200);
    await page.locator('ol.list li button').nth(1).click();
  },
};
