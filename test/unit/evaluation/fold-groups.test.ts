import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CompareResult } from '../../../shared/compare.ts';
import { compareFoldGroups, type FoldGroup } from '../../../main/evaluation/compare/fold-groups.ts';
import { compareFolds } from '../../../main/evaluation/statistics/folds.ts';
import { comparedRun } from './runs.ts';

/** A group whose fold f has the values of its users. */
function group(id: string, folds: number[][], split = 's'): FoldGroup {
  return {
    id,
    label: `Model ${id}`,
    folds: folds.map((values, fold) => {
      const run = comparedRun(`${id}${fold}`, { 'ndcg@10': values });
      const config = {
        ...run.run.config,
        split: { ...run.run.config.split, name: 'k-fold' as const, folds: folds.length, fold },
      };
      return { ...run, run: { ...run.run, config, split: { name: 'k-fold', hash: `${split}${fold}` } } };
    }),
  };
}

const options = { metric: null };
const a = group('a', [
  [0.1, 0.3],
  [0.2, 0.2],
  [0.2, 0.4],
]);
const b = group('b', [
  [0.2, 0.3],
  [0.3, 0.2],
  [0.3, 0.6],
]);

describe('compareFoldGroups', () => {
  it('compares fold against fold, and corrects for the rows that folds share', () => {
    const result = compareFoldGroups([a, b], options);
    expect(v.parse(CompareResult, JSON.parse(JSON.stringify(result)))).toEqual(result);
    const [pair] = result.pairs;
    // Folds differ by .05, .05 and .15; a third is tested on, 90 % of the others trained on.
    const expected = compareFolds([0.05, 0.05, 0.15], 1 / (2 * 0.9));
    expect(pair).toMatchObject({ a: 'a', b: 'b', metric: 'ndcg@10', users: 6 });
    expect(pair.difference).toBeCloseTo(expected.difference, 12);
    expect(pair.interval[0]).toBeCloseTo(expected.interval[0], 12);
    expect(pair.pValue).toBeCloseTo(expected.pValue, 12);
    expect([pair.better, pair.same, pair.worse].map((share) => share * 6)).toEqual([4, 2, 0]);
    expect(pair.method).toMatch(/^fold against fold over 3 folds/);
    expect(result.runs.map(({ label, metrics }) => [label, metrics['ndcg@10']])).toEqual([
      ['Model a', expect.closeTo(1.4 / 6, 12)],
      ['Model b', expect.closeTo(1.9 / 6, 12)],
    ]);
    expect(result.verdict.headline).toMatch(/^Model b and Model a cannot be told apart/);
  });

  it('adjusts over all pairs of groups, and leads with the two best', () => {
    const c = group('c', [
      [0.9, 0.9],
      [0.9, 0.8],
      [0.9, 0.9],
    ]);
    const result = compareFoldGroups([a, b, c], options);
    expect(result.pairs).toHaveLength(3);
    expect(result.lead).toEqual(['b', 'c']);
    expect(result.verdict.method).toContain('Holm over 3 pairs');
    expect(compareFoldGroups([a, b, c], { ...options, lead: ['c', 'a'] }).lead).toEqual(['a', 'c']);
  });

  it('says that folds of other splits do not compare', () => {
    const other = group(
      'd',
      [
        [0.1, 0.2],
        [0.1, 0.2],
        [0.1, 0.2],
      ],
      't',
    );
    const result = compareFoldGroups([a, other], options);
    expect(result).toMatchObject({ comparable: false, pairs: [] });
    expect(result.verdict.headline).toMatch(/do not compare/);
    expect(result.differences.map(({ what }) => what)).toEqual(['split']);
  });
});
