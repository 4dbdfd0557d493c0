/** A sweep from its form to its end: the real windows, shell, engine and trainer, on the sample. */
import { beforeAll, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { Dataset } from '../../shared/contract.ts';
import { decimal } from '../../shared/format.ts';
import type { SweepDetail, SweepSummary } from '../../shared/sweeps.ts';
import { openWindow } from '../integration/shell/serve.ts';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { realWindow } from './window.ts';

const window = realWindow();
const { button, errors } = window;
let page: Page;
beforeAll(() => void (page = window.page));

const table = () => page.getByRole('grid', { name: 'Trials' });
const rows = async () => Number(await table().getAttribute('aria-rowcount')) - 1;

it('starts from the form, is live until its end, and shows what the engine says', async () => {
  const engine = await openWindow(window.served.url);
  const { job } = (await engine.invoke('datasets.sample', { runs: false })) as { job: string };
  await engine.invoke('jobs.wait', { job });
  await page.keyboard.press('Control+2');
  await page.getByRole('radio', { name: 'Sweep', exact: true }).click();
  await page.getByRole('radio', { name: /^BPR/ }).click();
  await page.getByRole('textbox', { name: 'Epochs, value', exact: true }).fill('9');
  await page.getByRole('textbox', { name: 'Trials', exact: true }).fill('9');
  await button('Start sweep').click();
  await page.getByRole('heading', { name: 'All trials' }).waitFor();
  await page.getByText('Running', { exact: true }).first().waitFor();
  await expect.poll(rows, { timeout: 120_000 }).toBe(9);
  await page.getByText('Finished', { exact: true }).first().waitFor();

  const [summary] = (await engine.invoke('sweeps.list', {})) as SweepSummary[];
  expect(summary).toMatchObject({ status: 'finished', trials: 9 });
  const { entries } = (await engine.invoke('sweeps.get', { sweep: summary.id })) as SweepDetail;
  const [{ best, trials, importance, rungs }] = entries;
  expect(rungs).toEqual([1, 3, 9]);
  const verdict = page.getByText(`Trial ${(best?.index ?? 0) + 1} is the best: `);
  await expect.poll(() => verdict.innerText()).toContain(decimal(best?.validation));
  const shown = await table()
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? '')),
    );
  const heads = await table().getByRole('columnheader').allInnerTexts();
  const figure = heads.findIndex((head) => head.startsWith('NDCG@10'));
  expect(Object.fromEntries(shown.map((cells) => [Number(cells[0]), cells[figure]]))).toEqual(
    Object.fromEntries(trials.map(({ index, validation }) => [index + 1, decimal(validation)])),
  );
  expect(importance).not.toBeNull();
  await page.getByText(/^Alone, .* explains \d+ % of how the figures vary/).waitFor();

  // Nothing but the best is left by a range that begins at its figure.
  const from = page.getByRole('slider', { name: 'NDCG@10, from' });
  await from.focus();
  for (let press = 0; press < 10; press++) await page.keyboard.press('PageUp');
  await expect.poll(rows).toBe(1);
  await settled(page);
  expect(await axeViolations(page)).toEqual([]);
});

it('is folded into one row of Runs, apart from the runs that are trained of it', async () => {
  await button('Train the best…').click();
  await page.getByRole('textbox', { name: 'Seeds' }).fill('2');
  await button('Train and test').click();
  const strip = page.getByRole('region', { name: 'Sweeps and tournaments' });
  await strip.getByRole('button', { name: /BPR sweep/ }).waitFor();
  await page.getByRole('grid', { name: 'Runs' }).getByText('2 seeds').first().waitFor();
  const engine = await openWindow(window.served.url);
  const [dataset] = (await engine.invoke('datasets.list', {})) as Dataset[];
  // Trials are not counted.
  expect(dataset.runs).toBe(2);
  expect(errors).toEqual([]);
});
