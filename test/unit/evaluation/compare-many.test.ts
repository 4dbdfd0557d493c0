/** What a comparison says of many runs: one order, who is tied, who decides, and never two baselines without a word. */
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../main/evaluation/compare/compare.ts';
import { rankRuns } from '../../../main/evaluation/compare/rank-runs.ts';
import { verdict } from '../../../main/evaluation/compare/verdict.ts';
import { Random } from '../../../main/numeric/random.ts';
import type { Pair } from '../../../shared/compare.ts';
import { comparedRun } from './runs.ts';

const users = 400;
const random = new Random(3, 'init');
const base = Array.from({ length: users }, () => random.next() / 2);
const plus = (gain: number, noise = 0.05): number[] => base.map((x) => x + gain + noise * random.normal());

/** The same gains for other users: nothing tells the two apart. */
const noise = base.map(() => 0.05 * random.normal());
const swapped = (gain: number, by: number): number[] => base.map((x, u) => x + gain + noise[u ^ by]);

describe('many runs', () => {
  const runs = [
    comparedRun('r1', { 'ndcg@10': plus(0) }, { model: 'a', name: 'A' }),
    comparedRun('r2', { 'ndcg@10': swapped(0.1, 0) }, { model: 'b', name: 'B' }),
    comparedRun('r3', { 'ndcg@10': swapped(0.1, 1) }, { model: 'c', name: 'C' }),
    comparedRun('r4', { 'ndcg@10': plus(0.05) }, { model: 'd', name: 'D' }),
  ];
  const result = compareRuns(runs, null, { metric: 'ndcg@10', force: false });

  it('are put in one order with those tied for first', () => {
    expect(result.ranking.order.map(({ run }) => run).slice(2)).toEqual(['r4', 'r1']);
    expect(result.ranking.order.map(({ tiedWithBest }) => tiedWithBest)).toEqual([true, true, false, false]);
    expect(result.ranking.bars).toEqual([result.ranking.order.slice(0, 2).map(({ run }) => run)]);
    expect(result.verdict.detail).toMatch(/2 of 4 are tied for first: [BC], [BC]\./);
  });

  it('say who is first where nobody is tied with it', () => {
    const alone = compareRuns(
      [runs[0], runs[1], runs[3], comparedRun('r5', { 'ndcg@10': plus(-0.1) }, { model: 'e' })],
      null,
      {
        metric: 'ndcg@10',
        force: false,
      },
    );
    expect(alone.verdict.detail).toMatch(/B is better than each of the other 3\./);
  });

  it('that are baselines are not pitted without a word on the models behind them', () => {
    const baselines = [runs[1], runs[2]].map((one) => ({ ...one, run: { ...one.run, baseline: true } }));
    const { verdict } = compareRuns([...baselines, runs[3]], null, { metric: 'ndcg@10', force: false });
    expect(verdict.detail).toMatch(
      /Both are baselines: the best of the trained models is D, number 3 of 3\./,
    );
    // Where nothing else is compared, they are what was asked for.
    expect(compareRuns(baselines, null, { metric: 'ndcg@10', force: false }).verdict.detail).not.toMatch(
      /Both are/,
    );
  });

  it('are named as people named them, cut where that is long', () => {
    const long = {
      ...runs[0],
      run: { ...runs[0].run, name: 'A name that was agreed in a meeting of seven' },
    };
    const { runs: named } = compareRuns([long, runs[1]], null, { metric: 'ndcg@10', force: false });
    expect(named.map(({ label }) => label)).toEqual(['A name that was agreed in a…', 'B']);
  });
});

describe('an interval without 0 under "cannot be told apart"', () => {
  const alone: Pair = {
    ...{ a: 'r1', b: 'r2', metric: 'ndcg@10', difference: 0.005, interval: [0.001, 0.009] },
    ...{
      pValue: 0.02,
      adjusted: 0.2,
      rankSign: 1,
      better: 0.5,
      same: 0,
      worse: 0.5,
      users: 10,
      method: 'normal',
    },
  };
  const facts = {
    ...{ pairs: 10, label: (id: string) => id, seedNoise: null, smallestInteresting: null },
    ...{ seedsOnly: false, seedless: true, groups: false, oneSeed: [], undecided: [], baselines: [] },
    ranking: [],
  };
  it('says that Holm decided', () => {
    const { headline, detail } = verdict({ ...facts, pair: alone });
    expect(headline).toMatch(/^r2 and r1 cannot be told apart: \+\.0050 NDCG@10 \[\.0010, \.0090\]/);
    expect(detail).toMatch(
      /The interval leaves 0 out, but Holm's correction for 10 pairs decides: p = \.200\./,
    );
  });
  it('sets a difference beside the noise of seeds only where a model draws at random', () => {
    const told = (seedless: boolean) =>
      verdict({ ...facts, seedless, seedNoise: 0.001, pair: { ...alone, adjusted: 0.001 } }).headline;
    expect(told(false)).toMatch(/, more than seed noise \(± \.0028\)\.$/);
    expect(told(true)).toMatch(/NDCG@10 \[\.0010, \.0090\]\.$/);
  });
  it('says so of another pair, turned as a headline would be', () => {
    const order = [
      { run: 'r2', rank: 1, tiedWithBest: true },
      { run: 'r1', rank: 2, tiedWithBest: true },
      { run: 'r3', rank: 3, tiedWithBest: false },
    ];
    const open = {
      ...alone,
      a: 'r1',
      b: 'r3',
      difference: -0.005,
      interval: [-0.009, -0.001] as [number, number],
    };
    const { detail } = verdict({ ...facts, pair: alone, ranking: order, undecided: [open] });
    expect(detail).toMatch(
      /r1 and r3 cannot be told apart after Holm's correction: \+\.0050 \[\.0010, \.0090\]\./,
    );
  });
});

describe('rankRuns', () => {
  const pair = (a: string, b: string, differs: boolean): Pair => ({
    ...{ a, b, metric: 'rmse', difference: 0.1, interval: differs ? [0.05, 0.15] : [-0.1, 0.2] },
    ...{ pValue: differs ? 0.001 : 0.5, adjusted: differs ? 0.002 : 0.6, rankSign: 1 },
    ...{ better: 0.5, same: 0, worse: 0.5, users: 10, method: '' },
  });
  const runs: { id: string; metrics: Record<string, number> }[] = [
    { id: 'a', metrics: { rmse: 0.9 } },
    { id: 'b', metrics: { rmse: 0.8 } },
    { id: 'c', metrics: {} },
  ];
  it('goes by the direction of the metric, without runs that lack it', () => {
    expect(rankRuns(runs, 'rmse', [pair('b', 'a', true)])).toEqual({
      order: [
        { run: 'b', rank: 1, tiedWithBest: true },
        { run: 'a', rank: 2, tiedWithBest: false },
      ],
      bars: [],
    });
    expect(rankRuns(runs, 'rmse', [pair('a', 'b', false)]).bars).toEqual([['b', 'a']]);
  });
  it('takes runs without a pair for unlike', () => {
    expect(rankRuns(runs, 'rmse', []).order[1].tiedWithBest).toBe(false);
  });
});
