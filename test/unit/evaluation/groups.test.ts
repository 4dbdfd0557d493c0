import { describe, expect, it } from 'vitest';
import { compareRuns, type ComparedRun } from '../../../main/evaluation/compare/compare.ts';
import { groupInterval, groupOfSeeds } from '../../../main/evaluation/compare/groups.ts';
import { compareGroups } from '../../../main/evaluation/statistics/seed-groups.ts';
import { Random } from '../../../main/numeric/random.ts';
import { comparedRun } from './runs.ts';

const metric = 'ndcg@10';
const options = { metric: null, force: false };
const seed = (id: string, values: number[], of: number, some = {}): ComparedRun =>
  comparedRun(id, { [metric]: values }, { seed: of, name: of === 1 ? 'BPR' : `BPR seed ${of}`, ...some });
const other = { model: 'caser', modelTitle: 'Caser', name: 'Caser' };

describe('a group of seeds', () => {
  const members = [
    seed('r1', [0.1, 0.2, 0.6], 1),
    seed('r2', [0.2, 0.4, 0.9], 2),
    seed('r5', [0.9, 0.9, 0.9], 2),
    seed('r3', [0.3, 0.3, NaN], 3),
  ];
  const group = groupOfSeeds(members, 'g');

  it('has the mean over distinct seeds, of which one trained again counts once', () => {
    expect(group.group?.seeds).toEqual([1, 2, 3]);
    expect(group.group?.runs).toEqual(['r1', 'r2', 'r5', 'r3']);
    // Means of the runs: .3, .5, .3.
    expect(group.run.metrics.test[metric]).toBeCloseTo(1.1 / 3, 12);
    expect([...group.perUser.values[metric]].slice(0, 2)).toEqual([
      expect.closeTo(0.2, 12),
      expect.closeTo(0.3, 12),
    ]);
    expect(group.perUser.values[metric][2]).toBeNaN();
  });

  it('is named without its seed, as its first run', () => {
    expect(group.run.name).toBe('BPR');
    expect(groupOfSeeds(members.slice(1, 3), 'g').run.name).toBe('BPR');
  });

  it('has an interval of its own, of a root of mean squares too', () => {
    const run = comparedRun('one', { rmse: [1, 2, 2] }, { seedless: true });
    // Squares 1, 4, 4: mean 3, variance 3. The root's standard error is √(3 ÷ 3) ÷ 2√3, its t of 2 degrees 4.3027.
    const half = 4.302653 / (2 * Math.sqrt(3));
    const [low, high] = groupInterval(groupOfSeeds([run], 'g'), 'rmse') ?? [NaN, NaN];
    expect(low).toBeCloseTo(Math.sqrt(3) - half, 5);
    expect(high).toBeCloseTo(Math.sqrt(3) + half, 5);
  });

  it('of a model without seeds has one, however many runs name others', () => {
    const runs = [1, 2, 3].map((of) => seed(`r${of}`, [0.1, 0.2], of, { seedless: true }));
    const alike = groupOfSeeds(runs, 'g');
    expect(alike.group).toMatchObject({ seeds: [1], runs: ['r1', 'r2', 'r3'] });
    expect(alike.run.id).toBe('g');
  });
});

describe('comparing groups', () => {
  const random = new Random(11, 'init');
  const users = 200;
  const base = Array.from({ length: users }, () => (random.next() < 0.5 ? 0 : random.next()));
  const drawn = (shift: number): number[] => base.map((x) => x + shift + 0.05 * random.normal());
  const a = [1, 2, 3].map((of) => seed(`r${of}`, drawn(0.01 * of), of));
  const b = [4, 5, 6].map((of) => seed(`r${of}`, drawn(0.1 + 0.01 * of), of, { ...other, seed: of - 3 }));
  const [left, right] = [groupOfSeeds(a, 'A'), groupOfSeeds(b, 'B')];
  const result = compareRuns([left, right], null, options);
  const [pair] = result.pairs;

  it('takes difference, interval and p of compareGroups, and says so', () => {
    const of = (runs: ComparedRun[]) => ({ seeds: runs.map(({ perUser }) => perUser.values[metric]) });
    const expected = compareGroups({
      aggregation: 'mean',
      a: of(a),
      b: of(b),
      weights: new Float64Array(users).fill(1),
    });
    expect(pair).toMatchObject({
      a: 'A',
      b: 'B',
      users,
      pValue: expected.pValue,
      interval: expected.interval,
    });
    expect(pair.difference).toBeCloseTo(right.run.metrics.test[metric] - left.run.metrics.test[metric], 12);
    expect(pair.method).toBe('t over users and seeds (two-way random effects; seeds: 3 and 3)');
    expect(pair.usersAlone?.method).toBe('Wilcoxon (zeros dropped)');
    expect(result.verdict.method).toContain('users alone: Wilcoxon (zeros dropped) p < .001');
    expect(result.verdict.headline).toMatch(
      /^Caser beats BPR by \+\.\d{4} NDCG@10 \[.*\], more than seed noise\.$/,
    );
  });

  it('names runs and seeds of each with the deviation over seeds', () => {
    const values = a.map(({ run }) => run.metrics.test[metric]);
    const mean = values.reduce((x, y) => x + y) / 3;
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2);
    expect(result.runs[0]).toMatchObject({
      id: 'A',
      label: 'BPR',
      runs: ['r1', 'r2', 'r3'],
      seeds: [1, 2, 3],
    });
    expect(result.runs[0].deviations[metric]).toBeCloseTo(sd, 12);
  });

  it('does not change by a seed that was trained again, and notes it', () => {
    const again = { ...a[0], run: { ...a[0].run, id: 'r9', number: 9 } };
    const repeated = compareRuns([groupOfSeeds([...a, again], 'A'), right], null, options);
    expect(repeated.pairs[0]).toEqual(pair);
    const note = repeated.notes.find(({ code }) => code === 'repeated-seeds');
    expect(note?.text).toBe(
      'BPR has seeds that were trained more than once: 1 of its 4 runs repeats another and does not count.',
    );
  });

  it('says that seed noise is unknown where one of them has one seed, not where a model has none', () => {
    const verdictOf = (run: ComparedRun) => compareRuns([left, run], null, options).verdict;
    const unknown = verdictOf(b[0]);
    expect(unknown.detail).toContain('Seed noise is unknown: Caser was trained with one seed.');
    expect(unknown.headline).not.toContain('more than seed noise');
    const seedless = verdictOf({ ...b[0], run: { ...b[0].run, seedless: true } });
    expect(seedless.detail).not.toContain('Seed noise');
    expect(seedless.headline).toContain('more than seed noise');
    expect(seedless.method).toContain('seeds: 3 and none');
  });

  it('leads with the two best configurations by their means, never by their best seed', () => {
    // One lucky seed of A is the best run of all.
    const lucky = seed('r7', drawn(5), 4);
    const third = seed('r8', drawn(2), 1, { model: 'mf', name: 'MF' });
    const mixed = compareRuns([...a, lucky, ...b, third], null, options);
    expect(mixed.lead).toEqual(['r1', 'r8']);
  });

  it('warns of seeds that were left out', () => {
    const siblings = a.map(({ run }) => run);
    const some = compareRuns([groupOfSeeds(a.slice(0, 2), 'A'), right], null, { ...options, siblings });
    expect(some.notes.find(({ code }) => code === 'seeds-left-out')?.text).toBe(
      'BPR was trained with 3 seeds, of which 2 are compared here: compare by group to take them all.',
    );
    const all = compareRuns([left, right], null, { ...options, siblings });
    expect(all.notes.some(({ code }) => code === 'seeds-left-out')).toBe(false);
  });
});
