/**
 * What the windows take with 5,000 runs over the stand-in: a step of scrolling, and going from one screen to the next,
 * beside a yardstick of the same page, so that figures of a slow or busy machine can be read. `npm run bench:windows`.
 */
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../fixtures/browser.ts';
import { serveStandInWindow } from '../windows/serve.ts';

const window = await serveStandInWindow();
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${window.url}?runs=5000#runs`);
  await page.getByText('Group seeds').click();
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  const session = await page.context().newCDPSession(page);
  // Thread time of the window alone: other work of the machine does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('HeapProfiler.collectGarbage');
  const yardstick = median(await repeated(10, session, () => draw500Rows(page)));
  console.log(`yardstick, 500 plain rows drawn: ${yardstick.toFixed(1)} ms`);
  const say = (what: string, times: readonly number[]): void => {
    const [usual, most] = [median(times), Math.max(...times)];
    const shown = `median ${usual.toFixed(1)} ms (${(usual / yardstick).toFixed(2)} yardsticks), most ${most.toFixed(1)} ms`;
    console.log(`${what}: ${shown}`);
  };
  say('a step of scrolling through 5,000 runs', await repeated(40, session, () => scroll(page)));
  for (const [index, name] of ['Datasets', 'New run', 'Runs', 'Compare', 'Inspect', 'Settings'].entries()) {
    const times = await repeated(5, session, async () => {
      await page.keyboard.press(`Control+${index + 1}`);
      await twoFrames(page);
    });
    say(`to ${name}`, times);
  }
} finally {
  await browser.close();
  await window.close();
}

/** Milliseconds of thread time of each repetition. */
async function repeated(times: number, session: CDPSession, act: () => Promise<unknown>): Promise<number[]> {
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const found: number[] = [];
  for (let at = 0; at < times; at++) {
    const before = await busy();
    await act();
    found.push((await busy()) - before);
  }
  return found;
}

function twoFrames(page: Page): Promise<void> {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  });
}

async function scroll(page: Page): Promise<void> {
  await page.evaluate(() => {
    const scroller = document.querySelector('[role=grid]')?.parentElement;
    if (scroller) scroller.scrollTop += 600;
  });
  await twoFrames(page);
}

/** What any page would pay for a table of 500 rows of 10 cells. */
async function draw500Rows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const table = document.createElement('table');
    for (let row = 0; row < 500; row++) {
      const line = table.insertRow();
      for (let cell = 0; cell < 10; cell++) line.insertCell().textContent = `${row}.${cell}`;
    }
    document.body.append(table);
    table.getBoundingClientRect();
    table.remove();
  });
  await twoFrames(page);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
