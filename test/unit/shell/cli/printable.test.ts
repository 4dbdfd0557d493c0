import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableLine } from '../../../../main/shell/cli/printable.ts';
import { table } from '../../../../main/shell/cli/text.ts';

const evil = 'A\u001b]0;owned\u0007 \u009b31m \u202egnp.exe\u2069 \r\n\tß 映画 👩‍👧';

describe('text for a terminal', () => {
  it('shows what a terminal would obey', () => {
    expect(printableLine(evil)).toBe(
      String.raw`A\x1b]0;owned\x07 \x9b31m \u202egnp.exe\u2069 \r\n\tß 映画 👩‍👧`,
    );
  });

  it('keeps its own line ends, and those alone', () => {
    expect(printable('a\nb\rc')).toBe(String.raw`a
b\rc`);
  });

  it('is exact as JSON, and harmless there too', () => {
    expect(JSON.parse(printableJson({ evil }))).toEqual({ evil });
    expect(printableJson({ evil })).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$/);
  });

  it('cannot forge a row of a table', () => {
    expect(table(['title'], [['a\nb']]).split('\n')).toEqual(['title', String.raw`a\nb`]);
  });

  it('makes a table of more rows than a call takes arguments', () => {
    expect(
      table(
        ['n'],
        Array.from({ length: 200_000 }, (_, n) => [n]),
      ).length,
    ).toBeGreaterThan(200_000);
  });
});
