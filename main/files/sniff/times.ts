/** In which unit, or in which order of day and month, a time column is written. */
import type { Interpretation } from '../../../shared/imports.ts';
import { doubted, remedy, told } from '../interpretations.ts';
import { parseDayFirst, parseMonthFirst, parseTime } from '../text/numbers.ts';
import type { Guess, ImportOptions, TimeUnit } from '../types.ts';
import type { Mapping } from './mapping.ts';
import { guessNumbers } from './number-format.ts';
import { guessTimeUnit, readableTimes } from './values.ts';

export interface TimeGuess {
  unit: Guess<TimeUnit | null>;
  decimal: '.' | ',';
}

/** A guessed time column whose values are none in any form is not one. @param decimal of the ratings */
export function settleTimes(
  options: ImportOptions,
  { mapping, interpretations }: Mapping,
  names: readonly string[],
  records: readonly string[][],
  decimal: '.' | ',',
): TimeGuess {
  const { time } = mapping;
  const settled = (value: TimeUnit | null, why: string, given = false): TimeGuess => ({
    unit: { value, why, given },
    decimal,
  });
  if (!time)
    return options.timeUnit ? settled(options.timeUnit, 'given', true) : settled(null, 'no time column');
  const values = records.map((fields) => (fields[time.value] ?? '').trim()).filter((value) => value !== '');
  const name = names[time.value] || `column ${time.value + 1}`;
  const own = ownDecimal(values) ?? decimal;
  if (options.timeUnit) return { ...settled(options.timeUnit, 'given', true), decimal: own };
  const unit = guessTimeUnit(values, names[time.value] ?? '', own);
  if (time.given || readableTimes(values, unit.value, own) > 0.5) {
    interpretations.push(...doubtsOf(values, unit.value, name));
    return { unit, decimal: own };
  }
  delete mapping.time;
  const why = `${name} holds no times that can be read (as ${values[0] ?? ''})`;
  const facts = { rows: values.length, sampled: true };
  interpretations.push(doubted('time-column', `${why}, so no time is used.`, facts));
  return settled(null, why);
}

/** The mark in the column itself, where its numbers have one. */
function ownDecimal(values: readonly string[]): '.' | ',' | null {
  if (!values.some((value) => /^\d*[.,]\d+(e[+-]?\d+)?$/i.test(value))) return null;
  return guessNumbers(values, {}).decimal.value;
}

const bothOrders = (value: string): boolean =>
  !Number.isNaN(parseDayFirst(value)) && !Number.isNaN(parseMonthFirst(value));

function doubtsOf(values: readonly string[], unit: TimeUnit, name: string): Interpretation[] {
  const facts = { rows: values.length, sampled: true };
  const first = values[0] ?? '';
  if ((unit === 'dmy' || unit === 'mdy') && values.every(bothOrders))
    return [dateOrder(unit, name, first, facts)];
  const rounded = values.filter((value) => /^\d([.,]\d{1,6})?e\+?\d+$/i.test(value));
  if (rounded.length > 0) {
    const text = `Times such as ${rounded[0]} in ${name} were rounded by a spreadsheet: many are equal that were not.`;
    return [doubted('times-rounded', text, { ...facts, rows: rounded.length })];
  }
  if (unit !== 'order' || /^(rank|order|position|step|sequence|seq)$/i.test(name)) return [];
  const text = `The numbers in ${name}, such as ${first}, are no times since 1970: they are read as an order.`;
  return [told('time-order', text, facts)];
}

/** Dates that are dates in both orders of day and month. */
export function dateOrder(
  unit: 'dmy' | 'mdy',
  name: string,
  example: string,
  facts: { rows: number; sampled?: boolean },
): Interpretation {
  const [now, other] = unit === 'dmy' ? ['day', 'month'] : ['month', 'day'];
  const bytes = new TextEncoder().encode(example);
  const day = (as: TimeUnit): string =>
    new Date(parseTime(bytes, 0, bytes.length, as, 46)).toISOString().slice(0, 10);
  const opposite = unit === 'dmy' ? 'mdy' : 'dmy';
  const text =
    `Dates in ${name} fit both orders of day and month and are read with the ${now} first: ` +
    `${example} is ${day(unit)}; with the ${other} first it would be ${day(opposite)}.`;
  const otherwise = [remedy(`Read the ${other} first`, `--time-unit ${opposite}`, { timeUnit: opposite })];
  return doubted('date-order', text, { ...facts, otherwise });
}
