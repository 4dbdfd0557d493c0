/** Files with one user a line, as Gowalla, Epinions, Ciao and CiteULike are given away for graph models. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn, rowsOf } from '../fixtures/data/imported.ts';
import { inspectFile } from '../../main/files/import.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);

const lists = [
  ['0', '116', '122', '133'],
  ['1', '110'],
  ['2', '130', '115', '124', '134'],
  ['5', '136', '116'],
  ['7', '113', '126', '110', '115', '133'],
];
const rows = lists.flatMap(([user, ...items]) => items.map((item) => `${user} ${item} 1`));
const lines = (write: (list: string[]) => string): string => lists.map(write).join('\n') + '\n';

describe('one user a line', () => {
  const forms: [string, string][] = [
    ['parted by spaces', lines((list) => list.join(' '))],
    ['parted by spaces, with one at the end', lines((list) => list.join(' ') + ' ')],
    ['parted by tabs', lines((list) => list.join('\t'))],
    ['parted by commas', lines((list) => list.join(','))],
    ['the items in a field of their own', lines(([user, ...items]) => `${user}\t${items.join(',')}`)],
  ];
  it.each(forms)('%s: offered, and read when it is asked for', async (_, text) => {
    await expect(imported(text)).rejects.toMatchObject({
      code: 'columns-needed',
      message: /one user a line/,
      hint: /--user-per-line/,
      details: {
        interpretations: [{ code: 'user-per-line', otherwise: [{ settings: { userPerLine: true } }] }],
      },
    });
    const { dataset, accounting, used } = await imported(text, { userPerLine: true });
    expect(rowsOf(dataset).toSorted()).toEqual(rows.toSorted());
    expect(dataset.ratings.implicit).toBe(true);
    expect(accounting).toEqual({ read: 15, imported: 15, rejected: 0, duplicates: 0, filtered: 0 });
    expect(used.userPerLine).toBe(true);
  });

  it('the number of items first: the number of the line is the user', async () => {
    const text = lines(([, ...items]) => [items.length, ...items].join(' '));
    await expect(imported(text)).rejects.toMatchObject({ message: /one user a line/ });
    const { dataset } = await imported(text, { userPerLine: true });
    expect(dataset.userIds).toEqual(['1', '2', '3', '4', '5']);
    expect(dataset.ratings.item).toHaveLength(15);
  });

  it('every item is accounted for: repeats, a user alone, empty fields, a line that is no text', async () => {
    const bytes = Buffer.concat([
      Buffer.from('a,x,y,x\nb\nc,,z\n,w\n\n'),
      Buffer.from([0x64, 0x2c, 0xff, 0x0a]),
    ]);
    const { accounting, rejects } = await imported(bytes, {
      userPerLine: true,
      delimiter: ',',
      encoding: 'utf-8',
      maxRejected: 100,
    });
    expect(accounting).toEqual({ read: 8, imported: 3, rejected: 3, duplicates: 1, filtered: 1 });
    expect(rejects.map(({ line, kind }) => [line, kind])).toEqual([
      [2, 'missing column'],
      [4, 'empty id'],
      [6, 'bad encoding'],
    ]);
  });

  it('comes back as it was written, whatever the lists', async () => {
    const items = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.array(items, { minLength: 1, maxLength: 30 }), async (users) => {
        const text = users.map((list, u) => [`u${u}`, ...list].join(' ')).join('\n');
        const { dataset, accounting } = await imported(text, { userPerLine: true, delimiter: ' ' });
        const written = users.flatMap((list, u) => list.map((item) => `u${u} ${item} 1`));
        expect(rowsOf(dataset).toSorted()).toEqual(written.toSorted());
        expect(accounting.read).toBe(written.length);
      }),
      { numRuns: 50 },
    );
  });

  const others: [string, string][] = [
    ['records of three fields', 'u1,i1,4\nu2,i2,3\nu3,i3,5\nu4,i4,1\n'],
    ['a header narrower than its rows', 'user,item,rating\na,x,1\nb,y,2\nc,z,3,17\nd,x,4,18\ne,x,4,18\n'],
    ['free text', 'the cat sat\non\nthe mat and slept\nall day long today, it seems\nthe end\n'],
  ];
  it.each(others)('%s are not taken for it', async (_, text) => {
    const inspection = await inspectFile(folder.write('other.csv', text));
    expect(inspection.interpretations.map(({ code }) => code)).not.toContain('user-per-line');
  });
});
