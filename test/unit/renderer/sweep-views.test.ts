/** What the page of a sweep computes from its trials. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension } from '../../../shared/search.ts';
import type { SweepTrial } from '../../../shared/sweeps.ts';
import { axesOf, FIGURE } from '../../../renderer/sweeps/axes.ts';
import { bandsOf, cellsOf } from '../../../renderer/sweeps/heat.ts';
import { bestSoFar, rungsOf, shadesOf, sorted, within } from '../../../renderer/sweeps/trials.ts';
import { bestSentence, rungSentence } from '../../../renderer/sweeps/words.ts';

const space: Dimension[] = [
  { kind: 'number', name: 'rate', low: 0.01, high: 1, scale: 'log', integer: false },
  { kind: 'choice', name: 'loss', values: ['bpr', 'hinge'] },
  {
    ...{ kind: 'number', name: 'margin', low: 0, high: 10, scale: 'linear', integer: false },
    when: { name: 'loss', values: ['hinge'] },
  },
];

function trial(index: number, rungs: number[], parameters: SweepTrial['parameters'] = {}): SweepTrial {
  return {
    ...{ index, run: null, runs: [], parameters: { rate: 0.1, loss: 'bpr', ...parameters } },
    ...{ status: 'finished', epochs: 3 ** rungs.length, validation: rungs.at(-1) ?? null, rungs, seconds: 1 },
  };
}

describe('the best so far', () => {
  it('is among the trials that came furthest, as the search decides', () => {
    const trials = [trial(0, [0.3]), trial(1, [0.2, 0.25]), trial(2, [0.1, 0.2]), trial(3, [0.2, 0.28])];
    expect(bestSoFar(trials, 'ndcg@10')).toEqual([
      { trial: 2, value: 0.25 },
      { trial: 4, value: 0.28 },
    ]);
    expect(bestSentence(bestSoFar(trials, 'ndcg@10'), 4, 'ndcg@10')).toBe(
      'Trial 4 leads with NDCG@10 .2800 on validation, .0300 better than trial 2, the first to come as far.',
    );
  });
  it('is the lowest where less is better, and none without figures', () => {
    expect(bestSoFar([trial(0, [0.9]), trial(1, [0.8]), trial(2, [0.85])], 'rmse')).toEqual([
      { trial: 1, value: 0.9 },
      { trial: 2, value: 0.8 },
    ]);
    expect(bestSoFar([trial(0, [])], 'rmse')).toEqual([]);
  });
});

it('a rung has who came to it and who went on', () => {
  const trials = [trial(0, [0.3]), trial(1, [0.2, 0.25]), { ...trial(2, [0.4]), epochs: 5 }, trial(3, [])];
  const rungs = rungsOf({ rungs: [3, 9], trials });
  expect(rungs.map(({ reached }) => reached.map(({ trial: { index }, on }) => [index, on]))).toEqual([
    [
      [0, false],
      [1, true],
      // It is on its way to the next.
      [2, true],
    ],
    [[1, false]],
  ]);
  expect(rungSentence(rungs)).toBe('3 trials came to 3 epochs, 1 to the last of 9 epochs.');
});

describe('axes', () => {
  const trials = [
    trial(0, [0.1], { rate: 0.01 }),
    trial(1, [0.2], { rate: 1, loss: 'hinge', margin: 5 }),
    trial(2, [0.3], { rate: 0.1 }),
  ];
  const axes = axesOf(space, [], trials, 'ndcg@10');
  it('stand trials on their scale, and those without a value beside it', () => {
    expect(axes.map(({ id }) => id)).toEqual(['rate', 'loss', 'margin', FIGURE]);
    const places = trials.map((one) => axes.map((axis) => axis.place(one)));
    expect(places[0]?.[0]).toBeCloseTo(0, 12);
    expect(places[2]?.[0]).toBeCloseTo(0.5, 12);
    expect(places[1]?.slice(1, 3)).toEqual([0.75, 0.5]);
    expect(places[0]?.[2]).toBeNull();
    expect(places.map((place) => place[3])).toEqual([0, expect.closeTo(0.5, 12), 1]);
  });
  it('tell the value of a place', () => {
    expect(axes.map((axis) => axis.text(0.5))).toEqual(['.1', 'hinge', '5', '.2000']);
  });
  it('reach to a default that stands outside of where the search looks', () => {
    const [wide] = axesOf(space, [], [trial(0, [0.1], { rate: 10 })], 'ndcg@10');
    expect(wide?.place(trial(0, [], { rate: 10 }))).toBeCloseTo(1, 12);
  });
  it('leave the trials inside every range, none without a value of it', () => {
    const left = (brushes: Parameters<typeof within>[2]): number[] =>
      within(trials, axes, brushes).map(({ index }) => index);
    expect(left({})).toEqual([0, 1, 2]);
    expect(left({ rate: [0.4, 1] })).toEqual([1, 2]);
    expect(left({ rate: [0.4, 1], [FIGURE]: [0.9, 1] })).toEqual([2]);
    expect(left({ margin: [0, 1] })).toEqual([1]);
  });
  it('narrow: a wider range never leaves fewer', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, share, (a, b, c, d) => {
        const [low, first, second, high] = [a, b, c, d].sort((x, y) => x - y) as [
          number,
          number,
          number,
          number,
        ];
        const narrow = within(trials, axes, { rate: [first, second] });
        const wide = within(trials, axes, { rate: [low, high] });
        for (const one of narrow) expect(wide).toContain(one);
      }),
    );
  });
});

it('the table is sorted from the best on, trials without a value last', () => {
  const trials = [trial(0, [0.5]), trial(1, []), trial(2, [0.9]), trial(3, [0.7])];
  const order = (column: string, descending: boolean, metric: string): number[] =>
    sorted(trials, { column, descending }, metric).map(({ index }) => index);
  expect(order('figure', true, 'ndcg@10')).toEqual([2, 3, 0, 1]);
  expect(order('figure', true, 'rmse')).toEqual([0, 3, 2, 1]);
  expect(order('figure', false, 'ndcg@10')).toEqual([0, 3, 2, 1]);
  expect(order('trial', true, 'ndcg@10')).toEqual([3, 2, 1, 0]);
});

it('shades go by rank from the worst to the best', () => {
  const trials = [0.1, 0.5, 0.3, 0.2, 0.4].map((figure, index) => trial(index, [figure]));
  expect([...shadesOf(trials, 'ndcg@10')].sort(([a], [b]) => a - b).map(([, shade]) => shade)).toEqual([
    0, 4, 2, 1, 3,
  ]);
  expect(shadesOf(trials, 'rmse').get(0)).toBe(4);
});

describe('two together', () => {
  it('has the best trial of each cell, and what is in none', () => {
    const trials = [
      trial(0, [0.1], { rate: 0.02 }),
      trial(1, [0.3], { rate: 0.02 }),
      trial(2, [0.2], { rate: 1, loss: 'hinge' }),
      trial(3, [], { rate: 1, loss: 'hinge' }),
    ];
    const [columns, rows] = [bandsOf(space[0], trials), bandsOf(space[1], trials)];
    expect(columns.map(({ label }) => label)).toEqual([
      '.01–.025',
      '.025–.063',
      '.063–.16',
      '.16–.4',
      '.4–1',
    ]);
    const cells = cellsOf(trials, ['rate', 'loss'], columns, rows, 'ndcg@10');
    expect(cells).toHaveLength(10);
    expect(cells[0]).toEqual({ column: 0, row: 0, best: 0.3, trials: 2 });
    expect(cells[9]).toEqual({ column: 4, row: 1, best: 0.2, trials: 2 });
    expect(cells.filter(({ trials: some }) => some === 0)).toHaveLength(8);
  });
  it('counts each trial in one cell', () => {
    const rates = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rates, (list) => {
        const trials = list.map((rate, index) => trial(index, [0.1], { rate }));
        const cells = cellsOf(
          trials,
          ['rate', 'loss'],
          bandsOf(space[0], trials),
          bandsOf(space[1], trials),
          'ndcg@10',
        );
        expect(cells.reduce((sum, cell) => sum + cell.trials, 0)).toBe(list.length);
      }),
    );
  });
  it('shows whole numbers one by one where there are few', () => {
    const bands = bandsOf({ kind: 'number', name: 'n', low: 1, high: 3, scale: 'linear', integer: true }, []);
    expect(bands.map(({ label }) => label)).toEqual(['1', '2', '3']);
  });
});
