import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Unwrapper, isWrapped } from '../../../main/files/text/unwrap.ts';

const wrap = (line: string): string => `"${line.replaceAll('"', '""')}"`;

describe('lines in one pair of quotes', () => {
  it('come back as they were, however the bytes are cut, with their line ends', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '"', ',', 'é', ' '), maxLength: 8 });
    const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat(80), { maxLength: 5 }), (rows, cuts) => {
        const bytes = Buffer.from(rows.map(([text, end]) => wrap(text) + end).join(''));
        const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const unwrapper = new Unwrapper();
        const pieces = at.slice(1).map((to, k) => Buffer.from(unwrapper.write(bytes.subarray(at[k], to))));
        const text = Buffer.concat([...pieces, unwrapper.end()]).toString('utf8');
        expect(text).toBe(rows.map(([each, end]) => each + end).join(''));
        expect(unwrapper.lines).toBe(rows.length);
      }),
    );
  });

  it('are not those of a file whose fields are quoted one by one', () => {
    expect(isWrapped('"u","i"\n"a","b"\n"c","d"\n')).toBe(false);
    expect(isWrapped('u,i\n"a,b"\n"c,d"\n')).toBe(true);
  });
});
