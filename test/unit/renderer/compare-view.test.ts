import { describe, expect, it } from 'vitest';
import { distributionSentence, metricRows, orientedPairs, pairOf } from '../../../shared/comparison/view.ts';
import { answered } from '../../windows/recordings.ts';
import { runNamed } from '../../windows/standing.ts';

const caser = runNamed('Caser epochs 4');
const ials = runNamed('iALS epochs 6');
const recorded = answered('compare', { runs: [caser.id, ials.id], metric: null });
const result = { ...recorded, runs: recorded.runs.map((run, at) => ({ ...run, seconds: [112, 4][at] })) };
const gain = (caser.metrics.test['ndcg@10'] ?? 0) - (ials.metrics.test['ndcg@10'] ?? 0);

describe('a pair of runs', () => {
  it('turns round with its interval and shares', () => {
    const there = pairOf(result, caser.id, ials.id, 'ndcg@10');
    const back = pairOf(result, ials.id, caser.id, 'ndcg@10');
    expect(there?.difference).toBeCloseTo(-gain, 4);
    expect(back?.difference).toBe(-(there?.difference ?? 0));
    expect(back?.interval[0]).toBe(-(there?.interval[1] ?? 0));
    expect([back?.better, back?.worse]).toEqual([there?.worse, there?.better]);
    expect((there?.better ?? 0) + (there?.same ?? 0) + (there?.worse ?? 0)).toBeCloseTo(1, 3);
  });
  it('is shown with the better run second, so that the difference is a gain', () => {
    expect(orientedPairs(result, [caser.id, ials.id])).toEqual([{ a: ials.id, b: caser.id }]);
  });
});

describe('the metric table', () => {
  const rows = metricRows(result, ials.id, caser.id);
  it('begins with the metric of the verdict and marks the best', () => {
    expect(rows[0]?.key).toBe('ndcg@10');
    expect(rows[0]?.best).toEqual([0]);
    expect(gain).toBeGreaterThan(0);
    expect(rows[0]?.difference).toBeCloseTo(gain, 4);
  });
  it('marks the shorter time as the better one', () => {
    const time = rows.find((row) => row.key === 'seconds');
    expect(time?.values).toEqual([112, 4]);
    expect(time?.best).toEqual([1]);
  });
  it('holds one K of each metric', () => {
    expect(rows.filter((row) => row.key.startsWith('ndcg@'))).toHaveLength(1);
  });
});

describe('the sentence under the differences of users', () => {
  const bins = [
    { low: -1, high: -0.5, users: 2 },
    { low: -0.5, high: 0, users: 10 },
    { low: 0, high: 0.5, users: 20 },
    { low: 0.5, high: 1, users: 7 },
  ];
  it('counts those who lie wholly beyond half of the reach, on the side that they are on', () => {
    expect(distributionSentence(bins, 61, 100)).toBe(
      '61 % of the users see no change; 7 users rise by .50 or more, 2 fall as much.',
    );
    const turned = bins.map(({ low, high, users }) => ({ low: -high, high: -low, users })).reverse();
    expect(distributionSentence(turned, 61, 100)).toContain('2 users rise by .50 or more, 7 fall');
  });
});
