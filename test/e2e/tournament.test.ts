/** A tournament from its form to its page, with the real engine and by the keyboard where somebody would use it. */
import { beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { SweepDetail, SweepSummary } from '../../shared/contract.ts';
import { openWindow } from '../integration/shell/serve.ts';
import { axeViolations } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { settled } from './settled.ts';
import { picture } from './stand-in.ts';
import { realWindow } from './window.ts';

const window = realWindow();
const { button, errors } = window;
let page: Page;
beforeAll(() => void (page = window.page));

async function ask<T>(method: string, params: object = {}): Promise<T> {
  const engine = await openWindow(window.served.url);
  try {
    return (await engine.invoke(method, params)) as T;
  } finally {
    engine.close();
  }
}
const only = async (): Promise<SweepSummary> => (await ask<SweepSummary[]>('sweeps.list'))[0];

it('is set up and started by the keyboard alone', async () => {
  await button('Open the sample').click();
  await page.getByRole('heading', { name: 'Ratings per user' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Start a tournament');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Which model is best on these data?' }).waitFor();
  await page.getByText('None yet.').waitFor();
  await tabTo(page, /^None$/);
  await page.keyboard.press('Enter');
  await button('Choose at least one model').waitFor();
  for (const model of [/^iALS$/, /^Popularity$/, /^ItemKNN$/]) {
    await tabTo(page, model);
    await page.keyboard.press('Space');
  }
  await page.getByText('3 of 11 models take part').or(page.getByText('3 of 11 take part')).waitFor();
  await tabTo(page, /^Minutes$/);
  await page.keyboard.press('ArrowRight');
  await tabTo(page, /^Trials of each model$/);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('2');
  await page.getByText('Each of 3 models gets 2 trials').waitFor();
  await settled(page);
  await picture(page, 'tournament-form');
  expect(await axeViolations(page)).toEqual([]);
  await tabTo(page, /^Start tournament$/);
  await page.keyboard.press('Enter');
});

it('shows validation figures while it runs, and nothing of the test before its end', async () => {
  await page.getByText('Tune each model on validation').waitFor();
  await page
    .getByRole('heading', { name: 'Best so far' })
    .or(page.getByRole('heading', { name: 'Ranking' }))
    .first()
    .waitFor();
  await picture(page, 'tournament-runs');
  if ((await only()).stage !== 'done')
    expect(await page.getByRole('heading', { name: 'Ranking' }).count()).toBe(0);
  await page.getByRole('heading', { name: 'Ranking' }).waitFor({ timeout: 300_000 });
});

it('shows what the engine says it came to', async () => {
  const { id, status } = await only();
  expect(status).toBe('finished');
  const { tournament } = await ask<SweepDetail>('sweeps.get', { sweep: id });
  if (!tournament) throw new Error('It has no outcome.');
  await page.getByText(tournament.sentence, { exact: true }).waitFor();
  const rows = page.getByRole('region', { name: 'Ranking', exact: true }).locator('tbody tr');
  const shown = await rows.evaluateAll((all) =>
    all.map((row) =>
      [...row.querySelectorAll('td')].slice(0, 3).map((cell) => cell.textContent?.trim() ?? ''),
    ),
  );
  expect(shown.map(([rank, title]) => [rank, title])).toEqual(
    tournament.entries.map(({ rank, title }) => [String(rank), title]),
  );
  for (const [at, { test }] of tournament.entries.entries())
    expect(shown[at][2].startsWith((test?.mean ?? 0).toFixed(4).replace('0.', '.'))).toBe(true);
  await page.getByRole('heading', { name: 'Trade-off' }).waitFor();
  await page.getByRole('heading', { name: `Where ${tournament.entries[0].title} does worst` }).waitFor();
  await settled(page);
  await picture(page, 'tournament-result');
  expect(await axeViolations(page)).toEqual([]);
  const tried = page.getByRole('button', { name: 'trials of iALS' });
  await tried.click();
  const dialog = page.getByRole('dialog', { name: 'What was tried of iALS' });
  await dialog.getByText(/^Trial \d is the best/).waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

it('opens its finals in Compare, which says the same, and is found again', async () => {
  const { sentence } = (await ask<SweepDetail>('sweeps.get', { sweep: (await only()).id })).tournament ?? {};
  await button('Compare the finals').click();
  await page
    .getByText(/beats|cannot be told apart/)
    .first()
    .waitFor();
  expect(await page.getByRole('button', { name: /^Leave out .*, T1/ }).count()).toBe(3);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Tournament on');
  await page.getByRole('option', { name: /^Tournament on Sample/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(sentence ?? '', { exact: true }).waitFor();
  await button('All tournaments').click();
  await page.getByText(/^T1, Tournament on Sample .*, was the same\.$/).waitFor();
  await page.getByRole('button', { name: 'Activity' }).click();
  await button('Open tournament').click();
  await page.keyboard.press('Escape');
  await page.getByText(sentence ?? '', { exact: true }).waitFor();
});

it('goes for good when it is deleted; the runs at its end stay', async () => {
  await button('All tournaments').click();
  await button(/^Delete Tournament on/).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete tournament' }).click();
  await page.getByText('None yet.').waitFor();
  await page.keyboard.press('Control+3');
  await page
    .getByRole('row', { name: /iALS, T1/ })
    .first()
    .waitFor();
  expect(errors).toEqual([]);
});
