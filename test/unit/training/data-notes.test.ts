import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { dataNotes } from '../../../main/training/data-notes.ts';
import { RunConfig } from '../../../shared/config.ts';
import { smallRatings } from '../../fixtures/stored.ts';

const notes = (kind: 'ratings' | 'ranking', some: object = {}, split: object = {}): string[] =>
  dataNotes(
    { ratings: { ...smallRatings, ...some }, config: v.parse(RunConfig, { model: 'mf', split }) },
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
});
