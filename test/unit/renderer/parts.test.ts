import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  placeInBins,
  sourceLines,
  splitInTime,
  withoutEmptyStart,
} from '../../../renderer/datasets/describe.ts';
import { windowOf } from '../../../renderer/datasets/derive.ts';
import { problemGroups } from '../../../renderer/import/groups.ts';
import { missingHint, timeOf } from '../../../renderer/import/roles.ts';
import { progressText } from '../../../renderer/frame/jobs.ts';
import { linePath, onlyHere, rankLines } from '../../../renderer/inspect/lines.ts';
import { toCsv } from '../../../renderer/lib/csv.ts';
import { metricDefinition, metricTitle } from '../../../renderer/lib/metrics.ts';
import { smooth } from '../../../renderer/lib/series.ts';
import { paretoFront, placed, placedAbove, spread } from '../../../shared/figures/layout.ts';
import { areSeveral, readField, readSeeds } from '../../../renderer/new-run/parse.ts';
import { visibleRange } from '../../../renderer/ui/table.ts';
import { sortMetricKeys } from '../../../shared/metrics/registry.ts';

describe('series', () => {
  it('smooth without lag: a straight line stays as it is', () => {
    expect(smooth([1, 2, 3, 4, 5], 3)).toEqual([1, 2, 3, 4, 5]);
    expect(smooth([0, 3, 0], 3)).toEqual([0, 1, 0]);
  });
  it('push labels apart by the gap, in their order, inside the plot', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 10 }), (at) => {
        const placed = spread(at, 12, 0, 200);
        const order = at.map((_, index) => index).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
        order.slice(1).forEach((index, place) => {
          const before = placed[order[place] ?? 0] ?? 0;
          expect((placed[index] ?? 0) - before).toBeGreaterThanOrEqual(12 - 1e-9);
        });
        for (const y of placed) expect(y >= -1e-9 && y <= 200 + 1e-9).toBe(true);
      }),
    );
  });
  it('find the points that nothing beats', () => {
    const points = [
      { x: 1, y: 3 },
      { x: 2, y: 2 },
      { x: 1, y: 1 },
      { x: 3, y: 1 },
    ];
    expect(paretoFront(points)).toEqual([0, 1, 3]);
  });
});

describe('a long table', () => {
  it('draws the rows in view and a margin, never more', () => {
    expect(visibleRange(0, 600, 30, 5000)).toEqual({ first: 0, last: 28 });
    expect(visibleRange(30_000, 600, 30, 5000)).toEqual({ first: 992, last: 1028 });
    expect(visibleRange(1e9, 600, 30, 5000)).toEqual({ first: 5000, last: 5000 });
  });
});

describe('the form of New run', () => {
  const size = {
    name: 'embeddingSize',
    title: 'Factors',
    type: 'integer',
    default: 64,
    minimum: 1,
    maximum: 512,
    effect: '',
    group: 'model',
  } as const;
  it('reads one value; several are a sweep', () => {
    expect(readField(size, ' 64 ').value).toBe(64);
    expect(readField(size, '16, 32').error).toBe('Found 16, 32, expected one value: a sweep tries several');
    expect(areSeveral(size, '16..64')).toBe(true);
    expect(areSeveral(size, '16')).toBe(false);
    expect(areSeveral({ ...size, type: 'integers' }, '64, 32')).toBe(false);
  });
  it('says what was found and what was expected', () => {
    expect(readField(size, '1000').error).toBe('Found 1000, expected 1 to 512');
    expect(readField(size, '1.5').error).toBe('Found 1.5, expected a whole number');
    expect(readField(size, '').error).toBe('Found nothing, expected a whole number');
    expect(readField({ ...size, type: 'integers' }, '64, 32').value).toBe('64,32');
    expect(readField({ ...size, type: 'integers' }, '64;32').error).not.toBeNull();
  });
  it('reads seeds, each once', () => {
    expect(readSeeds('1, 2 2;3').seeds).toEqual([1, 2, 3]);
    expect(readSeeds('one').error).toMatch(/Found one/);
  });
});

describe('a data set', () => {
  it('is cut in time where its test share begins', () => {
    const overTime = { unit: 'week', starts: [0, 7, 14, 21], counts: [40, 40, 10, 10] };
    expect(splitInTime(overTime, 0.2)).toEqual({ at: 2, from: 14, heldOut: 20 });
    expect(splitInTime(overTime, 0.1)).toEqual({ at: 3, from: 21, heldOut: 10 });
    expect(splitInTime(overTime, 0.4)).toEqual({ at: 1.5, from: 7, heldOut: 40 });
  });
  it('places its median between the edges of a bin', () => {
    expect(placeInBins([0, 10, 20], 15)).toBe(1.5);
    expect(placeInBins([0, 10, 20], 99)).toBe(2);
  });
  it('keeps the last part of its time', () => {
    expect(windowOf('quarter', { from: 0, to: 100 })).toEqual({ from: 75, to: null });
    expect(windowOf('all', { from: 0, to: 100 })).toEqual({ from: null, to: null });
  });
});

describe('rows that were not imported', () => {
  const accounting = { read: 10, imported: 5, rejected: 2, duplicates: 2, filtered: 1 };
  const reject = {
    line: 3,
    kind: 'not a number',
    column: 'rating',
    expected: 'number',
    text: 'a,b,N/A',
    records: 1,
  };
  it('are grouped so that the groups add up to what is missing', () => {
    const groups = problemGroups(accounting, { 'not a number': 2 }, [{ ...reject, found: 'N/A' }], {});
    expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(accounting.read - accounting.imported);
    expect(groups.map((group) => group.id)).toEqual(['not a number', 'merged', 'filtered']);
  });
  it('come with one fix each', () => {
    const fix = (found: string) =>
      problemGroups(accounting, { 'not a number': 2 }, [{ ...reject, found }], {})[0]?.fix?.settings;
    expect(fix('N/A')).toEqual({ missingRating: 'N/A' });
    expect(fix('3,5')).toEqual({ decimal: ',' });
  });
});

describe('lists side by side', () => {
  const list = (text: string) => [...text].map((item) => ({ item, hit: item === 'b' }));
  it('are joined where they share an item', () => {
    expect(rankLines(list('abc'), list('bxa'))).toEqual([
      { item: 'a', from: 0, to: 2, hit: false },
      { item: 'b', from: 1, to: 0, hit: true },
    ]);
    expect(linePath({ item: 'a', from: 0, to: 2, hit: false }, 56, 28)).toBe('M0 14C28 14 28 70 56 70');
  });
  it('name what no other list holds', () => {
    expect([...onlyHere([list('abc'), list('bx')], 0)]).toEqual(['a', 'c']);
  });
});

describe('exports and names', () => {
  it('quote what CSV needs, and keep a spreadsheet from running text where they are asked to', () => {
    const rows = [
      ['x,"y"', -1.5],
      ['=SUM(A1)', null],
    ];
    const exact = 'a,b\n"x,""y""",-1.5\n=SUM(A1),\n';
    expect(toCsv(['a', 'b'], rows, false)).toBe(exact);
    expect(toCsv(['a', 'b'], rows, true)).toBe(exact.replace('=', "'="));
  });
  it('title metrics with their K and candidates', () => {
    expect(metricTitle('ndcg@10')).toBe('NDCG@10');
    expect(metricTitle('novelty@10')).toBe('Novelty@10, bits');
    expect(metricTitle('sampled99/hr@10')).toBe('HR@10 (sampled99)');
    expect(metricDefinition('hr@5')).toMatch(/^Share of users with at least one test item in the first 5;/);
    expect(sortMetricKeys(['hr@50', 'ndcg@10', 'hr@5', 'rmse'])).toEqual([
      'rmse',
      'ndcg@10',
      'hr@5',
      'hr@50',
    ]);
  });
});

describe('labels of points', () => {
  const at = (left: number, y: number) => ({ left, width: 40, y });
  const heights = (...labels: ReturnType<typeof at>[]) => placed(labels).map(({ y }) => y);
  it('stay where nothing is in their way', () => {
    expect(heights(at(0, 10), at(50, 10), at(0, 30))).toEqual([10, 10, 30]);
  });
  it('go down, line by line, until none is over another', () => {
    expect(heights(at(20, 14), at(0, 10), at(39, 15))).toEqual([22, 10, 34]);
    expect(heights(at(0, 10), at(0, 20), at(0, 11))).toEqual([10, 34, 22]);
  });
  it('go up instead where they would go below the axis', () => {
    const above = (...labels: ReturnType<typeof at>[]) => placedAbove(labels, 100).map(({ y }) => y);
    expect(above(at(0, 86), at(0, 86))).toEqual([86, 98]);
    expect(above(at(0, 90), at(0, 104), at(0, 93), at(50, 20))).toEqual([76, 100, 88, 20]);
  });
});

describe('the import in words', () => {
  it('reads sampled times as the importer does', () => {
    const day = Date.UTC(1997, 11, 4);
    expect(timeOf('881250949', 's')).toBe(881_250_949_000);
    expect(timeOf('881250949000', 'ms')).toBe(881_250_949_000);
    expect(timeOf('881250949000000', 'us')).toBe(881_250_949_000);
    expect(timeOf('881250949000000000', 'ns')).toBe(881_250_949_000);
    expect(timeOf('1997-12-04', 'iso')).toBe(day);
    expect(timeOf('1997/12/04', 'iso')).toBe(day);
    expect(timeOf('19971204', 'iso')).toBe(day);
    expect(timeOf('1997-12-04 01:30:00', 'iso')).toBe(day + 5_400_000);
    expect(timeOf('1997-12-04T01:30:00+02:00', 'iso')).toBe(day - 1_800_000);
    expect(timeOf('04.12.1997 10:20', 'dmy')).toBe(day);
    expect(timeOf('12/04/1997 10:20', 'mdy')).toBe(day);
    expect(timeOf('17', 'order')).toBeNaN();
    expect(timeOf('', 's')).toBeNaN();
  });
  it('never speaks of the command line where a column is missing', () => {
    for (const problem of [
      'this looks like a list of items',
      'a list of people',
      'a matrix with',
      'cannot be told',
    ]) {
      expect(missingHint(problem)).not.toContain('--');
    }
  });
  it('starts a histogram at its first full bin', () => {
    const histogram = {
      edges: [1, 2, 5, 10, 20],
      counts: [0, 0, 4, 1],
      minimum: 5,
      maximum: 11,
      median: 6,
      mean: 7,
    };
    expect(withoutEmptyStart(histogram)).toMatchObject({ edges: [5, 10, 20], counts: [4, 1], median: 6 });
    expect(withoutEmptyStart({ ...histogram, counts: [0, 0, 0, 0] }).counts).toHaveLength(4);
  });
  it('says how a file was read without the names of options', () => {
    const source = {
      file: 'u.data',
      user: '1',
      item: '2',
      rating: '3',
      time: '4',
      delimiter: 'tab',
      quote: '"',
      encoding: 'utf-8',
      decimal: '.',
      header: 'false',
      timeUnit: 's',
      format: 'text',
      implicit: 'false',
      duplicates: 'last',
      maxRejected: '5',
    };
    expect(sourceLines(source)).toEqual([
      ['File', 'u.data'],
      ['Columns', 'user 1, item 2, rating 3, time 4'],
      ['Read as', 'tab, UTF-8, no header'],
      ['Time unit', 'seconds since 1970'],
      ['Duplicates', 'last kept'],
    ]);
    expect(sourceLines({ file: 'made by the app', seed: '1' })).toEqual([
      ['File', 'made by the app'],
      ['Seed', '1'],
    ]);
  });
  it('tells bytes as sizes and the rate in rows', () => {
    const job = {
      id: 'j',
      kind: 'import' as const,
      title: 'Import big.csv',
      status: 'running' as const,
      done: 125_829_120,
      total: 1_072_360_291,
      unit: 'bytes',
      rate: 2_400_000,
      rateUnit: 'rows',
      secondsLeft: 13,
      stage: 'Reading',
      startedAt: 0,
      endedAt: null,
      dataset: null,
      error: null,
    };
    expect(progressText(job)).toBe('125.8 MB of 1.1 GB, 2.4 M rows/s, 13 s left');
  });
});
