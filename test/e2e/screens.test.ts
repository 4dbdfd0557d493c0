/** Every screen over recorded answers: accessible in both themes, without errors, few rows drawn of 5,000 runs. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { axeViolations } from './axe.ts';
import { settled } from './settled.ts';
import { picture, recordedWindow } from './stand-in.ts';
import { prepare, screenNames } from './story.ts';

const window = recordedWindow();

async function open(width = 1440): Promise<{ page: Page; errors: string[] }> {
  const page = await window.page(width);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { page, errors };
}

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  it.each(screenNames)('axe finds nothing on %s', async (name) => {
    const { page, errors } = await open();
    await prepare(page, window.url, name, theme);
    await picture(page, `${name}-${theme}`);
    expect(await axeViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

it.each(['palette', 'keys', 'activity', 'confirm', 'about', 'help'])(
  'axe finds nothing on the %s',
  async (what) => {
    const { page } = await open();
    await prepare(page, window.url, 'runs', 'light');
    if (what === 'palette') await page.keyboard.press('Control+k');
    if (what === 'keys') await page.keyboard.press('Control+/');
    if (what === 'help') {
      await page.keyboard.press('F1');
      await page.getByRole('navigation', { name: 'Topics' }).getByRole('button', { name: 'EASE' }).click();
      await page.getByRole('heading', { name: 'Parameters' }).waitFor();
    }
    if (what === 'about') {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('About');
      await page.keyboard.press('Enter');
      await page.getByLabel('Licences of the software in it').waitFor();
    }
    if (what === 'activity') {
      await page.getByRole('button', { name: /^Activity/ }).click();
      const tray = page.getByRole('region', { name: 'Jobs' });
      await tray.getByText('Tournament on Sample (synthetic)', { exact: true }).waitFor();
      expect(await tray.getByText(/ trial \d/).count()).toBe(0);
      const queue = page.getByRole('region', { name: 'Queue' });
      await queue.getByText('Paused: what trains goes on, and nothing else begins.').waitFor();
      const names = queue.getByRole('listitem');
      await expect
        .poll(() => names.allTextContents())
        .toEqual([expect.stringContaining('Popularity'), expect.stringContaining('Random')]);
      await names
        .nth(1)
        .getByRole('button', { name: /^Train .* next$/ })
        .click();
      await expect
        .poll(() => names.allTextContents())
        .toEqual([expect.stringContaining('Random'), expect.stringContaining('Popularity')]);
    }
    if (what === 'confirm') {
      await page.getByRole('button', { name: 'Move selected runs to the trash' }).click();
      await page.getByText('Moved 9 runs to the trash').waitFor();
      await page.getByRole('button', { name: 'Views' }).click();
      await page.getByRole('menuitem', { name: 'Trash (9)' }).click();
      await page.getByRole('checkbox', { name: 'Select all' }).check();
      await page.getByRole('button', { name: /^Delete for good, / }).click();
      await page.getByText(/are freed/).waitFor();
    }
    await settled(page);
    expect(await axeViolations(page)).toEqual([]);
    await page.close();
  },
);

it('tells what a metric means from where its figure stands, without a network', async () => {
  const { page, errors } = await open();
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(window.url)) outside.push(request.url());
  });
  await prepare(page, window.url, 'compare', 'light');
  const table = page.getByRole('region', { name: 'Metrics', exact: true });
  await table.getByRole('button', { name: 'NDCG@10' }).click();
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.getByText('Discounted gain of the test items').waitFor();
  // Set by the browser itself: a fraction is taller than a line.
  const math = await help.locator('math mfrac').first().boundingBox();
  expect(math?.height).toBeGreaterThan(20);
  await help.getByRole('searchbox').fill('pictures of nothing');
  await help.getByText('Nothing in the help has').waitFor();
  await help.getByRole('searchbox').fill('popularity lift');
  await help.getByRole('button', { name: 'Popularity lift' }).click();
  await help.getByRole('heading', { name: 'Popularity lift' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => help.count()).toBe(0);
  // From a chart and from a model, too.
  await page
    .getByRole('button', { name: /^What .* means$/ })
    .first()
    .click();
  await help.waitFor();
  await help.getByRole('button', { name: 'New run' }).click();
  await help.getByRole('button', { name: 'Caser', exact: true }).last().click();
  await help.getByRole('heading', { name: 'Caser' }).waitFor();
  expect(outside).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
});

it('compares: notes behind one line, what the runs serve, and the users behind a slice', async () => {
  const { page, errors } = await open();
  await prepare(page, window.url, 'compare', 'light');
  const notes = page.getByRole('list', { name: 'What to know about these figures' });
  expect(await notes.count()).toBe(0);
  await page.getByRole('button', { name: /notes? on these figures/ }).click();
  await notes.waitFor();
  const ranking = page.getByRole('region', { name: 'Ranking' }).getByRole('row');
  if ((await ranking.count()) > 0) await ranking.nth(1).hover();
  await page.getByRole('button', { name: 'Metrics: a row for each' }).click();
  const served = page.getByRole('heading', { name: 'Fairness and exposure' });
  await served.scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const table = page.getByRole('region', { name: 'Fairness and exposure' });
  await table.getByText('Long-tail share (APLT)').first().waitFor();
  await page.getByRole('radio', { name: 'Groups of items' }).click();
  await table.getByText('Tail, last 80 %').waitFor();
  await settled(page);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('region', { name: 'Slices' }).getByRole('button').first().click();
  await page.getByText(/^[\d,]+ users?: /).waitFor();
  await page.getByRole('button', { name: 'Show the list' }).click();
  expect(errors).toEqual([]);
  await page.close();
});

it('looks for a new version after a yes and never before, and links to its page', async () => {
  const { page } = await open();
  const asked = () => page.evaluate(() => Reflect.get(window, 'asked') as string[]);
  const outside = () => page.evaluate(() => Reflect.get(window, 'opened') as string[]);
  await prepare(page, window.url, 'first', 'light');
  const question = page.getByRole('group', { name: 'New versions' });
  await question.getByRole('button', { name: 'No' }).click();
  await expect.poll(() => question.count()).toBe(0);
  expect(await asked()).not.toContain('updates.look');
  await prepare(page, window.url, 'first', 'dark');
  await question.getByRole('button', { name: 'Yes, look' }).click();
  await page.getByRole('button', { name: 'Open its page' }).click();
  expect(await outside()).toEqual(['home']);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Put away' }).click();
  expect(await page.getByText('Version 9.0.0 is out').count()).toBe(0);
  await page.close();
});

it('opens what the system opens with the app: ratings in the import wizard, capsules among the runs', async () => {
  const { page, errors } = await open();
  await page.goto(`${window.url}?open=${encodeURIComponent('/home/me/ratings_export.csv')}#runs`);
  await page.getByRole('heading', { name: 'Import ratings_export.csv' }).waitFor();
  await page.getByRole('heading', { name: 'Preview' }).waitFor();
  const asked = () => page.evaluate(() => Reflect.get(window, 'asked') as string[]);
  expect(await asked()).not.toContain('capsules.import');
  await page.goto('about:blank');
  await page.goto(`${window.url}?open=${encodeURIComponent('/home/me/mine.workbench-capsule')}#datasets`);
  await expect.poll(asked).toContain('capsules.import');
  expect(errors).toEqual([]);
  await page.close();
});

it.each(screenNames)('%s fits a window of 900 px', async (name) => {
  const { page, errors } = await open(900);
  await prepare(page, window.url, name, 'light');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide).toBe(false);
  expect(errors).toEqual([]);
  await page.close();
});

it('draws few of 5,000 rows, and a few new ones for each step of scrolling', async () => {
  const { page } = await open();
  await page.goto(`${window.url}?runs=5000#runs`);
  await page.getByText('Group seeds').click();
  const table = page.getByRole('grid', { name: 'Runs' });
  const all = async () => Number(await table.getAttribute('aria-rowcount'));
  await expect.poll(all).toBeGreaterThan(5000);
  await settled(page);
  // What makes a step slow: rows in the document, and nodes made anew.
  const { rows, made, asked } = await page.evaluate(async () => {
    const scroller = document.querySelector('[role=grid]')?.parentElement;
    let added = 0;
    const observer = new MutationObserver((records) => {
      for (const { addedNodes } of records) added += addedNodes.length;
    });
    observer.observe(document.body, { childList: true, subtree: true });
    const calls = () =>
      (Reflect.get(window, 'asked') as string[]).filter((method) => /^runs\.(list|get)$/.test(method)).length;
    const before = calls();
    const most = { rows: 0, made: 0 };
    for (let step = 0; step < 40; step += 1) {
      added = 0;
      if (scroller) scroller.scrollTop += 600;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      most.rows = Math.max(most.rows, document.querySelectorAll('tbody tr').length);
      most.made = Math.max(most.made, added);
    }
    return { ...most, asked: calls() - before };
  });
  expect(rows).toBeGreaterThan(20);
  expect(rows).toBeLessThan(100);
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(rows);
  expect(asked).toBe(0);
  await page.close();
});

it('says so when the connection is lost', async () => {
  const { page } = await open();
  await page.goto(`${window.url}?offline#runs`);
  await page.getByText('Not connected').waitFor();
  await page.getByRole('row', { name: 'EASE' }).first().waitFor();
  expect(await axeViolations(page)).toEqual([]);
  await page.close();
});

it('asks once for a curve that cannot be read', async () => {
  const { page } = await open();
  await prepare(page, `${window.url}?refuse=runs.get&`, 'runs', 'light');
  const asked = await page.evaluate(() => Reflect.get(window, 'asked') as string[]);
  const curves = asked.filter((method) => method === 'runs.get').length;
  expect(curves).toBeGreaterThan(0);
  // Nine seeds of three groups, and the two runs that learn.
  expect(curves).toBeLessThan(15);
  await page.close();
});

it('undoes an archive with Ctrl+Z', async () => {
  const { page } = await open();
  await prepare(page, window.url, 'runs', 'light');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByText('Archived 9 runs').waitFor();
  await expect.poll(() => page.getByRole('row', { name: /iALS epochs 6/ }).count()).toBe(0);
  await page.keyboard.press('Control+z');
  await page.getByText('Restored 9 runs').waitFor();
  await page.close();
});

it('draws a live curve while a run learns', async () => {
  const { page } = await open();
  await page.goto(`${window.url}?tick=60#runs`);
  const card = page.getByRole('region', { name: 'NeuMF epochs 8' });
  await card.waitFor();
  const before = await card.getByText(/^epoch \d+ of/).textContent();
  await expect.poll(() => card.getByText(/^epoch \d+ of/).textContent()).not.toBe(before);
  await page.close();
});

it('draws the curves anew over seconds and samples', async () => {
  const { page, errors } = await open();
  await prepare(page, window.url, 'runs', 'light');
  const head = page.getByRole('button', { name: /validation: show as table/ });
  for (const [axis, column] of [
    ['Seconds', 'seconds'],
    ['Samples', 'samples'],
    ['Epoch', 'epoch'],
  ] as const) {
    await page.getByRole('radio', { name: axis }).click();
    await head.click();
    await page.getByRole('columnheader', { name: column, exact: true }).waitFor();
    await page.getByRole('button', { name: /validation: show as chart/ }).click();
  }
  expect(errors).toEqual([]);
  await page.close();
});

it('keeps the columns that were chosen', async () => {
  const { page } = await open();
  await prepare(page, window.url, 'runs', 'light');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Seed' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Coverage' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Seed' }).waitFor();
  expect(await page.getByRole('columnheader', { name: 'Coverage' }).count()).toBe(0);
  await page.close();
});

it.each(['Storage', 'Diagnostics', 'Appearance'])('axe finds nothing on the settings of %s', async (tab) => {
  const { page, errors } = await open();
  await page.goto(`${window.url}#settings`);
  await page.getByRole('tab', { name: tab }).click();
  await settled(page);
  expect(await axeViolations(page)).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
});
