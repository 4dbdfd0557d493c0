/** Sweeps in the windows: put together in the form, looked at on their page. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { picture, recordedWindow } from './stand-in.ts';

const window = recordedWindow();

/** What the page of a sweep of so many trials shows. */
async function openSweep(trials: number, options: { query?: string; width?: number; height?: number } = {}) {
  const page = await window.page(options.width ?? 1440, options.height ?? 900);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${window.url}?trials=${trials}${options.query ?? ''}#runs`);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('BPR sweep');
  await page.getByRole('option', { name: /^BPR sweep/ }).click();
  await page.getByRole('heading', { name: 'All trials' }).waitFor();
  await settled(page);
  return { page, errors };
}
const rowsOf = async (page: Page): Promise<number> =>
  Number(await page.getByRole('grid', { name: 'Trials' }).getAttribute('aria-rowcount')) - 1;
const end = (page: Page, name: string): Locator => page.getByRole('slider', { name });

describe.each(['light', 'dark'])('the page of a sweep in the %s theme', (theme) => {
  it.each([5, 200])('has nothing for axe with %i trials', async (trials) => {
    const { page, errors } = await openSweep(trials, { query: `&theme=${theme}` });
    await picture(page, `sweep-${trials}-${theme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

it.each([
  [900, 700],
  [1920, 1080],
  // 1440 × 900 at 150 %.
  [960, 600],
])('the page of a sweep fits %i × %i px', async (width, height) => {
  const { page } = await openSweep(200, { width, height });
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  await page.close();
});

it('a range on an axis narrows the table, by the keyboard alone', async () => {
  const { page, errors } = await openSweep(200);
  expect(await rowsOf(page)).toBe(200);
  const from = end(page, 'Learning rate, from');
  await from.focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press('PageUp');
  expect(await from.getAttribute('aria-valuenow')).toBe('50');
  const some = await rowsOf(page);
  expect(some).toBeGreaterThan(50);
  expect(some).toBeLessThan(150);
  await page.getByText(new RegExp(`^${some} trials of 200 are inside the ranges`)).waitFor();
  // Another axis leaves fewer; a trial without a value there is outside.
  await end(page, 'Margin, to').focus();
  await page.keyboard.press('ArrowDown');
  const fewer = await rowsOf(page);
  expect(fewer).toBeGreaterThan(0);
  expect(fewer).toBeLessThan(some);
  const losses = page.getByRole('grid', { name: 'Trials' }).getByText('bpr', { exact: true });
  expect(await losses.count()).toBe(0);
  await page.keyboard.press('Escape');
  await expect.poll(() => rowsOf(page)).toBe(some);
  await settled(page);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Clear the ranges' }).click();
  await expect.poll(() => rowsOf(page)).toBe(200);
  expect(errors).toEqual([]);
  await page.close();
});

it('a range is dragged along its axis, and a click takes it away', async () => {
  const { page } = await openSweep(200);
  const axis = page.getByRole('group', { name: 'Learning rate' });
  const box = await axis.boundingBox();
  if (!box) throw new Error('The axis is not drawn.');
  const [x, top] = [box.x + box.width / 2, box.y];
  await page.mouse.move(x, top + 80);
  await page.mouse.down();
  await page.mouse.move(x, top + 120, { steps: 4 });
  await page.mouse.up();
  const some = await rowsOf(page);
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(200);
  await page.mouse.click(x, top + 200);
  await expect.poll(() => rowsOf(page)).toBe(200);
  await page.close();
});

it('the table sorts, opens a trial, and is copied and saved', async () => {
  const { page } = await openSweep(200);
  const table = page.getByRole('grid', { name: 'Trials' });
  const first = async (): Promise<string> =>
    (await table.locator('tbody tr').first().locator('td').first().innerText()).trim();
  const best = await first();
  await page.getByText(`Trial ${best} is the best: `).waitFor();
  await table.getByRole('button', { name: 'Trial', exact: true }).click();
  expect(await first()).toBe('200');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Trials: save as CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('trials.csv');
  await page.close();
});

it('every chart has a table, a picture and a sentence, and its points are walked by arrow keys', async () => {
  const { page, errors } = await openSweep(200);
  for (const title of ['Best so far', 'Rungs', 'All trials', 'Two together', 'What matters']) {
    const figure = page.getByRole('figure', { name: title });
    expect(await figure.locator('figcaption').innerText()).toMatch(/\.$/);
    const chart = figure.getByRole('application');
    await chart.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => figure.locator('[aria-live]').innerText()).toMatch(/\w/);
    for (const kind of ['PNG', 'SVG']) {
      await figure.getByRole('button', { name: `${title}: export` }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: kind }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`\\.${kind.toLowerCase()}$`));
    }
    await figure.getByRole('button', { name: `${title}: show as table` }).click();
    await figure.getByRole('table').waitFor();
    await figure.getByRole('button', { name: `${title}: show as chart` }).click();
  }
  expect(errors).toEqual([]);
  await page.close();
});

it('draws a thousand trials with few strokes and few rows', async () => {
  const { page } = await openSweep(1000);
  expect(await rowsOf(page)).toBe(1000);
  expect(await page.getByRole('grid', { name: 'Trials' }).locator('tbody tr').count()).toBeLessThan(60);
  // What a step of a range costs: calls that draw, whatever their number of lines.
  const strokes = await page.evaluate(async () => {
    let calls = 0;
    const proto = CanvasRenderingContext2D.prototype;
    for (const name of ['stroke', 'fill', 'fillText'] as const) {
      const before = Reflect.get(proto, name) as (...args: unknown[]) => unknown;
      Reflect.set(proto, name, function (this: unknown, ...args: unknown[]) {
        calls += 1;
        return before.apply(this, args);
      });
    }
    const handle = document.querySelector<HTMLElement>('[role=slider]');
    handle?.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true }));
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return calls;
  });
  expect(strokes).toBeGreaterThan(10);
  expect(strokes).toBeLessThan(200);
  await page.close();
});

it('a sweep that goes on is stopped, then trained further or deleted', async () => {
  const { page } = await openSweep(30, { query: '&sweeping' });
  await page.getByText(/^BPR, ASHA \+ TPE: 30 trials of 50: /).waitFor();
  expect(await page.getByRole('button', { name: 'Stop it before it can be deleted' }).isDisabled()).toBe(
    true,
  );
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Stop now/ }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Extend…' }).click();
  await page.getByRole('textbox', { name: 'How many more trials' }).fill('many');
  await page.getByRole('button', { name: 'Extend', exact: true }).click();
  await page.getByText('Found many, expected a number of trials above 0.').waitFor();
  await page.getByRole('button', { name: 'Train the best…' }).click();
  await page.getByRole('textbox', { name: 'Seeds' }).fill('2');
  await page.getByRole('button', { name: 'Train and test' }).click();
  await page.getByText('Started 2 runs').waitFor();
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  await page.close();
});

it('is opened from Runs and from the tray, and left for the runs again', async () => {
  const page = await window.page();
  await page.goto(`${window.url}?trials=5#runs`);
  const strip = page.getByRole('region', { name: 'Sweeps and tournaments' });
  await strip.getByRole('button', { name: /^BPR sweep sweep Finished/ }).click();
  await page.getByRole('heading', { name: 'All trials' }).waitFor();
  await page.getByRole('button', { name: 'Back to runs' }).click();
  // Few are shown until all are asked for.
  const before = await strip.getByRole('button').count();
  await page.getByRole('button', { name: /^Show all \d/ }).click();
  expect(await strip.getByRole('button').count()).toBeGreaterThan(before);
  await page.getByRole('button', { name: /^Activity/ }).click();
  await page.getByRole('region', { name: 'Jobs' }).getByRole('button', { name: 'Open tournament' }).click();
  await page.getByRole('button', { name: 'All tournaments' }).waitFor();
  await page.getByRole('link', { name: /^Runs/ }).click();
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  await page.close();
});

it('a deleted sweep leaves its page for the runs', async () => {
  const { page } = await openSweep(5);
  await page.getByRole('button', { name: 'Delete sweep' }).click();
  await page.getByText('Its 5 trials are deleted with their curves.', { exact: false }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete sweep' }).click();
  await page.getByText('Deleted BPR sweep').waitFor();
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  await page.close();
});

describe('the form of a sweep', () => {
  const form = async (model: string): Promise<Page> => {
    const page = await window.page();
    await page.goto(`${window.url}#new-run`);
    await page.getByRole('radio', { name: 'Sweep', exact: true }).click();
    await page.getByRole('radio', { name: new RegExp(`^${model}`) }).click();
    return page;
  };
  it('starts the model’s own search and opens its page', async () => {
    const page = await form('BPR');
    await page.getByText('only where loss is hinge').waitFor();
    await settled(page);
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start sweep' }).click();
    await page.getByRole('heading', { name: 'All trials' }).waitFor();
    await page.close();
  });
  it('says what is wrong with a range on the button that waits for it', async () => {
    const page = await form('BPR');
    await page.getByRole('textbox', { name: 'Learning rate, from' }).fill('5');
    await page
      .getByRole('alert')
      .filter({ hasText: /must be below|outside/ })
      .waitFor();
    expect(await page.getByRole('button', { name: 'Fix learning rate' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'As the model suggests' }).click();
    await page.getByRole('button', { name: 'Start sweep' }).waitFor();
    await page.close();
  });
  it('counts a grid, and refuses one of thousands', async () => {
    const page = await form('EASE');
    await page.getByText('is not trained in epochs').waitFor();
    expect(await page.getByRole('radio', { name: /^ASHA \+ TPE/ }).isDisabled()).toBe(true);
    await page.getByRole('radio', { name: /^Grid/ }).click();
    await page.getByRole('textbox', { name: /values of each range/ }).fill('7');
    await expect.poll(() => page.getByText('7', { exact: true }).count()).toBeGreaterThan(0);
    await page.getByRole('radio', { name: /^MF/ }).click();
    await page.getByRole('textbox', { name: /values of each range/ }).fill('50');
    const wait = page.getByRole('button', { name: 'At most 10,000 trials' });
    await wait.waitFor();
    expect(await wait.isDisabled()).toBe(true);
    await page.close();
  });
  it('takes a list that was typed for a run', async () => {
    const page = await window.page();
    await page.goto(`${window.url}#new-run`);
    await page.getByRole('radio', { name: /^BPR/ }).click();
    await page.locator('#parameter-embeddingSize').fill('16, 32');
    await page.getByText('expected one value: a sweep tries several').waitFor();
    await page.getByRole('button', { name: 'Make it a sweep' }).click();
    const values = page.getByRole('textbox', { name: 'Embedding size, values' });
    await values.waitFor();
    expect(await values.inputValue()).toBe('16, 32');
    await page.close();
  });
});
