/** Files that were once misread without a word: read right, or asked about, and what was taken for what is said. */
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { ImportOptions, ImportReport } from '../../main/files/types.ts';
import { importSplit } from '../../main/files/given-split.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf } from '../fixtures/data/imported.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const codesOf = ({ interpretations }: Pick<ImportReport, 'interpretations'>): string[] =>
  interpretations.map(({ code }) => code);
const found = (report: Pick<ImportReport, 'interpretations'>, code: string): object | undefined =>
  report.interpretations.find((each) => each.code === code);
const lines = (...all: string[]): string => `${all.join('\n')}\n`;
/** Refused because of a question, with the option that answers it. */
async function asks(content: string, options: ImportOptions, code: string, option: string): Promise<void> {
  await expect(imported(content, options)).rejects.toMatchObject({
    details: {
      interpretations: expect.arrayContaining([
        expect.objectContaining({
          code,
          weight: 'asked',
          otherwise: expect.arrayContaining([expect.objectContaining({ option })]) as unknown,
        }),
      ]) as unknown,
    },
  });
}

describe('ids', () => {
  it('have no blanks around them, in whichever way a file writes them, and merged spellings are counted', async () => {
    const text = lines('user, item, rating', 'u1, a,4', ' u1 ,b,3', 'u1,\u00a0c,2', 'u2,="9780000000001",1');
    const result = await imported(text);
    expect(rowsOf(result.dataset)).toEqual(['u1 a 4', 'u1 b 3', 'u1 c 2', 'u2 9780000000001 1']);
    expect(found(result, 'user-ids-trimmed')).toMatchObject({
      rows: 1,
      text: expect.stringContaining('1 spelling') as string,
    });
    expect(found(result, 'item-ids-trimmed')).toMatchObject({ rows: 3 });
  });

  it('of blanks alone are empty, visible or not', async () => {
    const result = await imported(lines('user,item,rating', 'u,i,1', '\u200b\u00a0,i,2'), {
      maxRejected: 100,
    });
    expect(result.rejectKinds).toEqual({ 'empty id': 1 });
  });

  it.each([
    ['100', '100.0'],
    ["'100", '100'],
    ['Alice', 'alice'],
    ['cafe\u0301', 'caf\u00e9'],
    ['007', '7'],
  ])('that look alike stay apart and are told: %s and %s', async (one, two) => {
    const result = await imported(
      lines('user,item,rating', `${one},i,1`, `${two},i,2`, `${two},j,2`, 'z,j,3'),
    );
    expect(result.users).toBe(3);
    expect(found(result, 'user-ids-alike')).toMatchObject({ weight: 'doubted', rows: 3 });
  });

  it('that a spreadsheet rounded are doubted', async () => {
    const result = await imported(lines('user,item,rating', 'u,9.78E+12,1', 'v,9.78E+12,2'));
    expect(found(result, 'item-ids-rounded')).toMatchObject({ rows: 2 });
  });
});

describe('quotes', () => {
  it('after a delimiter and a space are quotes, commas and all', async () => {
    const text = lines('"user", "item", "rating"', '"u1", "a, b", "4"', '"u2", "c" , "5"');
    const result = await imported(text);
    expect(rowsOf(result.dataset)).toEqual(['u1 a, b 4', 'u2 c 5']);
    expect(codesOf(result)).toContain('spaced-quotes');
  });

  it('around each line are taken off, doubled ones inside becoming quotes', async () => {
    const text = lines('"user,item,rating"', '"u1,""a, b"",4"', '"u2,c,5"', '"u3,""say """"x"""""",1"');
    const result = await imported(text);
    expect(rowsOf(result.dataset)).toEqual(['u1 a, b 4', 'u2 c 5', 'u3 say "x" 1']);
    expect(found(result, 'wrapped-lines')).toMatchObject({ rows: 4, sampled: false });
  });
});

describe('a header', () => {
  it('narrower than its rows names the first columns, and shorter rows fit it', async () => {
    const text = lines(
      'user,item,rating',
      'u1,a,4',
      'u1,b,3,1700000000',
      'u2,a,2,1700000001',
      'u2,c,1,1700000002',
    );
    const result = await imported(text, { user: 'user', item: 'item', rating: 'rating' });
    expect(result.accounting).toMatchObject({ read: 4, imported: 4 });
    expect(codesOf(result)).toContain('narrow-header');
  });
});

describe('a delimiter', () => {
  it('that leaves one column names the one that parts the lines', async () => {
    await asks(
      lines('user,item,rating', 'u,i,1', 'v,j,2'),
      { delimiter: ';' },
      'delimiter',
      '--delimiter ","',
    );
  });
});

describe('a matrix', () => {
  const rows = ['u1,5,3,0', 'u2,0,1,4', 'u3,2,NA,0'];
  it.each([
    ['a blank corner', ',10,20,30'],
    ['the corner of a data frame', 'Unnamed: 0,10,20,30'],
    ['a header one name short', '10,20,30'],
  ])('with %s has its header and its users', async (_what, header) => {
    const result = await imported(lines(header, ...rows), { wide: true, missing: '0' });
    expect(rowsOf(result.dataset)).toEqual(['u1 10 5', 'u1 20 3', 'u2 20 1', 'u2 30 4', 'u3 10 2']);
    expect(result.accounting).toEqual({ read: 9, imported: 5, rejected: 0, duplicates: 0, filtered: 4 });
    expect(found(result, 'cells-of-nothing')).toMatchObject({ rows: 1 });
  });

  it.each([',10,20,30', 'user,A,B,C'])('is asked about where nobody said so: %s', async (header) => {
    await asks(lines(header, ...rows), {}, 'wide', '--wide');
  });

  it('says how many zeros count as ratings', async () => {
    const result = await imported(lines(',A,B,C', ...rows), { wide: true });
    expect(found(result, 'wide-zeros')).toMatchObject({
      rows: 3,
      sampled: false,
      otherwise: [{ option: '--missing 0' }],
    });
  });
});

describe('numbers', () => {
  const column = (...values: string[]): string =>
    lines('user;item;rating', ...values.map((value, k) => `u${k};i;${value}`));
  const valuesOf = async (text: string, options: ImportOptions = {}): Promise<number[]> => [
    ...(await imported(text, options)).dataset.ratings.value,
  ];

  it('have one decimal mark in a column: what has another is rejected, and the option is named', async () => {
    const text = column('19,5', '3,25', '7', '20.500');
    const result = await imported(text, { maxRejected: 100 });
    expect(result.rejectKinds).toEqual({ 'not a number': 1 });
    expect(found(result, 'number-form')).toMatchObject({
      otherwise: [{ option: '--thousands .' }, { option: '--decimal .' }],
    });
    expect(await valuesOf(text, { thousands: '.' })).toEqual([19.5, 3.25, 7, 20500]);
    await expect(imported(text)).rejects.toMatchObject({
      hint: expect.stringContaining('--thousands .') as string,
    });
  });

  it.each([
    ['1,234.5', '12', 1234.5],
    ['1.234,5', '12', 1234.5],
    ['1 234,5', '12', 1234.5],
    ["1'234.5", '12', 1234.5],
    ['1,234,567', '12', 1234567],
  ])('of grouped thousands are read where they leave no doubt: %s', async (grouped, plain, value) => {
    expect(await valuesOf(column(grouped, plain))).toEqual([value, 12]);
  });

  it('such as 1,234 alone are a question', async () => {
    const text = column('1,234', '12', '7');
    await asks(text, {}, 'thousands', '--thousands ,');
    expect(await valuesOf(text, { thousands: ',' })).toEqual([1234, 12, 7]);
    expect((await valuesOf(text, { decimal: ',' }))[0]).toBeCloseTo(1.234, 5);
  });
});

describe('words', () => {
  const column = (name: string, ...values: string[]): string =>
    lines(`user,item,${name}`, ...values.map((value, k) => `u${k},i,${value}`));

  it.each([
    ['feedback', 'yes', 'no'],
    ['liked', 'TRUE', 'FALSE'],
    ['rating', 'like', 'dislike'],
    ['vote', 'up', 'down'],
  ])('of a column %s are 1 and 0', async (name, yes, no) => {
    const result = await imported(column(name, yes, no, no, yes));
    expect(result.dataset.ratings.value).toEqual(Float32Array.of(1, 0, 0, 1));
    expect(found(result, 'rating-words')).toMatchObject({ weight: 'doubted', rows: 4, sampled: false });
  });

  it('of a column that no name tells are offered as the rating', async () => {
    await asks(column('member', 'yes', 'no', 'no', 'yes'), {}, 'rating-column', '--rating "member"');
  });

  it('of two values that nobody knows are asked for, and read as said', async () => {
    const text = column('rating', 'hot', 'cold', 'cold', 'hot', 'hot');
    await asks(text, {}, 'rating-words', '--rating-words "hot=1,cold=0"');
    const { dataset } = await imported(text, { ratingWords: { hot: 1, COLD: -1 } });
    expect(dataset.ratings.value).toEqual(Float32Array.of(1, -1, -1, 1, 1));
  });

  it('of events are not left out without a word', async () => {
    const events = ['view', 'cart', 'buy', 'view', 'view', 'cart', 'buy', 'view'];
    expect(found(await imported(column('event_type', ...events)), 'feedback-unused')).toMatchObject({
      rows: 8,
    });
  });
});

describe('times', () => {
  const column = (...values: string[]): string =>
    lines('user,item,rating,time', ...values.map((value, k) => `u${k},i,3,${value}`));
  const isoOf = ({ dataset }: Awaited<ReturnType<typeof imported>>): string[] =>
    [...(dataset.ratings.time ?? [])].map((time) => new Date(time).toISOString());

  it.each([
    ['seconds', ['1600000000', '1600000001', '1600000000000'], 1],
    ['milliseconds', ['1600000000000', '1600000000001', '1600000000'], 1],
  ])('in %s do not mix with another unit', async (_unit, values, rejected) => {
    const result = await imported(column(...values), { maxRejected: 100 });
    expect(result.rejectKinds).toEqual({ 'other time unit': rejected });
    expect(new Set(isoOf(result).map((iso) => iso.slice(0, 4)))).toEqual(new Set(['2020']));
    expect(codesOf(result)).toContain('time-units-mixed');
  });

  it('that can hardly be are doubted', async () => {
    const result = await imported(column('1600000000', '0', '1600000001', '4000000000'));
    expect(found(result, 'time-span')).toMatchObject({ rows: 2 });
    expect(result.timeSpan).toEqual({ first: 0, last: 4e12 });
  });

  it.each([
    ['10/26/2023 3:45:00 PM', '2023-10-26T15:45:00.000Z'],
    ['10/26/2023 12:05 AM', '2023-10-26T00:05:00.000Z'],
    ['2023-10-26 12:05:00 PM', '2023-10-26T12:05:00.000Z'],
    ['10/26/2023, 9:45:00\u202fAM', '2023-10-26T09:45:00.000Z'],
  ])('of half days are read: %s', async (text, iso) => {
    expect(isoOf(await imported(column(JSON.stringify(text))))).toEqual([iso]);
  });

  it('whose day and month could be either say so, with what decides it', async () => {
    const result = await imported(column('03/04/2021', '05/06/2021'));
    expect(found(result, 'date-order')).toMatchObject({
      weight: 'doubted',
      otherwise: [{ option: '--time-unit mdy' }],
    });
    expect(codesOf(await imported(column('03/04/2021', '25/06/2021')))).not.toContain('date-order');
  });

  it('under a decimal comma and in powers of ten are read and doubted', async () => {
    const text = lines('user;item;rating;timestamp', 'u;i;2,5;1,26E+09', 'v;i;3;8,35E+08');
    const result = await imported(text);
    expect(isoOf(result).map((iso) => iso.slice(0, 10))).toEqual(['2009-12-05', '1996-06-17']);
    expect(codesOf(result)).toContain('times-rounded');
  });

  it('under the name of ratings, and ratings under that of times, may be swapped', async () => {
    const body = Array.from({ length: 30 }, (_, k) => `u${k},i,${1 + (k % 5)},${1_600_000_000 + k}`);
    const result = await imported(lines('user,item,timestamp,rating', ...body));
    expect(found(result, 'swapped')).toMatchObject({
      otherwise: [{ settings: { rating: 'timestamp', time: 'rating' } }],
    });
  });
});

describe('text in a legacy encoding', () => {
  it.each([
    ['gb18030', '用户,霸王别姬'],
    ['big5', '使用者,臥虎藏龍'],
    ['shift_jis', '利用者,千と千尋の神隠し'],
    ['euc-kr', '사용자,올드보이'],
    ['koi8-r', 'пользователь,Сталкер'],
    ['windows-1251', 'пользователь,Солярис'],
    ['windows-1252', 'François,Le Fabuleux Destin d’Amélie'],
  ])('is found: %s', async (encoding, ids) => {
    const [user, item] = ids.split(',');
    const text = lines(
      'user,item,rating',
      ...Array.from({ length: 9 }, (_, k) => `${user}${k},${item},${1 + (k % 5)}`),
    );
    const result = await imported(iconv.encode(text, encoding));
    expect(result.used.encoding).toBe(encoding);
    expect(result.dataset.itemIds).toEqual([item]);
    expect(found(result, 'encoding')).toMatchObject({ rows: 9 });
  });
});

describe('what stands for no rating', () => {
  it('is named with its option where it is rejected', async () => {
    const body = Array.from({ length: 20 }, (_, k) => `u${k},i,${k % 5 === 0 ? 'NA' : 3}`);
    await expect(imported(lines('user,item,rating', ...body))).rejects.toMatchObject({
      code: 'too-many-rejected',
      hint: expect.stringContaining('--missing-rating NA') as string,
    });
  });

  it('is asked of zeros beside whole ratings from 1', async () => {
    const body = Array.from({ length: 20 }, (_, k) => `u${k},i,${k % 6}`);
    expect(found(await imported(lines('user,item,rating', ...body)), 'zero-ratings')).toMatchObject({
      otherwise: [{ option: '--missing-rating 0' }],
    });
  });
});

describe('given negatives', () => {
  it('that repeat within a test row count once', async () => {
    const train = folder.write('n.train', lines('0\t1\t5\t1', '0\t2\t4\t2', '1\t1\t3\t1'));
    const test = folder.write('n.test', lines('0\t3\t5\t9', '1\t2\t4\t9'));
    const negatives = folder.write('n.negative', lines('(0,3)\t4\t4\t 4\t1', '(1,2)\t4\t3\t3'));
    const result = await importSplit(train, test, { negatives });
    expect(result.dataset.candidates?.items).toHaveLength(4);
    expect(found(result, 'negatives-repeated')).toMatchObject({ rows: 3 });
  });
});
