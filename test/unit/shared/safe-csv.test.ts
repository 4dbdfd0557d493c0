import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvField } from '../../../main/base/csv.ts';
import { safeCsv } from '../../../shared/safe-csv.ts';

/** The cells of one record, as a reader of RFC 4180 takes them. */
function cellsOf(record: string): string[] {
  return [...record.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .slice(0, -1)
    .map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

describe('CSV that is safe for spreadsheets', () => {
  it('has an apostrophe before what would be run, and nothing else changed', () => {
    const text = `user,title,score\n=cmd|' /C calc'!A0,"=HYPERLINK(""x"")",-1.5e-7\n@a,"+b,c",+4\n-,\t=1,a=b\n\n`;
    expect(safeCsv(text)).toBe(
      `user,title,score\n'=cmd|' /C calc'!A0,"'=HYPERLINK(""x"")",-1.5e-7\n'@a,"'+b,c",+4\n'-,'\t=1,a=b\n\n`,
    );
  });

  it('differs from the exact one by apostrophes alone, cell by cell', () => {
    const cell = fc.oneof(fc.string(), fc.stringMatching(/^["=+\-@\t ,\n]{0,4}[a-z0-9"]{0,4}$/));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const safe = cellsOf(safeCsv(cells.map(csvField).join(',')).replaceAll(/\r\n|\r|\n/g, '\n') + ',');
        const plain = cells.map((each) => each.replaceAll(/\r\n|\r|\n/g, '\n'));
        expect(safe.map((each, k) => (each === `'${plain[k]}` ? plain[k] : each))).toEqual(plain);
        for (const each of safe) expect(/^[=@]|^[+-](?![\d.])/.test(each)).toBe(false);
      }),
    );
  });
});
