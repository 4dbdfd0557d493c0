import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dictionary } from '../../../main/files/columns/dictionary.ts';
import { Spellings } from '../../../main/files/columns/spellings.ts';
import { lookalikes } from '../../../main/files/interpret/spelling-notes.ts';
import { isEmptyId, trimId } from '../../../main/files/text/ids.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const blanks = '[\\t-\\r\\x20\\x85\\xa0\\u2000-\\u200b\\u202f\\u205f\\u3000\\ufeff]*';
const trimmed = (text: string): string =>
  text.replace(new RegExp(`^${blanks}`, 'u'), '').replace(new RegExp(`${blanks}$`, 'u'), '');
/** The rule in a regular expression: blanks, then a spreadsheet's pair, then blanks again. */
function reference(text: string): string {
  const outer = trimmed(text);
  return outer.length >= 3 && outer.startsWith('="') && outer.endsWith('"')
    ? trimmed(outer.slice(2, -1))
    : outer;
}
const texts = fc.string({
  unit: fc.constantFrom(
    ' ',
    '\t',
    '\u00a0',
    '\u3000',
    '\u200b',
    '\ufeff',
    '=',
    '"',
    'a',
    '7',
    'é',
    '中',
    '😀',
  ),
  maxLength: 8,
});

describe('the one rule for ids', () => {
  it('leaves what the rule in words leaves, of any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(trimId(text)).toBe(reference(text));
        expect(isEmptyId(bytes(text), 0, bytes(text).length)).toBe(reference(text) === '');
      }),
    );
  });

  it('counts the spellings that became one with another, as a plain count does', () => {
    fc.assert(
      fc.property(
        fc.array(
          texts.filter((text) => reference(text) !== ''),
          { minLength: 1 },
        ),
        (ids) => {
          const dictionary = new Dictionary();
          const spellings = new Spellings(dictionary);
          const rows: number[] = [];
          for (const id of ids) {
            const index = spellings.intern(bytes(id), 0, bytes(id).length);
            rows[index] = (rows[index] ?? 0) + 1;
          }
          expect(dictionary.ids()).toEqual([...new Set(ids.map(reference))]);
          if (spellings.isEmpty) return;
          const { rows: touched, merged } = spellings.summary(Uint32Array.from(rows));
          expect(touched).toBe(ids.filter((id) => reference(id) !== id).length);
          expect(merged).toBe(new Set(ids).size - dictionary.size);
        },
      ),
    );
  });

  it('takes no ids for lookalikes whose letters tell them apart by case', () => {
    expect(lookalikes(['aXbY', 'aXBy', 'Qq1z', 'q2Zz'])).toEqual([]);
    expect(lookalikes(['Ann', 'ann', '1', '1.0', '2'])).toEqual([
      [1, 0],
      [2, 3],
    ]);
  });
});
