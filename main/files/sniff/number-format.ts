/** How numbers of a column are written: one decimal mark and one thousands mark for all of it. */
import type { Interpretation, thousandsMarks } from '../../../shared/imports.ts';
import { asked, doubted, remedy, told } from '../interpretations.ts';
import type { Guess } from '../types.ts';

type Mark = '.' | ',';
type Thousands = (typeof thousandsMarks)[number];

export interface NumberGuess {
  decimal: Guess<Mark>;
  /** '' where numbers are not grouped. */
  thousands: Guess<Thousands>;
  /** What is to be said of it, or asked. */
  interpretation: Interpretation | null;
}

interface Given {
  decimal?: Mark;
  thousands?: Thousands;
}

const patterns = {
  /** Numbers such as 3,5, 3,25 or 0,125, whose comma cannot part thousands. */
  commaDecimal: /^[+-]?(?:\d*,\d{1,2}|\d*,\d{4,}|0\d*,\d+|\d{4,},\d+|,\d+)$/,
  pointDecimal: /^[+-]?(?:\d*\.\d{1,2}|\d*\.\d{4,}|0\d*\.\d+|\d{4,}\.\d+|\.\d+)$/,
  /** Numbers such as 1,234, whose comma may be a decimal mark or part thousands. */
  commaEither: /^[+-]?[1-9]\d{0,2},\d{3}$/,
  pointEither: /^[+-]?[1-9]\d{0,2}\.\d{3}$/,
  commaGroups: /^[+-]?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})$/,
  pointGroups: /^[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})$/,
  spaceGroups: /^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/,
  apostropheGroups: /^[+-]?\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?$/,
};
type Pattern = keyof typeof patterns;

const names: Record<string, string> = { ',': 'comma', '.': 'point', ' ': 'space', "'": 'apostrophe' };

/** @param values of one column, or of the cells of a matrix */
export function guessNumbers(values: readonly string[], given: Given): NumberGuess {
  const counts = Object.fromEntries(Object.keys(patterns).map((name) => [name, 0])) as Record<
    Pattern,
    number
  >;
  for (const value of values) {
    const text = value.trim().replace(/e[+-]?\d+$/i, '');
    for (const name of Object.keys(patterns) as Pattern[]) if (patterns[name].test(text)) counts[name]++;
  }
  const guess = <T>(value: T, why: string): Guess<T> => ({ value, why, given: false });
  const known = <T>(value: T): Guess<T> => ({ value, why: 'given', given: true });
  const result = (
    decimal: Guess<Mark>,
    thousands: Guess<Thousands>,
    interpretation: Interpretation | null = null,
  ): NumberGuess => ({ decimal, thousands, interpretation });

  const thousands = given.thousands === undefined ? groupsOf(counts, given.decimal) : given.thousands;
  const groups = given.thousands === undefined ? guess(thousands, 'no grouped number') : known(thousands);
  if (given.decimal !== undefined && thousands === '') return result(known(given.decimal), groups);
  if (thousands !== '') {
    // Groups that spaces or apostrophes make leave both marks open.
    const both = values.filter(
      (value) => patterns.spaceGroups.test(value.trim()) || patterns.apostropheGroups.test(value.trim()),
    );
    const withComma = counts.commaDecimal + both.filter((value) => value.includes(',')).length;
    const withPoint = counts.pointDecimal + both.filter((value) => value.includes('.')).length;
    const commas = thousands === '.' || (thousands !== ',' && withComma > withPoint);
    const decimal =
      given.decimal === undefined
        ? guess<Mark>(commas ? ',' : '.', 'beside the thousands mark')
        : known(given.decimal);
    if (groups.given) return result(decimal, groups);
    const rows = groupedCount(counts, thousands);
    const why = `${rows} sampled numbers are grouped by a ${names[thousands]}`;
    const text = `Numbers are read with a ${names[thousands]} between thousands and a decimal ${names[decimal.value]}.`;
    return result(decimal, guess(thousands, why), told('thousands', text, { rows, sampled: true }));
  }
  const { commaDecimal, pointDecimal, commaEither } = counts;
  if (commaDecimal === 0 && pointDecimal === 0 && commaEither > 0) {
    const example = values.find((value) => patterns.commaEither.test(value.trim()))?.trim() ?? '';
    const text = `Numbers like ${example} can be read in two ways: with a decimal comma, or with a comma between thousands.`;
    const otherwise = [
      remedy(`Read ${example} as ${example.replace(',', '.')}`, '--decimal ,', { decimal: ',' }),
      remedy(`Read ${example} as ${example.replace(',', '')}`, '--thousands ,', { thousands: ',' }),
    ];
    const question = asked('thousands', text, { rows: commaEither, sampled: true, otherwise });
    return result(guess('.', 'numbers like 1,234 leave it open'), groups, question);
  }
  if (commaDecimal + commaEither > pointDecimal + counts.pointEither) {
    const why = `${commaDecimal + commaEither} of ${values.length} sampled numbers are written like 3,5`;
    return result(guess(',', why), groups);
  }
  const points = pointDecimal + counts.pointEither;
  const why = points > 0 ? `${points} sampled numbers have a point` : 'no decimal comma';
  const isOpen = pointDecimal === 0 && counts.pointEither > 0;
  return result(guess('.', why), groups, isOpen ? pointsLeftOpen(values, counts.pointEither) : null);
}

/** Numbers such as 1.234 alone, without one such as 1.5. */
function pointsLeftOpen(values: readonly string[], rows: number): Interpretation {
  const example = values.find((value) => patterns.pointEither.test(value.trim()))?.trim() ?? '';
  const whole = example.replace('.', '');
  const text = `Numbers like ${example} are read with a decimal point; with a point between thousands it would be ${whole}.`;
  const otherwise = [remedy(`Read ${example} as ${whole}`, '--thousands .', { thousands: '.' })];
  return doubted('thousands', text, { rows, sampled: true, otherwise });
}

/** The thousands mark that some numbers cannot be read without. */
function groupsOf(counts: Record<Pattern, number>, decimal: Mark | undefined): Thousands {
  const { commaGroups, pointGroups, spaceGroups, apostropheGroups, commaDecimal, pointDecimal } = counts;
  if (commaGroups > pointGroups && commaDecimal === 0 && decimal !== ',') return ',';
  if (pointGroups > commaGroups && pointDecimal === 0 && decimal !== '.') return '.';
  if (spaceGroups > 0) return ' ';
  return apostropheGroups > 0 ? "'" : '';
}

function groupedCount(counts: Record<Pattern, number>, thousands: string): number {
  if (thousands === ',') return counts.commaGroups + counts.commaEither;
  if (thousands === '.') return counts.pointGroups + counts.pointEither;
  return thousands === ' ' ? counts.spaceGroups : counts.apostropheGroups;
}
