import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, assemble, startsOf } from '../../../main/files/columns/arrange.ts';
import { arrangeUsers } from '../../../main/files/columns/arrange-users.ts';
import { Dictionary } from '../../../main/files/columns/dictionary.ts';
import { PairSet } from '../../../main/files/columns/pair-set.ts';
import { RowBlocks } from '../../../main/files/columns/rows.ts';
import type { DuplicatePolicy } from '../../../main/files/types.ts';

describe('the dictionary of ids', () => {
  it('numbers ids by first appearance and keeps them as text', () => {
    const dictionary = new Dictionary();
    const intern = (id: string): number => {
      const bytes = new TextEncoder().encode(id);
      return dictionary.intern(bytes, 0, bytes.length);
    };
    const ids = ['7', '007', '034545104X', '7', '0', '00', 'é', '16777216', '16777215', '007', ''];
    expect(ids.map(intern)).toEqual([0, 1, 2, 0, 3, 4, 5, 6, 7, 1, 8]);
    expect(dictionary.ids()).toEqual(['7', '007', '034545104X', '0', '00', 'é', '16777216', '16777215', '']);
  });

  it('agrees with a Map on any ids', () => {
    const id = fc.oneof(
      fc.string(),
      fc.integer({ min: 0, max: 5000 }).map(String),
      fc.stringMatching(/^0?\d{1,9}$/),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 3000, size: 'max' }), (ids) => {
        const dictionary = new Dictionary();
        const known = new Map<string, number>();
        const encoder = new TextEncoder();
        for (const each of ids.map((text) => text.toWellFormed())) {
          const bytes = encoder.encode(each);
          if (!known.has(each)) known.set(each, known.size);
          expect(dictionary.intern(bytes, 0, bytes.length)).toBe(known.get(each));
        }
        expect(dictionary.ids()).toEqual([...known.keys()]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the set of pairs', () => {
  it('knows a pair again, beyond any growth', () => {
    const pairs = new PairSet();
    for (let k = 0; k < 20_000; k++) expect(pairs.add(k % 300, (k * 7) >> 2)).toBe(true);
    for (let k = 0; k < 20_000; k++) expect(pairs.add(k % 300, (k * 7) >> 2)).toBe(false);
  });
});

type Row = [user: number, item: number, value: number, time: number];

function arranged(
  rows: Row[],
  duplicates: DuplicatePolicy,
  timed = true,
): { rows: Row[]; duplicates: number } {
  const blocks = new RowBlocks(timed, false, 4);
  for (const row of rows) blocks.append(...row);
  const users = Math.max(-1, ...rows.map((row) => row[0])) + 1;
  const items = Math.max(-1, ...rows.map((row) => row[1])) + 1;
  const result = arrange(blocks, users, items, { timed, implicit: false, duplicates });
  const { start, item, value, time } = result.ratings;
  const out: Row[] = [];
  for (let u = 0; u < users; u++) {
    for (let k = start[u]; k < start[u + 1]; k++) out.push([u, item[k], value[k], time ? time[k] : 0]);
  }
  return { rows: out, duplicates: result.duplicates };
}

describe('the stored order', () => {
  it('is by user, then time, then row', () => {
    const rows: Row[] = [
      [1, 0, 1, 5],
      [0, 1, 2, 9],
      [1, 2, 3, 4],
      [0, 0, 4, 3],
      [0, 2, 5, 3],
    ];
    expect(arranged(rows, 'last').rows).toEqual([
      [0, 0, 4, 3],
      [0, 2, 5, 3],
      [0, 1, 2, 9],
      [1, 2, 3, 4],
      [1, 0, 1, 5],
    ]);
    expect(arranged(rows, 'last', false).rows.map((row) => row[2])).toEqual([2, 4, 5, 1, 3]);
  });

  it('sorts long histories as a stable sort does', () => {
    const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(times, (all) => {
        const rows = all.map((time, k): Row => [0, k, 1, time]);
        const wanted = rows.toSorted((a, b) => a[3] - b[3]);
        expect(arranged(rows, 'last').rows).toEqual(wanted);
      }),
    );
  });

  // Whole numbers near enough to be packed with a place, fractions, and whole numbers that leave no room for one.
  it.each([1, 0.25, 2 ** 45])('sorts times %d apart as a stable sort does', (unit) => {
    const times = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 90, size: 'max' });
    fc.assert(
      fc.property(times, (all) => {
        const rows = all.map((time, k): Row => [0, k, k / 4, time * unit + 0]);
        expect(arranged(rows, 'last').rows).toEqual(rows.toSorted((a, b) => a[3] - b[3]));
      }),
    );
  });

  it('comes to the same where several threads take the users in turn', () => {
    const row = fc.tuple(fc.nat(6), fc.nat(4), fc.nat(8), fc.nat(9));
    const policies = fc.constantFrom<DuplicatePolicy>('last', 'first', 'max', 'mean');
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), policies, fc.nat(7), (rows, policy, middle) => {
        // A row of the last user and item, so that there are as many whatever was drawn.
        const all: Row[] = [...rows, [6, 4, 1, 0]];
        const byUser = all.toSorted((a, b) => a[0] - b[0]);
        const counts = Uint32Array.from({ length: 7 }, (_, u) => all.filter(([user]) => user === u).length);
        const start = startsOf(counts, new Uint32Array(8));
        const columns = {
          item: Uint32Array.from(byUser, ([, item]) => item),
          value: Float32Array.from(byUser, ([, , value]) => value),
          time: Float64Array.from(byUser, ([, , , time]) => time),
          tag: null,
        };
        const kept = new Uint32Array(7);
        const parts = [
          { from: 0, to: middle },
          { from: middle, to: 7 },
        ].map((users) => {
          const range = { start, ...users, itemCount: 5, duplicates: policy };
          return { ...users, ...arrangeUsers(columns, range, kept) };
        });
        const blocks = new RowBlocks(true, false, 4);
        for (const each of all) blocks.append(...each);
        const wanted = arrange(blocks, 7, 5, { timed: true, implicit: false, duplicates: policy });
        const joined = assemble(columns, start, kept, parts, { itemCount: 5, implicit: false });
        expect(joined).toEqual(wanted);
      }),
    );
  });

  // One pair three times: value 2 at time 1, value 5 at time 3, value 3 at time 2; another row between.
  const repeated: Row[] = [
    [0, 0, 5, 3],
    [0, 1, 1, 2],
    [0, 0, 2, 1],
    [0, 0, 3, 2],
    [1, 0, 4, 1],
  ];
  const merged: [DuplicatePolicy, Row][] = [
    ['last', [0, 0, 5, 3]],
    ['first', [0, 0, 2, 1]],
    ['max', [0, 0, 5, 3]],
    ['mean', [0, 0, Math.fround(10 / 3), 3]],
  ];
  it.each(merged)('merges repeats by %s', (policy, wanted) => {
    const result = arranged(repeated, policy);
    expect(result.duplicates).toBe(2);
    expect(result.rows.filter((row) => row[0] === 0 && row[1] === 0)).toEqual([wanted]);
    expect(result.rows).toHaveLength(3);
  });

  it('takes the later row as the last where times are equal', () => {
    const rows: Row[] = [
      [0, 0, 1, 7],
      [0, 0, 2, 7],
    ];
    expect(arranged(rows, 'last').rows).toEqual([[0, 0, 2, 7]]);
    expect(arranged(rows, 'first').rows).toEqual([[0, 0, 1, 7]]);
  });
});

it('Rows that are the same as the one before take no memory where runs are merged, and are counted', () => {
  const blocks = new RowBlocks(true, true, 4);
  for (let k = 0; k < 1000; k++) blocks.append(0, 0, 0.1, 5);
  blocks.append(0, 0, 0.1, 6);
  blocks.append(0, 0, 0.2, 6);
  expect([blocks.length, blocks.repeats]).toEqual([3, 999]);
  blocks.seal();
  blocks.append(0, 0, 0.2, 6);
  expect(blocks.length).toBe(4);
});
