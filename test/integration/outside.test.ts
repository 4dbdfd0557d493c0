/** Work together with other tools: splits that go out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import { walkLines } from '../fixtures/walk.ts';

const file = { ratings: '' };
const dir = { data: '' };

const shared = mkdtempSync(join(tmpdir(), 'workbench-test-'));
afterAll(() => rmSync(shared, { recursive: true, force: true }));

beforeAll(async () => {
  dir.data = join(shared, 'data');
  file.ratings = join(shared, 'ratings.csv');
  writeFileSync(file.ratings, walkLines(30, 40).join('\n'));
  await outputOf(dir.data, 'import', file.ratings, '--name', 'toy', '--user', 'user', '--item', 'item');
});

const recordsOf = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n').slice(1);

describe('export-split', () => {
  it('writes each row of the data set into the file of its part, as it was imported', async () => {
    const folder = join(temporaryFolder(), 'split');
    const { written } = await outputOf<{ written: string[] }>(
      dir.data,
      ...['export-split', '--dataset', 'toy', '--split', 'leave-last-out', '--out', folder],
    );
    const names = ['train.csv', 'validation.csv', 'test.csv', 'split.json'];
    expect(written).toEqual(names.map((name) => join(folder, name)));
    const [train, validation, test] = written.slice(0, 3).map(recordsOf);
    expect([train.length, validation.length, test.length]).toEqual([300, 30, 30]);
    const seconds = (line: string): string => line.replace(/(\d+)000$/, '$1');
    expect([...train, ...validation, ...test].map(seconds).sort()).toEqual(recordsOf(file.ratings).sort());

    const about = JSON.parse(readFileSync(written[3], 'utf8')) as Record<string, unknown>;
    expect(about).toMatchObject({
      options: { name: 'leave-last-out', ties: 'last' },
      dataset: { name: 'toy', users: 30, ratings: 360 },
      rows: { train: 300, validation: 30, test: 30, later: 0 },
      time: 'milliseconds since 1970',
    });
    const trained = await outputOf<{ run: { split: { hash: string } } }>(
      dir.data,
      ...['train', '--dataset', 'toy', '--model', 'popularity', '--split', 'leave-last-out', '--name', 'pop'],
    );
    expect(about.hash).toBe(trained.run.split.hash);
    const again = join(temporaryFolder(), 'again');
    const of = await outputOf<{ written: string[] }>(
      dir.data,
      ...['export-split', '--dataset', 'toy', '--split-of', 'pop', '--out', again],
    );
    expect(readFileSync(of.written[2], 'utf8')).toBe(readFileSync(written[2], 'utf8'));
  });

  it('refuses a split that the data cannot have, and two splits at once', async () => {
    const out = join(temporaryFolder(), 'split');
    const given = await workbench(
      dir.data,
      ...['export-split', '--dataset', 'toy', '--split', 'given', '--out', out],
    );
    expect(given).toMatchObject({ code: 2, output: { error: { code: 'no-given-split' } } });
    const twice = await workbench(
      dir.data,
      ...['export-split', '--dataset', 'toy', '--split-of', 'pop', '--folds', '3', '--out', out],
    );
    expect(twice).toMatchObject({ code: 2, output: { error: { code: 'split-told-twice' } } });
    const inside = await workbench(
      dir.data,
      ...['export-split', '--dataset', 'toy', '--out', join(dir.data, 'split')],
    );
    expect(inside).toMatchObject({ code: 2, output: { error: { code: 'file-unusable' } } });
  });
});

describe('the split rolling', () => {
  it('trains one run a window in one group, and tells the metric over time', async () => {
    const trained = await outputOf<{
      group: string;
      runs: { run: { id: string; config: { split: { window: number } } } }[];
      metrics: { test: Record<string, { mean: number; sd: number }> };
      overTime: { window: number; from: number; to: number; value: number; interval: [number, number] }[];
    }>(
      dir.data,
      ...['train', '--dataset', 'toy', '--model', 'itemknn', '--split', 'rolling', '--windows', '3'],
      ...['--test-share', '.15', '--target', 'ndcg@10', '--name', 'rolled'],
    );
    expect(trained.runs.map(({ run }) => run.config.split.window)).toEqual([0, 1, 2]);
    const points = trained.overTime;
    expect(points.map(({ window }) => window)).toEqual([0, 1, 2]);
    for (const [k, { from, to, value, interval }] of points.entries()) {
      expect(to).toBeGreaterThanOrEqual(from);
      if (k > 0) expect(from).toBeGreaterThan(points[k - 1].to);
      expect(interval[0]).toBeLessThanOrEqual(value);
      expect(interval[1]).toBeGreaterThanOrEqual(value);
    }
    const mean = points.reduce((sum, { value }) => sum + value, 0) / 3;
    expect(trained.metrics.test['ndcg@10'].mean).toBeCloseTo(mean, 12);
    await outputOf(
      dir.data,
      ...['train', '--dataset', 'toy', '--model', 'popularity', '--split', 'rolling', '--windows', '3'],
      ...['--test-share', '.15', '--name', 'rolled popularity'],
    );
    const compared = await outputOf<{ comparable: boolean; pairs: { method: string }[] }>(
      dir.data,
      ...['compare', 'rolled', 'rolled popularity', '--metric', 'ndcg@10'],
    );
    expect(compared.comparable).toBe(true);
    expect(compared.pairs[0].method).toMatch(/^window against window over 3 windows/);
  });
});
