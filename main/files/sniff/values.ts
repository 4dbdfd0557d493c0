/** What the values of a column look like. */
import { parseDayFirst, parseIso, parseMonthFirst, parseNumber, parseTime } from '../text/numbers.ts';
import type { Guess, TimeUnit } from '../types.ts';

const encoder = new TextEncoder();

/** The number that the text stands for, or NaN. */
export function numberOf(text: string, decimal: '.' | ',' = '.'): number {
  const bytes = encoder.encode(text);
  return parseNumber(bytes, 0, bytes.length, decimal.charCodeAt(0));
}

/** Share of the non-empty values that are numbers; 0 where all are empty. */
export function numericShare(values: readonly string[], decimal: '.' | ',' = '.'): number {
  const filled = values.filter((value) => value.trim() !== '');
  if (filled.length === 0) return 0;
  return filled.filter((value) => !Number.isNaN(numberOf(value, decimal))).length / filled.length;
}

/** Share of the non-empty values that can be read as times of the unit. */
export function readableTimes(values: readonly string[], unit: TimeUnit, decimal: '.' | ','): number {
  const filled = values.filter((value) => value.trim() !== '').map((value) => encoder.encode(value));
  const read = filled.filter(
    (bytes) => !Number.isNaN(parseTime(bytes, 0, bytes.length, unit, decimal.charCodeAt(0))),
  );
  return filled.length === 0 ? 1 : read.length / filled.length;
}

/** 20041231 or 20041231235959, of a year in which there were computers. */
const isCompactDate = (value: string): boolean =>
  /^(19[6-9]|20\d)\d{5}(\d{6})?$/.test(value) && !Number.isNaN(parseIso(value));

/** Unit of a time column, by the size or the form of its values and by the column's name. */
export function guessTimeUnit(
  values: readonly string[],
  name: string,
  decimal: '.' | ',' = '.',
): Guess<TimeUnit> {
  const filled = values.map((value) => value.trim()).filter((value) => value !== '');
  const guess = (value: TimeUnit, why: string): Guess<TimeUnit> => ({ value, why, given: false });
  const share = (test: (value: string) => boolean): number =>
    filled.filter(test).length / Math.max(1, filled.length);
  if (/^(rank|order|position|step|sequence|seq)$/i.test(name))
    return guess('order', `the column is named ${name}`);
  const dayFirst = share((value) => !Number.isNaN(parseDayFirst(value)));
  const monthFirst = share((value) => !Number.isNaN(parseMonthFirst(value)));
  // Where both fit, the hours of half a day go with the month first.
  const american = filled.some((value) => /[AP]\.?M\.?$/i.test(value));
  if (monthFirst > 0.5 && (monthFirst > dayFirst || (american && monthFirst === dayFirst)))
    return guess(
      'mdy',
      `dates like ${filled.find((value) => Number.isNaN(parseDayFirst(value))) ?? filled[0]}`,
    );
  if (dayFirst > 0.5) {
    const telling = filled.find((value) => Number.isNaN(parseMonthFirst(value)));
    return guess('dmy', telling ? `dates like ${telling}` : `dates like ${filled[0]}, taken as day first`);
  }
  if (filled.length > 0 && share(isCompactDate) > 0.95)
    return guess('iso', `numbers like ${filled[0]} are dates without marks between their parts`);
  if (share((value) => !Number.isNaN(parseIso(value)) && /[-/.T: ]/.test(value)) > 0.5) {
    return guess('iso', `dates like ${filled[0]}`);
  }
  const sizes = filled
    .map((value) => Math.abs(numberOf(value, decimal)))
    .filter((value) => !Number.isNaN(value));
  sizes.sort((a, b) => a - b);
  const median = sizes[sizes.length >> 1] ?? 0;
  if (median > 1e17) return guess('ns', `values like ${filled[0]} are nanoseconds since 1970`);
  if (median > 1e14) return guess('us', `values like ${filled[0]} are microseconds since 1970`);
  if (median > 1e11) return guess('ms', `values like ${filled[0]} are milliseconds since 1970`);
  if (median > 1e8) return guess('s', `values like ${filled[0]} are seconds since 1970`);
  return guess('order', `values like ${filled[0] ?? 'none'} are too small for seconds since 1970`);
}
