/**
 * What the windows take, beside a yardstick of the same page, so that figures of a slow or busy machine can be read:
 * `npm run bench:windows`. With 5,000 runs over the stand-in: opening, sorting and filtering Runs, a step of scrolling,
 * and going from one screen to the next. With a data folder behind it (`-- DATA_DIR`), the real engine's answers: Compare
 * of up to 30 of its comparable runs, and a search of users. The aims: screens under 200 ms, Runs open under 500 ms,
 * sorted and filtered under 100 ms, a first verdict under 300 ms and all of Compare under 1 s, users found under 100 ms,
 * and no task over 50 ms.
 */
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../fixtures/browser.ts';
import { serveBuilt } from '../integration/shell/serve.ts';
import { serveStandInWindow } from '../windows/serve.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const browser = await launchBrowser();
try {
  await overStandIn(browser);
  if (positionals[0]) await overEngine(browser, positionals[0]);
} finally {
  await browser.close();
}

async function overStandIn(on: Browser): Promise<void> {
  const window = await serveStandInWindow();
  try {
    const page = await openPage(on, `${window.url}?runs=5000#settings`);
    const measure = await measurer(page);
    await page.waitForFunction(() => document.querySelector('main h2, section h2') !== null);
    // The window reads its runs in pages, whatever screen is open.
    await page.waitForFunction(() => (Reflect.get(window, 'asked') as string[]).includes('jobs.list'));
    await measure('opening Runs with 5,000 of them', 1, async () => {
      await page.keyboard.press('Control+3');
      await page.getByRole('grid', { name: 'Runs' }).waitFor();
    });
    await page.getByText('Group seeds').click();
    await measure('opening Runs again', 5, async (at) => {
      await page.keyboard.press(at % 2 === 0 ? 'Control+6' : 'Control+3');
    });
    await page.keyboard.press('Control+3');
    for (const head of ['Metric', 'Run', 'Time'])
      await measure(`sorting by ${head}`, 4, () => sortBy(page, head));
    const filter = page.getByRole('textbox', { name: 'Filter runs' });
    for (const text of ['model:bpr', 'ndcg>0.1', 'k16'])
      await measure(`filtering by ${text}`, 4, (at) => filter.fill(at % 2 === 0 ? text : ''));
    await filter.fill('');
    await measure('a step of scrolling through 5,000 runs', 40, () => scroll(page));
    for (const [index, name] of ['Datasets', 'New run', 'Runs', 'Compare', 'Inspect', 'Settings'].entries())
      await measure(`to ${name}`, 3, async () => {
        await page.keyboard.press(name === 'Settings' ? 'Control+1' : 'Control+6');
        await page.keyboard.press(`Control+${index + 1}`);
      });
  } finally {
    await window.close();
  }
}

async function overEngine(on: Browser, folder: string): Promise<void> {
  const served = await serveBuilt(folder);
  try {
    const page = await openPage(on, `${served.url}#runs`);
    const measure = await measurer(page);
    await page.getByRole('grid', { name: 'Runs' }).waitFor();
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByRole('button', { name: /^Compare \d/ }).click();
    const verdict = page.getByRole('region', { name: 'Comparison' });
    await verdict.waitFor();
    await measure('Compare of them, to the verdict', 3, async () => {
      await page.keyboard.press('Control+6');
      await page.getByRole('tab', { name: 'Appearance' }).waitFor();
      await page.keyboard.press('Control+4');
      await verdict.waitFor();
    });
    await page.keyboard.press('Control+5');
    const finder = page.getByLabel('User id');
    await finder.waitFor();
    for (const text of ['1', '60', '604'])
      await measure(`users that begin with ${text}`, 3, () => finder.fill(text));
  } finally {
    served.process.kill();
    await served.ended;
  }
}

async function openPage(on: Browser, url: string): Promise<Page> {
  const page = await on.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  return page;
}

type Measure = (what: string, times: number, act: (at: number) => Promise<unknown>) => Promise<void>;

/**
 * Says what something takes: by the clock until two frames later, and of the window's thread (other work of the machine
 * does not count), in all and in its longest task.
 */
async function measurer(page: Page): Promise<Measure> {
  const drawn = await repeated(10, page, () => draw500Rows(page));
  const yardstick = median(drawn.map(({ busy }) => busy));
  console.log(`yardstick, 500 plain rows drawn: ${yardstick.toFixed(1)} ms`);
  return async (what, times, act) => {
    const found = await repeated(times, page, act);
    const busy = median(found.map((one) => one.busy));
    const longest = Math.max(...found.map(({ task }) => task));
    const figures = [
      `clock ${median(found.map(({ whole }) => whole)).toFixed(0)} ms`,
      `thread ${busy.toFixed(1)} ms (${(busy / yardstick).toFixed(1)} yardsticks)`,
      `most ${Math.max(...found.map((one) => one.busy)).toFixed(1)} ms`,
      `longest task ${longest.toFixed(1)} ms`,
    ];
    console.log(`${what.padEnd(40)} ${figures.join(', ')}`);
  };
}

interface Taken {
  readonly whole: number;
  readonly busy: number;
  readonly task: number;
}

async function repeated(times: number, page: Page, act: (at: number) => Promise<unknown>): Promise<Taken[]> {
  const found: Taken[] = [];
  for (let at = 0; at < times; at++) {
    await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline', '__metadata'] });
    const began = performance.now();
    await act(at);
    await twoFrames(page);
    const whole = performance.now() - began;
    const tasks = tasksOf(await browser.stopTracing());
    found.push({ whole, busy: tasks.reduce((sum, one) => sum + one, 0), task: Math.max(0, ...tasks) });
  }
  return found;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the thread. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Milliseconds of thread time of each task of the window. */
function tasksOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && mains.has(`${pid} ${tid}`))
    .map(({ tdur }) => (tdur ?? 0) / 1000);
}

function twoFrames(page: Page): Promise<void> {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  });
}

async function sortBy(page: Page, head: string): Promise<void> {
  const name = head === 'Metric' ? /NDCG|HR|RMSE|Recall/ : new RegExp(`^${head}`);
  await page
    .getByRole('grid', { name: 'Runs' })
    .getByRole('columnheader')
    .getByRole('button', { name })
    .first()
    .click();
}

async function scroll(page: Page): Promise<void> {
  await page.evaluate(() => {
    const scroller = document.querySelector('[role=grid]')?.parentElement;
    if (scroller) scroller.scrollTop += 600;
  });
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
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
