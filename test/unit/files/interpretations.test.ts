import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Interpretation } from '../../../shared/imports.ts';
import { asked, doubted, merged, remedy, told } from '../../../main/files/interpretations.ts';

describe('what was taken for what', () => {
  it('of one thing, what the whole file tells counts, not what the sample told', () => {
    const list = merged(
      [doubted('zeros', 'three of ten', { rows: 3, sampled: true }), told('header', 'line 3', { rows: 1 })],
      [doubted('zeros', 'three hundred', { rows: 300 })],
    );
    expect(list.map(({ code, rows, sampled }) => [code, rows, sampled])).toEqual([
      ['header', 1, false],
      ['zeros', 300, false],
    ]);
  });

  it('fits the contract, its remedies included', () => {
    const otherwise = [remedy('Leave out 0 as missing', '--missing 0', { missing: '0' })];
    const one = asked('zeros', 'Zeros count as ratings.', { rows: 2, otherwise });
    expect(v.parse(Interpretation, one)).toEqual(one);
  });
});
