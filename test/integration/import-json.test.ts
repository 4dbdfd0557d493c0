/** Records of JSON in the forms in which they are given away: pretty-printed, as Python prints them, in one object. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePython } from '../../main/files/text/python.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf, textsOf } from '../fixtures/data/imported.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const records = [
  { user: 'a', item: 'x', rating: 4, text: 'one {\n "two" }' },
  { user: 'b', item: 'y', rating: 2.5, text: "it's [" },
  { user: 'a', item: 'y', rating: 1, text: '' },
];
const rows = ['a x 4', 'a y 1', 'b y 2.5'];

describe('objects that follow each other', () => {
  const forms: [string, string][] = [
    ['pretty-printed', records.map((record) => JSON.stringify(record, null, 2)).join('\n')],
    [
      'pretty-printed with CRLF',
      records
        .map((record) => JSON.stringify(record, null, 1))
        .join('\n')
        .replaceAll('\n', '\r\n'),
    ],
    ['on one line', records.map((record) => JSON.stringify(record)).join('')],
    ['with commas between them', records.map((record) => JSON.stringify(record)).join(',\n') + ','],
    ['a single one', JSON.stringify(records[0], null, 2)],
  ];
  it.each(forms)('%s are records', async (_, text) => {
    const { dataset, accounting } = await imported(text);
    expect(rowsOf(dataset)).toEqual(text.includes('"b"') ? rows : rows.slice(0, 1));
    expect(accounting).toMatchObject({ read: dataset.ratings.item.length, rejected: 0 });
  });

  it('a broken one is rejected with its line, and the others come in', async () => {
    const [first, second, third] = records.map((record) => JSON.stringify(record, null, 2));
    const text = [first, second, third, third.replace('"item"', 'item')].join('\n');
    const { accounting, rejects } = await imported(text, { maxRejected: 50 });
    expect(accounting).toMatchObject({ read: 4, imported: 3, rejected: 1 });
    expect(rejects.map(({ line, kind }) => [line, kind])).toEqual([[19, 'bad record']]);
  });

  it('one that does not end is told with its line, and nothing is half read', async () => {
    const text = records
      .map((record) => JSON.stringify(record, null, 2))
      .join('\n')
      .slice(0, -1);
    await expect(imported(text)).rejects.toMatchObject({
      code: 'damaged-file',
      message: /line 13 does not end/,
    });
  });

  it('one object around lists is refused with the way to take them out', async () => {
    const text = JSON.stringify({ version: 2, ratings: records }, null, 2);
    await expect(imported(text)).rejects.toMatchObject({
      code: 'not-ratings',
      hint: /jq -c '\.ratings\[\]'/,
    });
  });
});

describe('records as Python prints them', () => {
  it('are read, and told', async () => {
    const text = [
      `{u'user': u'a', 'item': "x", 'rating': 4.0, 'early': True, 'note': None}`,
      `{'user': 'b', 'item': 'y', 'rating': 2.5, 'early': False, 'note': 'it\\'s {'}`,
      `{'user': 76561197970982479001, 'item': 'y', 'rating': 1L, 'tags': ['p', (1, 2,)]}`,
    ].join('\n');
    const result = await imported(text);
    expect(rowsOf(result.dataset)).toEqual(['a x 4', 'b y 2.5', '76561197970982479001 y 1']);
    expect(textsOf(result).join()).toMatch(/3 of 3 sampled records are Python dicts/);
  });

  it('are told as many as were sampled', async () => {
    const text = Array.from({ length: 150 }, (_, k) => `{'user': 'u${k}', 'item': 'x', 'rating': 4}\n`);
    expect(textsOf(await imported(text.join(''))).join()).toMatch(/100 of 100 sampled records are Python/);
  });

  it('a list of them on one line is read too', async () => {
    const { dataset } = await imported(
      `[{'user': 'a', 'item': 'x}', 'rating': 4}, {'user': 'b', 'item': 'y', 'rating': 2}]`,
    );
    expect(rowsOf(dataset)).toEqual(['a x} 4', 'b y 2']);
  });

  it('a broken one is rejected', async () => {
    const text = `{'user': 'a', 'item': 'x', 'rating': 4}\n{'user': 'b', 'item': 'y', 'rating': open('x')}\n`;
    const { accounting } = await imported(text, { maxRejected: 50 });
    expect(accounting).toMatchObject({ read: 2, imported: 1, rejected: 1 });
  });

  it('every value comes back that was printed', () => {
    /** Whole numbers that a float cannot hold are ids: they come back as text. */
    const exact = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (_, each: unknown) =>
        Number.isInteger(each) && !Number.isSafeInteger(each) && /^-?\d+$/.test(String(each))
          ? String(each)
          : each,
      );
    const printed = (value: unknown): string => {
      if (value === null) return 'None';
      if (typeof value === 'boolean') return value ? 'True' : 'False';
      if (typeof value === 'number') return String(value);
      if (typeof value === 'string')
        return `u'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
      if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
      return `{${Object.entries(value as object)
        .map(([key, each]) => `${printed(key)}: ${printed(each)}`)
        .join(', ')}}`;
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
        expect(parsePython(printed(value))).toEqual(exact(value));
      }),
    );
  });

  it('no text takes longer or deeper than it should: it is a literal or no literal', () => {
    for (const text of [
      '['.repeat(100_000),
      "{'a':".repeat(50_000),
      "'\\".repeat(50_000),
      '-'.repeat(100_000),
    ]) {
      expect(() => parsePython(text)).toThrow(SyntaxError);
    }
  });
});
