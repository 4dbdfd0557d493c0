import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Search, type SearchSettings } from '../../../main/search/search.ts';
import type { SearchSpace } from '../../../shared/search.ts';

const space: SearchSpace = [
  { kind: 'number', name: 'rate', low: 0.001, high: 1, scale: 'log', integer: false },
];
const settings = (some: Partial<SearchSettings> = {}): SearchSettings => ({
  space,
  method: 'random',
  eta: 3,
  epochs: { least: 1, most: 9 },
  better: 'higher',
  budget: 9,
  seed: 1,
  ...some,
});

/** Trial, rung, and epochs from … to of a job. */
const brief = (search: Search): string => {
  const job = search.next();
  return job ? `${job.trial}@${job.rung}: ${job.from}–${job.to}` : 'nothing';
};

describe('ASHA', () => {
  it('promotes the best third of each rung as soon as it is one, and goes on from the checkpoint', () => {
    const search = new Search(settings());
    expect(search.rungs).toEqual([1, 3, 9]);
    // One worker; figures of the nine trials at rung 0 in the order in which they begin.
    const figures = [0.3, 0.5, 0.1, 0.9, 0.2, 0.4, 0.8, 0.7, 0.6];
    const told: string[] = [];
    for (let line = brief(search); line !== 'nothing'; line = brief(search)) {
      told.push(line);
      const [trial, rung] = line.split(/[@:]/).map(Number);
      search.report(trial, figures[trial] + rung);
    }
    expect(told).toEqual([
      '0@0: 0–1',
      '1@0: 0–1',
      '2@0: 0–1',
      // Three stand at rung 0: the best of them, 1, goes on.
      '1@1: 1–3',
      '3@0: 0–1',
      // 3 is the best of four now.
      '3@1: 1–3',
      '4@0: 0–1',
      '5@0: 0–1',
      // Two of six may go on: 3 and 1 did. With 6 at .8 the best two are 3 and 6.
      '6@0: 0–1',
      '6@1: 1–3',
      // Three stand at rung 1: 3 is the best of them.
      '3@2: 3–9',
      '7@0: 0–1',
      '8@0: 0–1',
      // Three of nine: 3, 6 and 7.
      '7@1: 1–3',
    ]);
    expect(search.best()?.number).toBe(3);
  });

  it('does not wait for others: what runs is passed over, and where nothing may begin there is nothing to do', () => {
    const search = new Search(settings({ budget: 3 }));
    expect([brief(search), brief(search), brief(search), brief(search)]).toEqual([
      '0@0: 0–1',
      '1@0: 0–1',
      '2@0: 0–1',
      'nothing',
    ]);
    search.report(0, 1);
    search.report(1, 2);
    expect(brief(search)).toBe('nothing');
    search.fail(2);
    expect(brief(search)).toBe('nothing');
    expect(search.best()?.number).toBe(1);
    expect(() => search.report(1, 2)).toThrow(/trial 1 does not run/);
  });

  it('takes lower for better where it is, and the earlier of equals', () => {
    const search = new Search(settings({ better: 'lower', budget: 3 }));
    for (let k = 0; k < 3; k++) search.next();
    [0.5, 0.2, 0.2].forEach((value, trial) => search.report(trial, value));
    expect(brief(search)).toBe('1@1: 1–3');
  });

  it('has its last rung at the most, whatever the steps', () => {
    expect(new Search(settings({ epochs: { least: 2, most: 20 } })).rungs).toEqual([2, 6, 18, 20]);
    expect(new Search(settings({ eta: 4, epochs: { least: 1, most: 16 } })).rungs).toEqual([1, 4, 16]);
    expect(new Search(settings({ eta: null })).rungs).toEqual([9]);
  });

  it.each(['random', 'tpe'] as const)(
    'goes on after a stop as it would have gone on: %s, with several workers',
    (method) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 60 }), (workers, stop) => {
          const run = (stopAt: number): string[] => {
            let search = new Search(settings({ method, budget: 30, seed: 7 }));
            const told: string[] = [];
            for (let step = 0; step < 100; step++) {
              if (step === stopAt)
                search = new Search(settings({ method, budget: 30, seed: 7 }), search.trials);
              const jobs = Array.from({ length: workers }, () => search.next()).filter((job) => job !== null);
              for (const { trial, point, rung, to } of jobs) {
                told.push(`${trial}@${rung}`);
                search.report(trial, Math.log(Number(point.rate)) ** 2 - 1 / to);
              }
            }
            return told;
          };
          expect(run(stop)).toEqual(run(-1));
        }),
        { numRuns: 10 },
      );
    },
  );

  it('trains again what ran when it stopped', () => {
    const search = new Search(settings());
    search.next();
    const again = new Search(settings(), search.trials);
    expect(brief(again)).toBe('0@0: 0–1');
    expect(again.trials).toHaveLength(1);
  });

  it('finds the best of sixty in a fifth of the epochs, where figures keep their order', () => {
    const search = new Search(settings({ budget: 60, epochs: { least: 1, most: 27 } }));
    let epochs = 0;
    for (let job = search.next(); job; job = search.next()) {
      epochs += job.to - job.from;
      search.report(job.trial, Number(job.point.rate));
    }
    expect(epochs).toBeLessThan(0.2 * 60 * 27);
    const best = Math.max(...search.trials.map(({ point }) => Number(point.rate)));
    expect(search.best()?.point.rate).toBe(best);
  });
});
