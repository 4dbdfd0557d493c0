/** Files that leave something in doubt, or are no files of ratings at all. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf, textsOf } from '../fixtures/data/imported.ts';
import { zipOf } from '../fixtures/data/zip.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const csv = 'user,item,rating\nu1,i1,4\nu1,i2,3.5\nu2,i1,5\n';

describe('columns in doubt', () => {
  it('a guessed time that cannot be read is left out, with a word; a named one is not', async () => {
    const text = 'user,item,rating,date\nu,i,1,Whitsun 2004\nu,j,2,Easter 2004\n';
    const { dataset, ...report } = await imported(text);
    expect(dataset.timeKind).toBe('none');
    expect(textsOf(report)).toEqual([
      'date holds no times that can be read (as Whitsun 2004), so no time is used.',
    ]);
    await expect(imported(text, { time: 'date' })).rejects.toMatchObject({ code: 'too-many-rejected' });
  });

  it('a name that two columns bear says nothing', async () => {
    const text = 'id,id,rating\nu,i,1\n';
    await expect(imported(text, { user: 'id', item: 2 })).rejects.toMatchObject({
      code: 'ambiguous-column',
      hint: 'Give the position of the user. Columns: 1 id, 2 id, 3 rating.',
    });
    expect(rowsOf((await imported(text, { user: 1, item: 2 })).dataset)).toEqual(['u i 1']);
    await expect(imported('user,user,item,rating\nu,v,i,1\n')).rejects.toMatchObject({
      code: 'columns-needed',
    });
  });
});

describe('a header in doubt', () => {
  const three = 'u1,i1,4\nu1,i2,3.5\nu2,i1,5\n';
  const forms: [string, string, string[]][] = [
    [
      'below Excel’s own line',
      `sep=,\nuser,item,rating\n${three}`,
      ['The header is on line 2; the record above it is left out.'],
    ],
    [
      'below a title and an empty line',
      `Ratings, "all"\n\n# of 2020\nuser,item,rating\n${three}`,
      ['The header is on line 4; the 2 records above it are left out.'],
    ],
    ['without the name of R’s row numbers', `user,item,rating\n1,u1,i1,4\n2,u1,i2,3.5\n3,u2,i1,5\n`, []],
    ['without a name for an empty last field', `user,item,rating\n${three.replaceAll('\n', ',\n')}`, []],
  ];
  it.each(forms)('%s', async (_form, content, warnings) => {
    const result = await imported(content);
    expect(rowsOf(result.dataset)).toEqual(['u1 i1 4', 'u1 i2 3.5', 'u2 i1 5']);
    expect(result.accounting).toEqual({ read: 3, imported: 3, rejected: 0, duplicates: 0, filtered: 0 });
    expect(textsOf(result)).toEqual(warnings);
  });

  it('one name short for another reason is no header', async () => {
    await expect(imported('user,item,rating\n7,u1,i1,4\n7,u1,i2,3.5\n3,u2,i1,5\n')).rejects.toMatchObject({
      code: 'columns-needed',
    });
  });

  it('over columns with NA in them', async () => {
    const { dataset } = await imported('"","A","B"\n"u1",1,NA\n"u2",NA,2\n', { wide: true, missing: 'NA' });
    expect(rowsOf(dataset)).toEqual(['u1 A 1', 'u2 B 2']);
  });
});

describe('quotes', () => {
  it('line ends, delimiters and doubled quotes inside a quoted id', async () => {
    const { dataset, accounting } = await imported(
      'user,item,rating\nu,"a\nb, ""c""",1\nu,"d,e\r\nf,g",2\n"v\nw",h,3\n',
    );
    expect(rowsOf(dataset)).toEqual(['u a\nb, "c" 1', 'u d,e\r\nf,g 2', 'v\nw h 3']);
    expect(accounting).toEqual({ read: 3, imported: 3, rejected: 0, duplicates: 0, filtered: 0 });
  });

  it('a stray quote does not swallow the records up to the next one', async () => {
    const { accounting, rejects } = await imported('user,item,rating\nu,"a,1\nv,b,2\nw,c",3\nx,d,4\n', {
      maxRejected: 50,
    });
    expect(accounting).toMatchObject({ read: 4, imported: 3, rejected: 1 });
    expect(rejects.map(({ line, kind }) => [line, kind])).toEqual([[2, 'bad quoting']]);
  });
});

describe('refusals', () => {
  it('what is no file of ratings is called what it is', async () => {
    const noise = Uint8Array.from({ length: 5000 }, (_, k) => (k * k * 31 + (k >> 3)) & 255);
    const files: [string | Uint8Array, string, RegExp][] = [
      [noise, 'not-text', /not text/],
      [zipOf({ 'ratings.csv.gz': gzipSync(csv.repeat(500)) }), 'not-text', /not text/],
      [zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<x/>' }), 'not-text', /Office/],
      [JSON.stringify({ ratings: [] }, null, 2), 'not-ratings', /no records/],
      ['user,item,rating\n', 'nothing-imported', /no records/],
      ['', 'empty-file', /empty/],
      [gzipSync(''), 'empty-file', /empty/],
    ];
    for (const [content, code, message] of files) {
      await expect(imported(content)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    }
    await expect(imported(csv, { member: 'ratings.csv' })).rejects.toMatchObject({ code: 'not-an-archive' });
  });

  it('a list of items that lacks some is told of', async () => {
    const path = folder.write('few.csv', 'item,title\ni1,One\n');
    const result = await imported(csv, { items: { path } });
    expect(textsOf(result)).toEqual(['1 of 2 items are not in the list of items.']);
  });
});

describe('records that mostly repeat', () => {
  // Visits that name their page but not their visitor: the column taken for the user has two values.
  const mixed = Array.from({ length: 60 }, (_, k) => `${k % 2 ? 'view' : 'buy'},p${k % 3},${1 + (k % 5)}`);
  const text = `user,item,rating\n${mixed.join('\n')}\n`;

  it('stop the import with the count and a question, and are merged when that is what is wanted', async () => {
    await expect(imported(text)).rejects.toMatchObject({
      code: 'mostly-repeats',
      message: '54 of 60 records repeat a user and an item; only 6 would be left.',
      hint: expect.stringContaining('--duplicates last') as string,
      details: {
        accounting: { read: 60, imported: 6, duplicates: 54 },
        interpretations: [
          { code: 'mostly-repeats', rows: 54, otherwise: [{ settings: { duplicates: 'last' } }] },
        ],
      },
    });
    const { accounting } = await imported(text, { duplicates: 'last' });
    expect(accounting).toEqual({ read: 60, imported: 6, rejected: 0, duplicates: 54, filtered: 0 });
  });

  it('a handful of them, or fewer than half, are merged with a word', async () => {
    const { accounting } = await imported('user,item,rating\nu,i,1\nu,i,2\nu,i,3\n');
    expect(accounting).toMatchObject({ imported: 1, duplicates: 2 });
  });
});
