import { describe, expect, it } from 'vitest';
import { standings } from '../../../main/evaluation/compare/standing.ts';
import { debiasedMetrics, propensities } from '../../../main/evaluation/metrics/debiased.ts';
import {
  exposureByGroup,
  groupParity,
  longTail,
  longTailByUser,
} from '../../../main/evaluation/metrics/fairness.ts';
import type { TopLists } from '../../../main/evaluation/ranking/ranking.ts';

/** Two users, two places each: items 0, 1 and 0, 3. */
const lists: TopLists = {
  users: Uint32Array.of(0, 1),
  start: Uint32Array.of(0, 2, 4),
  items: Uint32Array.of(0, 1, 0, 3),
  scores: Float32Array.of(2, 1, 2, 1),
};
const tail = Uint8Array.of(0, 1, 1, 1);

describe('the long tail', () => {
  it('is what the most rated items leave of the rows', () => {
    // 6 of 10 rows are short of 80 %, 6 + 2 reach it.
    expect([...longTail(Uint32Array.of(1, 6, 2, 1))]).toEqual([1, 0, 0, 1]);
    expect([...longTail(Uint32Array.of(1, 1, 1, 1), 0.5)]).toEqual([0, 0, 1, 1]);
  });

  it('has a share of each list and a number in it, none where there is no list', () => {
    const { share, count } = longTailByUser(lists, tail, 2);
    expect([[...share], [...count]]).toEqual([
      [0.5, 0.5],
      [1, 1],
    ]);
    expect([...longTailByUser(lists, tail, 1).share]).toEqual([0, 0]);
    const one = { ...lists, start: Uint32Array.of(0, 0, 4), users: Uint32Array.of(0, 1) };
    expect([...longTailByUser(one, tail, 3).share]).toEqual([NaN, 1 / 3]);
  });
});

describe('groups of items', () => {
  it('have a chance to be shown, and one to be shown where they are wanted', () => {
    const { parity, opportunity } = groupParity(
      lists,
      {
        groups: tail,
        groupCount: 2,
        // The first user has seen item 2, twice; the second nothing.
        seenStart: Uint32Array.of(0, 2, 2),
        seen: Uint32Array.of(2, 2),
        positiveStart: Uint32Array.of(0, 2, 3),
        positives: Uint32Array.of(0, 3, 3),
      },
      2,
    );
    // Head: 2 of 2 candidates. Tail: 2 shown of 2 + 3 candidates.
    expect(parity.chances).toEqual([1, 2 / 5]);
    expect(parity.spread).toBeCloseTo(0.3 / 0.7, 12);
    // Head: 1 of 1. Tail: item 3 is wanted twice and shown to the second user alone.
    expect(opportunity.chances).toEqual([1, 1 / 2]);
    expect(opportunity.spread).toBeCloseTo(0.25 / 0.75, 12);
  });

  it('share the exposure of places, beside their share of what is wanted', () => {
    const [head, long] = exposureByGroup(lists, tail, 2, Uint32Array.of(0, 3, 3, 1), 2);
    const second = 1 / Math.log2(3);
    expect(head.exposure).toBeCloseTo(2 / (2 + 2 * second), 12);
    expect(long.exposure).toBeCloseTo((2 * second) / (2 + 2 * second), 12);
    expect([head.relevance, long.relevance]).toEqual([0.25, 0.75]);
  });
});

describe('de-biased metrics', () => {
  it('weigh test items by how seldom they are observed', () => {
    expect([...propensities(Uint32Array.of(0, 1, 4), 1)]).toEqual([1, 1, 4]);
    expect(propensities(Uint32Array.of(4), 2)[0]).toBeCloseTo(8, 12);
    // Weights 1 and ¼; the rare item is at place 1, the popular one beyond k.
    const ranks = {
      above: Uint32Array.of(0, 7),
      equal: Uint32Array.of(0, 0),
      candidates: Uint32Array.of(9, 9),
    };
    const propensity = Float64Array.of(1, 4);
    const { recall, dcg } = debiasedMetrics(
      ranks,
      Uint32Array.of(0, 2, 2),
      Uint32Array.of(0, 1),
      propensity,
      5,
    );
    expect(recall[0]).toBeCloseTo(0.8, 12);
    expect(dcg[0]).toBeCloseTo(0.8, 12);
    expect(recall[1]).toBeNaN();
  });

  it('take ties by expectation', () => {
    // One of four tied at places 2 … 5, k = 3: two of four places are within.
    const ranks = { above: Uint32Array.of(1), equal: Uint32Array.of(3), candidates: Uint32Array.of(9) };
    const { recall, dcg } = debiasedMetrics(
      ranks,
      Uint32Array.of(0, 1),
      Uint32Array.of(0),
      Float64Array.of(5),
      3,
    );
    expect(recall[0]).toBe(0.5);
    expect(dcg[0]).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(4)) / 4, 12);
  });
});

describe('standings', () => {
  const models = [
    { id: 'a', value: 0.3 },
    { id: 'b', value: 0.5 },
    { id: 'c', value: 0.4 },
    { id: 'd', value: 0.1 },
  ];
  /** b against c, c against a, and b against a are apart by so much. */
  const apart = (least: number) => (x: string, y: string) => {
    const value = (id: string): number => models.find((model) => model.id === id)?.value ?? NaN;
    return Math.abs(value(x) - value(y)) > least;
  };

  it('put the best first, and say who is tied with it', () => {
    const { order, bars } = standings(models, 1, apart(0.15));
    expect(order.map(({ id, tiedWithBest }) => `${id} ${tiedWithBest}`)).toEqual([
      'b true',
      'c true',
      'a false',
      'd false',
    ]);
    expect(bars).toEqual([
      ['b', 'c'],
      ['c', 'a'],
    ]);
  });

  it('have one bar where nothing differs, none where all do, and turn where lower is better', () => {
    expect(standings(models, 1, apart(1)).bars).toEqual([['b', 'c', 'a', 'd']]);
    expect(standings(models, 1, apart(0)).bars).toEqual([]);
    expect(standings(models, -1, apart(0)).order.map(({ id }) => id)).toEqual(['d', 'a', 'c', 'b']);
    const equal = [...models, { id: 'e', value: 0.5 }];
    expect(standings(equal, 1, apart(0.15)).order.map(({ rank }) => rank)).toEqual([1, 1, 3, 4, 5]);
  });
});
