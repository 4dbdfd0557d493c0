/**
 * The analyst's story in the real windows over the real engine: a tournament by the keyboard, then, with the mouse and
 * with the keyboard alone, from its verdict over the worst slice to a person, why, what if, a golden user and the report.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { CompareResult, Slice } from '../../shared/compare.ts';
import { orientedPairs, sliceFor } from '../../shared/comparison/view.ts';
import type { GoldenCheck, Result, Run, SweepDetail, SweepSummary } from '../../shared/contract.ts';
import { count, signed } from '../../shared/format.ts';
import { openWindow } from '../integration/shell/serve.ts';
import { axeViolations } from './axe.ts';
import { handNames, handOf } from './hands.ts';
import { tabTo } from './keyboard.ts';
import { settled } from './settled.ts';
import { picture } from './stand-in.ts';
import { realWindow } from './window.ts';

const window = realWindow();
const { button, errors, folder } = window;
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
async function findTournament(): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Tournament on');
  await page.getByRole('option', { name: /^Tournament on Sample/ }).waitFor();
  await page.keyboard.press('Enter');
}

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
  await findTournament();
  await page.getByText(sentence ?? '', { exact: true }).waitFor();
  await button('All tournaments').click();
  await page.getByText(/^T1, Tournament on Sample .*, was the same\.$/).waitFor();
  await page.getByRole('button', { name: 'Activity' }).click();
  await button('Open tournament').click();
  await page.keyboard.press('Escape');
  await page.getByText(sentence ?? '', { exact: true }).waitFor();
});

/** The worst slice with the sign of the headline. */
function worstSlice(result: CompareResult): Slice {
  const [pair] = orientedPairs(
    result,
    result.runs.map(({ id }) => id),
  );
  const worst = result.slices.find((slice) => slice.worst);
  if (!pair || !worst) throw new Error('There is no worst slice.');
  return sliceFor(worst, pair.a);
}

/** What a table shows, without its head. */
const cellsOf = (table: Locator): Promise<string[][]> =>
  table.evaluateAll((tables) =>
    tables.flatMap((one) =>
      [...one.querySelectorAll('tbody tr')].map((row) =>
        [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? ''),
      ),
    ),
  );

it.each(handNames)(
  'leads with the %s from the verdict to a person, why, what if and the report',
  async (name) => {
    const hand = handOf(page, name);
    const finals = (await ask<Run[]>('runs.list'))
      .filter((run) => run.name.includes('T1'))
      .map(({ id }) => id);
    await findTournament();
    await hand.press(button('Compare the finals'));
    await page
      .getByText(/beats|cannot be told apart/)
      .first()
      .waitFor();

    const row = page.getByRole('row').filter({ hasText: 'worst slice' });
    await row.waitFor();
    const worst = worstSlice(await ask<CompareResult>('compare', { runs: finals, byGroup: true }));
    expect((await row.getByRole('cell').allTextContents()).slice(1, 3).map((text) => text.trim())).toEqual([
      count(worst.users),
      signed(worst.difference),
    ]);
    await hand.press(row.getByRole('button', { name: worst.label }));

    await page.getByText(`: ${worst.label}`).first().waitFor();
    const chosen = page.getByRole('grid', { name: 'Users' }).locator('tr[aria-selected=true] td').first();
    await chosen.waitFor();
    const user = (await chosen.textContent())?.trim() ?? '';
    await page.getByRole('heading', { name: `User ${user}`, exact: true }).waitFor();

    const entry = page.locator('ol.list li button').nth(2);
    await hand.press(entry);
    const title = (await entry.locator('.title').textContent()) ?? '';
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    const why = page.getByRole('region', { name: /^Why, / });
    await expect.poll(() => why.count()).toBe(2);
    const item =
      (await page.getByRole('term').filter({ hasText: /^Id$/ }).locator('+ dd').textContent()) ?? '';
    const reasons = await Promise.all(
      finals.map((run) => ask<Result<'inspect.reasons'>>('inspect.reasons', { run, user, item })),
    );
    for (const one of await why.all()) {
      const summary = await one.locator('.sentence').textContent();
      const told = reasons.find((reason) => reason.summary === summary)?.contributions.slice(0, 4);
      expect(told, summary ?? '').toBeDefined();
      const digits = Math.abs(told?.[0]?.contribution ?? 0) >= 0.1 ? 2 : 4;
      expect(await cellsOf(one.locator('table'))).toEqual(
        told?.map((each) => [
          each.title,
          signed(each.contribution, digits),
          each.rankWithout === null ? '' : count(each.rankWithout),
        ]),
      );
    }
    await picture(page, `story-why-${name}`);

    await hand.press(button('What-if', true));
    const whatIf = page.getByRole('region', { name: 'What-if' });
    const add = async (wanted: string): Promise<void> => {
      await hand.write(whatIf.getByRole('combobox', { name: 'Add an item by its title' }), wanted);
      await hand.take(whatIf.getByRole('option').filter({ has: page.getByText(wanted, { exact: true }) }));
    };
    await add(title);
    await whatIf.getByRole('listitem').filter({ hasText: title }).getByText('added').waitFor();
    const { history } = await ask<Result<'recommend'>>('recommend', { run: finals[0], user });
    const rated = history.find((one) => one.part === 'train' && one.rating !== 5)?.title ?? '';
    await add(rated);
    await whatIf.getByRole('listitem').filter({ hasText: rated }).getByText('rated anew').waitFor();
    await hand.press(button(/^Take .* out$/).first());
    await whatIf.getByText('removed').waitFor();
    await whatIf.getByText('ranked again in').waitFor();
    await expect
      .poll(() =>
        page
          .locator('ol.list .move')
          .filter({ hasText: /up|down|new|left/ })
          .count(),
      )
      .toBeGreaterThan(0);
    await picture(page, `story-what-if-${name}`);

    await hand.press(whatIf.getByRole('button', { name: /^Save as a golden user/ }));
    const form = page.getByRole('dialog', { name: 'Save as a golden user' });
    await form.waitFor();
    await hand.write(form.getByLabel('Name'), `With the ${name}`);
    await hand.write(form.getByLabel('Expected genres'), 'Drama');
    await hand.press(form.getByRole('button', { name: 'Save golden user' }));
    // The list of golden users takes the place of the slice's users.
    const golden = page.getByRole('region', { name: 'Golden users' }).getByRole('listitem');
    const verdicts = golden.filter({ hasText: `With the ${name}` }).getByText(/^(pass|fail)$/);
    await expect.poll(() => verdicts.count()).toBe(2);
    const checks = await Promise.all(finals.map((run) => ask<GoldenCheck>('golden.check', { run })));
    await picture(page, `story-golden-${name}`);
    const passes = checks.flatMap(({ results }) => results.filter((one) => one.name === `With the ${name}`));
    for (const verdict of await verdicts.allTextContents())
      expect(passes.map(({ pass }) => (pass ? 'pass' : 'fail'))).toContain(verdict);

    await hand.screen(4, 'Compare');
    await row.waitFor();
    const download = page.waitForEvent('download');
    await hand.press(button('Export…', true));
    await hand.menu('Report, one HTML file');
    const path = join(folder, `report-${name}.html`);
    await (await download).saveAs(path);
    const report = readFileSync(path, 'utf8');
    expect(report).toContain(worst.label);
    expect(report).toContain(signed(worst.difference));
    // A screen opens as it was left; asked for once more, the tournament gives way to the table of runs.
    await hand.screen(3, 'Runs');
    await page.getByRole('heading', { name: 'Ranking' }).waitFor();
    await hand.screen(3, 'Runs');
    await page.getByRole('columnheader', { name: 'Golden' }).waitFor();
  },
);

it('goes for good when it is deleted; the runs at its end stay', async () => {
  await findTournament();
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
