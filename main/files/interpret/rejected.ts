/** What would let rejected records in: the option for the commonest reason of each kind. */
import type { Interpretation, Remedy } from '../../../shared/imports.ts';
import { doubted, remedy } from '../interpretations.ts';
import type { RejectLog } from '../rejects.ts';
import { knownWords } from '../sniff/word-values.ts';
import { parseDayFirst, parseIso, parseMonthFirst } from '../text/numbers.ts';
import type { Plan } from '../sniff/plan.ts';
import type { TimeUnit } from '../types.ts';

const number = /^[+-]?(\d+([.,]\d+)*|[.,]\d+)$/;

export function rejectedValues(plan: Plan, log: RejectLog): Interpretation[] {
  return [
    ...repeatedHeaders(plan, log),
    ...notNumbers(plan, log),
    ...badTimes(plan, log),
    ...otherUnits(log),
  ];
}

/** Headers in the midst of files that were joined; below one with another order the records are read wrongly. */
function repeatedHeaders({ names, delimiter }: Plan, { first }: RejectLog): Interpretation[] {
  if (names.length < 2 || delimiter === '') return [];
  const plain = (fields: readonly string[]): string[] =>
    fields.map((field) => field.trim().replaceAll('"', '').toLowerCase());
  const own = plain(names);
  const headers = first.map(({ line, text }) => ({ line, fields: plain(text.split(delimiter)) }));
  const alike = headers.filter(({ fields }) => fields.toSorted().join('\n') === own.toSorted().join('\n'));
  const other = alike.find(({ fields }) => fields.join('\n') !== own.join('\n'));
  if (other) {
    const text =
      `Line ${other.line} names the columns in another order than the header: the records below it were read by the ` +
      'header, so wrongly. Cut the file there, and join its parts with one order of columns.';
    return [doubted('header-order', text, { rows: alike.length })];
  }
  if (alike.length === 0) return [];
  const text = `${alike.length} ${alike.length === 1 ? 'record repeats' : 'records repeat'} the header, as on line ${alike[0].line}, and ${alike.length === 1 ? 'was' : 'were'} rejected.`;
  return [doubted('header-repeated', text, { rows: alike.length })];
}

function notNumbers(plan: Plan, { values, kinds }: RejectLog): Interpretation[] {
  const rows = kinds['not a number'] ?? 0;
  const found = [...(values.get('not a number') ?? [])].sort((a, b) => b[1] - a[1]);
  if (rows === 0 || found.length === 0) return [];
  const [value, times] = found[0];
  const numbers = found.filter(([text]) => number.test(text.trim()));
  const numeric = numbers.reduce((sum, [, count]) => sum + count, 0);
  if (numeric * 2 > rows) {
    const [example] = numbers[0];
    const text = `${numeric} ratings like ${example.trim()} do not fit the decimal mark of the column and were rejected.`;
    return [doubted('number-form', text, { rows: numeric, otherwise: numberRemedies(plan, example) })];
  }
  if (times * 10 < rows && times < 3) return [];
  const words = knownWords(found.map(([text]) => text.trim().toLowerCase()));
  const text = `“${value}” stands in ${times} records where a rating should be; they were rejected.`;
  const otherwise: Remedy[] = [missing(value, plan.wide !== null)];
  // One word alone is rather something that stands for no rating.
  if (words && found.length > 1) {
    const written = Object.entries(words).filter(([word]) =>
      found.some(([each]) => each.trim().toLowerCase() === word),
    );
    const ratingWords = Object.fromEntries(written);
    const list = written.map(([word, worth]) => `${word}=${worth}`).join(',');
    otherwise.unshift(remedy('Read the words as 1 and 0', `--rating-words "${list}"`, { ratingWords }));
  }
  return [doubted('rating-value', text, { rows: times, otherwise })];
}

function missing(value: string, isWide: boolean): Remedy {
  const shown = /^[\w.+-]+$/.test(value) ? value : JSON.stringify(value);
  const title = value.trim() === '' ? 'Leave out empty ratings as missing' : `Leave out ${value} as missing`;
  // A value that begins like an option has to be joined to it, and a lone point would end the sentence.
  const joined = /^-|^\.$/.test(value) ? `="${value}"` : ` ${shown}`;
  return isWide
    ? remedy(title, `--missing${joined}`, { missing: value })
    : remedy(title, `--missing-rating${joined}`, { missingRating: value });
}

function numberRemedies({ decimal, thousands }: Plan, example: string): Remedy[] {
  const remedies: Remedy[] = [];
  const other = decimal === '.' ? ',' : '.';
  const grouped = /^[+-]?\d{1,3}([.,])\d{3}(\1\d{3})*$/.exec(example.trim());
  if (thousands === '' && grouped?.[1] === other)
    remedies.push(remedy(`Read ${other} between thousands`, `--thousands ${other}`, { thousands: other }));
  if (example.includes(other))
    remedies.push(remedy(`Read ${other} as the decimal mark`, `--decimal ${other}`, { decimal: other }));
  return remedies;
}

const dateForms: [TimeUnit, (text: string) => number, string][] = [
  ['iso', parseIso, 'Read as dates, as 1997-09-20'],
  ['dmy', parseDayFirst, 'Read as day, month, year'],
  ['mdy', parseMonthFirst, 'Read as month, day, year'],
];

function badTimes({ timeUnit }: Plan, { values, kinds }: RejectLog): Interpretation[] {
  const rows = kinds['bad time'] ?? 0;
  const found = [...(values.get('bad time') ?? [])];
  if (rows === 0 || found.length === 0) return [];
  const form = dateForms.find(
    ([unit, parse]) => unit !== timeUnit && found.every(([text]) => !Number.isNaN(parse(text.trim()))),
  );
  const text = `${rows} times like ${found[0][0] || 'nothing'} cannot be read as the rest of the column and were rejected.`;
  const byRows = remedy('Use the order of the rows as time', '--time-unit order', {
    noTime: true,
    timeUnit: 'order',
  });
  const asDates = form ? [remedy(form[2], `--time-unit ${form[0]}`, { timeUnit: form[0] })] : [];
  return [doubted('time-value', text, { rows, otherwise: [...asDates, byRows] })];
}

function otherUnits({ values, kinds }: RejectLog): Interpretation[] {
  const rows = kinds['other time unit'] ?? 0;
  const [first] = values.get('other time unit') ?? [];
  if (rows === 0 || first === undefined) return [];
  const text =
    `${rows} times like ${first[0]} have another unit than the rest of the column (seconds beside milliseconds) and ` +
    'were rejected. Bring the column to one unit.';
  return [doubted('time-units-mixed', text, { rows })];
}
