import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseDayFirst,
  parseIso,
  parseMonthFirst,
  parseNumber,
  parseTime,
} from '../../../main/files/text/numbers.ts';
import type { TimeUnit } from '../../../main/files/types.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const number = (text: string, mark = '.'): number =>
  parseNumber(bytes(text), 0, bytes(text).length, mark.charCodeAt(0));

describe('numbers', () => {
  it('reads what people write as ratings', () => {
    expect(['4', '3.5', '-9.95', '+2', '.5', '5.', ' 3 ', '1e3', '0.1'].map((text) => number(text))).toEqual([
      4, 3.5, -9.95, 2, 0.5, 5, 3, 1000, 0.1,
    ]);
    expect(number('3,5', ',')).toBe(3.5);
  });

  it('refuses what is none', () => {
    for (const text of [
      '',
      ' ',
      '-',
      '.',
      'NaN',
      'Infinity',
      '0x10',
      '1_000',
      '1,5',
      '4 5',
      'e5',
      '1e',
      '١',
    ]) {
      expect(number(text), text).toBeNaN();
    }
  });

  it('reads every double that JavaScript prints', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(number(String(value))).toBe(value + 0);
      }),
    );
  });
});

describe('times', () => {
  const time = (text: string, unit: TimeUnit): number =>
    parseTime(bytes(text), 0, bytes(text).length, unit, 46);

  it('becomes milliseconds since 1970 from any unit', () => {
    const wanted = Date.UTC(2000, 11, 31, 22, 12, 40);
    expect(time('978300760', 's')).toBe(wanted);
    expect(time('978300760000', 'ms')).toBe(wanted);
    expect(time('978300760000000', 'us')).toBe(wanted);
    expect(time('978300760000000000', 'ns')).toBe(wanted);
    expect(time('2000-12-31T22:12:40Z', 'iso')).toBe(wanted);
    expect(time('2001-01-01 00:12:40+02:00', 'iso')).toBe(wanted);
    expect(time('31/12/2000 22:12:40', 'dmy')).toBe(wanted);
    expect(time('12/31/2000 22:12:40', 'mdy')).toBe(wanted);
    expect(time('17', 'order')).toBe(17);
  });

  it('knows no dates that do not exist', () => {
    expect(parseIso('2001-02-29')).toBeNaN();
    expect(parseIso('2000-02-29')).toBe(Date.UTC(2000, 1, 29));
    expect(parseDayFirst('12/31/2000')).toBeNaN();
    expect(parseMonthFirst('31/12/2000')).toBeNaN();
    expect(parseDayFirst('1.5.2004')).toBe(Date.UTC(2004, 4, 1));
    expect(time('', 's')).toBeNaN();
    expect(time('1e30', 's')).toBeNaN();
  });
});
