import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EvaluationConfig, SplitConfig } from '../../../shared/config.ts';
import { selectRows, TRAIN, type Ratings } from '../../../main/ratings/ratings.ts';
import { sampledCandidates } from '../../../main/evaluation/ranking/candidates.ts';
import { evaluate } from '../../../main/evaluation/evaluate.ts';
import { makeSplit } from '../../../main/evaluation/splits/make-split.ts';
import type { Split } from '../../../main/ratings/split.ts';
import { bias } from '../../../main/models/bias/definition.ts';
import { sharedData } from '../../fixtures/shared-data.ts';
import { loadTabbed, ratingsOf, type Line } from './load.ts';
import { scorerOf } from './scorers.ts';

const settings = (some: Partial<EvaluationConfig> = {}): EvaluationConfig => ({
  candidates: 'all',
  candidateSeed: 1,
  keepSeen: false,
  positive: null,
  k: [5, 10, 20, 50],
  target: null,
  ...some,
});

const splitSettings: SplitConfig = {
  name: 'leave-last-out',
  testShare: 0.1,
  seed: 1,
  ties: 'last',
  folds: 5,
  fold: 0,
  validation: 'none',
};

/**
 * Eleven rows: user 0 has two train and two test rows, tied; user 1 a cold test item and the same test row twice;
 * user 2 is cold; user 3 has a test row that is in train too; user 4 has no test row.
 */
const small = ratingsOf(
  [
    [0, 0, 5],
    [0, 1, 4],
    [0, 2, 3],
    [0, 3, 1],
    [1, 0, 4],
    [1, 5, 2],
    [1, 5, 2],
    [2, 1, 5],
    [3, 2, 3],
    [3, 2, 4],
    [4, 4, 3],
  ],
  5,
  6,
);
const smallSplit: Split = {
  config: { ...splitSettings, name: 'given' },
  hash: 'small',
  part: Uint8Array.from([0, 0, 2, 2, 0, 2, 2, 2, 0, 2, 0]),
};
/** Scores by item: items 2, 3 and 4 tie. */
const smallScores = [3, 6, 4, 4, 4, 2];
const smallScorer = scorerOf(6, (_, i) => smallScores[i]);

describe('lists of a model whose factors score up to a constant', () => {
  it('show the ratings that it predicts, and keep apart what the ranks keep apart', async () => {
    // Steps of 2⁻²⁶ vanish beside 3, where float32 goes in steps of 2⁻²²; items 3 and 4 tie.
    const raw = [0.25, 0.25 - 2 ** -26, 0.25 - 2 ** -25, 0.125, 0.125, -3];
    const plain = scorerOf(6, (_, i) => raw[i]);
    const found = await evaluate({
      ratings: ratingsOf([...raw.keys()].map((i): Line => [0, i, 3])),
      split: { config: splitSettings, hash: 'h', part: Uint8Array.from(raw, (_, i) => (i < 5 ? 2 : 0)) },
      part: 'test',
      kind: 'ratings',
      config: settings({ keepSeen: true }),
      scorer: {
        ...plain,
        predict: (users, items) =>
          Float32Array.from(plain.predict(users, items) as Float32Array, (x) => x + 3),
        factors: { users: Float32Array.of(1), items: Float32Array.from(raw), k: 1, itemBias: null },
      },
    });
    const { above, equal, lists } = found.ranking!;
    expect([...lists!.items]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(lists!.scores[0]).toBe(3.25);
    expect(lists!.scores[3]).toBe(3.125);
    expect(lists!.scores[5]).toBe(0);
    const shown = [...lists!.scores];
    shown.slice(0, 5).forEach((score, place) => {
      expect(above[place]).toBe(shown.filter((other) => other > score).length);
      expect(equal[place]).toBe(shown.filter((other) => other === score).length - 1);
    });
  });
});

describe('evaluate, on eleven rows with ties, cold users and duplicates', () => {
  it('gives the values worked by hand', async () => {
    const found = await evaluate({
      ratings: small,
      split: smallSplit,
      part: 'test',
      scorer: smallScorer,
      kind: 'ratings',
      config: settings({ k: [1, 2] }),
    });
    expect(found.counts).toEqual({
      users: 4,
      usersWithoutTest: 1,
      rows: 6,
      positives: 5,
      coldUsers: 1,
      coldItems: 2,
      coldRows: 4,
      notCandidates: 1,
      duplicates: 1,
      constantUsers: 0,
    });
    const ranking = found.ranking!;
    expect([...ranking.rows]).toEqual([2, 3, 5, 7, 9]);
    // User 0: candidates 2 3 4 5, test 2 and 3 tied with 4. User 1: candidates 1 2 3 4 5, test 5 last.
    // User 2: all six, test 1 first. User 3: item 2 is seen, so it stands behind the five candidates.
    expect([...ranking.above]).toEqual([0, 0, 4, 0, 5]);
    expect([...ranking.equal]).toEqual([2, 2, 0, 0, 0]);
    expect([...ranking.candidates]).toEqual([4, 4, 5, 6, 6]);

    const { metrics, perUser } = found;
    expect([...perUser.users]).toEqual([0, 1, 2, 3]);
    const is = (key: string, values: number[]): void => {
      values.forEach((value, u) => expect(perUser.values[key][u], `${key} user ${u}`).toBeCloseTo(value, 12));
      expect(metrics[key]).toBeCloseTo(values.reduce((a, b) => a + b) / 4, 12);
    };
    // User 0: three tied places, two of them test items: (1,2), (1,3), (2,3) with a third of a chance each.
    is('hr@1', [2 / 3, 0, 1, 0]);
    is('hr@2', [1, 0, 1, 0]);
    is('recall@1', [1 / 3, 0, 1, 0]);
    is('recall@2', [2 / 3, 0, 1, 0]);
    is('precision@2', [2 / 3, 0, 1 / 2, 0]);
    is('mrr@2', [(1 + 1 + 1 / 2) / 3, 0, 1, 0]);
    is('map@2', [(1 + 1 / 2 + 1 / 4) / 3, 0, 1, 0]);
    is('map', [(1 + (1 + 2 / 3) / 2 + (1 / 2 + 2 / 3) / 2) / 3, 1 / 5, 1, 1 / 6]);
    const second = 1 / Math.log2(3);
    is('ndcg@2', [(1 + 1 / (1 + second) + second / (1 + second)) / 3, 0, 1, 0]);
    is('auc', [(1 + 1 / 2) / 2, 0, 1, 0]);
    is('tieRate', [1, 0, 0, 0]);

    const errors = [4 - 3, 4 - 1, 2 - 2, 2 - 2, 6 - 5, 4 - 4];
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(errors.reduce((a, e) => a + e * e, 0) / 6), 12);
    expect(metrics.rmseClipped).toBeCloseTo(Math.sqrt(10 / 6), 12);
    expect(metrics.mae).toBeCloseTo(5 / 6, 12);
    expect(metrics.maeClipped).toBeCloseTo(4 / 6, 12);
    expect(perUser.values.rmse[0]).toBeCloseTo(Math.sqrt(5), 12);
    expect([...perUser.ratings]).toEqual([2, 2, 1, 1]);

    // Lists of two: user 0 [2 3], user 1 [1 2], user 2 [1 2], user 3 [1 3]; train rows of the items 2 1 1 0 1 0.
    const lists = ranking.lists!;
    expect([...lists.items.subarray(lists.start[0], lists.start[0] + 2)]).toEqual([2, 3]);
    expect(metrics['coverage@2']).toBeCloseTo(3 / 6, 12);
    expect(metrics['gini@2']).toBeCloseTo((1 * 2 + 3 * 3 + 5 * 3) / (6 * 8), 12);
    is(
      'popularityLift@2',
      [0.5, 1, 1, 0.5].map((mean) => mean / (7 / 5)),
    );
    is('novelty@2', [2, 2, 2, 2]);
    expect(found.alarms).toEqual([]);
  });

  it('measures diversity by genres, items without any left out', async () => {
    const genres = { size: 2, values: Float32Array.of(1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1) };
    const found = await evaluate({
      ratings: small,
      split: smallSplit,
      part: 'test',
      scorer: smallScorer,
      kind: 'ranking',
      config: settings({ k: [2, 5] }),
      genres,
    });
    const root = Math.SQRT1_2;
    // [2 3], [1 2], [1 2], [1 3]
    const values = found.perUser.values['diversity@2'];
    [1 - root, 1 - root, 1 - root, 1].forEach((value, u) => expect(values[u]).toBeCloseTo(value, 12));
    // User 0's list 2 3 4 5, item 4 without genres: pairs (2,3), (2,5), (3,5).
    expect(found.perUser.values['diversity@5'][0]).toBeCloseTo((1 - root + 1 - root + 0) / 3, 12);
    expect(found.diversityBy).toBe('genres');
    expect(found.metrics.rmse).toBeUndefined();
  });

  it('leaves unknown items out under train, seen items in under keepSeen, low ratings out under positive', async () => {
    const run = (config: Partial<EvaluationConfig>): ReturnType<typeof evaluate> =>
      evaluate({
        ratings: small,
        split: smallSplit,
        part: 'test',
        scorer: smallScorer,
        kind: 'ranking',
        config: settings(config),
      });
    const train = await run({ candidates: 'train' });
    // User 0: candidates 2 and 4; the unknown 3 stands behind them. User 1: 1 2 4, then 5.
    expect([...train.ranking!.above]).toEqual([0, 2, 3, 0, 3]);
    expect([...train.ranking!.equal]).toEqual([1, 0, 0, 0, 0]);
    expect([...train.ranking!.candidates]).toEqual([3, 3, 4, 4, 4]);
    expect(train.counts.notCandidates).toBe(3);
    const keep = await run({ keepSeen: true });
    expect([...keep.ranking!.candidates]).toEqual([6, 6, 6, 6, 6]);
    expect(keep.counts.notCandidates).toBe(0);
    const high = await run({ positive: 3 });
    expect([...high.ranking!.rows]).toEqual([2, 7, 9]);
    expect(high.perUser.values.auc[1]).toBeNaN();
    expect(high.metrics['hr@5']).toBeCloseTo((1 + 1 + 0) / 3, 12);
  });

  it('masks train rows at validation, and ranks only the users asked for', async () => {
    const split = { ...smallSplit, part: Uint8Array.from([0, 1, 2, 2, 0, 1, 2, 2, 0, 2, 0]) };
    const found = await evaluate({
      ratings: small,
      split,
      part: 'validation',
      scorer: smallScorer,
      kind: 'ranking',
      config: settings(),
      users: Uint32Array.of(0, 2),
      want: { ratings: false, ranking: true, lists: false },
    });
    expect([...found.perUser.users]).toEqual([0]);
    expect([...found.ranking!.candidates]).toEqual([5]);
    expect(found.ranking!.lists).toBeNull();
    expect(found.counts.usersWithoutTest).toBe(1);
  });
});

describe('evaluate, over few candidates', () => {
  it('drops a given negative that equals the positive, and names its metrics given', async () => {
    const given = {
      start: Uint32Array.of(0, 2, 4, 6, 8, 10, 12),
      items: Uint32Array.of(2, 4, 3, 4, 1, 2, 1, 2, 1, 0, 4, 5),
    };
    const found = await evaluate({
      ratings: small,
      split: { ...smallSplit, given },
      part: 'test',
      scorer: smallScorer,
      kind: 'ranking',
      config: settings({ candidates: 'given', k: [1] }),
    });
    expect([...found.ranking!.candidates]).toEqual([2, 2, 3, 2, 3]);
    expect([...found.ranking!.above]).toEqual([0, 0, 2, 0, 0]);
    expect([...found.ranking!.equal]).toEqual([1, 1, 0, 0, 1]);
    // User 0: one half on each row.
    expect([...found.perUser.values['given2/hr@1']]).toEqual([0.5, 0, 1, 0.5]);
    expect(found.metrics['hr@1']).toBeUndefined();
    expect(found.metrics['coverage@1']).toBeGreaterThan(0);
  });

  it('draws the same negatives from the same seed, none twice and none that the user has', () => {
    const lines = Array.from({ length: 600 }, (_, k): Line => [k % 20, (k * 7) % 40, 1, k]);
    const ratings = ratingsOf(lines, 20, 300);
    const split = makeSplit(ratings, splitSettings);
    const drawn = sampledCandidates(ratings, split, 99, 3);
    expect(sampledCandidates(ratings, split, 99, 3)).toEqual(drawn);
    expect(sampledCandidates(ratings, split, 99, 4)).not.toEqual(drawn);
    for (let u = 0; u < 20; u++) {
      const items = [...drawn.items.subarray(drawn.start[u], drawn.start[u + 1])];
      expect(new Set(items).size).toBe(99);
      const own = new Set(ratings.item.subarray(ratings.start[u], ratings.start[u + 1]));
      expect(items.some((i) => own.has(i))).toBe(false);
    }
    const all = sampledCandidates(ratings, split, 1000, 3);
    expect(all.start[1]).toBe(300 - new Set(ratings.item.subarray(0, ratings.start[1])).size);
  });
});

const ml100k = sharedData('ml-100k/u.data');

/** Train rows of each item. */
function popularity(ratings: Ratings, split: Split): Float64Array {
  const counts = new Float64Array(ratings.itemCount);
  split.part.forEach((part, row) => part === 0 && counts[ratings.item[row]]++);
  return counts;
}

describe.skipIf(!ml100k)('evaluate, on MovieLens 100K', () => {
  it('gives a constant scorer its expected value and an alarm', async () => {
    const ratings = loadTabbed(ml100k as string);
    const split = makeSplit(ratings, splitSettings);
    const found = await evaluate({
      ratings,
      split,
      part: 'test',
      scorer: scorerOf(ratings.itemCount, () => 0.5),
      kind: 'ranking',
      config: settings(),
    });
    const expected = found.ranking!.candidates.reduce((sum, n) => sum + 50 / n, 0) / 943;
    expect(found.metrics['hr@50']).toBeCloseTo(expected, 12);
    expect(found.metrics['hr@50']).toBeCloseTo(0.032, 3);
    expect(found.metrics.auc).toBeCloseTo(0.5, 12);
    expect(found.metrics.tieRate).toBe(1);
    expect(found.alarms).toEqual(['All 943 users got one and the same score for every candidate.']);
  });

  it.each([
    ['first', 0.216, 0.084],
    ['last', 0.198, null],
  ] as const)('finds the known figures of popularity, ties %s', async (ties, hr50, hr10) => {
    const ratings = loadTabbed(ml100k as string);
    const split = makeSplit(ratings, { ...splitSettings, ties });
    const counts = popularity(ratings, split);
    const found = await evaluate({
      ratings,
      split,
      part: 'test',
      scorer: scorerOf(ratings.itemCount, (_, i) => counts[i]),
      kind: 'ranking',
      config: settings(),
    });
    expect(Math.abs(found.metrics['hr@50'] - hr50)).toBeLessThan(0.001);
    if (hr10) expect(Math.abs(found.metrics['hr@10'] - hr10)).toBeLessThan(0.001);
    if (hr10) expect(Math.abs(found.metrics.auc - 0.799)).toBeLessThan(0.001);
    if (hr10) expect(Math.abs(found.metrics['ndcg@10'] - 0.042)).toBeLessThan(0.001);
  });

  it.each([
    ['first', 1.046],
    ['last', 1.024],
  ] as const)('finds the known RMSE of biases alone, ties %s', async (ties, rmse) => {
    const ratings = loadTabbed(ml100k as string);
    const split = makeSplit(ratings, { ...splitSettings, ties });
    const train = selectRows(ratings, (row) => split.part[row] === TRAIN);
    const parameters = Object.fromEntries(bias.parameters.map((p) => [p.name, p.default]));
    const model = await (await bias.factories.cpu!())({ train, parameters, seed: 1 });
    await model.trainEpoch(1, async () => undefined);
    const found = await evaluate({
      ratings,
      split,
      part: 'test',
      scorer: model.scorer(),
      kind: 'ratings',
      config: settings(),
      want: { ratings: true, ranking: false, lists: false },
    });
    expect(Math.abs(found.metrics.rmse - rmse)).toBeLessThan(0.0015);
    expect(found.ranking).toBeNull();
  });

  it('gives popularity about .42 over 99 sampled negatives, five times its full figure', async () => {
    const ratings = loadTabbed(ml100k as string);
    const split = makeSplit(ratings, { ...splitSettings, ties: 'first' });
    const counts = popularity(ratings, split);
    const found = await evaluate({
      ratings,
      split,
      part: 'test',
      scorer: scorerOf(ratings.itemCount, (_, i) => counts[i]),
      kind: 'ranking',
      config: settings({ candidates: 'sampled99' }),
    });
    expect(Math.abs(found.metrics['sampled99/hr@10'] - 0.421)).toBeLessThan(0.03);
  });
});

const ncf = sharedData('ncf/ml-1m.test.negative');

describe.skipIf(!ncf)('evaluate, on the files of neural collaborative filtering', () => {
  it('finds popularity .4535 and .2543 over given negatives', async () => {
    const read = (name: string): string[] =>
      readFileSync(sharedData(name) as string, 'utf8')
        .trim()
        .split('\n');
    const lines = (name: string): Line[] =>
      read(name).map((line): Line => {
        const [user, item, value] = line.split('\t').map(Number);
        return [user, item, value];
      });
    const train = lines('ncf/ml-1m.train.rating');
    const test = lines('ncf/ml-1m.test.rating');
    const negatives = read('ncf/ml-1m.test.negative').map((line) => line.split('\t').slice(1).map(Number));
    const ratings = ratingsOf([...train, ...test]);
    const part = new Uint8Array(ratings.item.length);
    for (let u = 0; u < ratings.userCount; u++) part[ratings.start[u + 1] - 1] = 2;
    const start = Uint32Array.from({ length: negatives.length + 1 }, (_, t) => 99 * t);
    const split = makeSplit(
      ratings,
      { ...splitSettings, name: 'given' },
      { part, candidates: { start, items: Uint32Array.from(negatives.flat()) } },
    );
    const counts = popularity(ratings, split);
    const found = await evaluate({
      ratings,
      split,
      part: 'test',
      scorer: scorerOf(ratings.itemCount, (_, i) => counts[i]),
      kind: 'ranking',
      config: settings({ candidates: 'given' }),
      want: { ratings: false, ranking: true, lists: false },
    });
    expect(found.metrics['given99/hr@10']).toBeCloseTo(0.4535, 4);
    expect(found.metrics['given99/ndcg@10']).toBeCloseTo(0.2543, 4);
    expect(found.ranking!.candidates.filter((n) => n < 100).length).toBe(156);
  });
});
