/** In which unit, or in which order of day and month, a time column is written. */
import type { Interpretation } from '../../../shared/imports.ts';
import { doubted, remedy, told } from '../interpretations.ts';
import { parseDayFirst, parseIso, parseMonthFirst, parseTime } from '../text/numbers.ts';
import type { Guess, ImportOptions, TimeUnit } from '../types.ts';
import type { Mapping } from './mapping.ts';
import { timeColumns } from './names.ts';
import { guessNumbers } from './number-format.ts';
import { guessTimeUnit, readableTimes } from './values.ts';

export interface TimeGuess {
  unit: Guess<TimeUnit | null>;
  decimal: '.' | ',';
}

/** A guessed time column whose values are none in any form is not one. @param decimal of the ratings */
export function settleTimes(
  options: ImportOptions,
  { mapping, interpretations }: Pick<Mapping, 'mapping' | 'interpretations'>,
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
  const used = Object.values(mapping).map((guess) => guess.value);
  const [other] = timeColumns(names).filter((at) => {
    const column = records.map((fields) => fields[at] ?? '');
    const form = guessTimeUnit(column, names[at], decimal).value;
    return (
      at !== time.value &&
      !used.includes(at) &&
      form !== 'order' &&
      readableTimes(column, form, decimal) > 0.5
    );
  });
  if (other !== undefined) {
    const why = `${name} holds no times (as ${values[0] ?? ''})`;
    mapping.time = { value: other, why, given: false };
    const text = `${why}: ${names[other]} is used as the time instead.`;
    interpretations.push(told('time-column', text, { rows: values.length, sampled: true }));
    return settleTimes(options, { mapping, interpretations }, names, records, decimal);
  }
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
    return [
      dateOrder(
        unit,
        name,
        values.find((value) => parseDayFirst(value) !== parseMonthFirst(value)) ?? first,
        facts,
      ),
    ];
  const rounded = values.filter((value) => /^\d([.,]\d{1,6})?e\+?\d+$/i.test(value));
  if (rounded.length > 0) {
    const text = `Times such as ${rounded[0]} in ${name} were rounded by a spreadsheet: many are equal that were not.`;
    return [doubted('times-rounded', text, { ...facts, rows: rounded.length })];
  }
  const compact =
    unit === 'iso'
      ? values.find((value) => /^\d+$/.test(value) && !Number.isNaN(parseIso(value)))
      : undefined;
  if (compact !== undefined) {
    const date = new Date(parseIso(compact)).toISOString().slice(0, 10);
    const text = `The numbers in ${name} are read as dates: ${compact} is ${date}.`;
    const otherwise = [remedy('Read them as an order', '--time-unit order', { timeUnit: 'order' })];
    return [told('time-dates', text, { ...facts, otherwise })];
  }
  if (unit !== 'order' || /^(rank|order|position|step|sequence|seq)$/i.test(name)) return [];
  const days = values.map((value) => Number(value.replace(',', '.')));
  const asDays =
    days.length > 0 && days.every((day) => day > 20_000 && day < 80_000)
      ? ` If they are days as spreadsheets count them, ${first} is ${new Date((days[0] - 25_569) * 86_400_000).toISOString().slice(0, 10)}; the order is the same.`
      : '';
  const text = `The numbers in ${name}, such as ${first}, are not times since 1970: they are read as an order.${asDays}`;
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
