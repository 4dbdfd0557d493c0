/** What an import says of itself: accounts and rejects, refusals, inspection, fingerprints, splits. */
import { appendFileSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkFile, importFile, inspectFile } from '../../main/files/import.ts';
import { importSplit } from '../../main/files/given-split.ts';
import type { ImportOptions, ImportResult } from '../../main/files/types.ts';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf, textsOf } from '../fixtures/data/imported.ts';
import { zipOf } from '../fixtures/data/zip.ts';
import { sharedData } from '../fixtures/shared-data.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const csv = 'user,item,rating\nu1,i1,4\nu1,i2,3.5\nu2,i1,5\n';

describe('each record that cannot be used has a line, a kind, what was found and what was expected', () => {
  const many = Array.from({ length: 200 }, (_, k) => `u${k},i${k},3,1000000000`).join('\n');
  const one = async (line: string, options: ImportOptions = {}): Promise<ImportResult> =>
    await imported(`user,item,rating,timestamp\n${many}\n${line}\nx,y,1,1000000000\n`, options);

  const cases: [string, string, string, ImportOptions?][] = [
    ['missing column', 'u,i,3', '3 columns'],
    ['too many columns', 'u,i,3,1000000000,5', '5 columns'],
    ['not a number', 'u,i,good,1000000000', 'good'],
    ['not a number', 'u,i,,1000000000', ''],
    ['empty id', ',i,3,1000000000', ''],
    ['empty id', 'u,"",3,1000000000', ''],
    ['bad quoting', 'u,"i"x,3,1000000000', 'a quote out of place'],
    ['bad quoting', 'u,"i,3,1000000000', 'a quote out of place'],
    ['bad time', 'u,i,3,yesterday', 'yesterday'],
    ['out of scale', 'u,i,9,1000000000', '9', { scale: { minimum: 1, maximum: 5 } }],
    ['out of scale', 'u,i,1e39,1000000000', '1e39'],
    ['duplicate', 'u7,i7,4,1000000000', 'u7, i7', { duplicates: 'reject' }],
    ['bad encoding', 'u\0,i,3,1000000000', 'u␀,i,3,10000'],
  ];
  it.each(cases)('%s: %s', async (kind, line, found, options) => {
    const result = await one(line, options);
    expect(result.accounting).toEqual({ read: 202, imported: 201, rejected: 1, duplicates: 0, filtered: 0 });
    expect(result.rejectKinds).toEqual({ [kind]: 1 });
    expect(result.rejects).toEqual([expect.objectContaining({ line: 202, kind, found, text: line })]);
    expect(result.rejects[0].expected).not.toBe('');
  });

  it('bad encoding: a byte that is no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`user,item,rating\né,b,1\né,c,1\né,d,2\nu`),
      Buffer.from([0xff]),
      Buffer.from(',i,3\n'),
    ]);
    const result = await imported(bytes, { maxRejected: 50 });
    expect(result.rejectKinds).toEqual({ 'bad encoding': 1 });
    expect(result.rejects[0].line).toBe(5);
  });

  it('bad JSON, and fields that are not there', async () => {
    const lines =
      '{"user":1,"item":2,"rating":3}\n{"user":1,"item":3}\n{broken\n[1,2]\n{"user":1,"item":4,"rating":null}\n';
    const result = await imported(lines, { maxRejected: 100 });
    expect(result.accounting).toMatchObject({ read: 5, imported: 1, rejected: 4 });
    expect(result.rejects.map(({ line, kind }) => [line, kind])).toEqual([
      [2, 'missing column'],
      [3, 'bad record'],
      [4, 'missing column'],
      [5, 'not a number'],
    ]);
  });

  it('filtered: empty records and ratings declared missing; blank lines are no records', async () => {
    const text = 'user,item,rating\nu,i,0\n,,\n\nu,j,5\n"","",""\n   \nu,k,0.0\n';
    const result = await imported(text, { missingRating: '0' });
    expect(result.accounting).toEqual({ read: 6, imported: 1, rejected: 0, duplicates: 0, filtered: 5 });
  });

  it('a matrix counts its cells', async () => {
    const text = 'user,a,b,c\nu1,1,99,x\nu2,2,3\nu3,,4,99.00\n';
    const result = await imported(text, { wide: true, missing: '99', maxRejected: 100 });
    expect(result.accounting).toEqual({ read: 9, imported: 2, rejected: 4, duplicates: 0, filtered: 3 });
    expect(result.rejectKinds).toEqual({ 'not a number': 1, 'missing column': 3 });
  });

  it('repeats merge by the policy, in the accounts', async () => {
    const text = 'user,item,rating\nu,i,1\nu,j,2\nu,i,5\nu,i,3\n';
    const values: [ImportOptions['duplicates'], string[]][] = [
      ['last', ['u j 2', 'u i 3']],
      ['first', ['u i 1', 'u j 2']],
      ['mean', ['u j 2', 'u i 3']],
      ['max', ['u j 2', 'u i 5']],
    ];
    for (const [duplicates, rows] of values) {
      const result = await imported(text, { duplicates });
      expect(rowsOf(result.dataset), duplicates).toEqual(rows);
      expect(result.accounting).toEqual({ read: 4, imported: 2, rejected: 0, duplicates: 2, filtered: 0 });
    }
  });

  it('all rejects go to a file, the first hundred are kept', async () => {
    const rejectsOut = join(folder.path, 'rejects.csv');
    const bad = Array.from({ length: 300 }, (_, k) => `u${k},"say ""x""",bad\n`).join('');
    const result = await imported(`user,item,rating\nu,i,1\n${bad}`, { maxRejected: 100, rejectsOut });
    expect(result.rejects).toHaveLength(100);
    const again = await importFile(rejectsOut, { user: 'line', item: 'kind', implicit: true });
    expect(again.accounting).toMatchObject({ read: 300, imported: 300 });
  });
});

describe('refusals', () => {
  it('over 5 % rejected stops, with the accounts', async () => {
    const lines = Array.from({ length: 94 }, (_, k) => `u${k},i,1`).join('\n');
    const text = `user,item,rating\n${lines}\n${'a,b,x\n'.repeat(6)}`;
    await expect(imported(text)).rejects.toMatchObject({
      code: 'too-many-rejected',
      details: {
        accounting: { read: 100, imported: 94, rejected: 6, duplicates: 0, filtered: 0 },
        rejectKinds: { 'not a number': 6 },
        rejects: expect.arrayContaining([expect.objectContaining({ line: 96 })]) as unknown,
      },
    });
    expect((await imported(text, { maxRejected: 6 })).accounting.rejected).toBe(6);
  });

  it('nothing imported is no data set', async () => {
    await expect(imported('user,item,rating\n,,\n')).rejects.toMatchObject({ code: 'nothing-imported' });
    await expect(imported('')).rejects.toMatchObject({ code: 'empty-file' });
    await expect(importFile(join(folder.path, 'nowhere.csv'), {})).rejects.toMatchObject({ code: 'no-file' });
    await expect(imported(csv, { user: 'who' })).rejects.toMatchObject({ code: 'unknown-column' });
  });

  it('packed files that are cut or changed are refused', async () => {
    const long = csv + Array.from({ length: 5000 }, (_, k) => `a${k},b${k * 7},${k % 5}\n`).join('');
    await expect(imported(gzipSync(long).subarray(0, 9000))).rejects.toMatchObject({ code: 'damaged-file' });
    const zip = zipOf({ 'ratings.csv': long });
    zip[zip.length >> 1] ^= 0xff;
    await expect(imported(zip)).rejects.toMatchObject({ code: 'damaged-file' });
    await expect(imported('[{"user":1,"item":2,"rating":3},{"user":1,')).rejects.toMatchObject({
      code: 'damaged-file',
    });
  });

  it('a file that changes or vanishes while it is read is an error', async () => {
    const body = Array.from({ length: 400_000 }, (_, k) => `${k % 999},${k % 1000},${k % 5},${k}\n`).join('');
    const path = folder.write('growing.csv', `user,item,rating,time\n${body}`);
    let touched = false;
    const once = (act: () => void) => (): void => {
      if (!touched) act();
      touched = true;
    };
    await expect(
      importFile(
        path,
        {},
        once(() => appendFileSync(path, '1,2,3,4\n')),
      ),
    ).rejects.toMatchObject({ code: 'file-changed' });
    touched = false;
    const moved = once(() => renameSync(path, `${path}.moved`));
    await expect(importFile(path, {}, moved)).rejects.toMatchObject({ code: 'file-vanished' });
  });

  it('cancelled, it leaves nothing', async () => {
    const body = Array.from({ length: 400_000 }, (_, k) => `${k % 999},${k % 777},bad,${k}\n`).join('');
    const path = folder.write('long.csv', `user,item,rating,time\n${body}`);
    const rejectsOut = join(folder.path, 'cancelled.csv');
    const controller = new AbortController();
    const cancelled = importFile(path, { rejectsOut }, () => controller.abort(), controller.signal);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(rejectsOut)).toBe(false);
  });
});

describe('inspection', () => {
  it('explains each guess and shows the first records', async () => {
    const body = Array.from({ length: 5000 }, (_, k) => `${k};i${k};${(k % 10) / 2}`.replace('.', ',')).join(
      '\n',
    );
    const found = await inspectFile(folder.write('guess.csv', `User-ID;ISBN;Book-Rating\n${body}`));
    expect(found.delimiter).toMatchObject({
      value: ';',
      why: "';' in 300 of 300 sampled lines, 3 fields each",
    });
    expect([found.decimal.value, found.header.value, found.shape.value]).toEqual([
      ',',
      true,
      'Book-Crossing ratings',
    ]);
    expect(found.preview).toHaveLength(99);
    expect(found.mapping.item).toMatchObject({ value: 1, why: 'the column is named ISBN' });
    expect(found.problem).toBeNull();
  });

  it('a check returns the report of an import', async () => {
    const path = folder.write('check.csv', csv);
    const report = await checkFile(path, {});
    const { dataset, ...result } = await importFile(path, {});
    const unlike = { seconds: 0, peakMemoryMb: 0 };
    expect({ ...report, ...unlike }).toEqual({ ...result, ...unlike, fingerprint: dataset.fingerprint });
  });
});

describe('the fingerprint', () => {
  it('is of the content: the same data in another form have the same, other data another', async () => {
    const plain = await imported(csv);
    const packed = await imported(gzipSync(csv.replaceAll(',', ';')));
    const other = await imported(csv.replace('u2,i1,5', 'u2,i1,4'));
    expect(packed.dataset.fingerprint).toBe(plain.dataset.fingerprint);
    expect(packed.sourceHash).not.toBe(plain.sourceHash);
    expect(other.dataset.fingerprint).not.toBe(plain.dataset.fingerprint);
  });
});

describe('splits in files of their own', () => {
  it('train and test become parts, candidates follow the test rows', async () => {
    const train = folder.write('x.train', '0\ta\t4\n0\tb\t5\n1\ta\t3\n');
    const test = folder.write('x.test', '1\tc\t2\t99\n0\tc\t1\t98\n');
    const negatives = folder.write('x.negative', '(0,c)\ta\tc\td\n(1,c)\tb\td\n');
    const { dataset, accounting, ...report } = await importSplit(train, test, { negatives });
    expect(accounting).toEqual({ read: 5, imported: 5, rejected: 0, duplicates: 0, filtered: 0 });
    expect(rowsOf(dataset)).toEqual(['0 a 4', '0 b 5', '0 c 1', '1 a 3', '1 c 2']);
    expect([...(dataset.part ?? [])]).toEqual([0, 0, 2, 0, 2]);
    const { start, items, dropped } = dataset.candidates ?? { start: [], items: [], dropped: -1 };
    expect([...start]).toEqual([0, 2, 4]);
    expect([...items].map((k) => dataset.itemIds[k])).toEqual(['a', 'd', 'b', 'd']);
    expect(dropped).toBe(1);
    expect(textsOf(report)).toEqual(['1 given negatives equal their positive and were dropped.']);
  });

  const ncf = (name: string): string => sharedData(`ncf/ml-1m.${name}`) ?? '';
  it.skipIf(!ncf('train.rating'))(
    'NCF’s own files: 994,169 + 6,040 rows, 156 negatives dropped',
    async () => {
      const negatives = ncf('test.negative');
      const { dataset, accounting } = await importSplit(ncf('train.rating'), ncf('test.rating'), {
        negatives,
      });
      expect(accounting).toMatchObject({ read: 1_000_209, imported: 1_000_209 });
      expect(dataset.part?.reduce((sum, part) => sum + Number(part === 2), 0)).toBe(6040);
      expect(dataset.candidates?.dropped).toBe(156);
      expect(dataset.candidates?.items.length).toBe(6040 * 99 - 156);
    },
  );

  const caser = (name: string): string => sharedData(`caser-ml1m/test/${name}.txt`) ?? '';
  it.skipIf(!caser('train'))('Caser’s own files: 802,085 + 197,526 rows', async () => {
    const { accounting, ratings } = await importSplit(caser('train'), caser('test'), {});
    expect([accounting.read, ratings]).toEqual([999_611, 999_611]);
  });
});
