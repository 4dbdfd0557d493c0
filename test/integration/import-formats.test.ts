/** Every form a file of ratings comes in. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../main/files/export.ts';
import { importFile } from '../../main/files/import.ts';
import type { ImportOptions } from '../../main/files/types.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf } from '../fixtures/data/imported.ts';
import { zipOf } from '../fixtures/data/zip.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const csv = 'user,item,rating\nu1,i1,4\nu1,i2,3.5\nu2,i1,5\n';
const wanted = ['u1 i1 4', 'u1 i2 3.5', 'u2 i1 5'];

describe('one content in every form', () => {
  const forms: [string, string | Uint8Array, ImportOptions?][] = [
    ['commas', csv],
    ['semicolons and a decimal comma', csv.replaceAll(',', ';').replace('3.5', '3,5')],
    ['commas and a quoted decimal comma', csv.replace('3.5', '"3,5"')],
    ['carets', csv.replaceAll(',', '^')],
    ['tabs', csv.replaceAll(',', '\t')],
    ['bars', csv.replaceAll(',', '|')],
    ['spaces', csv.replaceAll(',', ' ')],
    ['double colons', csv.replaceAll(',', '::')],
    ['CRLF', csv.replaceAll('\n', '\r\n')],
    ['CR alone', csv.replaceAll('\n', '\r')],
    ['mixed line ends and blank lines', 'user,item,rating\r\nu1,i1,4\ru1,i2,3.5\n\n\r\nu2,i1,5'],
    ['quotes', csv.replaceAll(/([^,\n]+)/g, '"$1"')],
    ['single quotes', csv.repeat(1).replaceAll(/([^,\n]+)/g, "'$1'"), { quote: "'" }],
    ['a UTF-8 byte order mark', '\ufeff' + csv],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(csv, 'utf16le')])],
    ['UTF-16 big-endian', iconv.encode(csv, 'utf-16be', { addBOM: true })],
    ['UTF-16 without a mark', Buffer.from(csv, 'utf16le')],
    ['no header', csv.slice(csv.indexOf('\n') + 1), { user: 1, item: 2, rating: 3 }],
    ['item first', 'i1,u1,4\ni2,u1,3.5\ni1,u2,5\n', { user: 2, item: 1, rating: 3, header: false }],
    ['gzip', gzipSync(csv)],
    ['gzip in two members', Buffer.concat([gzipSync(csv.slice(0, 30)), gzipSync(csv.slice(30))])],
    ['zip', zipOf({ 'ratings.csv': csv })],
    ['zip with a choice', zipOf({ 'a/movies.csv': 'x', 'a/mine.csv': csv }), { member: 'a/mine.csv' }],
    [
      'JSON lines',
      '{"user":"u1","item":"i1","rating":4}\n{"user":"u1","item":"i2","rating":3.5}\n\n{"item":"i1","user":"u2","rating":"5"}',
    ],
    [
      'a JSON array',
      JSON.stringify(
        [
          { user: 'u1', item: 'i1', rating: 4 },
          { user: 'u1', item: 'i2', rating: 3.5 },
          { user: 'u2', item: 'i1', rating: 5 },
        ],
        null,
        2,
      ),
    ],
    ['RecBole', 'user_id:token\titem_id:token\trating:float\nu1\ti1\t4\nu1\ti2\t3.5\nu2\ti1\t5.0\n'],
    ['a matrix', 'user,i1,i2\nu1,4,3.5\nu2,5,\n', { wide: true }],
    ['columns in another order', 'rating,note,item,user\n4,,i1,u1\n3.5,,i2,u1\n5,,i1,u2\n'],
  ];
  it.each(forms)('%s', async (_form, content, options) => {
    const result = await imported(content, options);
    expect(rowsOf(result.dataset)).toEqual(wanted);
    expect(result.accounting).toMatchObject({ imported: 3, rejected: 0, duplicates: 0 });
  });

  it('Parquet, and back', async () => {
    const { dataset } = await imported(
      'user,item,rating,timestamp\nu1,i1,4,978300760\nu1,i2,3.5,978300761\nu2,"i,1",5,978300000\n',
    );
    for (const format of ['parquet', 'csv', 'recbole'] as const) {
      const [file] = await exportDataset(dataset, join(folder.path, `out.${format}`), format);
      const again = await importFile(file, {});
      expect(again.dataset.fingerprint, format).toBe(dataset.fingerprint);
      expect(again.accounting).toEqual({ read: 3, imported: 3, rejected: 0, duplicates: 0, filtered: 0 });
    }
  });

  it('RecBole’s folder, named as its files', async () => {
    const { dataset } = await imported(csv);
    const path = join(folder.path, 'atomic');
    expect(await exportDataset(dataset, path, 'recbole')).toEqual([join(path, 'atomic.inter')]);
  });

  it('an export that cannot take its place leaves nothing beside it', async () => {
    const { dataset } = await imported(csv);
    const path = join(folder.path, 'a-folder');
    mkdirSync(path);
    await expect(exportDataset(dataset, path, 'csv')).rejects.toThrow();
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  it('Windows-1252, recognised or named', async () => {
    const bytes = iconv.encode('user,item,rating\nJosé,Œuvre,4\nBjörk,–,5\n', 'windows-1252');
    for (const options of [{}, { encoding: 'windows-1252' }, { encoding: 'cp1252' }]) {
      expect(rowsOf((await imported(bytes, options)).dataset)).toEqual(['José Œuvre 4', 'Björk – 5']);
    }
  });

  it('the Netflix Prize’s own blocks', async () => {
    const lines = '1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n2:\n1488844,4,2005-09-05\n';
    const { dataset, accounting } = await imported(lines);
    expect(rowsOf(dataset).map((row) => row.slice(0, 11))).toEqual([
      '1488844 2 4',
      '1488844 1 3',
      '822109 1 5 ',
    ]);
    expect(accounting.read).toBe(3);
  });

  it('ids stay text: leading zeros, ISBN X, numbers beyond 2^53', async () => {
    const { dataset } = await imported(
      'user,item,rating\n007,034545104X,1\n7,0345,2\n12345678901234567890,1e3,3\n',
    );
    expect(dataset.userIds).toEqual(['007', '7', '12345678901234567890']);
    expect(dataset.itemIds).toEqual(['034545104X', '0345', '1e3']);
    const json = await imported('{"user":12345678901234567891,"item":12345678901234567890,"rating":1}\n');
    expect(json.dataset.userIds).toEqual(['12345678901234567891']);
  });

  it('implicit where there is no rating column; a column that could be one is asked about', async () => {
    const { dataset } = await imported('user,item\nu1,i1\nu2,i1\n');
    expect([dataset.ratings.implicit, ...dataset.ratings.value]).toEqual([true, 1, 1]);
    await expect(imported('user,item,foo\nu1,i1,3\nu2,i1,4\n')).rejects.toMatchObject({
      code: 'columns-needed',
    });
    const told = await imported('user,item,foo\nu1,i1,3\nu2,i1,4\n', { implicit: true });
    expect(told.dataset.ratings.implicit).toBe(true);
  });

  it('times in each unit, and row order', async () => {
    const at = Date.UTC(2004, 4, 31);
    const cases: [string, ImportOptions][] = [
      [String(at / 1000), {}],
      [String(at), {}],
      [String(at * 1000), {}],
      [`${at}000000`, {}],
      ['2004-05-31', {}],
      ['31/05/2004', {}],
      ['31.05.2004 00:00', { timeUnit: 'dmy' }],
    ];
    for (const [text, options] of cases) {
      const { dataset } = await imported(`user,item,rating,time\nu,i,1,${text}\n`, options);
      expect(dataset.ratings.time?.[0], text).toBe(at);
    }
    const american = await imported('user,item,rating,time\nu,i,1,05/31/2004\nu,j,1,06/01/2004\n');
    expect(american.dataset.ratings.time?.[0]).toBe(at);
    expect(american.used.timeUnit).toBe('mdy');
    const order = await imported('user,item,rating\nu,b,1\nu,a,1\n', { timeUnit: 'order' });
    expect([...(order.dataset.ratings.time ?? [])]).toEqual([1, 2]);
    expect(order.dataset.timeKind).toBe('order');
  });

  it('a header of column numbers', async () => {
    const { accounting } = await imported('0,1,2,3\n1,31,2.5,1260759144\n1,1029,3,1260759179\n', {
      user: 1,
      item: 2,
      rating: 3,
    });
    expect(accounting.read).toBe(2);
    const text = '0,1,2\nu1,i1,2.5\nu1,i2,3\n';
    for (const columns of [
      ['1', '2', '3'],
      ['0', '1', '2'],
    ]) {
      const [user, item, rating] = columns;
      expect(rowsOf((await imported(text, { user, item, rating })).dataset)).toEqual([
        'u1 i1 2.5',
        'u1 i2 3',
      ]);
    }
  });

  it('delimiters by name, as a shell passes them', async () => {
    for (const delimiter of ['\\t', 'tab', '\t']) {
      expect(rowsOf((await imported(csv.replaceAll(',', '\t'), { delimiter })).dataset)).toEqual(wanted);
    }
  });

  it('a zip with ratings and titles, each found by its name', async () => {
    const path = folder.write(
      'both.zip',
      zipOf({ 'x/ratings.csv': csv, 'x/movies.csv': 'item,title\ni1,One\n' }),
    );
    const { itemsReport } = await importFile(path, { items: { path } });
    expect(itemsReport?.matched).toBe(1);
  });
});
