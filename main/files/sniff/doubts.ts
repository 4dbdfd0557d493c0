/** What a sample's values say against the roles that their columns were given. */
import type { Interpretation } from '../../../shared/imports.ts';
import { doubted, remedy } from '../interpretations.ts';
import type { Guess, ImportOptions, TimeUnit } from '../types.ts';
import type { Mapping } from './mapping.ts';
import { numberOf } from './values.ts';

export const columnName = (names: readonly string[], at: number): string => names[at] || `column ${at + 1}`;

const numbersIn = (values: readonly string[], decimal: '.' | ','): number[] =>
  values
    .filter((value) => value.trim() !== '')
    .map((value) => numberOf(value, decimal))
    .filter((value) => !Number.isNaN(value));

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Ratings of the size of times since 1970, times of the size of ratings, or both. */
export function swappedColumns(
  { rating, time }: Mapping['mapping'],
  records: readonly string[][],
  names: readonly string[],
): Interpretation[] {
  const column = (at: number): number[] =>
    numbersIn(
      records.map((fields) => fields[at] ?? ''),
      '.',
    );
  const ratings = rating ? column(rating.value) : [];
  const times = time ? column(time.value) : [];
  const ratingsAreTimes = median(ratings) > 1e8;
  const timesAreRatings =
    times.length > 20 && times.every((value) => Math.abs(value) <= 100) && new Set(times).size <= 12;
  const facts = { rows: records.length, sampled: true };
  const name = (guess: Guess<number>): string => columnName(names, guess.value);
  if (rating && time && ratingsAreTimes && (timesAreRatings || median(times) <= 100)) {
    const text =
      `The rating column ${name(rating)} looks like a time (as ${ratings[0]}) and the time column ${name(time)} like ` +
      `ratings (as ${times[0]}): they may be swapped.`;
    const settings = {
      rating: names[time.value] || time.value + 1,
      time: names[rating.value] || rating.value + 1,
    };
    const option = `--rating ${JSON.stringify(settings.rating)} --time ${JSON.stringify(settings.time)}`;
    return [doubted('swapped', text, { ...facts, otherwise: [remedy('Swap the two', option, settings)] })];
  }
  if (rating && ratingsAreTimes) {
    const text = `The rating column ${name(rating)} looks like a time (as ${ratings[0]}).`;
    return [doubted('swapped', text, facts)];
  }
  if (time && timesAreRatings) {
    const text = `The time column ${name(time)} holds few small numbers (as ${times[0]}) and looks like a rating.`;
    return [doubted('swapped', text, facts)];
  }
  return [];
}

/** Zeros beside whole ratings from 1 up: what many files write for no rating. */
export function zeroRatings(
  values: readonly string[],
  decimal: '.' | ',',
  { missingRating, scale }: ImportOptions,
): Interpretation[] {
  const numbers = numbersIn(values, decimal);
  const zeros = numbers.filter((value) => value === 0).length;
  const others = new Set(numbers.filter((value) => value !== 0));
  const [low, high] = [Math.min(...others), Math.max(...others)];
  const whole = [...others].every(Number.isInteger) && others.size <= 10;
  if (missingRating !== undefined || scale !== undefined || zeros * 20 < numbers.length || !zeros) return [];
  if (!whole || low < 1 || high < 3) return [];
  const text = `0 stands in ${zeros} of ${numbers.length} sampled ratings, beside ratings from ${low} to ${high}: it may stand for no rating.`;
  const otherwise = [remedy('Leave out 0 as missing', '--missing-rating 0', { missingRating: '0' })];
  return [doubted('zero-ratings', text, { rows: zeros, sampled: true, otherwise })];
}

/** Whole numbers from 1000 up that are other ones in almost every record: those of records or times, not ratings. */
export function ratingsLikeIds(
  values: readonly string[],
  decimal: '.' | ',',
  name: string,
): Interpretation[] {
  const numbers = numbersIn(values, decimal);
  const different = new Set(numbers).size;
  if (numbers.length < 20 || different < 0.9 * numbers.length) return [];
  if (!numbers.every((value) => Number.isInteger(value) && value >= 1000) || median(numbers) > 1e8) return [];
  const text = `The rating column ${name} holds another whole number in almost every record (as ${numbers[0]}): it looks like an id, not like ratings.`;
  return [doubted('rating-ids', text, { rows: numbers.length, sampled: true })];
}

/** What many files write for no rating, where everything else is 0 or more. */
const standIns = new Set([-1, -9, -99, -999, -9999]);

/** One value apart from all others, and not rare: −1 or 99 beside 1 to 5. */
export function ratingsApart(
  values: readonly string[],
  decimal: '.' | ',',
  { missingRating, scale }: ImportOptions,
): Interpretation[] {
  if (missingRating !== undefined || scale !== undefined) return [];
  const numbers = numbersIn(values, decimal);
  const known = [...new Set(numbers)].sort((a, b) => a - b);
  if (known.length < 4 || known.length > 25) return [];
  const [low, next] = known;
  const [before, high] = known.slice(-2);
  const isCommon = (value: number): boolean =>
    numbers.filter((each) => each === value).length * 50 > numbers.length;
  const found =
    high - before > 3 * Math.max(before - low, 1) || high === 99
      ? high
      : next >= 0 && standIns.has(low)
        ? low
        : NaN;
  if (!isCommon(found)) return [];
  const rows = numbers.filter((each) => each === found).length;
  const [from, to] = found === high ? [low, before] : [next, high];
  const text = `${found} stands in ${rows} of ${numbers.length} sampled ratings, apart from ratings of ${from} to ${to}: it may stand for no rating.`;
  const value = String(found);
  const option = `--missing-rating${found < 0 ? '=' : ' '}${value}`;
  const otherwise = [remedy(`Leave out ${value} as missing`, option, { missingRating: value })];
  return [doubted('ratings-apart', text, { rows, sampled: true, otherwise })];
}

/** No rating was given before this, or will be for long after; a time beyond has another unit, or is none. */
const latest = Date.UTC(2200, 0);
/** 1973: what seconds since 1970 come to where they are read as a smaller unit. */
const earliest = 1e11;

/** Between which instants the times of a column are, in milliseconds since 1970. */
export function boundsOf({ value, given }: Guess<TimeUnit | null>): { from: number; to: number } {
  if (value === null || value === 'order') return { from: -Infinity, to: Infinity };
  const small = value === 'ms' || value === 'us' || value === 'ns';
  return { from: small && !given ? earliest : -Infinity, to: latest };
}
