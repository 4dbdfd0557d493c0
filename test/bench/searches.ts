/**
 * What a search is worth on data: `node test/bench/searches.ts MODEL A B [TRIALS] [SEEDS]`, after a build. Two ways to
 * search (random, asha, tpe, asha+tpe) ML-100K over the model's own space, so many trials each, several search seeds:
 * the best validation figure of each way, and the epochs that all of its trials trained, which unlike seconds are the
 * same whatever else the machine does. Means over seeds, with the standard error of the paired difference. The aims:
 * ASHA level with random search of 60 trials in at most .4 of its epochs; TPE better than random search in 40 trials.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '../../main/shell/cli/open-host.ts';
import { sharedData } from '../fixtures/shared-data.ts';

const [model = 'bpr', first = 'random', second = 'asha', trials = '60', seeds = '5'] = process.argv.slice(2);
const file = sharedData('ml-100k/u.data');
if (!file) throw new Error('ML-100K is not there: nothing was measured.');
const folder = mkdtempSync(join(tmpdir(), 'workbench-bench-'));
const host = await openHost(join(folder, 'data'));

interface Searched {
  readonly best: number;
  readonly epochs: number;
}

async function searched(dataset: string, search: string, searchSeed: number): Promise<Searched> {
  const { sweep, job } = await host.invoke('sweeps.start', {
    ...{ dataset, config: { model, seed: searchSeed }, trials: Number(trials), searchSeed },
    search: search as 'random',
  });
  await host.invoke('jobs.wait', { job });
  const { entries } = await host.invoke('sweeps.get', { sweep });
  const done = entries[0].trials;
  return {
    best: entries[0].best?.validation ?? NaN,
    epochs: done.reduce((sum, trial) => sum + trial.epochs, 0),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
function standardError(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

try {
  const { job } = await host.invoke('import.start', { path: file, name: 'ml-100k', settings: {} });
  const { dataset } = (await host.invoke('jobs.wait', { job })) as { dataset: { id: string } };
  const pairs: [Searched, Searched][] = [];
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const a = await searched(dataset.id, first, seed);
    const b = await searched(dataset.id, second, seed);
    pairs.push([a, b]);
    console.log(
      `seed ${seed}: ${first} ${a.best.toFixed(4)} in ${a.epochs} epochs; ${second} ${b.best.toFixed(4)} in ${b.epochs}`,
    );
  }
  const differences = pairs.map(([a, b]) => b.best - a.best);
  console.log(
    `${model}, ${trials} trials, ${seeds} seeds: ${first} ${mean(pairs.map(([a]) => a.best)).toFixed(4)}, ${second} ${mean(pairs.map(([, b]) => b.best)).toFixed(4)}, difference ${mean(differences).toFixed(4)} ± ${standardError(differences).toFixed(4)} (standard error), epochs ${(mean(pairs.map(([, b]) => b.epochs)) / mean(pairs.map(([a]) => a.epochs))).toFixed(2)} of ${first}'s`,
  );
} finally {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
