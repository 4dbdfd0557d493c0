import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { chunkBytes, readColumn, readSlice, writeChunk } from '../../../main/store/columns.ts';
import { openDatabase, type WritableDatabase } from '../../../main/store/database.ts';
import {
  beginDataset,
  deleteDataset,
  findDataset,
  listDatasets,
  removeUnfinished,
  renameDataset,
} from '../../../main/store/datasets.ts';
import {
  allItems,
  attachItems,
  findItems,
  findUsers,
  itemPosition,
  userPosition,
} from '../../../main/store/entities.ts';
import { decilesOf, readHistory } from '../../../main/store/histories.ts';
import { readDataset } from '../../../main/store/ratings.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { newDataset, smallRatings, storeSmall } from '../../fixtures/stored.ts';

let database: WritableDatabase;
beforeEach(() => {
  database = openDatabase(join(temporaryFolder(), 'w.db'));
  onTestFinished(() => void database.close());
});

describe('a data set in the store', () => {
  it('comes back as it went in', () => {
    storeSmall(database);
    const { ratings, given, genres } = readDataset(database, 'small-id');
    expect(ratings).toEqual(smallRatings);
    expect(given).toBeNull();
    expect(genres).toEqual([['Drama'], ['Drama', 'Comedy'], []]);
  });

  it('is found by id and by name, whatever the case of the name', () => {
    storeSmall(database);
    expect(findDataset(database, 'small-id').dataset.name).toBe('Small');
    expect(findDataset(database, 'SMALL').dataset.id).toBe('small-id');
    expect(() => findDataset(database, 'big')).toThrow('There is no data set "big".');
  });

  it('is not seen until it is finished, and is taken away where it never was', () => {
    beginDataset(database, newDataset());
    expect(listDatasets(database, true)).toEqual([]);
    expect(() => beginDataset(database, newDataset({ id: 'other' }))).toThrow(
      'There is a data set "Small" already.',
    );
    expect(removeUnfinished(database)).toBe(1);
    expect(storeSmall(database)).toBeGreaterThan(0);
  });

  it('takes its columns, users and items with it when it is deleted', () => {
    deleteDataset(database, storeSmall(database));
    for (const table of ['columns', 'users', 'items']) {
      expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
    }
  });

  it('keeps its name to itself', () => {
    storeSmall(database);
    const other = storeSmall(database, { id: 'other', name: 'Other' });
    expect(() => renameDataset(database, other, 'small')).toThrow('already');
    renameDataset(database, other, 'OTHER');
    expect(findDataset(database, 'other').dataset.name).toBe('OTHER');
  });
});

describe('users and items', () => {
  it('keep ids as text and are found by them', () => {
    const key = storeSmall(database);
    expect(userPosition(database, key, '007')).toBe(2);
    expect(() => userPosition(database, key, '7')).toThrow('no user "7"');
    expect(itemPosition(database, key, 'c')).toBe(2);
    expect(findUsers(database, key, 'u', 10).map((user) => user.id)).toEqual(['u1', 'u2']);
    expect(findItems(database, key, 'the sec', 10).map((item) => item.id)).toEqual(['b']);
    expect(findItems(database, key, '%', 10)).toEqual([]);
  });

  it('take metadata by id, and say what met no item', () => {
    const key = storeSmall(database);
    const rows = [
      { id: 'c', title: 'Gamma', genres: 'War', year: 2001, image: 'https://x.org/c.jpg' },
      { id: 'z', title: 'Nobody', genres: null, year: null, image: null },
    ];
    expect(attachItems(database, key, rows)).toEqual({ matched: 1, unmatched: 1 });
    expect(findDataset(database, 'small-id').dataset).toMatchObject({ titles: 3, genres: 3 });
    expect(allItems(database, key).map((item) => item.image)).toEqual([null, null, 'https://x.org/c.jpg']);
  });

  it("give one user's history as a slice", () => {
    const key = storeSmall(database);
    const history = readHistory(database, key, 2);
    expect(history.from).toBe(3);
    expect([...history.items]).toEqual([0, 1, 2]);
    expect([...(history.values ?? [])]).toEqual([1, 2, 5]);
    expect([...(history.times ?? [])]).toEqual([1, 3, 3]);
  });
});

describe('columns', () => {
  it('are read whole and by slices that cross chunks', () => {
    const key = beginDataset(database, newDataset());
    const bytes = new Uint8Array(chunkBytes + 10).map((_, k) => k % 251);
    writeChunk(database, key, 'c', 0, bytes.subarray(0, chunkBytes));
    writeChunk(database, key, 'c', 1, bytes.subarray(chunkBytes));
    expect(Buffer.from(readColumn(database, key, 'c') ?? []).equals(bytes)).toBe(true);
    const slice = readSlice(database, key, 'c', chunkBytes - 5, chunkBytes + 5) ?? new Uint8Array(0);
    expect([...slice]).toEqual([...bytes.subarray(chunkBytes - 5, chunkBytes + 5)]);
    expect(readColumn(database, key, 'none')).toBeNull();
  });

  it('give popularity deciles with ties by item', () => {
    expect([...decilesOf(Uint32Array.of(5, 9, 5, 1, 1, 1, 1, 1, 1, 1))]).toEqual([
      2, 1, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });
});
