import { describe, expect, it } from 'vitest';
import { Search } from '../../../main/search/search.ts';
import { branin, hartmann6, type TestFunction } from './functions.ts';

const SEEDS = 20;

/** Best values of 20 seeds after 40 and after 100 trials. */
function best(method: 'random' | 'tpe', { space, value }: TestFunction): [number[], number[]] {
  const found: [number[], number[]] = [[], []];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const epochs = { least: 1, most: 1 };
    const search = new Search({ space, method, eta: null, epochs, better: 'lower', budget: 100, seed });
    for (let trial = 1; trial <= 100; trial++) {
      const job = search.next();
      if (job) search.report(job.trial, value(job.point));
      if (trial === 40) found[0].push(search.best()?.values[0] ?? NaN);
    }
    found[1].push(search.best()?.values[0] ?? NaN);
  }
  return found;
}

const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;

describe('TPE', () => {
  // Mean and standard error of 20 seeds of a widely used implementation.
  it.each([
    ['Branin', branin, [0.778, 0.101], [0.421, 0.005]],
    ['Hartmann-6', hartmann6, [-2.697, 0.072], [-3.182, 0.022]],
  ] as const)('finds %s as well as it was measured elsewhere', (_, known, after40, after100) => {
    const tpe = best('tpe', known).map(mean);
    [after40, after100].forEach(([reference, error], k) => {
      expect(tpe[k]).toBeLessThan(reference + error);
      expect(tpe[k]).toBeGreaterThan(known.minimum - 1e-5);
    });
    best('random', known)
      .map(mean)
      .forEach((value, k) => expect(tpe[k]).toBeLessThan(value));
  });
});
