/** Text of the command line into values. Complaints name the option. */
import { InvalidArgumentError, Option } from 'commander';

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('A number is needed.');
  return value;
}

/** A whole number in a range, both ends included. */
export function whole(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value))
      throw new InvalidArgumentError('A whole number is needed.');
    if (value < minimum) throw new InvalidArgumentError(`It is at least ${minimum}.`);
    if (value > maximum) throw new InvalidArgumentError(`It is at most ${maximum}.`);
    return value;
  };
}

/** A share between 0 and 1, neither included. */
export function share(text: string): number {
  const value = number(text);
  if (value <= 0 || value >= 1)
    throw new InvalidArgumentError('A share between 0 and 1 is needed, e.g. 0.1.');
  return value;
}

export function percent(text: string): number {
  const value = number(text);
  if (value < 0 || value > 100) throw new InvalidArgumentError('A number from 0 to 100 is needed.');
  return value;
}

/** List lengths, ascending, each once. */
export function lengths(text: string): number[] {
  const values = text.split(',').map(whole(1, 1000));
  return [...new Set(values)].sort((a, b) => a - b);
}

/** `all`, `train`, `given`, `sampledN`. */
export function candidates(text: string): string {
  if (/^(all|train|given|sampled[1-9]\d{0,5})$/.test(text)) return text;
  throw new InvalidArgumentError('It is all, train, given, or sampled and a number, e.g. sampled99.');
}

/** A moment in milliseconds since 1970 (UTC where no zone is written), or a place where the data have only an order. */
export function moment(text: string): number {
  const zoneless = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(text);
  const value = /^-?\d+$/.test(text) ? Number(text) : Date.parse(zoneless ? `${text}Z` : text);
  if (!Number.isFinite(value))
    throw new InvalidArgumentError('A date such as 2004-05-31 is needed, or a number.');
  return value;
}

/** A name that is not blank. */
export function name(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('A name is needed.');
  return text;
}

/** A header name, or a position from 1. */
export function column(text: string): string | number {
  return /^[1-9]\d*$/.test(text) ? Number(text) : text;
}

/** `key=value` pairs, collected over several --set. */
export function setting(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('It is written key=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** The delimiter as shells let one write it. */
export function delimiter(text: string): string {
  const named: Record<string, string> = {
    '\\t': '\t',
    tab: '\t',
    space: ' ',
    comma: ',',
    semicolon: ';',
    pipe: '|',
  };
  const value = named[text] ?? text;
  if (value.length < 1 || value.length > 4)
    throw new InvalidArgumentError(
      'One to four characters are needed, or tab, space, comma, semicolon, pipe.',
    );
  return value;
}

export function quote(text: string): string {
  if (text === 'none') return '';
  if (text.length > 1) throw new InvalidArgumentError('One character is needed, or none.');
  return text;
}

/** Of every command that writes CSV. */
export const safeForSpreadsheets = (): Option =>
  new Option(
    '--safe-for-spreadsheets',
    'CSV: an apostrophe before cells that a spreadsheet takes for formulas (exact unless told)',
  ).default(false);

/** Words and what each stands for: `yes=1,no=0`. */
export function ratingWords(text: string): Record<string, number> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  if (pairs.some(([word, value]) => !word?.trim() || value === undefined || !Number.isFinite(Number(value))))
    throw new InvalidArgumentError('Words and numbers are needed, e.g. yes=1,no=0.');
  return Object.fromEntries(pairs.map(([word, value]) => [word.trim(), number(value)]));
}
