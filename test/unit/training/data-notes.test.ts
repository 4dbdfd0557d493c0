import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { dataNotes } from '../../../main/training/data-notes.ts';
import { TEST, VALIDATION } from '../../../main/ratings/ratings.ts';
import type { Split } from '../../../main/ratings/split.ts';
import { RunConfig } from '../../../shared/config.ts';
import { smallRatings } from '../../fixtures/stored.ts';

// Only the parts are read.
const none = { hash: '', part: new Uint8Array(6), config: {} } as unknown as Split;
const notes = (kind: 'ratings' | 'ranking', some: object = {}, split: object = {}, made = none): string[] =>
  dataNotes(
    {
      ratings: { ...smallRatings, ...some },
      split: made,
      config: v.parse(RunConfig, { model: 'mf', split }),
    },
    { kind, title: 'Matrix factorization' },
  );

describe('what the data are to a configuration', () => {
  it('is worth a note where there is one rating to learn, for models that predict ratings', () => {
    expect(notes('ratings')).toEqual([]);
    expect(notes('ratings', { implicit: true })[0]).toMatch(
      /^Matrix factorization predicts ratings, and these data have none/,
    );
    expect(notes('ratings', { minimum: 4, maximum: 4 })[0]).toMatch(
      /every rating here is 4: there is one value to learn/,
    );
    expect(notes('ranking', { implicit: true })).toEqual([]);
  });

  it('begins with the order of the file where it stands for time', () => {
    const found = notes('ratings', { implicit: true }, { name: 'leave-last-out', timeOrder: 'file' });
    expect(found[0]).toMatch(
      /^The data have no time: the order of the file stands for it in the split leave-last-out/,
    );
    expect(found).toHaveLength(2);
  });

  it('begins with the order of the file where that chooses the validation rows of a given split', () => {
    // Users have rows 0–1, 2 and 3–5.
    const given = (...part: number[]): string[] =>
      notes('ranking', { time: null }, { name: 'given' }, { ...none, part: Uint8Array.from(part) });
    expect(given(VALIDATION, TEST, TEST, 0, VALIDATION, TEST)[0]).toMatch(
      /no time: validation takes each user's last train row in the order of the file/,
    );
    expect(given(VALIDATION, TEST, TEST, VALIDATION, TEST, TEST)[0]).toMatch(
      /the last of each user's train rows/,
    );
    expect(given(TEST, VALIDATION, 0, TEST, TEST, 0)).toEqual([]);
    expect(given(0, TEST, TEST, 0, 0, TEST)).toEqual([]);
    const timed = { ...none, part: Uint8Array.of(VALIDATION, TEST, TEST, 0, VALIDATION, TEST) };
    expect(notes('ranking', {}, { name: 'given' }, timed)).toEqual([]);
  });
});
