/** How to bring the window over the stand-in to each screen. */
import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

export const screenNames = [
  'first',
  'datasets',
  'import',
  'new-run',
  'new-tournament',
  'tournament-live',
  'tournament',
  'runs',
  'compare',
  'inspect',
  'settings',
];

/** Opens a screen as its picture shows it. */
export async function prepare(page: Page, url: string, name: string, theme: string): Promise<void> {
  const hash = /tournament/.test(name)
    ? 'new-run'
    : ({ first: 'datasets', import: 'datasets', compare: 'runs' }[name] ?? name);
  const more = { first: '&empty', 'tournament-live': '&contest' }[name] ?? '';
  const query = `theme=${theme}${more}`;
  await page.goto(`${url}${url.includes('?') ? '' : '?'}${query}#${hash}`);
  await steps[name]?.(page);
  await settled(page);
}

/** Checks the first rows that bear these names. */
async function choose(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) await page.getByRole('row', { name }).first().getByRole('checkbox').check();
}

async function openTournament(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Tournament' }).click();
  await page.getByRole('button', { name: 'Tournament on Sample (synthetic)', exact: true }).click();
}

const steps: Record<string, (page: Page) => Promise<void>> = {
  async first(page) {
    await page.getByRole('button', { name: 'Open the sample' }).waitFor();
  },
  async datasets(page) {
    await page.getByRole('heading', { name: 'Ratings per user' }).waitFor();
  },
  async import(page) {
    await page.getByRole('button', { name: 'Import ratings' }).click();
    await page.getByRole('button', { name: 'Choose a file…' }).click();
    await page.getByRole('button', { name: 'Map columns' }).click();
    await page.getByRole('button', { name: 'Check every row' }).click();
    await page.getByRole('button', { name: /^Rating is not a number/ }).click();
  },
  async 'new-run'(page) {
    await page.getByRole('heading', { name: 'Before you start' }).waitFor();
  },
  async 'new-tournament'(page) {
    await page.getByRole('radio', { name: 'Tournament' }).click();
    await page.getByText('It ends by ').waitFor();
    await page.getByRole('button', { name: 'Tournament on Sample (synthetic)', exact: true }).waitFor();
  },
  async 'tournament-live'(page) {
    await openTournament(page);
    await page.getByRole('heading', { name: 'Best so far' }).waitFor();
  },
  async tournament(page) {
    await openTournament(page);
    await page.getByRole('heading', { name: 'Ranking' }).waitFor();
  },
  async runs(page) {
    await choose(page, ['Caser epochs 4', 'iALS epochs 6', 'BPR k32 epochs 12']);
  },
  async compare(page) {
    await choose(page, ['Caser epochs 4', 'iALS epochs 6', 'BPR k32 epochs 12', 'EASE', 'Popularity']);
    await page.getByRole('button', { name: /^Compare \d/ }).click();
    await page
      .getByText(/beats|cannot be told apart/)
      .first()
      .waitFor();
  },
  async inspect(page) {
    await page.locator('ol.list li button').nth(1).click();
    // A narrow window shows the reasons in a drawer, which is shut at first.
    await page
      .getByText(/^Why |^How /)
      .or(page.getByRole('button', { name: 'Show: Item' }))
      .first()
      .waitFor();
  },
  async settings(page) {
    await page.getByRole('tab', { name: 'Storage' }).waitFor();
  },
};
