/** Numbers and times straight from bytes: no string is made on the way. */
import type { TimeUnit } from '../types.ts';

const POINT = 46;
const ZERO = 48;
const NINE = 57;

/** 10^k, exact up to 10^22. */
const powers = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

const isBlank = (c: number): boolean => c === 32 || c === 9;

/**
 * The number in bytes [from, to), or NaN where it is not one: an optional sign, digits with an optional decimal mark,
 * an optional exponent, blanks around. Neither `NaN`, `Infinity` nor hexadecimal count as numbers.
 */
export function parseNumber(buf: Uint8Array, from: number, to: number, mark: number): number {
  let p = from;
  while (p < to && isBlank(buf[p])) p++;
  while (to > p && isBlank(buf[to - 1])) to--;
  let negative = false;
  if (p < to && (buf[p] === 45 || buf[p] === 43)) negative = buf[p++] === 45;
  const digitsFrom = p;
  let value = 0;
  while (p < to && buf[p] >= ZERO && buf[p] <= NINE) value = value * 10 + (buf[p++] - ZERO);
  let digits = p - digitsFrom;
  let places = 0;
  if (p < to && buf[p] === mark) {
    p++;
    const fractionFrom = p;
    while (p < to && buf[p] >= ZERO && buf[p] <= NINE) value = value * 10 + (buf[p++] - ZERO);
    places = p - fractionFrom;
    digits += places;
  }
  if (digits === 0) return NaN;
  // Up to 15 digits the quotient of two exact numbers is the correctly rounded value.
  if (p === to && digits <= 15) {
    const exact = places === 0 ? value : value / powers[places];
    return negative && exact !== 0 ? -exact : exact;
  }
  return parseSlowly(buf, digitsFrom, to, mark, negative);
}

function parseSlowly(buf: Uint8Array, from: number, to: number, mark: number, negative: boolean): number {
  if (to - from > 400) return NaN;
  let text = '';
  for (let p = from; p < to; p++) {
    // Under a decimal comma a point is no decimal mark.
    if (buf[p] === POINT && mark !== POINT) return NaN;
    text += buf[p] === mark ? '.' : String.fromCharCode(buf[p]);
  }
  if (!/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return NaN;
  const value = Number(text);
  return negative ? -value : value;
}

const dateForms = { iso: parseIso, dmy: parseDayFirst, mdy: parseMonthFirst };

/** What a number of the unit is multiplied with, or divided by, for milliseconds: both exact. */
const millisecondsOf: Record<'s' | 'ms' | 'us' | 'ns', (value: number) => number> = {
  s: (value) => value * 1000,
  ms: (value) => value,
  us: (value) => value / 1e3,
  ns: (value) => value / 1e6,
};

/** Latest instant of a `Date`, in milliseconds. */
const LATEST = 8.64e15;

/**
 * The time in bytes [from, to): milliseconds since 1970 (UTC where no zone is written), or the number itself for
 * `order`. NaN where it cannot be read.
 */
export function parseTime(buf: Uint8Array, from: number, to: number, unit: TimeUnit, mark: number): number {
  if (unit === 'iso' || unit === 'dmy' || unit === 'mdy') return parseDate(buf, from, to, unit);
  const value = parseNumber(buf, from, to, mark);
  if (unit === 'order') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : NaN;
  const time = millisecondsOf[unit](value);
  return Math.abs(time) <= LATEST ? time : NaN;
}

/** Apart from `parseTime`, which stays small enough for the compiler to put it where it is called. */
function parseDate(buf: Uint8Array, from: number, to: number, unit: keyof typeof dateForms): number {
  if (to - from > 64) return NaN;
  let text = '';
  let high = 0;
  for (let p = from; p < to; p++) {
    high |= buf[p];
    text += String.fromCharCode(buf[p]);
  }
  // Blanks beyond ASCII stand before AM and PM in what browsers write.
  if (high > 127) text = Buffer.from(buf.subarray(from, to)).toString('utf8');
  return dateForms[unit](text.trim());
}

const isoPattern =
  /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T ](\d{2}|\d(?=:)):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([AP])\.?M\.?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i;

/** `2004-05-01`, `2004-05-01T12:33:11.250+02:00`, `20040501 123311`, `2004-05-01 3:45 PM`, and what `parseCompact` reads. */
export function parseIso(text: string): number {
  const m = isoPattern.exec(text);
  if (!m) return parseCompact(text);
  const zone = m[9];
  let offset = 0;
  if (zone && /^[+-]/.test(zone)) {
    const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
    offset = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * (zone[0] === '-' ? -1 : 1);
  }
  return instant([m[1], m[2], m[3], m[4], m[5], m[6]], m[7], m[8]) - offset * 60_000;
}

const compactPattern = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/;
const namedPattern =
  /^(?:[a-z]{3,9},? )?(?:([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?|(\d{1,2})[ -]([a-z]{3,9}))[,-]?(?: (\d{1,2}):(\d{2}):(\d{2}))?(?: ([+-]\d{4}|UTC|GMT))?[ -](\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP])M)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/i;
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** `20041231235959`, and dates with the English name of the month: `Dec 31, 2004`, `Fri Dec 31 23:59:59 +0000 2004`. */
function parseCompact(text: string): number {
  const digits = compactPattern.exec(text);
  if (digits) return instant(digits.slice(1, 7));
  const m = namedPattern.exec(text);
  if (!m) return NaN;
  const month = months.indexOf((m[1] ?? m[4]).slice(0, 3).toLowerCase()) + 1;
  const zone = /^[+-]/.test(m[8] ?? m[14] ?? '') ? (m[8] ?? m[14]).replace(':', '') : '+0000';
  const offset = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * (zone[0] === '-' ? -1 : 1);
  const parts = [m[9], String(month), m[2] ?? m[3], m[5] ?? m[10], m[6] ?? m[11], m[7] ?? m[12]];
  return instant(parts, undefined, m[13]) - offset * 60_000;
}

const shortDatePattern =
  /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](?=\d{4})|[/.])(\d{4}|\d{2})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([AP])\.?M\.?)?)?$/i;

/** `31/12/2004`, `1.5.2004 18:30`. */
export function parseDayFirst(text: string): number {
  const m = shortDatePattern.exec(text);
  return m ? instant([yearOf(m[3]), m[2], m[1], m[4], m[5], m[6]], m[7], m[8]) : NaN;
}

/** Two digits are a year from 1970 to 2069. */
const yearOf = (written: string): string =>
  written.length === 4 ? written : String(Number(written) + (Number(written) < 70 ? 2000 : 1900));

const spacedPattern = /^(\d{1,2}) (\d{1,2}), (\d{4})$/;

/** `12/31/2004`, `5/1/2004 18:30`, `12 31, 2004` (Amazon). */
export function parseMonthFirst(text: string): number {
  const spaced = spacedPattern.exec(text);
  if (spaced) return instant([spaced[3], spaced[1], spaced[2]]);
  const m = shortDatePattern.exec(text);
  return m ? instant([yearOf(m[3]), m[1], m[2], m[4], m[5], m[6]], m[7], m[8]) : NaN;
}

/**
 * Milliseconds of year, month, day, hour, minute, second; NaN for a date that does not exist.
 * @param half A or P where the hours are those of half a day, 12 to 11
 */
function instant(parts: (string | undefined)[], fraction?: string, half?: string): number {
  const [year, month, day, written = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  if (half !== undefined && (written < 1 || written > 12)) return NaN;
  const hour = half === undefined ? written : (written % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  if (hour > 24 || minute > 59 || second > 60 || month < 1 || day < 1) return NaN;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const milliseconds = fraction ? Number(`0.${fraction}`) * 1000 : 0;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
}
