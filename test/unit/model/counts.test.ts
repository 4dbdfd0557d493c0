import { describe, expect, it } from 'vitest';
import { density, threeDigits, usualRow } from '../../../main/model/counts.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { ease } from '../../../main/models/ease/definition.ts';
import { ials } from '../../../main/models/ials/definition.ts';
import { itemKnn } from '../../../main/models/itemknn/definition.ts';
import { models } from '../../../main/models/registry.ts';

// MovieLens 100K: 106.04 ratings a user, 59.45 an item.
const data = { users: 943, items: 1682, ratings: 100_000 };

describe('what auto becomes', () => {
  it('follows the counts of the data', () => {
    expect(density(data)).toBeCloseTo(0.06305, 5);
    expect(usualRow(data)).toBeCloseTo(8.911, 3);
    expect(threeDigits(0.0123456)).toBe(0.0123);
    expect(resolveParameters(ials, {}, data)).toMatchObject({
      unobservedWeight: 0.63,
      regularization: 0.00898,
    });
    expect(resolveParameters(ease, { regularization: 'auto' }, data)).toEqual({ regularization: 267 });
    expect(resolveParameters(itemKnn, {}, data)).toMatchObject({ shrinkage: 31.7, weighting: 'tfidf' });
    expect(resolveParameters(itemKnn, { weighting: 'none' }, data)).toMatchObject({ shrinkage: 4.18 });
  });

  it('gives way to a number that is given, and stays a word where there are no data', () => {
    expect(resolveParameters(ease, { regularization: 7 }, data)).toEqual({ regularization: 7 });
    expect(resolveParameters(ease, {})).toEqual({ regularization: 'auto' });
  });

  it('is refused where a parameter has no rule', () => {
    expect(() => resolveParameters(ials, { embeddingSize: 'auto' }, data)).toThrow('must be a whole number');
  });

  it('is a number within bounds of every parameter that has a rule, for data of any size', () => {
    const sizes = [data, { users: 0, items: 0, ratings: 0 }, { users: 1, items: 1, ratings: 1 }];
    for (const model of models)
      for (const size of [...sizes, { users: 1e6, items: 1e6, ratings: 1e9 }]) {
        const resolved = resolveParameters(model, {}, size);
        expect(Object.values(resolved)).not.toContain('auto');
        // As given, they are checked.
        expect(resolveParameters(model, resolved, size)).toEqual(resolved);
      }
  });
});
