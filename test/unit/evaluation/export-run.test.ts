import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ranksSampledCandidates, candidatesOf } from '../../../main/evaluation/ranking/candidates.ts';
import { evaluate } from '../../../main/evaluation/evaluate.ts';
import { exportLines, exportRun, type ExportSource } from '../../../main/evaluation/export-run.ts';
import { makeSplit } from '../../../main/evaluation/splits/make-split.ts';
import { Random } from '../../../main/numeric/random.ts';
import { ratingsOf, type Line } from './load.ts';
import { metricsFromLists, metricsFromPredictions, metricsFromRanks, readCsv } from './recompute.ts';
import { scorerOf } from './scorers.ts';

const genreNames = ['Drama', 'Comedy', 'Film, "noir"'];

/** A run on some users and items whose scores tie often: rounded to tenths. */
async function smallRun(
  seed = 5,
  users = 60,
  items = 80,
  rows = 900,
  candidates = 'all',
): Promise<{ source: ExportSource; metrics: Record<string, number>; scores: number[] }> {
  const random = new Random(seed, 'init');
  const lines = new Map<string, Line>();
  for (let n = 0; n < rows; n++) {
    const [user, item] = [random.below(users), Math.floor(items * random.next() ** 2)];
    lines.set(`${user} ${item}`, [user, item, 0.5 + random.below(10) / 2, n]);
  }
  const ratings = ratingsOf([...lines.values()], users, items);
  const split = makeSplit(ratings, {
    name: 'random',
    testShare: 0.2,
    seed: 1,
    ties: 'last',
    folds: 5,
    fold: 0,
    validation: 'none',
  });
  const genres = Array.from({ length: items }, (_, i) => genreNames.filter((_, g) => (i >> g) & 1));
  const vectors = {
    size: 3,
    values: Float32Array.from({ length: 3 * items }, (_, j) => (Math.floor(j / 3) >> (j % 3)) & 1),
  };
  const scores = Array.from({ length: users * items }, () =>
    Math.fround(Math.round(40 + 10 * random.normal()) / 10),
  );
  const config = {
    ...{ candidates, candidateSeed: 1, keepSeen: false },
    ...{ positive: null, k: [5, 10, 50], target: null },
  };
  const found = await evaluate({
    ratings,
    split,
    part: 'test',
    scorer: scorerOf(items, (u, i) => scores[u * items + i]),
    kind: 'ratings',
    config,
    genres: vectors,
  });
  const source: ExportSource = {
    ratings,
    split,
    refit: false,
    userIds: Array.from({ length: users }, (_, u) => `0${u}`),
    itemIds: Array.from({ length: items }, (_, i) => `item,${i}`),
    titles: Array.from({ length: items }, (_, i) => `The "${i}"`),
    genres,
    perUser: found.perUser,
    ranking: found.ranking,
    lists: found.ranking!.lists,
    predictions: found.predictions,
    candidates: ranksSampledCandidates(config)
      ? candidatesOf(ratings, split, 'test', config).candidates
      : null,
    factors: null,
  };
  return { source, metrics: found.metrics, scores };
}

describe('exportRun', () => {
  /** Largest difference between what is reported and what the exported files give. */
  function recomputed({ source, metrics }: Awaited<ReturnType<typeof smallRun>>): number {
    const file = (kind: Parameters<typeof exportLines>[1]): ReturnType<typeof readCsv> =>
      readCsv(exportLines(source, kind)!);
    const split = file('split');
    const again: Record<string, number> = {
      ...metricsFromRanks(file('ranks'), [5, 10, 50]),
      ...metricsFromPredictions(file('predictions'), split),
    };
    const [lists, items] = [file('lists'), file('items')];
    for (const k of [5, 10, 50]) Object.assign(again, metricsFromLists(lists, items, split, k));
    const defined = Object.keys(again).filter((name) => !Number.isNaN(again[name]));
    expect(defined.sort()).toEqual(Object.keys(metrics).sort());
    return Math.max(...defined.map((name) => Math.abs(again[name] - metrics[name])));
  }

  it('lets an outside script compute every reported metric again', async () => {
    expect(recomputed(await smallRun())).toBeLessThan(1e-9);
  });

  it('does so on 1,000 random runs', async () => {
    for (let seed = 0; seed < 1000; seed++)
      expect(recomputed(await smallRun(seed, 9, 14, 55)), `seed ${seed}`).toBeLessThan(1e-9);
  }, 60_000);

  it('lists no item that the user has seen', async () => {
    const { source } = await smallRun();
    const seen = new Set(
      readCsv(exportLines(source, 'split')!)
        .filter((row) => row.part === 'train')
        .map((row) => `${row.user} ${row.item}`),
    );
    expect(seen.size).toBeGreaterThan(0);
    for (const row of readCsv(exportLines(source, 'lists')!))
      expect(seen.has(`${row.user} ${row.item}`)).toBe(false);
  });

  it('writes whom sampled candidates were: the ranks follow from them', async () => {
    const { source, scores } = await smallRun(5, 60, 80, 900, 'sampled7');
    const pair = (row: Record<string, string>): string => `${row.user} ${row.item}`;
    const others = Map.groupBy(readCsv(exportLines(source, 'candidates')!), pair);
    const rated = new Set(readCsv(exportLines(source, 'split')!).map(pair));
    const ranks = readCsv(exportLines(source, 'ranks')!);
    expect(others.size).toBe(ranks.length);
    for (const row of ranks) {
      const items = (others.get(pair(row)) ?? []).map(({ candidate }) => candidate);
      expect(new Set(items).size).toBe(7);
      expect(items.some((item) => rated.has(`${row.user} ${item}`))).toBe(false);
      const score = (item: string): number => scores[Number(row.user) * 80 + Number(item.slice(5))];
      expect(row).toMatchObject({
        above: String(items.filter((item) => score(item) > score(row.item)).length),
        equal: String(items.filter((item) => score(item) === score(row.item)).length),
        candidates: '8',
      });
    }
    const all = await smallRun(1, 4, 4, 9);
    await expect(exportRun(all.source, { candidates: 'c.csv' })).rejects.toThrow('has no candidates');
  });

  it('writes the files that are asked for, with the ids of the data', async () => {
    const { source } = await smallRun();
    const folder = mkdtempSync(join(tmpdir(), 'export-'));
    const path = (name: string): string => join(folder, name);
    const written = await exportRun(source, { items: path('items.csv'), perUser: path('users.csv') });
    expect(written).toEqual([path('users.csv'), path('items.csv')]);
    const items = readFileSync(path('items.csv'), 'utf8').split('\n');
    expect(items[0]).toBe('item,title,genres,trainCount');
    expect(items[5]).toMatch(/^"item,4","The ""4""","Film, ""noir""",\d+$/);
    expect(readFileSync(path('users.csv'), 'utf8')).toMatch(/^user,metric,value\n0\d+,rmse,\d/);
    await expect(exportRun({ ...source, predictions: null }, { predictions: path('p.csv') })).rejects.toThrow(
      'This run has no predictions.',
    );
    await expect(exportRun(source, { factors: path('f.csv') })).rejects.toThrow('This run has no factors.');
    rmSync(folder, { recursive: true });
  });

  it('writes item factors in full', async () => {
    const { source } = await smallRun(1, 4, 2, 8);
    const factors = { items: Float32Array.of(0.1, -2, 1 / 3, 4), k: 2 };
    expect([...exportLines({ ...source, factors }, 'factors')!]).toEqual([
      'item,factor1,factor2',
      '"item,0",0.100000001,-2',
      '"item,1",0.333333343,4',
    ]);
  });
});
