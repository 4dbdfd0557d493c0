import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_RECORD, RecordScanner } from '../../../main/files/text/scan.ts';
import type { ScanDialect } from '../../../main/files/text/scan.ts';
import { referenceRecords } from './reference.ts';
import type { ReferenceRecord } from './reference.ts';

interface Scanned extends ReferenceRecord {
  kind?: string;
}

/** All records of the text, fed in pieces of the given sizes in turn. */
function scan(
  text: string | Uint8Array,
  dialect: ScanDialect,
  expected = 0,
  sizes: number[] = [1 << 20],
): Scanned[] {
  const records: Scanned[] = [];
  const scanner = new RecordScanner(dialect, 64, expected, {
    record(s) {
      const fields = Array.from({ length: s.count }, (_, k) => s.text(s.starts[k], s.ends[k]));
      records.push({ line: s.line, fields, text: s.text() });
    },
    broken(kind, s) {
      records.push({ line: s.line, fields: null, text: s.text().slice(0, 200), kind });
    },
  });
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes[k % sizes.length];
    scanner.push(bytes.subarray(at, at + size));
    at += size;
  }
  scanner.finish();
  return records;
}

const comma = { delimiter: ',', quote: '"' };
const fieldsOf = (text: string, dialect: ScanDialect = comma): (string[] | null)[] =>
  scan(text, dialect).map((record) => record.fields);

describe('records and fields', () => {
  it('takes LF, CRLF and CR as line ends, in one file too', () => {
    expect(fieldsOf('a,b\nc,d\r\ne,f\rg,h')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ]);
  });

  it('undoes quotes and doubled quotes, and keeps what else is in a field', () => {
    expect(fieldsOf('"a,b","say ""hi""", c \n"""034545104X""",""')).toEqual([
      ['a,b', 'say "hi"', ' c '],
      ['"034545104X"', ''],
    ]);
  });

  it('gives the first physical line of a record that runs over several', () => {
    const records = scan('h,h\n"a\nb","c\r\nd"\n\n\ne,f', comma, 2);
    expect(records.map((record) => record.line)).toEqual([1, 2, 7]);
    expect(records[1].fields).toEqual(['a\nb', 'c\r\nd']);
  });

  it('loses one line, not the rest of the file, to a quote that is never closed', () => {
    const records = scan('1,"2,3\n4,5,6\n7,8,9', comma, 3);
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [1, null],
      [2, ['4', '5', '6']],
      [3, ['7', '8', '9']],
    ]);
  });

  it('does not let a stray quote swallow lines up to the next one', () => {
    const records = scan('1,"2,3\n4,5,6\n7,"9\n8,8,8', comma, 3);
    expect(records.map((record) => record.fields?.length ?? null)).toEqual([null, 3, null, 3]);
    expect(records[0].kind).toBe('bad quoting');
  });

  it('splits at :: and leaves single colons alone', () => {
    expect(fieldsOf('1::Alien: the film::5\n2:::x', { delimiter: '::', quote: '' })).toEqual([
      ['1', 'Alien: the film', '5'],
      ['2', ':x'],
    ]);
  });

  it('takes any run of spaces as one delimiter, and none at the ends', () => {
    expect(fieldsOf('  1   2 3.5  \n4 5 6', { delimiter: ' ', quote: '' })).toEqual([
      ['1', '2', '3.5'],
      ['4', '5', '6'],
    ]);
  });

  it('gives up on a record of more than 4 MB and goes on behind it', () => {
    const long = 'x'.repeat(MAX_RECORD + 10);
    const records = scan(`a,b\n${long}\r\nc,d`, comma, 2, [1 << 20]);
    expect(records.map(({ line, fields, kind }) => [line, fields, kind])).toEqual([
      [1, ['a', 'b'], undefined],
      [2, null, 'too long'],
      [3, ['c', 'd'], undefined],
    ]);
  });

  it('calls a quote bad that stays open for more than 4 MB of short lines', () => {
    const lines = 'a,b\n'.repeat(MAX_RECORD / 4 + 100);
    const records = scan(`x,"y\n${lines}`, comma, 2, [1 << 20]);
    expect(records.length).toBe(MAX_RECORD / 4 + 101);
    expect(records[0]).toMatchObject({ line: 1, fields: null, kind: 'bad quoting', text: 'x,"y' });
    expect(records.at(-1)?.line).toBe(MAX_RECORD / 4 + 101);
  });
});

describe('against the reference splitter', () => {
  const pieces = fc.constantFrom(
    'a',
    '1',
    ' ',
    '"',
    '""',
    ',',
    ',',
    ';',
    ':',
    '::',
    '\n',
    '\r',
    '\r\n',
    'é',
    '"x",',
  );
  const texts = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
  const dialects = fc.constantFrom(
    comma,
    { delimiter: ';', quote: '"' },
    { delimiter: '::', quote: '"' },
    { delimiter: ',', quote: '' },
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });

  it('finds the same records, lines and texts, however the bytes are cut', () => {
    fc.assert(
      fc.property(texts, dialects, fc.integer({ min: 0, max: 3 }), sizes, (text, dialect, expected, cut) => {
        const wanted = referenceRecords(text, dialect.delimiter, dialect.quote, expected);
        const found = scan(text, dialect, expected, cut).map(({ line, fields, text: raw }) => ({
          line,
          fields,
          text: raw,
        }));
        expect(found).toEqual(wanted);
      }),
      { numRuns: 3000, seed: 4 },
    );
  });
});
