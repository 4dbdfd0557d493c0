/** Excel's own files: the sheet that is meant, its dates and ids as Excel shows them, and none that could harm. */
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import type { WriteSheet } from 'hucre/xlsx';
import { inspectFile } from '../../main/files/import.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf, textsOf } from '../fixtures/data/imported.ts';
import { zipOf } from '../fixtures/data/zip.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const workbook = (...sheets: WriteSheet[]): Promise<Uint8Array> => writeXlsx({ sheets });
const date = (text: string): Date => new Date(text);

const ratings: WriteSheet = {
  name: 'Ratings',
  rows: [
    ['user', 'item', 'rating', 'date'],
    [100, '007', 4.5, date('2023-10-26T09:45:00Z')],
    [100, 'a, "b"', 0.1 + 0.2, date('2023-10-27T00:00:00Z')],
    [null, null, null, null],
    [1e15 + 1, 'two\nlines', 3, date('1999-12-31T23:59:59Z')],
    [200, '007', null, date('2023-10-26T09:45:00Z')],
  ],
};

describe('an Excel workbook', () => {
  it('gives numbers without a dot, texts as they stand, dates as times, and its rows as lines', async () => {
    const result = await imported(await workbook(ratings), { maxRejected: 50 });
    expect(rowsOf(result.dataset)).toEqual([
      `100 007 4.5 ${Date.UTC(2023, 9, 26, 9, 45)}`,
      `100 a, "b" ${Math.fround(0.3)} ${Date.UTC(2023, 9, 27)}`,
      `1000000000000001 two lines 3 ${Date.UTC(1999, 11, 31, 23, 59, 59)}`,
    ]);
    expect(result.accounting).toEqual({ read: 4, imported: 3, rejected: 1, duplicates: 0, filtered: 0 });
    expect(result.rejects.map(({ line, kind, column }) => [line, kind, column])).toEqual([
      [6, 'not a number', 'rating'],
    ]);
    expect(result.used).toMatchObject({ sheet: 'Ratings', timeUnit: 'iso' });
  });

  it('reads what formulas came to, and rejects what they could not come to', async () => {
    const cells = new Map([
      ['1,2', { value: null, formula: '2+2', formulaResult: 4 }],
      ['2,2', { value: '#N/A', type: 'error' as const }],
    ]);
    const rows = [
      ['user', 'item', 'rating'],
      ['u', 'i', null],
      ['u', 'j', null],
      ['u', 'k', 1],
    ];
    const { dataset, rejects } = await imported(await workbook({ name: 'R', rows, cells }), {
      maxRejected: 50,
    });
    expect(rowsOf(dataset)).toEqual(['u i 4', 'u k 1']);
    expect(rejects.map(({ line, found }) => [line, found])).toEqual([[3, '#N/A']]);
  });

  it('may hold a matrix, or one user a line', async () => {
    const rows = [
      ['', 'A', 'B'],
      ['u', 1, null],
      ['v', null, 2],
    ];
    const wide = await imported(await workbook({ name: 'M', rows }), { wide: true });
    expect(rowsOf(wide.dataset)).toEqual(['u A 1', 'v B 2']);
    const lists = await workbook({
      name: 'L',
      rows: [
        ['u', 'a', 'b'],
        ['v', 'c'],
        ['w', 'a'],
      ],
    });
    const { dataset, accounting } = await imported(lists, { userPerLine: true });
    expect(rowsOf(dataset)).toEqual(['u a 1', 'u b 1', 'v c 1', 'w a 1']);
    expect(accounting).toMatchObject({ imported: 4, rejected: 0 });
  });
});

describe('the sheet', () => {
  const notes: WriteSheet = { name: 'Notes', rows: [['of nothing']] };
  const empty: WriteSheet = { name: 'Sheet3', rows: [] };
  const movies: WriteSheet = {
    name: 'Movies',
    rows: [
      ['movieId', 'title'],
      ['007', 'Bond'],
      ['a, "b"', 'Letters'],
    ],
  };
  const small: WriteSheet = {
    name: 'Table',
    rows: [
      ['user', 'item', 'rating'],
      ['u', 'i', 2],
    ],
  };

  it('is the only one that holds something', async () => {
    expect(rowsOf((await imported(await workbook(empty, small))).dataset)).toEqual(['u i 2']);
  });

  it('is the one whose name says ratings, and that is told with the others to choose', async () => {
    const result = await imported(await workbook(notes, ratings), { maxRejected: 50 });
    expect(result.users).toBe(2);
    expect(textsOf(result)).toContain('The workbook has 2 sheets; Ratings is read.');
    expect(result.interpretations.find(({ code }) => code === 'sheet')?.otherwise).toEqual([
      { title: 'Read Notes', option: '--sheet "Notes"', settings: { sheet: 'Notes' } },
    ]);
  });

  it('is asked for where its name does not tell, and taken by name or position', async () => {
    const two = await workbook(notes, small);
    await expect(imported(two)).rejects.toMatchObject({
      code: 'sheet-needed',
      hint: 'Choose one with --sheet: Notes, Table.',
      details: { sheets: ['Notes', 'Table'] },
    });
    for (const sheet of ['Table', 'table', '2']) {
      expect(rowsOf((await imported(two, { sheet })).dataset)).toEqual(['u i 2']);
    }
    await expect(imported(two, { sheet: 'Tabel' })).rejects.toMatchObject({ code: 'sheet-needed' });
    await expect(imported('user,item\nu,i\n', { sheet: 'Table' })).rejects.toMatchObject({
      code: 'not-a-workbook',
    });
  });

  it('of titles is found in the same workbook', async () => {
    const path = folder.write('both.xlsx', await workbook(ratings, movies));
    const { dataset } = await imported(await workbook(ratings), { items: { path }, maxRejected: 50 });
    expect(dataset.metadata?.titles).toEqual(['Bond', 'Letters', null]);
  });

  it('is shown in the preview like any table', async () => {
    const inspection = await inspectFile(folder.write('shown.xlsx', await workbook(small)));
    expect(inspection).toMatchObject({ container: 'xlsx', sheets: ['Table'], sheet: 'Table', problem: null });
    expect(inspection.preview.map(({ fields }) => fields)).toEqual([['u', 'i', '2']]);
  });
});

describe('a workbook that cannot be read', () => {
  const sheet = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>';
  it('is refused in words', async () => {
    const whole = await workbook(ratings);
    const files: [Uint8Array, string, RegExp][] = [
      [
        zipOf({ 'xl/workbook.xml': '<workbook', 'xl/worksheets/sheet1.xml': sheet }),
        'damaged-file',
        /cannot be read/,
      ],
      [whole.subarray(0, whole.length - 100), 'damaged-file', /cannot be read/],
      [await workbook({ name: 'Nothing', rows: [] }), 'empty-file', /no cells|empty/],
      [
        Buffer.from('d0cf11e0a1b11ae1'.padEnd(2048, '0'), 'hex'),
        'not-text',
        /old Excel, or one with a password/,
      ],
    ];
    for (const [content, code, message] of files) {
      await expect(imported(content)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    }
  });

  it('is refused before it is unpacked where it would be more than a gigabyte', async () => {
    const bomb = zipOf({ 'xl/workbook.xml': '<workbook/>', 'xl/sharedStrings.xml': sheet });
    // The archive's directory says how long each part is unpacked: byte 24 of the entry.
    bomb.writeUInt32LE(0xf0000000, bomb.lastIndexOf('PK\x01\x02') + 24);
    await expect(imported(bomb)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('is refused where it claims rows or columns that Excel does not have, before they are made', async () => {
    const ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
    const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const claiming = (rows: string): Buffer =>
      zipOf({
        '[Content_Types].xml':
          '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
        'xl/workbook.xml': `<workbook ${ns} xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
        'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
        'xl/worksheets/sheet1.xml': `<worksheet ${ns}><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>${rows}</sheetData></worksheet>`,
      });
    const [far, wide] = [
      '<row r="900000000"><c r="A900000000"><v>1</v></c></row>',
      '<row r="2"><c r="ZZZZ2"><v>1</v></c></row>',
    ].map(claiming);
    await expect(imported(far)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('row 900,000,000') as string,
    });
    await expect(imported(wide)).rejects.toMatchObject({ code: 'damaged-file' });
  });

  it('holds its line numbers where rows are left out, and is refused no row for being far down', async () => {
    const rows: (string | number | null)[][] = [
      ['user', 'item', 'rating'],
      ...new Array<null[]>(2000).fill([null]),
      ['u', 'i', 'x'],
      ['u', 'j', 1],
    ];
    const { rejects } = await imported(await workbook({ name: 'Far', rows }), { maxRejected: 50 });
    expect(rejects.map(({ line }) => line)).toEqual([2002]);
  });
});
