import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankMetrics } from '../../../main/evaluation/metrics/ranking-metrics.ts';
import { rankUsers } from '../../../main/evaluation/ranking/rank-users.ts';
import { TopList } from '../../../main/evaluation/ranking/top-list.ts';
import { expectedMetrics } from './enumeration.ts';
import { scorerOf } from './scorers.ts';

/** Scores of 2 … 8 candidates on few levels, so that most are tied, and which of them are test items. */
const cases = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 3 }), positive: fc.boolean() }), {
    minLength: 2,
    maxLength: 7,
  })
  .filter((items) => items.some((i) => i.positive));

describe('ranking metrics', () => {
  it('equal their mean over every order of the tied candidates, on 1,000 random cases', async () => {
    const cuts = [1, 2, 3, 5, 10];
    await fc.assert(
      fc.asyncProperty(cases, async (items) => {
        const positives = Uint32Array.from(items.flatMap((i, k) => (i.positive ? [k] : [])));
        const start = Uint32Array.of(0, positives.length);
        const result = await rankUsers(
          scorerOf(items.length, (_, i) => items[i].score),
          {
            itemCount: items.length,
            users: Uint32Array.of(0),
            positiveStart: start,
            positives,
            seenStart: Uint32Array.of(0, 0),
            seen: new Uint32Array(0),
            excluded: null,
            listLength: 0,
          },
        );
        const candidates = positives.map(() => result.candidates[0]);
        const found = rankMetrics({ ...result, candidates }, start, cuts, true);
        const expected = expectedMetrics(
          items.map((i) => i.score),
          items.map((i) => i.positive),
          cuts,
        );
        expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
        for (const name in found) {
          if (Number.isNaN(expected[name])) expect(found[name][0]).toBeNaN();
          else expect(Math.abs(found[name][0] - expected[name])).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 1000, seed: 6 },
    );
  }, 60_000);

  it('follow the formula of one test item: HR@K = clamp((K − above) ÷ (equal + 1))', () => {
    const ranks = {
      above: Uint32Array.of(0, 3, 8, 12),
      equal: Uint32Array.of(0, 3, 9, 0),
      candidates: Uint32Array.of(20, 20, 20, 20),
    };
    const found = rankMetrics(ranks, Uint32Array.of(0, 1, 2, 3, 4), [5, 10], true);
    expect([...found['hr@5']]).toEqual([1, 0.5, 0, 0]);
    expect([...found['hr@10']]).toEqual([1, 1, 0.2, 0]);
    expect(found['mrr@5'][1]).toBeCloseTo((1 / 4 + 1 / 5) / 4, 12);
    expect(found['ndcg@5'][1]).toBeCloseTo((1 / Math.log2(5) + 1 / Math.log2(6)) / 4, 12);
    expect([...found.auc]).toEqual([1, (19 - 3 - 1.5) / 19, (19 - 8 - 4.5) / 19, 7 / 19]);
    expect([...found.tieRate]).toEqual([0, 1, 1, 0]);
  });

  it('are means over rows where each row has candidates of its own', () => {
    const ranks = {
      above: Uint32Array.of(0, 4),
      equal: Uint32Array.of(0, 0),
      candidates: Uint32Array.of(10, 10),
    };
    const found = rankMetrics(ranks, Uint32Array.of(0, 2, 2), [3], false);
    expect([...found['hr@3']]).toEqual([0.5, NaN]);
    expect(found['recall@3'][0]).toBe(0.5);
    expect(found.map[0]).toBeCloseTo((1 + 1 / 5) / 2, 12);
    expect(found.auc[0]).toBeCloseTo((1 + 5 / 9) / 2, 12);
  });
});

describe('TopList', () => {
  it('keeps what sorting by score, then item, puts first', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 12 }), (values, length) => {
        const top = new TopList(length);
        values.forEach((score, item) => top.offer(item, score));
        const items = new Uint32Array(length);
        const kept = top.drain(items, new Float32Array(length), 0);
        const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
        expect([...items.subarray(0, kept)]).toEqual(order.slice(0, length));
        expect(top.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('rankUsers', () => {
  it('counts against seen and excluded items, several positives at once', async () => {
    const scores = [9, 5, 5, 7, 5, 1, 3];
    const result = await rankUsers(
      scorerOf(7, (_, i) => scores[i]),
      {
        itemCount: 7,
        users: Uint32Array.of(4),
        positiveStart: Uint32Array.of(0, 3),
        positives: Uint32Array.of(1, 5, 2),
        seenStart: Uint32Array.of(0, 2),
        seen: Uint32Array.of(0, 0),
        excluded: Uint8Array.of(0, 0, 0, 0, 0, 0, 1),
        listLength: 3,
      },
    );
    expect([...result.above]).toEqual([1, 4, 1]);
    expect([...result.equal]).toEqual([2, 0, 2]);
    expect([...result.candidates]).toEqual([5]);
    expect([...(result.lists?.items ?? [])]).toEqual([3, 1, 2]);
    expect(result.constantUsers).toBe(0);
  });

  it('places scores that are not numbers last', async () => {
    const result = await rankUsers(
      scorerOf(3, (_, i) => (i === 1 ? NaN : i)),
      {
        itemCount: 3,
        users: Uint32Array.of(0),
        positiveStart: Uint32Array.of(0, 1),
        positives: Uint32Array.of(1),
        seenStart: Uint32Array.of(0, 0),
        seen: new Uint32Array(0),
        excluded: null,
        listLength: 2,
      },
    );
    expect(result.above[0]).toBe(2);
    expect(result.notNumbers).toBe(1);
  });
});
