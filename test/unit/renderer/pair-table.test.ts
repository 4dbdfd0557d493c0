import { describe, expect, it } from 'vitest';
import { pairTable } from '../../../shared/comparison/pair-table.ts';
import { answered } from '../../windows/recordings.ts';
import { runNamed } from '../../windows/standing.ts';

const caser = runNamed('Caser epochs 4');
const ials = runNamed('iALS epochs 6');
const recorded = answered('compare', { runs: [caser.id, ials.id], metric: null });
const gain = (caser.metrics.test['ndcg@10'] ?? 0) - (ials.metrics.test['ndcg@10'] ?? 0);

describe('the table of all pairs', () => {
  it.each([
    ['as they were named', recorded],
    ['the other way round', { ...recorded, runs: recorded.runs.toReversed() }],
  ])('names its runs and turns each pair as the screen does: %s', (_, result) => {
    const { head, rows } = pairTable(result);
    const row = rows.find((one) => one[2] === 'ndcg@10');
    const at = (name: string) => row?.[head.indexOf(name)];
    expect([at('a'), at('b')]).toEqual(['iALS epochs 6', 'Caser epochs 4']);
    expect([at('id a'), at('id b')]).toEqual([ials.id, caser.id]);
    expect(gain).toBeGreaterThan(0);
    expect(at('b - a')).toBeCloseTo(gain, 4);
    expect(Number(at('low'))).toBeLessThan(Number(at('high')));
    expect(rows).toHaveLength(result.pairs.length);
    expect(rows.every((one) => one.length === head.length)).toBe(true);
  });
});
