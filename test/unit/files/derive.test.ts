import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RatingBuilder } from '../../../main/files/rating-builder.ts';
import { deriveDataset, filterCounts } from '../../../main/files/derive.ts';
import { profileOf, stepOf } from '../../../main/ratings/profile.ts';
import { sampleDataset } from '../../../main/files/sample-dataset.ts';
import { summarize } from '../../../main/files/staged.ts';
import type { Dataset } from '../../../main/files/types.ts';

type Row = [user: string, item: string, value: number, time: number];

function datasetOf(rows: Row[]): Dataset {
  const builder = new RatingBuilder({
    timed: true,
    timeKind: 'time',
    implicit: false,
    duplicates: 'last',
    scale: null,
    rejectsFile: null,
  });
  for (const row of rows) builder.addText(...row);
  return builder.finish().dataset;
}

function rowsOf({ ratings, userIds, itemIds }: Dataset): Row[] {
  const rows: Row[] = [];
  for (let u = 0; u < ratings.userCount; u++) {
    for (let k = ratings.start[u]; k < ratings.start[u + 1]; k++) {
      rows.push([userIds[u], itemIds[ratings.item[k]], ratings.value[k], ratings.time?.[k] ?? 0]);
    }
  }
  return rows;
}

const filters = {
  kCore: null,
  minimumRating: null,
  binarise: null,
  from: null,
  to: null,
  sampleUsers: null,
  seed: 1,
};

// a and b share x and y; c has z alone, which d has too.
const rows: Row[] = [
  ['a', 'x', 5, 10],
  ['a', 'y', 3, 20],
  ['a', 'z', 4, 30],
  ['b', 'x', 2, 40],
  ['b', 'y', 4, 50],
  ['c', 'z', 1, 60],
];

describe('derived data sets', () => {
  it('k-core: c goes for want of rows, then z for want of users, until all have two', () => {
    const derived = deriveDataset(datasetOf(rows), { ...filters, kCore: 2 });
    expect(rowsOf(derived)).toEqual([
      ['a', 'x', 5, 10],
      ['a', 'y', 3, 20],
      ['b', 'x', 2, 40],
      ['b', 'y', 4, 50],
    ]);
    expect(derived.itemIds).toEqual(['x', 'y']);
  });

  it('threshold keeps the ratings, binarise makes them 1 and implicit', () => {
    const kept = deriveDataset(datasetOf(rows), { ...filters, minimumRating: 4 });
    expect(rowsOf(kept).map((row) => row[2])).toEqual([5, 4, 4]);
    expect(kept.ratings.implicit).toBe(false);
    const binary = deriveDataset(datasetOf(rows), { ...filters, binarise: 4 });
    expect(rowsOf(binary).map((row) => row[2])).toEqual([1, 1, 1]);
    expect([binary.ratings.implicit, binary.ratings.minimum, binary.ratings.maximum]).toEqual([true, 1, 1]);
  });

  it('the time window has both its ends in it', () => {
    const derived = deriveDataset(datasetOf(rows), { ...filters, from: 20, to: 50 });
    expect(rowsOf(derived).map((row) => row[3])).toEqual([20, 30, 40, 50]);
  });

  it('a sample of users is seeded and whole', () => {
    const sample = sampleDataset(3);
    const derive = (seed: number): Dataset => deriveDataset(sample, { ...filters, sampleUsers: 50, seed });
    expect(derive(1).ratings.userCount).toBe(50);
    expect(derive(1).fingerprint).toBe(derive(1).fingerprint);
    expect(derive(1).fingerprint).not.toBe(derive(2).fingerprint);
    const user = derive(1).userIds[0];
    expect(rowsOf(derive(1)).filter((row) => row[0] === user)).toEqual(
      rowsOf(sample).filter((row) => row[0] === user),
    );
  });

  it('live counts are the counts of what would be derived, and every core is one', () => {
    const id = fc.integer({ min: 0, max: 9 }).map(String);
    const row = fc.tuple(id, id, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 2, max: 4 }),
        (all, kCore) => {
          const dataset = datasetOf(all);
          const chosen = { ...filters, kCore, minimumRating: 2 };
          const counts = filterCounts(dataset.ratings, chosen);
          if (counts.ratings === 0) {
            expect(() => deriveDataset(dataset, chosen)).toThrow('No rating passes');
            return;
          }
          const derived = rowsOf(deriveDataset(dataset, chosen));
          const perUser = Map.groupBy(derived, (each) => each[0]);
          const perItem = Map.groupBy(derived, (each) => each[1]);
          expect(counts).toEqual({ users: perUser.size, items: perItem.size, ratings: derived.length });
          for (const group of [...perUser.values(), ...perItem.values()])
            expect(group.length).toBeGreaterThanOrEqual(kCore);
        },
      ),
    );
  });

  it('titles go along', () => {
    const dataset = datasetOf(rows);
    dataset.metadata = {
      titles: ['X', 'Y', 'Z'],
      genres: [['g'], null, ['h']],
      years: [1, 2, 3],
      images: ['a', null, 'http://c'],
    };
    const derived = deriveDataset(dataset, { ...filters, from: 60 });
    expect(derived.metadata).toEqual({ titles: ['Z'], genres: [['h']], years: [3], images: ['http://c'] });
  });
});

describe('the profile', () => {
  it('counts by hand', () => {
    const profile = profileOf(datasetOf(rows).ratings, 'time');
    expect(profile.perUser).toEqual({
      edges: [1, 2, 3, 5],
      counts: [1, 1, 1],
      minimum: 1,
      median: 2,
      mean: 2,
      maximum: 3,
    });
    expect(profile.perItem).toMatchObject({ minimum: 2, maximum: 2, mean: 2 });
    expect(profile.values).toEqual([1, 2, 3, 4, 5].map((value) => ({ value, count: value === 4 ? 2 : 1 })));
    expect(profile.mean).toBeCloseTo(19 / 6, 12);
    expect(profile.density).toBeCloseTo(6 / 9, 12);
    expect(profile.topTenthShare).toBeCloseTo(2 / 6, 12);
    expect(profile.longTail.at(-1)).toEqual([1, 1]);
    expect(profile.overTime?.counts.reduce((sum, each) => sum + each)).toBe(6);
    expect(profile.warnings.map((warning) => warning.code)).toContain('few-per-user');
  });

  it('knows the step between ratings', () => {
    const step = (...values: number[]): number | null => stepOf(Float32Array.from(values));
    expect([step(1, 2, 4.5), step(1, 5), step(3), step(0.1, 0.2, 0.4), step(1, 2 + 1e-4)]).toEqual([
      0.5,
      4,
      null,
      0.1,
      null,
    ]);
  });
});

describe('the sample', () => {
  const sample = sampleDataset(1);
  const summary = summarize(sample);

  it('has 1,000 users, 800 titled items and some 60,000 ratings, the same every time', () => {
    expect(summary).toMatchObject({
      users: 1000,
      items: 800,
      titles: 800,
      genres: 800,
      step: 0.5,
      minimum: 1,
      maximum: 5,
    });
    expect(Math.abs(summary.ratings - 60_000)).toBeLessThan(3000);
    expect(sampleDataset(1).fingerprint).toBe(sample.fingerprint);
    expect(new Set(sample.metadata?.titles).size).toBe(800);
  });

  it('has series that are watched in order', () => {
    const { ratings, metadata, itemIds } = sample;
    let next = 0;
    let parts = 0;
    for (let u = 0; u < ratings.userCount; u++) {
      for (let k = ratings.start[u]; k + 1 < ratings.start[u + 1]; k++) {
        const title = metadata?.titles[ratings.item[k]] ?? '';
        const part = /^(.*), Part (\d)$/.exec(title);
        if (!part) continue;
        const following = metadata?.titles.indexOf(`${part[1]}, Part ${Number(part[2]) + 1}`) ?? -1;
        if (following < 0) continue;
        parts++;
        if (ratings.item[k + 1] === following) next++;
      }
    }
    expect(itemIds).toHaveLength(800);
    expect(parts).toBeGreaterThan(2000);
    expect(next / parts).toBeGreaterThan(0.7);
  });
});
