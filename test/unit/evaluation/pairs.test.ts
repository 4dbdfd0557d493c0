import { describe, expect, it } from 'vitest';
import { pairValues } from '../../../main/evaluation/compare/run-pairs.ts';
import { comparedRun } from './runs.ts';

describe('pairValues', () => {
  it('gives of runs with the same users what it gives where others stand between them', () => {
    const a = comparedRun('r1', { 'ndcg@10': [0, 0.5, 1] });
    const b = comparedRun('r2', { 'ndcg@10': [1, 0.5, 0.25] });
    const other = comparedRun('r3', { 'ndcg@10': [1, 0.5, 0.25, NaN] });
    const plain = pairValues(a, b, 'ndcg@10');
    const matched = pairValues(a, other, 'ndcg@10');
    for (const part of ['users', 'a', 'b', 'weights'] as const)
      expect(Array.from(plain[part])).toEqual(Array.from(matched[part]));
    expect(plain.places).toEqual(matched.places);
    expect(Array.from(plain.b)).toEqual([1, 0.5, 0.25]);
  });
});
