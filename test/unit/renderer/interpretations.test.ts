import { describe, expect, it } from 'vitest';
import { inOrder, readingOf } from '../../../renderer/import/interpretations.ts';
import type { Interpretation } from '../../../shared/imports.ts';

const of = (code: string, weight: Interpretation['weight'], rows: number): Interpretation => ({
  code,
  weight,
  text: code,
  rows,
  sampled: false,
  otherwise: [],
});

describe('what a check took for what', () => {
  it('is listed by weight, then by the rows that hang on it', () => {
    const list = [of('a', 'told', 9), of('b', 'doubted', 1), of('c', 'doubted', 5), of('d', 'asked', 1)];
    expect(inOrder(list).map(({ code }) => code)).toEqual(['d', 'c', 'b', 'a']);
  });
});

describe('scale and time span', () => {
  const now = Date.UTC(2026, 0, 1);
  const span = (first: string, last: string) => ({ first: Date.parse(first), last: Date.parse(last) });

  it('are said as a person reads them', () => {
    const outcome = { ratingRange: { minimum: 0.5, maximum: 5 }, timeSpan: span('1996-03-29', '2018-09-24') };
    expect(readingOf(outcome, now)).toEqual({
      text: 'Ratings from 0.5 to 5; times from 1996-03-29 to 2018-09-24.',
      doubts: [],
    });
    expect(readingOf({ ratingRange: null, timeSpan: null }, now).text).toBe(
      'Every row is a positive; no times.',
    );
  });

  it('are doubted where they cannot be', () => {
    const doubtsOf = (minimum: number, maximum: number, first: string, last: string) =>
      readingOf({ ratingRange: { minimum, maximum }, timeSpan: span(first, last) }, now).doubts.map(
        (text) => text.split(/[,:]/)[0],
      );
    expect(doubtsOf(1.6e9, 1.7e9, '1970-01-01', '1970-01-02')).toEqual([
      'These ratings are as large as times',
      'The first time is before 1990',
    ]);
    expect(doubtsOf(1, 1, '2001-01-01', '2027-01-01')).toEqual([
      'Every rating is 1',
      'The last time is in the future',
    ]);
  });
});
