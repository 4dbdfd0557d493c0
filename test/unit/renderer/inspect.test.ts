import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonGenres, fitted, isInside, stepsOf } from '../../../renderer/inspect/lasso.ts';
import { about, changedRows, moveOf } from '../../../renderer/inspect/rows.ts';
import { personToSave } from '../../../renderer/inspect/golden-person.ts';

describe('A list of a changed history', () => {
  const item = (id: string, rank: number | null, was: number | null) => ({
    item: id,
    title: id,
    genres: [],
    year: null,
    score: 1,
    rank: rank as number,
    was,
  });
  it('says how far each item has moved, and what has left', () => {
    expect(moveOf(2, 5)).toEqual({ kind: 'up', text: 'up 3' });
    expect(moveOf(5, 2)).toEqual({ kind: 'down', text: 'down 3' });
    expect(moveOf(4, 4)).toEqual({ kind: 'same', text: 'same' });
    expect(moveOf(4, null)).toEqual({ kind: 'new', text: 'new' });
    const rows = changedRows(
      { items: [item('a', 1, 3)], gone: [item('b', 12, 1), item('c', null, 2)] },
      true,
    );
    expect(rows.map(({ move }) => move?.text)).toEqual(['up 2', 'left: was 1, now 12', 'in the history now']);
  });
  it('of somebody new has nothing to move from', () => {
    expect(changedRows({ items: [item('a', 1, null)], gone: [] }, false)[0]?.move).toBeNull();
  });
});

describe('What stands under a title', () => {
  it('is year and genres, the year once', () => {
    expect(about({ title: 'Heat', year: 1995, genres: ['Crime', 'Drama'] })).toBe('1995 · Crime, Drama');
    expect(about({ title: 'Heat (1995)', year: 1995, genres: ['Crime'] })).toBe('Crime');
    expect(about({ title: 'Heat', year: null, genres: [] })).toBe('');
  });
});

describe('A golden user', () => {
  const history = [
    { item: 'new', rating: 4, part: 'train' },
    { item: 'held', rating: 5, part: 'test' },
    { item: 'old', rating: 2, part: 'train' },
  ].map((row) => ({ ...row, title: row.item, time: null, decile: 1, genres: [], year: null })) as Parameters<
    typeof personToSave
  >[0] extends infer V
    ? V extends { history: infer H }
      ? H
      : never
    : never;
  const view = {
    user: '7',
    ratings: 3,
    mean: null,
    timeSpan: null,
    history,
    lists: [],
    summary: '',
  };
  it('is the user at hand where nothing was changed', () => {
    expect(personToSave(view, { base: null, changes: [] }, '7')).toMatchObject({ user: '7', history: null });
  });
  it('is the history as it was changed, oldest first, held-out items left out', () => {
    const changes = [
      { item: 'old', title: 'old', rating: null, before: 2 },
      { item: 'added', title: 'added', rating: 5, before: null },
    ];
    expect(personToSave(view, { base: { user: '7' }, changes }, '7')).toMatchObject({
      user: null,
      history: [
        { item: 'new', rating: 4 },
        { item: 'added', rating: 5 },
      ],
    });
  });
});

describe('A map', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ];
  it('tells what a line goes round', () => {
    expect(isInside({ x: 5, y: 5 }, square)).toBe(true);
    expect(isInside({ x: 15, y: 5 }, square)).toBe(false);
    expect(isInside({ x: 5, y: 5 }, [])).toBe(false);
  });
  it('keeps all points in its picture, with one scale for both axes', () => {
    const coordinate = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 1 }), (points) => {
        for (const { x, y } of fitted(points, 400)) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(7.99);
          expect(Math.max(x, y)).toBeLessThanOrEqual(392.01);
        }
      }),
    );
    expect(
      fitted(
        [
          { x: 0, y: 0 },
          { x: 2, y: 1 },
        ],
        116,
      ),
    ).toEqual([
      { x: 8, y: 83 },
      { x: 108, y: 33 },
    ]);
  });
  it('names the genres of most items', () => {
    expect(commonGenres(['a', 'b', 'b', null, 'c'], 2)).toEqual(['b', 'a']);
  });
  it('colours by rank: as many items in each step, equal values alike', () => {
    expect(stepsOf([10, 20, 30, 40, 50, 60])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(stepsOf([0, 0, 0, 5, null])).toEqual([1, 1, 1, 5, null]);
  });
});
