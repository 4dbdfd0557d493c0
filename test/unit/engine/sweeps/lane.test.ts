/** What a search tries next hangs on figures alone where trials are the budget, whatever ends first. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { Lane } from '../../../../main/engine/sweeps/lane.ts';
import type { Plan } from '../../../../main/engine/sweeps/sweep-plan.ts';
import type { Job } from '../../../../main/search/search.ts';
import type { StoredTrial } from '../../../../main/store/sweeps.ts';
import { RunConfig } from '../../../../shared/config.ts';

const plan = (trials: number | null, parallel: number, eta: number | null = 3): Plan => ({
  entries: [
    {
      model: 'bpr',
      config: v.parse(RunConfig, { model: 'bpr' }),
      space: [{ kind: 'number', name: 'x', low: 0, high: 1, scale: 'linear', integer: false }],
      kind: 'asha+tpe',
      search: { method: 'tpe', eta, epochs: { least: 1, most: 9 } },
    },
  ],
  metric: 'ndcg@10',
  budget: { trials, minutes: trials === null ? 1 : null },
  ...{ seeds: 1, parallel, raises: false, searchSeed: 1, finalSeeds: 0 },
});

const figureOf = ({ point, to }: Job): number => to / 10 - Math.abs(Number(point['x']) - 0.3);

/** Runs a lane to its end; `pick` says which of the jobs under way ends next. */
function run(lane: Lane, pick: (under: number) => number): string[] {
  const active: Job[] = [];
  const begun: string[] = [];
  for (;;) {
    do
      for (let job = lane.next(); job; job = lane.next()) {
        active.push(job);
        begun.push(`${job.trial}@${job.to} ${JSON.stringify(job.point)}`);
      }
    while (lane.takeOne() !== null);
    if (active.length === 0) return begun;
    const [job] = active.splice(pick(active.length), 1);
    lane.settle(job, { figure: figureOf(job), whole: job.to === 9 });
  }
}

describe('a lane', () => {
  it('tries the same in the same order, whatever ends first', () => {
    const alone = run(new Lane(() => plan(12, 3), 0, []), () => 0);
    expect(alone.length).toBeGreaterThan(12);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(2)), (picks) => {
        const chosen = picks[Symbol.iterator]();
        const lane = new Lane(() => plan(12, 3), 0, []);
        expect(run(lane, (under) => Number(chosen.next().value) % under)).toEqual(alone);
      }),
      { numRuns: 30 },
    );
  });

  it('has no more under way than it may, and takes figures at once where time is the budget', () => {
    const lane = new Lane(() => plan(null, 2), 0, []);
    const [first, second] = [lane.next(), lane.next()];
    expect(lane.next()).toBeNull();
    if (second) lane.settle(second, { figure: 0.5, whole: false });
    expect(lane.takeOne()).toBe(second?.trial);
    expect(lane.search.trials[1].values).toEqual([0.5]);
    expect(first?.trial).toBe(0);
    expect(lane.next()?.trial).toBe(2);
  });

  it('goes on from what is stored, and trains nothing again that has ended', () => {
    const before = new Lane(() => plan(6, 1), 0, []);
    const jobs: Job[] = [];
    for (let job = before.next(); job && jobs.length < 6; job = before.next()) {
      jobs.push(job);
      before.settle(job, { figure: figureOf(job), whole: true });
      before.takeOne();
    }
    const stored = before.search.trials.map(({ number, point, values, failed }): StoredTrial => ({
      ...{ entry: 0, number, point, figures: values, failed, whole: true, runs: [] },
    }));
    const after = new Lane(() => plan(6, 1), 0, stored);
    const left = run(after, () => 0);
    // Every trial has ended by itself: rungs are climbed without training.
    expect(left.every((job) => !stored.some(({ number }) => job.startsWith(`${number}@`)))).toBe(true);
    expect(after.search.best()?.values.length).toBeGreaterThan(1);
  });

  it('gives up where the first trials all fail', () => {
    const lane = new Lane(() => plan(100, 1), 0, []);
    let begun = 0;
    for (let job = lane.next(); job; job = lane.next()) {
      begun++;
      lane.settle(job, { figure: NaN, whole: false });
      lane.takeOne();
    }
    expect(begun).toBe(5);
  });

  it('leaves a trial out that was cut', () => {
    const lane = new Lane(() => plan(2, 1, null), 0, []);
    const job = lane.next();
    if (job) lane.settle(job, null);
    expect(lane.takeOne()).toBe(0);
    expect(lane.search.best()).toBeNull();
    expect(lane.next()?.trial).toBe(1);
  });
});
