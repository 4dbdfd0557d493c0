/**
 * Real files that break importers. The counts were taken by other means (awk and Python's csv module over each file),
 * and the reason for each rejected row was found by looking at it.
 */
import { describe, expect, it } from 'vitest';
import { importFile } from '../../main/files/import.ts';
import { readItemList } from '../../main/files/items/attach.ts';
import { type ImportOptions } from '../../main/files/types.ts';
import { textsOf } from '../fixtures/data/imported.ts';
import { sharedData } from '../fixtures/shared-data.ts';

interface Expectation {
  file: string;
  options?: ImportOptions;
  read: number;
  imported: number;
  duplicates?: number;
  filtered?: number;
  users: number;
  items: number;
  /** Line and kind of every rejected row, with why. */
  rejects?: [line: number, kind: string][];
  shape: string | null;
}

const expectations: Expectation[] = [
  {
    // 89,689 lines of four fields; 1,371 of them repeat a reviewer and a product.
    file: 'amazon-noheader.csv',
    ...{ read: 89_689, imported: 88_318, duplicates: 1371, users: 72_098, items: 2428 },
    shape: 'Amazon ratings, item first',
  },
  {
    // 10,014 lines with the header. Spreadsheets turned ISBNs into 7.80E+11, so that user 277984 has "it" twice.
    file: 'comma-crlf-10k_BX-Book-Ratings.csv',
    ...{ read: 10_013, imported: 10_012, duplicates: 1, users: 984, items: 9289 },
    shape: 'Book-Crossing ratings',
  },
  {
    // CR alone ends the lines. 899,726 records are two commas; five have an ISBN with a rating run into it and no user.
    file: 'cr-only_BX-Book-Ratings.csv',
    ...{ read: 908_731, imported: 9000, filtered: 899_726, users: 727, items: 8520 },
    rejects: [
      [438_648, 'empty id'],
      [543_301, 'empty id'],
      [723_139, 'empty id'],
      [738_100, 'empty id'],
      [908_732, 'empty id'],
    ],
    shape: 'Book-Crossing ratings',
  },
  {
    // Three numbers a line say nothing about their roles: the columns are named by hand. 3 pairs occur twice.
    file: 'filmtrust-space.txt',
    options: { user: 1, item: 2, rating: 3 },
    ...{ read: 35_497, imported: 35_494, duplicates: 3, users: 1508, items: 2071 },
    shape: null,
  },
  {
    // 24,983 rows of 100 jokes; 687,845 cells are 99. Column 1 counts the others of its row, on every row.
    file: 'jester-wide.zip',
    options: { wide: true, missing: '99' },
    ...{ read: 2_498_300, imported: 1_810_455, filtered: 687_845, users: 24_983, items: 100 },
    shape: null,
  },
  {
    file: 'lastfm-tab.dat',
    ...{ read: 92_834, imported: 92_834, users: 1892, items: 17_632 },
    shape: 'Last.fm user_artists',
  },
  {
    file: 'netflix-item-first.txt',
    ...{ read: 227_773, imported: 227_773, users: 28_968, items: 92 },
    shape: 'Netflix, item first',
  },
  {
    // One ISBN was quoted by backslashes: "\"8804501367\"" closes its field after the backslash. One byte is a
    // Windows-1252 ß, in an ISBN.
    file: 'semicolon-quoted-crlf-noheader_BX-Book-Ratings.csv',
    ...{ read: 39_268, imported: 39_267, users: 4286, items: 29_247 },
    rejects: [[12_804, 'bad quoting']],
    shape: 'Book-Crossing ratings',
  },
];

describe('ratings as they are found', () => {
  it.each(expectations)('$file imports, every row accounted for', async (expected) => {
    const path = sharedData(`messy/${expected.file}`);
    if (!path) return;
    const result = await importFile(path, expected.options ?? {});
    const { read, imported, duplicates = 0, filtered = 0, rejects = [] } = expected;
    expect(result.accounting).toEqual({ read, imported, rejected: rejects.length, duplicates, filtered });
    expect(result.rejects.map(({ line, kind }) => [line, kind])).toEqual(rejects);
    expect([result.users, result.items, result.ratings]).toEqual([expected.users, expected.items, imported]);
    if (expected.shape) expect(result.shape).toBe(expected.shape);
  });

  const cr = sharedData('messy/cr-only_BX-Book-Ratings.csv');
  it.skipIf(!cr)('ids are what the quoting yields', async () => {
    const { dataset } = await importFile(cr ?? '', {});
    expect(dataset.userIds[0]).toBe('276725');
    expect(dataset.itemIds[0]).toBe('"034545104X"');
  });

  const jester = sharedData('messy/jester-wide.zip');
  it.skipIf(!jester)('the matrix is known by its first column, without being told', async () => {
    const { accounting, shape, dataset } = await importFile(jester ?? '', {});
    expect(shape).toBe('Jester');
    expect(accounting.filtered).toBe(687_845);
    expect([dataset.ratings.minimum, dataset.ratings.maximum]).toEqual([Math.fround(-9.95), 10]);
    // First row: -7.82 for joke 1.
    expect([dataset.userIds[0], dataset.itemIds[dataset.ratings.item[0]]]).toEqual(['1', '1']);
    expect(dataset.ratings.value[0]).toBe(Math.fround(-7.82));
  });
});

describe('files that are no ratings', () => {
  const refused: [string, RegExp][] = [
    ['comma-10k_BX-Books1.csv', /list of items/],
    ['goodbooks-books.csv', /list of items/],
    ['semicolon-latin1-crlf-reordered_BX-Books.csv', /list of items/],
    ['utf8bom-crlf-semicolon_Users.csv', /list of people/],
  ];
  it.each(refused)('%s is refused, with the reason and its columns', async (file, reason) => {
    const path = sharedData(`messy/${file}`);
    if (!path) return;
    await expect(importFile(path, {})).rejects.toMatchObject({
      code: 'columns-needed',
      message: expect.stringMatching(reason) as string,
      hint: expect.stringContaining('Columns: 1 ') as string,
    });
  });

  const filmtrust = sharedData('messy/filmtrust-space.txt');
  it.skipIf(!filmtrust)('three numbers without a header are a question, not a guess', async () => {
    await expect(importFile(filmtrust ?? '', {})).rejects.toMatchObject({ code: 'columns-needed' });
  });
});

describe('lists of items', () => {
  const lists: [string, number, Record<string, unknown>][] = [
    [
      'messy/comma-10k_BX-Books1.csv',
      10_011,
      {
        id: '195153448',
        title: 'Classical Mythology',
        genres: null,
        year: 2002,
        image: null,
      },
    ],
    [
      'messy/goodbooks-books.csv',
      10_000,
      {
        id: '1',
        title: 'The Hunger Games (The Hunger Games, #1)',
        genres: null,
        year: 2008,
        image: 'https://images.gr-assets.com/books/1447303603m/2767052.jpg',
      },
    ],
    [
      'messy/semicolon-latin1-crlf-reordered_BX-Books.csv',
      3639,
      {
        id: '195153448',
        title: 'Classical Mythology',
        genres: null,
        year: 2002,
        image: 'http://images.amazon.com/images/P/0195153448.01.LZZZZZZZ.jpg',
      },
    ],
    [
      'ml-100k/u.item',
      1682,
      { id: '1', title: 'Toy Story (1995)', genres: 'Animation|Children|Comedy', year: 1995, image: null },
    ],
    [
      'ml-1m/movies.dat',
      3883,
      { id: '1', title: 'Toy Story (1995)', genres: "Animation|Children's|Comedy", year: 1995, image: null },
    ],
    [
      'ml-latest-small/movies.csv',
      9742,
      {
        id: '1',
        title: 'Toy Story (1995)',
        genres: 'Adventure|Animation|Children|Comedy|Fantasy',
        year: 1995,
        image: null,
      },
    ],
  ];
  it.each(lists)('%s gives titles, genres and years', async (file, count, first) => {
    const path = sharedData(file);
    if (!path) return;
    const items = await readItemList({ path });
    expect(items).toHaveLength(count);
    expect(items[0]).toEqual(first);
  });

  const latin = sharedData('ml-100k/u.item');
  it.skipIf(!latin)('latin-1 letters arrive whole', async () => {
    const items = await readItemList({ path: latin ?? '' });
    expect(items.find((item) => item.id === '543')?.title).toBe('Misérables, Les (1995)');
  });
});

describe('MovieLens', () => {
  const u = sharedData('ml-100k/u.data');
  it.skipIf(!u)('100K: 100,000 ratings of 943 users, sorted by time within the user', async () => {
    const { dataset, accounting } = await importFile(u ?? '', {
      items: { path: sharedData('ml-100k/u.item') ?? '' },
    });
    expect(accounting).toEqual({ read: 100_000, imported: 100_000, rejected: 0, duplicates: 0, filtered: 0 });
    const { ratings, userIds, itemIds, metadata } = dataset;
    expect([ratings.userCount, ratings.itemCount]).toEqual([943, 1682]);
    // First line: 196 242 3 881250949.
    expect([userIds[0], itemIds[0], metadata?.titles[0]]).toEqual(['196', '242', 'Kolya (1996)']);
    for (let user = 0; user < ratings.userCount; user++) {
      for (let k = ratings.start[user] + 1; k < ratings.start[user + 1]; k++) {
        if ((ratings.time?.[k] ?? 0) < (ratings.time?.[k - 1] ?? 0))
          expect.fail(`user ${user} is not sorted`);
      }
    }
  });

  const m = sharedData('ml-1m/ratings.tsv');
  it.skipIf(!m)('1M: the half-empty timestamp is left for the complete rank', async () => {
    const result = await importFile(m ?? '', {});
    expect(result.ratings).toBe(1_000_209);
    expect(result.dataset.timeKind).toBe('order');
    expect(textsOf(result).join(' ')).toMatch(/timestamp is empty on .*rank is used/);
  });

  it.skipIf(!m)('1M: taken at its word, the empty timestamp is refused with the counts', async () => {
    await expect(importFile(m ?? '', { time: 'timestamp', timeUnit: 's' })).rejects.toMatchObject({
      code: 'too-many-rejected',
      details: { accounting: { read: 1_000_209, rejected: 509_518 }, rejectKinds: { 'bad time': 509_518 } },
    });
  });
});
