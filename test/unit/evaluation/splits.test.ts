import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitConfig } from '../../../shared/config.ts';
import { LATER, TEST, TRAIN, VALIDATION } from '../../../main/ratings/ratings.ts';
import { leakageFigures, leakageReport } from '../../../main/evaluation/splits/leakage.ts';
import { splitSummary } from '../../../main/evaluation/splits/summary.ts';
import { makeSplit } from '../../../main/evaluation/splits/make-split.ts';
import { sharedData } from '../../fixtures/shared-data.ts';
import { loadTabbed, ratingsOf, type Line } from './load.ts';

const config = (some: Partial<SplitConfig>): SplitConfig => ({
  name: 'random',
  testShare: 0.1,
  seed: 1,
  ties: 'last',
  folds: 5,
  fold: 0,
  validation: 'auto',
  ...some,
});

const counts = (part: Uint8Array): number[] =>
  [TRAIN, VALIDATION, TEST].map((p) => part.filter((q) => q === p).length);

/** User 0: four rows, the last two tied; user 1: two rows; user 2: one row. */
const small = ratingsOf([
  [0, 0, 5, 10],
  [0, 1, 4, 20],
  [0, 2, 3, 30],
  [0, 3, 2, 30],
  [1, 0, 5, 15],
  [1, 4, 1, 25],
  [2, 2, 4, 5],
]);

describe('makeSplit', () => {
  it('draws exactly the test share, and a tenth of the rest for validation', () => {
    const ratings = ratingsOf(Array.from({ length: 1000 }, (_, k): Line => [k % 50, k % 70, 1, k]));
    const split = makeSplit(ratings, config({ testShare: 0.2 }));
    expect(counts(split.part)).toEqual([720, 80, 200]);
    const none = makeSplit(ratings, config({ testShare: 0.2, validation: 'none' }));
    expect(counts(none.part)).toEqual([800, 0, 200]);
    const tests = (part: Uint8Array): boolean[] => Array.from(part, (p) => p === TEST);
    expect(tests(none.part)).toEqual(tests(split.part));
  });

  it('leaves the last row out, the last but one for validation, and one row always in train', () => {
    const split = makeSplit(small, config({ name: 'leave-last-out' }));
    expect([...split.part]).toEqual([TRAIN, TRAIN, VALIDATION, TEST, TRAIN, TEST, TRAIN]);
  });

  it('takes the first of the latest rows under ties first, its tied rows staying in train', () => {
    const none = makeSplit(small, config({ name: 'leave-last-out', ties: 'first', validation: 'none' }));
    expect([...none.part]).toEqual([TRAIN, TRAIN, TEST, TRAIN, TRAIN, TEST, TRAIN]);
    const auto = makeSplit(small, config({ name: 'leave-last-out', ties: 'first' }));
    expect([...auto.part]).toEqual([TRAIN, TRAIN, TEST, VALIDATION, TRAIN, TEST, TRAIN]);
    expect(leakageFigures(small, none, 'time').tiedRowsInTrain).toBe(1);
  });

  it("takes each user's last share by time", () => {
    const split = makeSplit(small, config({ name: 'user-ratio', testShare: 0.5, validation: 'none' }));
    expect([...split.part]).toEqual([TRAIN, TRAIN, TEST, TEST, TRAIN, TEST, TRAIN]);
  });

  it('tests on the latest rows of all under global time', () => {
    const split = makeSplit(small, config({ name: 'global-time', testShare: 3 / 7, validation: 'none' }));
    expect([...split.part]).toEqual([TRAIN, TRAIN, TEST, TEST, TRAIN, TEST, TRAIN]);
    expect(leakageFigures(small, split, 'time').trainLaterThanTest).toBe(0);
    expect(() => makeSplit({ ...small, time: null }, config({ name: 'global-time' }))).toThrow(
      /no time|none/,
    );
  });

  it('rolls over windows of time: trains on what was before, leaves what comes after alone', () => {
    const roll = (some: Partial<SplitConfig>): number[] => [
      ...makeSplit(
        small,
        config({ name: 'rolling', testShare: 2 / 7, windows: 2, validation: 'none', ...some }),
      ).part,
    ];
    // Times 10, 20, 30, 30 | 15, 25 | 5: two windows of two rows; 25 is the first of the last but two.
    const [L, T] = [LATER, TEST];
    expect(roll({ window: 0 })).toEqual([TRAIN, T, L, L, TRAIN, T, TRAIN]);
    expect(roll({ window: 1 })).toEqual([TRAIN, TRAIN, T, T, TRAIN, TRAIN, TRAIN]);
    // Rows of one time stand on one side of a cut: the window that would begin between the two 30s is empty.
    expect(() => roll({ testShare: 1 / 7, window: 1 })).toThrow(/Window 2 of 2 has no ratings/);
    expect(() => roll({ windows: 4 })).toThrow(/leave nothing to train/);
    expect(() => roll({ window: 2 })).toThrow(/does not exist/);
    expect(() => makeSplit({ ...small, time: null }, config({ name: 'rolling' }))).toThrow(/no time|none/);
  });

  it('never trains on a row that is later than one that is tested, whatever the times', () => {
    const rows = fc.array(fc.tuple(fc.nat(9), fc.nat(30), fc.nat(2000)), { minLength: 40, maxLength: 200 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 5 }), (drawn, windows) => {
        const ratings = ratingsOf(drawn.map(([user, item, time]): Line => [user, item, 1, time]));
        const time = ratings.time as Float64Array;
        const tested = new Uint8Array(time.length);
        for (let window = 0; window < windows; window++) {
          let part: Uint8Array;
          try {
            part = makeSplit(ratings, config({ name: 'rolling', windows, window })).part;
          } catch (error) {
            // Drawn times are tied now and then, so that a window is empty.
            return (error as { code?: string }).code === 'empty-window';
          }
          const times = (marks: number[]): number[] =>
            [...time].filter((_, row) => marks.includes(part[row]));
          const latest = Math.max(...times([TRAIN, VALIDATION]));
          expect(Math.min(...times([TEST]))).toBeGreaterThan(latest);
          expect(Math.min(...times([LATER]))).toBeGreaterThan(Math.max(...times([TEST])));
          part.forEach((p, row) => p === TEST && tested[row]++);
        }
        return Math.max(...tested) === 1;
      }),
    );
  });

  it('tests every row once over the folds', () => {
    const tested = new Uint8Array(small.item.length);
    for (let fold = 0; fold < 3; fold++) {
      const split = makeSplit(small, config({ name: 'k-fold', folds: 3, fold, validation: 'none' }));
      split.part.forEach((p, row) => p === TEST && tested[row]++);
    }
    expect([...tested]).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(() => makeSplit(small, config({ name: 'k-fold', folds: 3, fold: 3 }))).toThrow(/Fold 3/);
  });

  it('keeps given test rows and takes the last train row for validation where each user has one test row', () => {
    const part = Uint8Array.from([0, 2, 0, 0, 0, 2, 0]);
    const split = makeSplit(small, config({ name: 'given' }), { part });
    expect([...split.part]).toEqual([TRAIN, TEST, TRAIN, VALIDATION, TRAIN, TEST, TRAIN]);
    const none = makeSplit(small, config({ name: 'given', validation: 'none' }), { part });
    expect([...none.part]).toEqual([...part]);
    expect(() => makeSplit(small, config({ name: 'given' }))).toThrow(/without a split/);
  });

  it('validates on the last rows before the given test rows where those are the last of every user', () => {
    const rows = { userCount: 2, itemCount: 40, start: Uint32Array.of(0, 20, 32) };
    const item = Uint32Array.from({ length: 32 }, (_, row) => row);
    const ordered = { ...small, ...rows, item, value: new Float32Array(32).fill(1), time: null };
    const part = new Uint8Array(32).fill(TEST, 15, 20).fill(TEST, 30, 32);
    const split = makeSplit(ordered, config({ name: 'given' }), { part });
    // A tenth of 15 and of 10 train rows, rounded: rows 13 and 14, row 29.
    expect([...split.part.keys()].filter((row) => split.part[row] === VALIDATION)).toEqual([13, 14, 29]);
    // Test rows in the middle: no order to go by.
    part[2] = TEST;
    const { part: random } = makeSplit(ordered, config({ name: 'given' }), { part });
    expect(random.filter((p) => p === VALIDATION).length).toBe(2);
  });

  it('has a hash that changes with configuration, parts and candidates, and with nothing else', () => {
    const hash = (some: Partial<SplitConfig>): string =>
      makeSplit(small, config({ name: 'leave-last-out', ...some })).hash;
    expect(hash({})).toMatch(/^[0-9a-f]{16}$/);
    expect(hash({})).toBe(hash({}));
    // Settings of other splits do not act on this one.
    expect(hash({ testShare: 0.3, folds: 7 })).toBe(hash({}));
    const others = [hash({}), hash({ ties: 'first' }), hash({ seed: 2 }), hash({ validation: 'none' })];
    expect(new Set(others).size).toBe(4);
    const given = { start: Uint32Array.of(0, 1, 2), items: Uint32Array.of(3, 2) };
    const part = Uint8Array.from([0, 2, 0, 0, 0, 2, 0]);
    const without = makeSplit(small, config({ name: 'given' }), { part });
    const withItems = makeSplit(small, config({ name: 'given' }), { part, candidates: given });
    expect(withItems.given).toBe(given);
    expect(withItems.hash).not.toBe(without.hash);
  });

  it('tests on one row at least, however few there are', () => {
    const four = ratingsOf(
      [0, 1, 2, 3].map((k): [number, number, number, number] => [k % 2, k, 3, k]),
      2,
      4,
    );
    const { part } = makeSplit(four, config({ name: 'random', testShare: 0.1, validation: 'none' }));
    expect(counts(part)).toEqual([3, 0, 1]);
  });

  it('is a partition with the counts it promises, whatever the data', () => {
    const lines = fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.integer({ min: 1, max: 5 }), fc.nat(20)), {
      minLength: 12,
      maxLength: 60,
    });
    const names = fc.constantFrom('random', 'user-ratio', 'leave-last-out', 'global-time', 'k-fold' as const);
    fc.assert(
      fc.property(lines, names, fc.nat(100), (rows, name, seed) => {
        const ratings = ratingsOf(rows, 10, 10);
        const settings = config({ name, seed, testShare: 0.3 });
        let split;
        try {
          split = makeSplit(ratings, settings);
        } catch (error) {
          return (error as { code?: string }).code === 'empty-test';
        }
        const again = makeSplit(ratings, settings);
        expect(again.part).toEqual(split.part);
        const [train, validation, test] = counts(split.part);
        expect(splitSummary(ratings, split).counts).toEqual({ train, validation, test, later: 0 });
        if (name === 'random') {
          expect(test).toBe(Math.round(rows.length * 0.3));
          expect(validation).toBe(Math.round((rows.length - test) * 0.1));
        }
        if (name === 'leave-last-out' || name === 'user-ratio')
          for (let u = 0; u < 10; u++) {
            const parts = [...split.part.subarray(ratings.start[u], ratings.start[u + 1])];
            if (parts.length) expect(parts[0]).toBe(TRAIN);
            expect(parts).toEqual([...parts].sort());
          }
        return true;
      }),
      { numRuns: 200 },
    );
  });
});

describe('leakageFigures', () => {
  it('counts future events, ties, strangers and duplicates', () => {
    const ratings = ratingsOf([
      [0, 0, 5, 10],
      [0, 1, 4, 20],
      [1, 0, 5, 15],
      [1, 2, 1, 25],
      [2, 0, 4, 30],
      [2, 0, 3, 30],
    ]);
    const part = Uint8Array.from([TRAIN, TEST, TEST, TEST, TRAIN, TEST]);
    expect(leakageFigures(ratings, { part }, 'time')).toEqual({
      // Train times 10 and 30; tests at 20, 15, 25 see one later of two, the one at 30 none.
      trainLaterThanTest: 3 / 8,
      tiedLast: 1,
      tiedRowsInTrain: 0,
      coldUsers: 1,
      coldItems: 2,
      coldItemRows: 2,
      duplicates: 1,
      testRows: 4,
      testUsers: 3,
    });
  });

  const path = sharedData('ml-100k/u.data');
  it.skipIf(!path)('finds what is known of leave-last-out on MovieLens 100K', () => {
    const ratings = loadTabbed(path as string);
    const split = makeSplit(ratings, config({ name: 'leave-last-out', validation: 'none' }));
    const { figures, lines } = leakageReport(ratings, split, 'time');
    expect(figures.trainLaterThanTest).toBeCloseTo(0.413, 3);
    expect(figures.tiedLast).toBe(415);
    expect(lines[0].text).toMatch(/^41 % of the training events/);
    const first = makeSplit(ratings, config({ name: 'leave-last-out', ties: 'first', validation: 'none' }));
    expect(leakageFigures(ratings, first, 'time').tiedRowsInTrain).toBeGreaterThan(415);
    expect(figures.tiedRowsInTrain).toBe(0);
  });
});

describe('splitSummary', () => {
  it('draws users from the least to the most active', () => {
    const split = makeSplit(small, config({ name: 'leave-last-out' }));
    const summary = splitSummary(small, split, 2);
    expect(summary.users).toEqual({ test: 2, withoutTest: 1 });
    expect(summary.picture).toEqual([
      { user: 2, segments: [{ part: TRAIN, rows: 1 }] },
      {
        user: 0,
        segments: [
          { part: TRAIN, rows: 2 },
          { part: VALIDATION, rows: 1 },
          { part: TEST, rows: 1 },
        ],
      },
    ]);
  });
});
