import { describe, expect, it } from 'vitest';
import type { Run } from '../../../shared/contract.ts';
import { parseFilter } from '../../../renderer/lib/filter.ts';
import {
  comparisonKey,
  differences,
  differingParameters,
  groupRuns,
  latestComparable,
  placesOf,
  shortLabels,
  statusOf,
} from '../../../renderer/lib/runs.ts';
import { baselinesOf, rowsOf, type RunRow, tableOf } from '../../../renderer/runs/rows.ts';
import { like, runNamed, standingRuns } from '../../windows/standing.ts';

const all = standingRuns();
const mf = runNamed('MF epochs 8');
const named = (runs: readonly Run[]) => runs.map((run) => run.name);
const found = (text: string) => named(all.filter((run) => parseFilter(text).matches(run)));

describe('the filter text', () => {
  it('joins fields, figures and words by "and"', () => {
    expect(new Set(found('model:bpr tag:good'))).toEqual(new Set(['BPR k32 epochs 12']));
    expect(found('ndcg>0.104')).toEqual(['Caser epochs 4']);
    expect(found('embeddingSize<=32 model:bpr')).toHaveLength(4);
    expect(found('interrupted')).toEqual([]);
    expect(found('status:interrupted')).toEqual(['Caser L9']);
  });
  it('excludes with a minus sign', () => {
    expect(found('-is:baseline').some((name) => name === 'Popularity')).toBe(false);
    expect(found('-is:baseline').length + found('is:baseline').length).toBe(all.length);
  });
  it('says what it cannot read, and shows no fewer runs for it', () => {
    expect(parseFilter('colour:red').problem).toMatch(/no field “colour”/);
    expect(parseFilter('ndcg>much').problem).toMatch(/needs a number/);
    expect(found('colour:red')).toHaveLength(all.length);
  });
});

describe('groups of seeds', () => {
  it('hold runs that differ by seed alone, with mean and standard deviation', () => {
    const caser = groupRuns(all, 'ndcg@10', true).find(
      (group) => group.runs.length === 3 && group.lead.model === 'caser',
    );
    expect(caser?.runs.map((run) => run.seed)).toEqual([1, 2, 3]);
    const [a, b, c] = (caser?.runs ?? []).map((run) => run.metrics.test['ndcg@10'] ?? 0);
    const mean = (a + b + c) / 3;
    expect(caser?.mean).toBeCloseTo(mean, 10);
    expect(caser?.sd).toBeCloseTo(Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2), 10);
    expect(caser?.lead.seed).toBe(1);
  });
  it('count a seed that was trained again once, and are told by their first run, not their best', () => {
    const [a, b] = [0.3, 0.1].map((value, k) => {
      const metrics = { validation: {}, test: { 'ndcg@10': value } };
      return { ...like(mf, 50 - k, { seed: 1 + k }), metrics };
    });
    const again = { ...like(mf, 60, { seed: 1 }), metrics: { validation: {}, test: { 'ndcg@10': 0.9 } } };
    const [group] = groupRuns([a, b, again], 'ndcg@10', true);
    expect(group?.counted.map(({ seed }) => seed)).toEqual([2, 1]);
    expect(group?.mean).toBeCloseTo(0.2, 12);
    expect(group?.sd).toBeCloseTo(Math.SQRT2 * 0.1, 12);
    expect(group?.lead).toBe(b);
  });
  it('hold runs that wait and learn, whose figures count only where none has finished', () => {
    const done = { ...like(mf, 50, { seed: 1 }), metrics: { validation: {}, test: { 'ndcg@10': 0.3 } } };
    const learning = {
      ...like(mf, 51, { seed: 2, status: 'running' }),
      metrics: { validation: { 'ndcg@10': 0.5 }, test: {} },
    };
    const [both] = groupRuns([done, learning], 'ndcg@10', true);
    expect(both).toMatchObject({ mean: 0.3, lead: done });
    expect(statusOf(both as RunRow)).toBe('running');
    expect(groupRuns([learning], 'ndcg@10', true)[0]?.mean).toBe(0.5);
  });
  it('are filtered whole: by words of any run, by figures of the mean', () => {
    const group = [0.2, 0.4].map((value, k) => ({
      ...like(mf, 50 + k, { seed: 1 + k, tags: k === 1 ? ['good'] : [] }),
      metrics: { validation: {}, test: { 'ndcg@10': value } },
    }));
    const matches = (text: string) => parseFilter(text).matches(group);
    expect(['tag:good', 'seed:2', 'ndcg>0.29', 'ndcg<0.31', 'seed>1'].map(matches)).toEqual(
      Array(5).fill(true),
    );
    expect(['-tag:good', 'ndcg>0.35', 'seed:3'].map(matches)).toEqual([false, false, false]);
  });
  it('leave a single value without a deviation', () => {
    const ease = groupRuns(all, 'ndcg@10', true).find((group) => group.lead.model === 'ease');
    expect(ease?.sd).toBeNull();
  });
});

describe('differences', () => {
  it('name only what is not the same', () => {
    const pair = [runNamed('BPR k32 epochs 12'), runNamed('BPR k16 epochs 12')];
    expect(differences(pair).map((row) => row.name)).toEqual(['embedding size']);
  });
  it('find the hyper-parameters that vary within a model', () => {
    expect(differingParameters(all.filter((run) => run.model === 'bpr'))).toEqual(
      expect.arrayContaining(['embeddingSize', 'learningRate']),
    );
    expect(differingParameters(all.filter((run) => run.model === 'neumf'))).toEqual([]);
  });
  it('name runs of the same model by short names of their own, else by their numbers', () => {
    const [a, b] = all.filter((run) => run.model === 'bpr');
    const caser = all.find((run) => run.model === 'caser');
    const named = (first: string, second: string): string[] =>
      shortLabels([{ ...a, name: first }, { ...b, name: second }, caser as Run]);
    expect(named('wide', 'deep')).toEqual(['wide', 'deep', 'Caser']);
    const numbers = [`BPR, run ${a.number}`, `BPR, run ${b.number}`, 'Caser'];
    expect(named('wide', 'wide')).toEqual(numbers);
    expect(named('wide and long as well', 'deep and long as well')).toEqual(numbers);
  });
});

describe('the two latest runs to compare', () => {
  it('have the same candidates as well as data and split', () => {
    const [first, second, third] = [1, 2, 3].map((number) => {
      const run = like(mf, number, { name: `r${number}` });
      return { ...run, fingerprint: 'f', split: { name: 'random', hash: 's' } };
    });
    const evaluation = { ...first.config.evaluation, keepSeen: true };
    const seen = { ...third, config: { ...third.config, evaluation } };
    expect(latestComparable([first, second, third])).toEqual([third, second]);
    expect(latestComparable([first, second, seen])).toEqual([second, first]);
    expect(latestComparable([first, seen])).toBeNull();
  });
});

describe('rows of the table', () => {
  const groups = groupRuns(all, 'ndcg@10', true);
  const best = { column: 'metric', descending: true };
  const table = (runs: readonly Run[], metric = 'ndcg@10', open: string[] = []) =>
    tableOf(rowsOf(groupRuns(runs, metric, true), runs, metric), best, metric, open, placesOf(runs));
  const rowsIn = (runs: readonly Run[], metric?: string) =>
    table(runs, metric).filter((row): row is RunRow => row.kind === 'row');
  const rows = rowsIn(all);
  it('go from the best to the worst, runs without a value last', () => {
    const values = rows.flatMap((row) => row.value ?? []);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(rows.at(-1)?.value).toBeNull();
  });
  it('are set against the pinned baseline of their data and split, and against nothing without one', () => {
    const value = (name: string) => runNamed(name).metrics.test['ndcg@10'] ?? 0;
    const below = value('ItemKNN') - value('EASE');
    expect(baselinesOf(all, 'ndcg@10').size).toBe(1);
    expect(rows.find((row) => row.isBaseline)?.lead.name).toBe('EASE');
    expect(rows.find((row) => row.lead.name === 'ItemKNN')?.versus).toBeCloseTo(below, 10);
    const unpinned = all.map((run) => ({ ...run, pinned: false }));
    expect(rowsIn(unpinned).every(({ versus, baseline }) => versus === null && baseline === null)).toBe(true);
  });
  it('have the mean of the seeds of a pinned group as their baseline', () => {
    const [a, b] = all.filter((run) => run.model === 'caser' && run.status === 'finished');
    const runs = all.map((run) => ({ ...run, pinned: run === b }));
    const baseline = baselinesOf(runs, 'ndcg@10').get(comparisonKey(a));
    expect(baseline?.runs).toHaveLength(3);
    const row = rowsIn(runs).find(({ lead }) => lead.name === 'EASE');
    expect(row?.versus).toBeCloseTo((row?.value ?? 0) - (baseline?.mean ?? 0), 12);
    expect(rowsIn(runs).find(({ isBaseline }) => isBaseline)?.lead.model).toBe('caser');
  });
  it('stand under heads of their data set and split, and are never ranked across them', () => {
    const other = all.slice(0, 3).map((run, k) => ({
      ...like(run, 900 + k, {}),
      config: { ...run.config, split: { ...run.config.split, name: 'random' as const } },
      split: { name: 'random', hash: 'other' },
      pinned: false,
    }));
    const listed = table([...all, ...other]);
    expect(listed.filter(({ kind }) => kind === 'place')).toHaveLength(2);
    // The newest first.
    expect(listed[0]).toMatchObject({ kind: 'place', rows: 3, baseline: null });
    const own = listed.slice(1, 4).flatMap((row) => (row.kind === 'row' ? (row.value ?? []) : []));
    expect(own).toEqual([...own].sort((x, y) => y - x));
    const marked = listed.filter((row) => row.kind === 'row' && row.isBest);
    expect(marked).toHaveLength(2);
  });
  it('keep runs that wait with those of the same split settings, whose split is known', () => {
    const queued = all.find((run) => run.status === 'queued') as Run;
    const waiting = { ...queued, split: null };
    expect(placesOf(all)(waiting)).toBe(comparisonKey(queued));
    expect(placesOf([])(waiting)).not.toBe(comparisonKey(queued));
  });
  it('list the runs of an open group under it', () => {
    const group = groups.find(({ lead, runs }) => lead.model === 'caser' && runs.length > 1);
    const listed = table(all, 'ndcg@10', [group?.key ?? '']);
    const at = listed.findIndex(({ key }) => key === group?.key);
    const members = listed
      .slice(at + 1, at + 4)
      .map((row) => (row.kind === 'row' && row.member ? row.lead.seed : 0));
    expect(members).toEqual([1, 2, 3]);
  });
  it('put the smallest error first for a metric where less is better', () => {
    const errors = [0.93, 0.91, 0.95].map((rmse, index) => {
      const run = like(mf, index + 1, { name: `r${index}` });
      return { ...run, metrics: { validation: {}, test: { rmse } } };
    });
    const apart = errors.map((run, size) => ({ ...run, parameters: { size } }));
    expect(rowsIn(apart, 'rmse').map((row) => row.value)).toEqual([0.91, 0.93, 0.95]);
  });
});
