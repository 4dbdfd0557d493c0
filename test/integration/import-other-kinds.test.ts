/** More kinds of files that were once misread without a word, or refused without the reason: the smallest form of each. */
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { ImportOptions, ImportReport } from '../../main/files/types.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf } from '../fixtures/data/imported.ts';

const imported = importerIn(temporaryFolder());
const lines = (...all: string[]): string => `${all.join('\n')}\n`;
const ratings = (...values: string[]): string =>
  lines('user,item,rating', ...values.map((value, k) => `u${k % 3},i${k},${value}`));

async function valuesOf(text: string, options: ImportOptions = {}): Promise<number[]> {
  return [...(await imported(text, { ...options, duplicates: 'first' })).dataset.ratings.value].sort(
    (a, b) => a - b,
  );
}

/** What an import says, by code. */
async function said(text: string | Buffer, options: ImportOptions = {}): Promise<Record<string, string>> {
  const report: Pick<ImportReport, 'interpretations'> = await imported(text, options);
  return Object.fromEntries(
    report.interpretations.map(({ code, weight, text: words }) => [code, `${weight}: ${words}`]),
  );
}

describe('ratings with something around the number', () => {
  it.each([
    [
      ['4/5', '3/5', '1/5'],
      [1, 3, 4],
    ],
    [
      ['4.5 stars', '1 star', '3 stars'],
      [1, 3, 4.5],
    ],
    [
      ['4.0 out of 5 stars', '2.0 out of 5 stars', '1.0 out of 5 stars'],
      [1, 2, 4],
    ],
    [
      ['★★★', '★', '★★★★½'],
      [1, 3, 4.5],
    ],
    [
      ['★★★☆☆', '★☆☆☆☆', '★★★★★'],
      [1, 3, 5],
    ],
    [
      ['80%', '40 %', '100%'],
      [40, 80, 100],
    ],
    [
      ['３', '１', '５'],
      [1, 3, 5],
    ],
    [
      ['٣', '١', '٥'],
      [1, 3, 5],
    ],
    [
      ['"4,5/5"', '"3,0/5"', '"1,0/5"'],
      [1, 3, 4.5],
    ],
  ])('%j are read as %j', async (texts, values) => {
    expect(await valuesOf(ratings(...texts))).toEqual(values);
    expect(await said(ratings(...texts))).toMatchObject({ decorated: expect.stringContaining('told') });
  });

  it('of two scales in one column are not mixed', async () => {
    await expect(imported(ratings('4/5', '8/10', '3/5', '6/10'))).rejects.toMatchObject({
      code: 'too-many-rejected',
    });
  });

  it('on words of a known scale are asked for in the order of the scale', async () => {
    const text = ratings(...['poor', 'excellent', 'ok', 'good', 'bad'].flatMap((word) => [word, word]));
    await expect(imported(text)).rejects.toMatchObject({
      code: 'choice-needed',
      hint: expect.stringContaining('--rating-words "poor=1,bad=1,ok=2,good=3,excellent=4"') as string,
    });
  });
});

describe('a value that stands for nothing', () => {
  it.each([
    ['-1', '1 2 3 4 5 4 3 -1 -1'],
    ['99', '1 2 3 4 5 4 3 99 99'],
  ])('%s beside ratings from 1 to 5 is doubted, with the option that leaves it out', async (value, texts) => {
    const text = ratings(...texts.split(' '));
    expect(await said(text)).toMatchObject({
      'ratings-apart': expect.stringContaining(`${value} stands in 2 of 9`),
    });
    expect(await valuesOf(text, { missingRating: value })).toEqual([1, 2, 3, 3, 4, 4, 5]);
  });

  it('as an id is doubted, and so are totals, lists, quotes and text that was encoded twice', async () => {
    const rows = ['a', 'b', 'c', 'd'].map((user, k) => `${user};i${k};3`);
    const odd = ['NULL;x;3', 'Total;40;9', 'a;[1, 2];3', 'b;“9”;3', 'c;AmÃ©lie;3'];
    expect(await said(lines('user;item;rating', ...rows, ...odd))).toMatchObject({
      'user-ids-nothing': expect.stringContaining(
        '"NULL" is read as the id of one user, with 1 records',
      ) as string,
      'user-ids-totals': expect.stringContaining('"Total"') as string,
      'item-ids-lists': expect.stringContaining('[1, 2]') as string,
      'item-ids-quoted': expect.stringContaining('“9”') as string,
      'item-ids-encoded-twice': expect.stringContaining('AmÃ©lie') as string,
    });
  });
});

it('Letters that look alike and marks that nobody sees are doubted, as are signs of HTML and lists', async () => {
  const rows = ['ab', 'a\u00adb', 'cd', '\u0441d'].map((user, k) => `${user},x${k},3`);
  expect(await said(lines('user,item,rating', ...rows, 'e,Tom &amp; Jerry,3', 'e,105|106,4'))).toMatchObject({
    'user-ids-alike': expect.stringContaining('2 user ids have several spellings') as string,
    'item-ids-entities': expect.stringContaining('Tom &amp; Jerry') as string,
    'item-ids-lists': expect.stringContaining('105|106') as string,
  });
});

it('A header in the midst is said; one with another order of columns is doubted for the records below it', async () => {
  const rows = Array.from({ length: 30 }, (_, k) => `u${k},i${k},3`);
  const text = (header: string): string => lines('user,item,rating', ...rows, header, 'a,b,4');
  expect(await said(text('user,item,rating'))).toMatchObject({
    'header-repeated': expect.stringContaining('1 record repeats the header, as on line 32') as string,
  });
  expect(await said(text('item,user,rating'))).toMatchObject({
    'header-order': expect.stringContaining('Line 32 names the columns in another order') as string,
  });
});

it('Ratings like the numbers of records are doubted', async () => {
  const text = ratings(...Array.from({ length: 30 }, (_, k) => String(900_000 + k)));
  expect(await said(text)).toMatchObject({
    'rating-ids': expect.stringContaining('looks like an id') as string,
  });
});

it('The first column of Jester counts the cells other than 99, which are then no ratings', async () => {
  const row = (rated: number): string =>
    [rated, ...Array.from({ length: 20 }, (_, k) => (k < rated ? 1.5 : 99))].join(',');
  const { accounting } = await imported(lines(...[3, 5, 7, 2, 4, 6].map(row)));
  expect(accounting).toMatchObject({ imported: 27, filtered: 93 });
});

it('Numbers such as 1.234 alone are doubted', async () => {
  expect(await said(ratings('1.234', '2.345', '3.456'))).toMatchObject({
    thousands: expect.stringContaining('doubted: Numbers like 1.234 are read with a decimal point') as string,
  });
  expect(await valuesOf(ratings('1.234', '2.345'), { thousands: '.' })).toEqual([1234, 2345]);
});

describe('times', () => {
  const first = async (time: string, next: string): Promise<string> => {
    const text = lines('user;item;rating;timestamp', `u;a;1;${time}`, `u;b;2;${next}`, `v;a;3;${time}`);
    const { dataset } = await imported(text);
    expect(dataset.timeKind).toBe('time');
    return new Date(dataset.ratings.time?.[0] ?? NaN).toISOString();
  };

  it.each([
    ['20041231', '20050102', '2004-12-31T00:00:00.000Z'],
    ['20041231235958', '20050102000000', '2004-12-31T23:59:58.000Z'],
    ['12/31/04', '01/02/05', '2004-12-31T00:00:00.000Z'],
    ['12 31, 2004', '1 2, 2005', '2004-12-31T00:00:00.000Z'],
    ['Dec 31, 2004', 'Jan 2, 2005', '2004-12-31T00:00:00.000Z'],
    ['31-Dec-2004', '02-Jan-2005', '2004-12-31T00:00:00.000Z'],
    ['31 December 2004 18:30', '2 January 2005 18:30', '2004-12-31T18:30:00.000Z'],
    ['Fri Dec 31 23:59:59 -0800 2004', 'Sun Jan 02 00:00:00 -0800 2005', '2005-01-01T07:59:59.000Z'],
    ['Fri, 31 Dec 2004 23:59:59 +0100', 'Sun, 02 Jan 2005 00:00:00 +0100', '2004-12-31T22:59:59.000Z'],
  ])('%s is an instant', async (time, next, instant) => {
    expect(await first(time, next)).toBe(instant);
  });

  it('of a column whose first value is none are read all the same', async () => {
    const rows = Array.from({ length: 30 }, (_, k) => `u,i${k},3,${k === 0 ? '20041399' : 20041201 + k}`);
    expect(await said(lines('user,item,rating,timestamp', ...rows))).toMatchObject({
      'time-dates': expect.stringContaining('20041202 is 2004-12-02') as string,
    });
  });

  it('stand in the column that can be read, where two have names of times', async () => {
    const text = lines(
      'user,item,rating,date,time',
      'u,a,1,2004-12-31,10:00:00',
      'u,b,2,2005-01-01,11:00:00',
    );
    expect(await said(text)).toMatchObject({ 'time-column': expect.stringContaining('date is used') });
    expect((await imported(text)).dataset.timeKind).toBe('time');
  });

  it('that end before there were ratings are doubted: they count from another day', async () => {
    for (const ticks of ['632401344000000000', '134000000000000000', '400000000'])
      expect(
        await said(lines('user,item,rating,timestamp', `u,a,1,${ticks}`, `u,b,2,${ticks}`)),
      ).toMatchObject({
        'time-span': expect.stringContaining('before people rated on computers') as string,
      });
  });

  it('that a spreadsheet counts in days are an order, and the day is said', async () => {
    const text = lines('user,item,rating,timestamp', 'u,a,1,38352', 'u,b,2,38353');
    expect(await said(text)).toMatchObject({ 'time-order': expect.stringContaining('38352 is 2004-12-31') });
  });
});

describe('text in a legacy encoding', () => {
  it('with one byte beyond ASCII is read as western letters, for no statistics tell another', async () => {
    const rows = Array.from({ length: 40 }, (_, k) => `${k};"03937${k}064";"${k % 10}"`);
    const bytes = Buffer.from(lines('user;item;rating', ...rows, '54828;"393ß704064";"10"'), 'latin1');
    expect((await said(bytes)).encoding).toMatch(/windows-1252, as in 54828;"393ß704064";"10"/);
  });

  it.each([
    ['cp1250', 'Żółty szalik|Człowiek z żelaza|Ziemia obiecana|Popiół i diament'],
    ['macintosh', 'Amélie|Délicatessen|À bout de souffle|Le Père Noël|Être et avoir'],
    ['cp850', 'Amélie|Délicatessen|À bout de souffle|Le Père Noël|Être et avoir'],
    ['koi8-r', 'Ночной дозор|Сталкер|Брат|Солярис|Левиафан'],
    ['big5', '臥虎藏龍|重慶森林|花樣年華|悲情城市|飲食男女'],
    ['shift_jis', '千と千尋の神隠し|となりのトトロ|七人の侍|もののけ姫'],
  ])('%s is read by the words that it makes, and said', async (encoding, titles) => {
    const rows = titles.split('|').flatMap((title, k) => [`u${k},${title},4`, `v${k},${title},3`]);
    const bytes = iconv.encode(lines('user,item,rating', ...rows), encoding);
    const { dataset, interpretations } = await imported(bytes);
    expect(dataset.itemIds).toEqual(titles.split('|'));
    expect(interpretations.map(({ code }) => code)).toContain('encoding');
  });

  it('of four bytes a character has its mark', async () => {
    const bytes = iconv.encode(lines('user,item,rating', 'u,Amélie,4'), 'utf-32le', { addBOM: true });
    expect(rowsOf((await imported(bytes)).dataset)).toEqual(['u Amélie 4']);
  });
});

describe('the form of a file', () => {
  const sparse = ['1 101 5', '1 102 3', '2 101 4', '3 103 2'];
  const dataset = ['1 101 5', '1 102 3', '2 101 4', '3 103 2'];

  it('of MatrixMarket or KONECT is known by its comments, which are no records', async () => {
    for (const head of [
      ['%%MatrixMarket matrix coordinate integer general', '% a comment', '3 103 4'],
      ['% bip weighted', '% 4 3 3'],
    ]) {
      const result = await imported(lines(...head, ...sparse));
      expect(rowsOf(result.dataset)).toEqual(dataset);
      expect(result.accounting.read).toBe(4);
      expect(result.interpretations).toMatchObject([{ code: 'comments', weight: 'doubted' }]);
    }
    await expect(
      imported(lines('%%MatrixMarket matrix array integer general', '2 2', '1', '2', '3', '4')),
    ).rejects.toMatchObject({ code: 'not-ratings' });
  });

  it('has comments above its header, or a header in a comment', async () => {
    const rows = sparse.map((line) => line.replaceAll(' ', ','));
    for (const head of [
      ['# exported', '# by a tool', 'user,item,rating'],
      ['# exported', '#user,item,rating'],
    ])
      expect(rowsOf((await imported(lines(...head, ...rows))).dataset)).toEqual(dataset);
  });

  it('is one user a line with each item and its rating', async () => {
    const text = lines('1 101:5 102:3', '2 101:4', '3 103:2 104:x', '4 101:1 102:2 103:5');
    const result = await imported(text.replace(' 104:x', ''), { userPerLine: true });
    expect(rowsOf(result.dataset)).toContain('1 101 5');
    expect(result.dataset.ratings.implicit).toBe(false);
    await expect(imported(text.replace(' 104:x', ''))).rejects.toMatchObject({
      message: expect.stringContaining('each with its rating') as string,
    });
  });

  it('is one user a line below a header', async () => {
    const result = await imported(lines('user\titems', '1\t101 102', '2\t101'), { userPerLine: true });
    expect(result.dataset.userIds).toEqual(['1', '2']);
  });

  it('is a matrix where blanks stand among its cells, whatever its first cell says', async () => {
    for (const corner of ['', 'user_id']) {
      const text = lines(`${corner},101,102,103`, '1,5,,3', '2,,4,', '3,1,,2', '4,,,5', '5,2,2,');
      await expect(imported(text)).rejects.toMatchObject({
        message: expect.stringContaining('matrix') as string,
      });
    }
    const items = lines('movieId,u1,u2,u3', '101,5,,3', '102,,4,', '103,1,,2');
    expect(await said(items, { wide: true })).toMatchObject({
      transposed: expect.stringContaining('movieId'),
    });
  });

  it('parts its fields by control characters or #', async () => {
    for (const mark of ['\x01', '\x1f', '#']) {
      const rows = ['user item rating', ...sparse].map((line) => line.replaceAll(' ', mark));
      expect(rowsOf((await imported(lines(...rows))).dataset)).toEqual(dataset);
    }
  });

  it('has one quote that never closes: that record is rejected, and no other id keeps its quotes', async () => {
    const rows = Array.from({ length: 20 }, (_, k) => `u${k},"Movie ${k}",4`);
    rows[7] = 'u7,"Movie 7,4';
    const result = await imported(lines('user,item,rating', ...rows));
    expect(result.rejectKinds).toEqual({ 'bad quoting': 1 });
    expect(result.dataset.itemIds).not.toContain('"Movie 3"');
  });
});

describe('JSON', () => {
  it('has ids in objects, and dates as document databases write them', async () => {
    const record = (user: number, item: number, day: number): string =>
      JSON.stringify({
        user: { id: user },
        item: { id: item, name: 'x' },
        rating: 4,
        time: { $date: `2004-12-${day}` },
      });
    const { dataset: read } = await imported(lines(record(1, 2, 30), record(1, 3, 31)));
    expect(rowsOf(read)).toEqual([`1 2 4 ${Date.UTC(2004, 11, 30)}`, `1 3 4 ${Date.UTC(2004, 11, 31)}`]);
    expect(read.timeKind).toBe('time');
  });

  it.each([
    ['columns of lists', { user: [1, 1, 2, 2], item: [1, 2, 1, 2], rating: [5, 4, 3, 2] }],
    ['columns of objects', { user: { 0: 1, 1: 1, 2: 2, 3: 2 }, item: { 0: 1, 1: 2, 2: 1, 3: 2 } }],
    ['users with their ratings', { u1: { i1: 5, i2: 4, i3: 3, i4: 2 }, u2: { i1: 5 } }],
  ])('of %s is refused with the way to write records', async (_what, value) => {
    await expect(imported(JSON.stringify(value))).rejects.toMatchObject({
      code: 'not-ratings',
      hint: expect.stringContaining('orient="records"') as string,
    });
  });
});
