/** Lists of items as real collections have them: unlike headers, none, ragged rows, stray quotes, addresses of pictures. */
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { importerIn } from '../fixtures/data/imported.ts';
import { zipOf } from '../fixtures/data/zip.ts';
import type { Interpretation } from '../../shared/imports.ts';
import type { ItemsOptions } from '../../main/files/types.ts';

const folder = temporaryFolder();
const imported = importerIn(folder);
let lists = 0;

/** Titles, genres and years of the items 1, 2, 3, as `title / genres / year`. */
async function joined(
  list: string | Uint8Array,
  options: Omit<ItemsOptions, 'path'> = {},
  ratings = 'user,item,rating',
) {
  const path = folder.write(`list-${++lists}.csv`, list);
  const text = `${ratings}\nu1,101,5\nu1,102,4\nu2,103,3\nu2,101,1\n`;
  const result = await imported(text, { items: { path, ...options } });
  const { metadata } = result.dataset;
  const rows = metadata?.titles.map((title, k) =>
    [title, metadata.genres[k]?.join('|') ?? '', metadata.years[k]].join(' / '),
  );
  return { ...result, rows, images: metadata?.images };
}

const saidOf = (list: readonly Interpretation[]): string =>
  list.map(({ text, otherwise }) => [text, ...otherwise.map(({ option }) => option)].join(' ')).join(' ');

describe('the columns of a list of items', () => {
  const lists: [string, string, string[]][] = [
    [
      'are told by their names, whatever the list calls its items',
      'Game_ID,Game_Title,Genre_List,Year\n101,Chess,Board,1475\n102,Go,Board|Old,\n103,Tag,,1900\n',
      ['Chess / Board / 1475', 'Go / Board|Old / ', 'Tag /  / 1900'],
    ],
    [
      'are told by the ids of the ratings where no name is known',
      'row;anime_ids;naming;category\n1;103;Film; War\n2;101;Movie;Drama|War\n3;102;Picture;\n',
      ['Movie / Drama|War / ', 'Picture /  / ', 'Film / War / '],
    ],
    [
      'are not those of well-known names that hold none of the ratings’ ids',
      'id,sku,name\n1,101,One\n2,102,Two\n3,103,Three\n',
      ['One /  / ', 'Two /  / ', 'Three /  / '],
    ],
    [
      'are told without a header, and commas in a last title stay in it',
      '101,2003,Dinosaur Planet\n102,2004,Isle of Man TT, 2004 Review\n103,NULL,Good, Bad, Ugly\n7,1994,Character\n8,1992,Sick\n9,2001,Clifford\n',
      ['Dinosaur Planet /  / 2003', 'Isle of Man TT, 2004 Review /  / 2004', 'Good, Bad, Ugly /  / '],
    ],
    [
      'may be left out at the end of a row, and a title in the middle keeps its commas',
      'movieId,title,genres\n101,Toy Story\n102,Good, Bad, Ugly,Western\n103,Heat,Crime\n',
      ['Toy Story /  / ', 'Good, Bad, Ugly / Western / ', 'Heat / Crime / '],
    ],
    [
      'keep quotes that stand inside a title',
      'item,title\n101,"Weird Al" Yankovic\n102,Bob "B" Dylan\n103,"Plain, quoted"\n',
      ['"Weird Al" Yankovic /  / ', 'Bob "B" Dylan /  / ', 'Plain, quoted /  / '],
    ],
  ];
  it.each(lists)('%s', async (_, list, rows) => {
    expect((await joined(list)).rows).toEqual(rows);
  });

  it('are those that are named', async () => {
    const list = 'a,b,c,d,e\n7,x,101,Board,1475\n8,y,102,Card,1900\n9,z,103,Card,1901\n';
    const { rows } = await joined(list, { id: 'c', title: 2, genres: 'd', year: 5 });
    expect(rows).toEqual(['x / Board / 1475', 'y / Card / 1900', 'z / Card / 1901']);
  });

  it('may hold addresses of pictures, which are kept as they stand', async () => {
    const list =
      'item,title,poster\n101,One,https://x.org/1.jpg\n102,Two,\n103,Three,"[""http://x.org/3.png"", ""http://x.org/4.png""]"\n';
    expect((await joined(list)).images).toEqual(['https://x.org/1.jpg', null, 'http://x.org/3.png']);
  });
});

describe('a list that cannot be used', () => {
  const useless: [string, string | Uint8Array, Omit<ItemsOptions, 'path'>, RegExp][] = [
    ['has no column of ids', 'colour,size\nred,tall\nblue,short\n', {}, /its id column/],
    ['has ids alone', 'item,rank\n101,1\n102,2\n103,3\n', {}, /no column of titles.*--items-title/],
    ['is of other items', 'item,title\nx,One\ny,Two\n', {}, /None of the 2 rows/],
    ['is empty', '', {}, /empty|no column|cannot/],
    [
      'has another column of ids',
      'code,size,colour\n101,tall,red\n102,short,blue\n',
      { id: 'size' },
      /None of the 2 rows/,
    ],
    [
      'is one of several in an archive',
      zipOf({ 'a.csv': 'item,title\n', 'b.csv': 'item,title\n' }),
      {},
      /Unpack the list of items first. The archive holds a.csv, b.csv/,
    ],
    ['lacks the column that was named', 'item,title\n101,One\n', { id: 'code' }, /no column code/],
    ['is no text', '\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000e\u000f', {}, /not text/],
  ];
  it.each(useless)('%s: told, and the ratings come in', async (_, list, options, words) => {
    const { ratings, interpretations, dataset } = await joined(list, options);
    expect([ratings, dataset.metadata]).toEqual([4, null]);
    expect(saidOf(interpretations)).toMatch(words);
  });

  it('is named by the command before anything is read where it is not there', async () => {
    await expect(
      imported('user,item,rating\nu,i,1\n', { items: { path: '/no/such/list.csv' } }),
    ).rejects.toMatchObject({
      code: 'no-file',
    });
  });

  it('loses only the rows that cannot be told apart, and says how many', async () => {
    const list = 'item,title,about\n101,One,a\n102,Two,b,c,d\n103,Three,e\n';
    const { rows, interpretations } = await joined(list);
    expect(rows).toEqual(['One /  / ', ' /  / ', 'Three /  / ']);
    expect(saidOf(interpretations)).toMatch(/1 of 3 rows of the list of items/);
  });
});
