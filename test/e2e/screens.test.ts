/** Every screen over the engine in memory: accessible in both themes, without errors, smooth with 5,000 runs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../fixtures/browser.ts';
import { axeViolations } from './axe.ts';
import { serveFakeWindow, type FakeWindow } from './fake-window.ts';
import { prepare, screenNames } from './story.ts';

/** Set, it gets a picture of each screen in both themes. */
const pictures = process.env['WORKBENCH_PICTURES'];
if (pictures) mkdirSync(pictures, { recursive: true });
let window: FakeWindow;
let browser: Browser;
beforeAll(async () => {
  [window, browser] = await Promise.all([serveFakeWindow(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await window?.close();
});

async function open(width = 1440): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
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
    if (pictures) await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
    expect(await axeViolations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });
});

it.each(['palette', 'keys', 'activity', 'confirm'])('axe finds nothing on the %s', async (what) => {
  const { page } = await open();
  await prepare(page, window.url, 'runs', 'light');
  if (what === 'palette') await page.keyboard.press('Control+k');
  if (what === 'keys') await page.keyboard.press('Control+/');
  if (what === 'activity') await page.getByRole('button', { name: /^Activity/ }).click();
  if (what === 'confirm') await page.getByRole('button', { name: 'Delete selected runs' }).click();
  await page.waitForTimeout(100);
  expect(await axeViolations(page)).toEqual([]);
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

it('scrolls 5,000 runs without a frame over 50 ms', async () => {
  const { page } = await open();
  await page.goto(`${window.url}?runs=5000#runs`);
  await page.getByText('Group seeds').click();
  const table = page.getByRole('grid', { name: 'Runs' });
  await table.waitFor();
  await page.waitForTimeout(800);
  expect(Number(await table.getAttribute('aria-rowcount'))).toBeGreaterThan(5000);
  // Thread time of the window alone: other work of the machine does not count. What the start left behind is collected
  // first, so that no collection of it falls into the scrolling.
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('HeapProfiler.collectGarbage');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const times: number[] = [];
  for (let step = 0; step < 40; step += 1) {
    const before = await busy();
    await page.evaluate(async () => {
      const scroller = document.querySelector('[role=grid]')?.parentElement;
      if (scroller) scroller.scrollTop += 600;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
    });
    times.push((await busy()) - before);
  }
  // A step is two frames: where both together stay under 50 ms, so does each.
  expect(Math.max(...times)).toBeLessThan(50);
  expect(await page.locator('tbody tr').count()).toBeLessThan(100);
  await page.close();
});

it('undoes an archive with Ctrl+Z', async () => {
  const { page } = await open();
  await prepare(page, window.url, 'runs', 'light');
  await page.getByRole('button', { name: 'Archive', exact: true }).click();
  await page.getByText('Archived 3 runs').waitFor();
  await expect.poll(() => page.getByRole('row', { name: /iALS k64/ }).count()).toBe(1);
  await page.keyboard.press('Control+z');
  await page.getByText('Restored 3 runs').waitFor();
  await page.close();
});

it('draws a live curve while a run learns', async () => {
  const { page } = await open();
  await page.goto(`${window.url}?tick=60#runs`);
  const card = page.getByRole('region', { name: 'NeuMF 64-32-16' });
  await card.waitFor();
  const before = await card.getByText(/^epoch \d+ of/).textContent();
  await expect.poll(() => card.getByText(/^epoch \d+ of/).textContent()).not.toBe(before);
  await page.close();
});
