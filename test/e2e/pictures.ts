/**
 * Takes the pictures of the README from the built shell, with the sample data set (made up from a seed) and real runs on
 * it: `node test/e2e/pictures.ts [FOLDER]`, after a build. Where `pngquant` is installed, it makes them small.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Dataset, Run } from '../../shared/contract.ts';
import { launchBrowser } from '../fixtures/browser.ts';
import { openWindow, serveBuilt, type Window } from '../integration/shell/serve.ts';
import { settled } from './settled.ts';

const target = process.argv[2] ?? join(import.meta.dirname, '../../docs/pictures');
const work = mkdtempSync(join(tmpdir(), 'workbench-pictures-'));

/** What the sample does not train by itself: closed forms, and second seeds. */
const more = [{ model: 'ease' }, { model: 'ials' }, { model: 'bpr', seed: 2 }, { model: 'mf', seed: 2 }].map(
  (config) => ({ ...config, split: { name: 'leave-last-out' } }),
);

async function trainRuns(engine: Window): Promise<{ dataset: string; runs: Run[] }> {
  const { job } = (await engine.invoke('datasets.sample', { runs: true })) as { job: string };
  const { dataset } = (await engine.invoke('jobs.wait', { job })) as { dataset: string };
  await engine.invoke('runs.start', { dataset, configs: more });
  for (;;) {
    const runs = (await engine.invoke('runs.list')) as Run[];
    if (runs.every((run) => run.status === 'finished')) return { dataset, runs };
    const bad = runs.find((run) => run.status === 'failed');
    if (bad) throw new Error(`${bad.name} failed.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function open(browser: Browser, url: string, theme: 'light' | 'dark', screen: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: theme });
  await page.goto(url);
  await page.getByRole('navigation').first().waitFor();
  await page.evaluate((hash) => (location.hash = hash), screen);
  await settled(page);
  return page;
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await settled(page);
  const path = join(target, `${name}.png`);
  await page.screenshot({ path });
  spawnSync('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--output', path, '256', path]);
  console.log(`${path} ${Math.round(statSync(path).size / 1000)} kB`);
  await page.close();
}

/** A file with one of each trouble that people meet. */
function messyFile(): string {
  const rows = ['user_id;item_id;rating;timestamp'];
  const add = (index: number, rating: string, time?: string) =>
    rows.push(
      `${String(index % 613).padStart(4, '0')};${(index * 31) % 1187};${rating};${time ?? 881_250_949 + index * 61}`,
    );
  for (let index = 0; index < 60_000; index += 1) {
    if (index % 470 === 7) add(index, ['N/A', 'N/A', 'four'][index % 3] ?? '');
    else if (index % 1900 === 11) add(index, '4', '22.09.1997');
    else if (index % 2600 === 13) rows.push(`;${index % 97};3;${881_250_949 + index * 61}`);
    else if (index % 7000 === 17) rows.push(`${index % 613};${index % 97}`);
    else add(index, String(1 + ((index * 7) % 5)));
    if (index % 90 === 5) add(index - 1, '2');
  }
  const path = join(work, 'ratings_export.csv');
  writeFileSync(path, rows.join('\r\n'));
  return path;
}

const shots: Record<string, (page: Page, engine: Window, dataset: string, runs: Run[]) => Promise<void>> = {
  async 'datasets-dark'(page) {
    await page.getByRole('heading', { name: 'Ratings per user' }).waitFor();
  },
  async 'runs-dark'(page, engine, dataset) {
    for (const name of ['MF', 'BPR', 'Caser']) {
      await page
        .getByRole('row')
        .filter({ hasText: name })
        .filter({ hasText: 'Finished' })
        .first()
        .getByRole('checkbox')
        .check();
    }
    const parameters = { embeddingSize: 64, epochs: 3000, patience: 0 };
    const config = { model: 'bpr', parameters, split: { name: 'leave-last-out' } };
    await engine.invoke('runs.start', { dataset, configs: [config] });
    // Far enough for its curve to have a shape.
    await page
      .getByText(/^epoch (\d{3,}|[3-9]\d) of/)
      .first()
      .waitFor();
  },
  async 'compare-light'(page) {
    await page
      .getByText(/beats|cannot be told apart/)
      .first()
      .waitFor();
  },
  async 'inspect-light'(page) {
    const list = page.getByRole('region', { name: /^Top 10 of/ }).last();
    await list.waitFor();
    await list.getByRole('button').nth(1).click();
    await page
      .getByText(/^Why |^How /)
      .first()
      .waitFor();
  },
  async 'import-light'(page) {
    await page.getByRole('button', { name: 'Import ratings…' }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file…' }).click();
    await (await chooser).setFiles(messyFile());
    await page.getByRole('button', { name: 'Map columns' }).click();
    await page.getByRole('button', { name: 'Check every row' }).click();
    await page.getByRole('button', { name: /^Rating is not a number/ }).click();
  },
};

mkdirSync(target, { recursive: true });
const served = await serveBuilt(join(work, 'data'));
const browser = await launchBrowser();
try {
  const engine = await openWindow(served.url);
  const { dataset, runs } = await trainRuns(engine);
  const id = (model: string) => runs.find((run) => run.model === model)?.id ?? '';
  await engine.invoke('datasets.derive', { dataset, filters: { kCore: 20 }, name: 'Sample, 20-core' });
  await engine.invoke('datasets.derive', {
    dataset,
    filters: { binarise: 4 },
    name: 'Sample, ≥ 4 as positive',
  });
  const chosen = ['caser', 'bpr', 'ials', 'ease', 'popularity'].map(id);
  const ui = { compare: chosen, inspectDataset: dataset, inspectRuns: [id('bpr'), id('caser')], dataset };
  await engine.invoke('settings.set', { settings: { ui } });
  const list = (await engine.invoke('datasets.list', {})) as Dataset[];
  console.log(`${runs.length} runs on ${list.map((one) => one.name).join(', ')}`);
  for (const [name, prepare] of Object.entries(shots)) {
    const [screen = '', theme] = name.split('-');
    const page = await open(
      browser,
      served.url,
      theme as 'light' | 'dark',
      screen === 'import' ? 'datasets' : screen,
    );
    await prepare(page, engine, dataset, runs);
    await take(page, name);
    for (const run of (await engine.invoke('runs.list')) as Run[]) {
      if (run.status === 'running') await engine.invoke('runs.stop', { run: run.id, when: 'now' });
    }
  }
  engine.close();
} finally {
  await browser.close();
  served.process.kill();
  await served.ended;
  rmSync(work, { recursive: true, force: true });
}
