import { describe, expect, it } from 'vitest';
import { pairTable } from '../../../renderer/compare/pair-table.ts';
import { compareRuns } from '../../../renderer/transport/fake/compare.ts';
import { fakeRuns } from '../../../renderer/transport/fake/runs.ts';

const all = fakeRuns().map((entry) => entry.run);
const [caser, ials] = ['Caser L5 d50', 'iALS k64'].map((name) => {
  const run = all.find((one) => one.name === name && one.seed === 2);
  if (!run) throw new Error('the fake lost its runs');
  return run;
});

describe('the table of all pairs', () => {
  it.each([
    [caser, ials],
    [ials, caser],
  ])('names its runs and turns each pair as the screen does', (a, b) => {
    const result = compareRuns([a, b], null, false);
    const { head, rows } = pairTable(result);
    const row = rows.find((one) => one[2] === 'ndcg@10');
    const at = (name: string): string | number | undefined => row?.[head.indexOf(name)];
    const labels = new Map(result.runs.map(({ id, label }) => [id, label]));
    expect([at('a'), at('b')]).toEqual([labels.get(ials.id), labels.get(caser.id)]);
    expect(at('b - a')).toBeCloseTo(0.0834 - 0.0771, 10);
    expect(Number(at('low'))).toBeLessThan(Number(at('high')));
    expect([at('id a'), at('id b')]).toEqual([ials.id, caser.id]);
    expect(rows).toHaveLength(result.pairs.length);
    expect(rows.every((one) => one.length === head.length)).toBe(true);
  });
});
