import { describe, expect, it } from 'vitest';
import {
  exposureOfRun,
  meanOverSeeds,
  pairedDifference,
  Served,
  type ServedRun,
} from '../../../main/evaluation/compare/served.ts';
import { valueOfGroup } from '../../../main/evaluation/compare/group-value.ts';
import { ratingsOf, type Line } from './load.ts';

/**
 * Two users, ten items. Train: user 0 has items 0 and 1, user 1 item 0. Test: user 0 wants 5, user 1 wants 0… no: 1. So
 * item 0 is the head (the most rated tenth), 1 the middle, the rest the tail.
 */
const lines: Line[] = [
  [0, 0, 1, 1],
  [0, 1, 1, 2],
  [0, 5, 1, 3],
  [1, 0, 1, 1],
  [1, 1, 1, 2],
];
const ratings = ratingsOf(lines, 2, 10);
const part = Uint8Array.of(0, 0, 2, 0, 2);
const served = new Served({ ratings, part, keepSeen: false, trainItemsOnly: false });
const run: ServedRun = {
  lists: {
    users: Uint32Array.of(0, 1),
    start: Uint32Array.of(0, 2, 4),
    items: Uint32Array.of(5, 6, 1, 7),
    scores: Float32Array.of(2, 1, 2, 1),
  },
  ranks: {
    rows: Uint32Array.of(2, 4),
    above: Uint32Array.of(0, 0),
    equal: Uint32Array.of(0, 0),
    candidates: Uint32Array.of(8, 9),
  },
};

describe('what a run serves', () => {
  it('knows head, middle and tail, and what is to be found of each', () => {
    expect([...served.groups].slice(0, 4)).toEqual([0, 1, 2, 2]);
    expect(served.itemGroups().map(({ items, training, relevance }) => [items, training, relevance])).toEqual(
      [
        [1, 2 / 3, 0],
        [1, 1 / 3, 0.5],
        [8, 0, 0.5],
      ],
    );
  });

  it('has chances of groups, exposure of places, and de-biased metrics', () => {
    const { values, groups } = exposureOfRun(run, served, 2);
    // Candidates: of the head none is left (both have it); the middle is one of user 1's, shown; 8 + 8 of the tail, 3 shown.
    expect(groups.map(({ shown }) => shown)).toEqual([null, 1, 3 / 16]);
    // Both test items are in the lists; nobody wants the head.
    expect(groups.map(({ found }) => found)).toEqual([null, 1, 1]);
    expect(values.popReo).toBe(0);
    expect(values.popRsp).toBeCloseTo((1 - 3 / 16) / 2 / ((1 + 3 / 16) / 2), 12);
    const second = 1 / Math.log2(3);
    expect(groups[1].exposure).toBeCloseTo(1 / (2 + 2 * second), 12);
    expect([values.snipsRecall, values.snipsDcg]).toEqual([1, 1]);
    // The short head are items 0 and 1: they hold 80 % of the train rows.
    expect([values.aplt, values.aclt]).toEqual([0.75, 1.5]);
  });

  it('leaves out what was not stored', () => {
    const { values, groups } = exposureOfRun({ lists: null, ranks: null }, served, 2);
    expect(Object.values(values)).toEqual([null, null, null, null, null, null]);
    expect(groups).toEqual([]);
  });

  it('pairs users and averages seeds', () => {
    const a = { users: Uint32Array.of(0, 1, 3), values: Float64Array.of(0, 1, 5) };
    const b = { users: Uint32Array.of(0, 1, 2), values: Float64Array.of(1, 3, 9) };
    expect(pairedDifference(a, b)).toMatchObject({ difference: 1.5, users: 2 });
    expect(pairedDifference(a, { ...b, users: Uint32Array.of(7, 8, 9) })).toBeNull();
    expect([...(meanOverSeeds([a, { ...a, values: Float64Array.of(2, 1, 7) }])?.values ?? [])]).toEqual([
      1, 1, 6,
    ]);
  });

  it('has a metric over a group of users by its aggregation', () => {
    const perUser = {
      users: Uint32Array.of(0, 1, 2),
      ratings: Uint32Array.of(1, 3, 1),
      values: { rmse: Float64Array.of(1, 3, 9), 'ndcg@10': Float64Array.of(0.2, NaN, 0.4) },
    };
    const early = (user: number): boolean => user < 2;
    expect(valueOfGroup(perUser, 'rmse', early)).toBeCloseTo(Math.sqrt((1 + 27) / 4), 12);
    expect(valueOfGroup(perUser, 'ndcg@10', early)).toBe(0.2);
    expect(valueOfGroup(perUser, 'ndcg@10', () => false)).toBeNull();
    expect(valueOfGroup(perUser, 'mrr@10', early)).toBeNull();
  });
});
