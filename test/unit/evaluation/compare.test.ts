import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CompareResult } from '../../../shared/compare.ts';
import {
  compareRuns,
  type ComparedData,
  type CompareOptions,
} from '../../../main/evaluation/compare/compare.ts';
import { Random } from '../../../main/numeric/random.ts';
import { ratingsOf, type Line } from './load.ts';
import { comparedRun } from './runs.ts';

const options = (some: Partial<CompareOptions> = {}): CompareOptions => ({
  metric: null,
  force: false,
  ...some,
});
const users = 400;
const random = new Random(2, 'init');
const base = Array.from({ length: users }, () => (random.next() < 0.5 ? 0 : random.next() / 2));
/** Better by about .05 for the users with gain, the last forty of them excepted. */
const improved = base.map((x, u) => (x === 0 ? 0 : u >= 360 ? x / 2 : x + 0.1 * random.next()));

/** User u has 3 + u % 30 train rows and one test row; the last forty rate items of one genre. */
function data(): ComparedData {
  const lines: Line[] = [];
  for (let u = 0; u < users; u++)
    for (let k = 0; k <= 3 + (u % 30); k++)
      lines.push([
        u,
        u >= 360 ? 100 + ((u + 7 * k) % 50) : Math.floor(((u * 31 + k * 17) % 100) ** 2 / 100),
        1,
        k * 86_400_000,
      ]);
  const ratings = ratingsOf(lines, users, 150);
  const part = new Uint8Array(ratings.item.length);
  for (let u = 0; u < users; u++) part[ratings.start[u + 1] - 1] = 2;
  return {
    ratings,
    part,
    timeKind: 'time',
    genres: Array.from({ length: 150 }, (_, i) => [i >= 100 ? 'Documentary' : i % 2 ? 'Drama' : 'Comedy']),
    leakage: [{ code: 'train-later-than-test', text: '41 % of …', value: 0.41, grave: false }],
  };
}

describe('compareRuns', () => {
  it('gives the mean of paired differences, its interval, and shares that sum to 1', () => {
    const a = comparedRun('r1', { 'ndcg@10': [0, 0.5, 1, NaN], 'hr@10': [0, 1, 1, NaN] });
    const b = comparedRun('r2', { 'ndcg@10': [1, 0.5, 0.5, 0], 'hr@10': [1, 1, 1, 0] });
    const result = compareRuns([a, b], null, options());
    expect(v.parse(CompareResult, JSON.parse(JSON.stringify(result)))).toEqual(result);
    expect(result.pairs.map((pair) => pair.metric)).toEqual(['ndcg@10', 'hr@10']);
    const [pair] = result.pairs;
    expect(pair).toMatchObject({ a: 'r1', b: 'r2', users: 3, better: 1 / 3, same: 1 / 3, worse: 1 / 3 });
    expect(pair.difference).toBeCloseTo(1 / 6, 12);
    // Differences 1, 0, −.5: standard deviation √(7 ÷ 12).
    const half = 1.959963984540054 * Math.sqrt(7 / 12 / 3);
    expect(pair.interval[0]).toBeCloseTo(1 / 6 - half, 12);
    expect(pair.pValue).toBe(1);
    expect(result.pairs[1].difference).toBeCloseTo(1 / 3, 12);
    expect(compareRuns([a, b], null, options({ metric: 'hr@10' })).pairs).toHaveLength(1);
    expect(() => compareRuns([a, b], null, options({ metric: 'rmse' }))).toThrow(/no values by user of rmse/);
  });

  it('takes intervals by bootstrap and zeros as Pratt does where asked, and names both', () => {
    const a = comparedRun('r1', { 'ndcg@10': base, 'hr@10': base });
    const b = comparedRun('r2', { 'ndcg@10': improved, 'hr@10': base });
    const [usual] = compareRuns([a, b], null, options()).pairs;
    const asked = options({ pairs: 'verdict', intervals: 'bootstrap', zeros: 'pratt' });
    const { pairs, verdict } = compareRuns([a, b], null, asked);
    expect(pairs.map(({ metric }) => metric)).toEqual(['ndcg@10']);
    const [pair] = pairs;
    expect(pair.method).toBe("bootstrap over users (10,000 draws, seed 1), Wilcoxon (Pratt's zeros)");
    expect(verdict.method).toContain(pair.method);
    expect(pair.difference).toBe(usual.difference);
    expect(pair.pValue).not.toBe(usual.pValue);
    pair.interval.forEach((end, k) => {
      expect(end).not.toBe(usual.interval[k]);
      expect(Math.abs(end - usual.interval[k])).toBeLessThan(0.1 * (usual.interval[1] - usual.interval[0]));
    });
  });

  it('takes the direction of the metric: lower errors are better', () => {
    const a = comparedRun('r1', { rmse: base.map((x) => 1 + x) }, { kind: 'ratings' });
    const b = comparedRun('r2', { rmse: base.map((x) => 0.9 + x) }, { kind: 'ratings' });
    const result = compareRuns([a, b], null, options());
    const [pair] = result.pairs;
    expect(pair.difference).toBeLessThan(-0.09);
    expect([pair.better, pair.worse]).toEqual([1, 0]);
    expect(pair.method).toMatch(/^bootstrap over users/);
    expect(result.verdict.headline).toMatch(/^r2 beats r1 by −\.\d{4} RMSE \[−\.\d{4}, −\.\d{4}\]/);
    const mean = (list: number[]): number => Math.sqrt(list.reduce((s, x) => s + x * x, 0) / list.length);
    expect(pair.difference).toBeCloseTo(mean(base.map((x) => 0.9 + x)) - mean(base.map((x) => 1 + x)), 12);
  });

  it('says who beats whom, by how much, against seed noise and the smallest interesting difference', () => {
    const a = comparedRun('r1', { 'ndcg@10': base });
    const again = comparedRun('r9', { 'ndcg@10': base.map((x) => x + 0.001) }, { seed: 2 });
    const b = comparedRun('r2', { 'ndcg@10': improved }, { model: 'caser', name: 'Caser' });
    const result = compareRuns([a, b], data(), {
      ...options(),
      siblings: [a.run, again.run, b.run],
      smallestInteresting: { 'ndcg@10': 0.002 },
    });
    expect(result.seedNoise).toBeCloseTo(0.001 / Math.SQRT2, 9);
    expect(result.verdict.headline).toMatch(
      /^Caser beats r1 by \+\.\d{4} NDCG@10 \[\.\d{4}, \.\d{4}\], more than seed noise \(± \.0020\) and your smallest interesting difference \(\.0020\)\.$/,
    );
    expect(result.verdict.method).toMatch(
      /^400 users paired, normal intervals, Wilcoxon \(zeros dropped\), p < \.001\.$/,
    );
    const within = compareRuns([a, b], null, { ...options(), smallestInteresting: { 'ndcg@10': 0.2 } });
    expect(within.verdict.headline).toMatch(/, below your smallest interesting difference \(\.2000\)\.$/);
  });

  it('finds the worst slice, with an interval for the worst of many', () => {
    const a = comparedRun('r1', { 'ndcg@10': base });
    const b = comparedRun('r2', { 'ndcg@10': improved });
    const result = compareRuns([a, b], data(), options());
    const worst = result.slices.filter((slice) => slice.worst);
    expect(worst).toHaveLength(1);
    expect(worst[0]).toMatchObject({ kind: 'genre', label: 'Documentary viewers', users: 40 });
    expect(worst[0].difference).toBeLessThan(0);
    expect(result.slices[0]).toMatchObject({
      kind: 'all',
      users: 400,
      difference: result.pairs[0].difference,
    });
    expect(new Set(result.slices.map((slice) => slice.kind))).toEqual(
      new Set(['all', 'activity', 'popularity', 'genre', 'age']),
    );
    const groups = result.slices.filter((slice) => slice.kind === 'activity');
    expect(groups.map((slice) => slice.users).reduce((x, y) => x + y)).toBe(400);
    const note = result.notes.find(({ code }) => code === 'worst-slice');
    expect(note?.severity).toBe('warning');
    expect(note?.text).toMatch(/^r2 is worse for Documentary viewers \(40 users\): −\.\d{4}/);
  });

  it('takes intervals of slices by bootstrap too where it is asked for, and says so', () => {
    const runs = [comparedRun('r1', { 'ndcg@10': base }), comparedRun('r2', { 'ndcg@10': improved })];
    const normal = compareRuns(runs, data(), options());
    const drawn = compareRuns(runs, data(), options({ intervals: 'bootstrap' }));
    const method = 'bootstrap over users (10,000 draws, seed 1)';
    drawn.slices.forEach((slice, k) => {
      expect(slice.method).toBe(method);
      expect(slice.difference).toBe(normal.slices[k].difference);
      expect(slice.interval).not.toEqual(normal.slices[k].interval);
    });
    expect(drawn.slices[0].interval).toEqual(drawn.pairs[0].interval);
    expect(drawn.verdict.method).toContain(method);
    expect(drawn.notes.find(({ code }) => code === 'worst-slice')?.text).toContain(method);
    expect(new Set(normal.slices.map((slice) => slice.method))).toEqual(new Set(['normal intervals']));
  });

  it('turns the worst slice as its verdict, whichever way round the runs are given', () => {
    const a = comparedRun('r1', { 'ndcg@10': base });
    const b = comparedRun('r2', { 'ndcg@10': improved });
    const texts = [
      [a, b],
      [b, a],
    ].map((runs) => compareRuns(runs, data(), options()).notes.find(({ code }) => code === 'worst-slice'));
    const figures = texts.map((note) => /: ([+−.\d]+) \[/.exec(note?.text ?? '')?.[1]);
    expect(figures[0]).toMatch(/^−/);
    expect(figures[1]).toBe(figures[0]);
  });

  it('gives verdict, slices and distribution of the pair that is asked for', () => {
    const runs = [
      comparedRun('r1', { 'ndcg@10': base }),
      comparedRun('r2', { 'ndcg@10': improved }, { model: 'mf' }),
      comparedRun('r3', { 'ndcg@10': base.map((x) => x / 2) }, { model: 'caser' }),
    ];
    expect(compareRuns(runs, data(), options()).lead).toEqual(['r1', 'r2']);
    const asked = compareRuns(runs, data(), options({ lead: ['r3', 'r1'] }));
    expect(asked.lead).toEqual(['r1', 'r3']);
    expect(asked.verdict.headline).toMatch(/^r1 beats r3 /);
    expect(asked.verdict.method).toMatch(/Holm over 3 pairs/);
    expect(asked.slices.every((slice) => slice.a === 'r1' && slice.b === 'r3')).toBe(true);
    expect(asked.distribution?.same).toBe(base.filter((x) => x === 0).length);
  });

  it('cannot tell equal runs apart, and says so', () => {
    const noise = new Random(4, 'init');
    const shuffled = base.map((x) => x + 0.05 * noise.normal());
    const result = compareRuns(
      [comparedRun('r1', { 'ndcg@10': base }), comparedRun('r2', { 'ndcg@10': shuffled }, { seed: 2 })],
      null,
      options(),
    );
    expect(result.verdict.headline).toMatch(
      /cannot be told apart: \+\.\d{4} NDCG@10 \[−\.\d{4}, \.\d{4}\]\.$/,
    );
    expect(result.verdict.detail).toMatch(/differ by their seed alone/);
    const same = compareRuns(
      [comparedRun('r1', { 'ndcg@10': base }), comparedRun('r2', { 'ndcg@10': base })],
      null,
      options(),
    );
    expect(same.pairs[0]).toMatchObject({ difference: 0, pValue: 1, same: 1 });
    expect(same.distribution).toEqual({ edges: [], counts: [], same: 400 });
  });

  it('does not hope for seeds where models have none, nor where nothing differs', () => {
    const noise = new Random(5, 'init');
    const shuffled = base.map((x) => x + 0.05 * noise.normal());
    const verdictOf = (values: number[], ...seedless: boolean[]) => {
      const [a, b] = [base, values].map((list, k) =>
        comparedRun(
          `r${k + 1}`,
          { 'ndcg@10': list },
          { model: k === 0 ? 'itemknn' : 'ease', seedless: seedless[k] },
        ),
      );
      const { verdict, notes } = compareRuns([a, b], null, options());
      return { headline: verdict.headline, note: notes.find(({ code }) => code === 'one-seed')?.text };
    };
    expect(verdictOf(shuffled, true, true)).toEqual({
      headline: expect.stringMatching(/cannot be told apart: .*\]\.$/) as string,
      note: undefined,
    });
    const half = verdictOf(shuffled, true, false);
    expect(half.headline).toMatch(/More seeds may settle it\.$/);
    expect(half.note).toBe('Seed noise is unknown: every model that has seeds was trained with one seed.');
    expect(verdictOf(base, false, false).headline).toMatch(/Every user has the same value in both\.$/);
  });

  it('says for how many users no model can fail', () => {
    const runs = [comparedRun('r1', { 'hr@10': base }), comparedRun('r2', { 'hr@10': improved })];
    const known = data();
    // The test row of each user, ranked among 40 candidates, of the last hundred users among 8, one of them alone.
    const rows = Uint32Array.from({ length: users }, (_, u) => known.ratings.start[u + 1] - 1);
    const candidates = Uint32Array.from(rows, (_, u) => (u === 399 ? 1 : u >= 300 ? 8 : 40));
    const { notes } = compareRuns(runs, { ...known, ranked: { rows, candidates } }, options());
    expect(notes.flatMap(({ code, text }) => (code === 'easy-users' ? [text] : []))).toEqual([
      '0.3 % of the users have no candidate but what is to be found: no model can fail on them.',
      '25 % of the users have no more than 10 candidates: HR@10 and Recall@10 are 1 for them whatever the model.',
    ]);
  });

  it('leaves open what interval and test do not agree on, and says so', () => {
    const compared = (change: (u: number) => number): ReturnType<typeof compareRuns> => {
      const changed = base.map((x, u) => x + change(u));
      return compareRuns(
        [comparedRun('r1', { 'ndcg@10': base }), comparedRun('r2', { 'ndcg@10': changed })],
        null,
        options(),
      );
    };
    // Of 400 users a tenth gains much and the others lose a little: the mean rises, the ranks fall. With 117 who gain
    // the sums of ranks are even.
    for (const [winners, significant] of [
      [40, true],
      [117, false],
    ] as const) {
      const { pairs, verdict } = compared((u) => (u < winners ? 0.5 : -0.01));
      const [pair] = pairs;
      expect(pair.interval[0]).toBeGreaterThan(0);
      expect(pair.adjusted < 0.05).toBe(significant);
      if (significant) expect(pair.rankSign).toBe(-1);
      expect(verdict.headline).toMatch(/cannot be told apart/);
      expect(verdict.detail).toContain('do not agree, so it is left open');
    }
    const clear = compared((u) => (u < 300 ? 0.1 : -0.01));
    expect(clear.pairs[0].rankSign).toBe(1);
    expect(clear.verdict.headline).toMatch(/^r2 beats r1/);
    expect(clear.verdict.detail).not.toContain('left open');
  });

  it('adjusts over all pairs of a metric, and leads with the best run and the best of another configuration', () => {
    const runs = ['r1', 'r2', 'r3'].map((id, k) =>
      comparedRun(id, { 'ndcg@10': base.map((x, u) => x + (k === 1 ? 0.05 : 0) + (u % 7) * 0.0001 * k) }),
    );
    runs[0] = { ...runs[0], run: { ...runs[0].run, parameters: { embeddingSize: 8 } } };
    const result = compareRuns(runs, null, options());
    expect(result.pairs.map(({ a, b }) => a + b)).toEqual(['r1r2', 'r1r3', 'r2r3']);
    for (const pair of result.pairs) expect(pair.adjusted).toBeGreaterThanOrEqual(pair.pValue);
    expect(result.verdict.headline).toMatch(/^r2 beats r1/);
    expect(result.verdict.method).toContain('Holm over 3 pairs');
  });

  it('refuses unlike runs and says what differs, unless forced', () => {
    const a = comparedRun('r1', { 'ndcg@10': base });
    const b = comparedRun(
      'r2',
      { 'ndcg@10': improved },
      { split: { name: 'random', hash: 's2' } },
      { keepSeen: true },
    );
    const result = compareRuns([a, b], data(), options());
    expect(result.comparable).toBe(false);
    expect(result.differences.map(({ what }) => what)).toEqual(['split', 'candidates']);
    expect(result.differences[1].values).toEqual([
      { run: 'r1', value: 'all' },
      { run: 'r2', value: 'all, seen items kept' },
    ]);
    expect([result.pairs, result.slices]).toEqual([[], []]);
    expect(result.verdict.headline).toBe(
      'These runs do not compare: r1 was tested on Films, leave-last-out split, r2 was tested on Films, random split.',
    );
    const forced = compareRuns([a, b], data(), options({ force: true }));
    expect(forced.comparable).toBe(false);
    expect(forced.pairs).toHaveLength(1);
    expect(forced.notes[0]).toMatchObject({ code: 'incomparable', severity: 'error' });
  });

  it('pairs users of unlike data by their ids when forced', () => {
    const a = { ...comparedRun('r1', { 'ndcg@10': [0.1, 0.2, 0.3] }), userIds: ['x', 'y', 'z'] };
    const b = { ...comparedRun('r2', { 'ndcg@10': [0.5, 0.2] }, { fingerprint: 'f2' }), userIds: ['z', 'x'] };
    const [pair] = compareRuns([a, b], null, options({ force: true })).pairs;
    expect(pair.users).toBe(2);
    expect(pair.difference).toBeCloseTo((0.5 - 0.3 + 0.2 - 0.1) / 2, 12);
  });

  it('notes sampled metrics, constant scores, unequal tuning and a missing baseline', () => {
    const a = comparedRun('r1', { 'sampled99/ndcg@10': base, 'sampled99/tieRate': base.map(() => 1) });
    const b = comparedRun(
      'r2',
      { 'sampled99/ndcg@10': improved, 'sampled99/tieRate': base.map(() => 0) },
      { model: 'caser' },
    );
    const trials = [8, 16, 32].map((size) => ({
      ...b.run,
      id: `t${size}`,
      parameters: { embeddingSize: size },
    }));
    const result = compareRuns([a, b], data(), { ...options(), siblings: trials });
    const found = new Map(result.notes.map(({ code, text }) => [code, text]));
    expect(result.metric).toBe('sampled99/ndcg@10');
    expect(found.get('sampled-metrics')).toMatch(/^NDCG@10 \(sampled99\)/);
    expect(found.get('constant-scores')).toMatch(/^r1 ties every test item/);
    expect(found.get('unequal-tuning')).toBe('r1 had 1 trial and r2 4, so it may be undertuned.');
    expect(found.get('missing-baseline')).toMatch(/^No baseline was trained/);
    expect(found.get('train-later-than-test')).toBe('41 % of …');
    expect(result.notes[0].severity).toBe('error');
  });

  it('shows where recommendations go by popularity', () => {
    const withLists = (id: string, item: (u: number) => number): ReturnType<typeof comparedRun> => ({
      ...comparedRun(id, { 'ndcg@10': base }),
      lists: {
        users: Uint32Array.from({ length: users }, (_, u) => u),
        start: Uint32Array.from({ length: users + 1 }, (_, u) => u),
        items: Uint32Array.from({ length: users }, (_, u) => item(u)),
        scores: new Float32Array(users),
      },
    });
    const result = compareRuns(
      [withLists('r1', () => 0), withLists('r2', (u) => u % 150)],
      data(),
      options(),
    );
    const [narrow, even] = result.exposure.runs;
    expect(Math.max(...narrow.deciles)).toBe(1);
    expect(narrow.lorenz.at(-2)).toBe(0);
    even.deciles.forEach((share) => expect(share).toBeCloseTo(0.1, 1));
    expect(even.lorenz[10]).toBeGreaterThan(0.35);
    expect(result.exposure.training.reduce((x, y) => x + y)).toBeCloseTo(1, 12);
    expect(result.exposure.training[0]).toBeGreaterThan(result.exposure.training[9]);
  });

  it('comes to a first verdict from one metric alone, for the others would take long with many users', () => {
    const many = 600;
    const gains = new Random(9, 'init');
    const names = ['hr', 'recall', 'ndcg', 'mrr', 'map', 'novelty'].flatMap((n) =>
      [5, 10, 20, 50].map((k) => `${n}@${k}`),
    );
    const make = (id: string): ReturnType<typeof comparedRun> =>
      comparedRun(
        id,
        Object.fromEntries(
          names.map((n) => [n, Float64Array.from({ length: many }, () => Math.max(0, gains.next() - 0.7))]),
        ),
      );
    const touched = new Set<string>();
    const watched = (run: ReturnType<typeof comparedRun>): typeof run => {
      const { perUser } = run;
      if (!perUser) throw new Error('The run has no values by user.');
      const values = new Proxy(perUser.values, {
        get: (target, name: string) => (touched.add(name), target[name]),
      });
      return { ...run, perUser: { ...perUser, values } };
    };
    const [a, b] = [watched(make('r1')), watched(make('r2'))];
    const result = compareRuns([a, b], null, options({ metric: 'ndcg@10' }));
    expect(result.pairs).toHaveLength(1);
    expect(result.pairs[0].users).toBe(many);
    expect(touched).toEqual(new Set(['ndcg@10']));
  });
});
