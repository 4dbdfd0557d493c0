/**
 * What two runs at once do for the throughput: `node test/bench/side-by-side.ts [RUNS]`, after a build. For each model so
 * many runs of the sample, unlike by their seed alone: one after the other with one thread and with all threads, two at
 * once with a thread each, and as the queue chooses when two may train at once. Ways take turns, three rounds; medians of
 * seconds and their ratio to one after the other with one thread. The aim on two cores: two at once at least 1.7 times
 * that, or the queue takes whichever is faster.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '../../main/shell/cli/open-host.ts';

const count = Number(process.argv[2] ?? 6);
const folder = mkdtempSync(join(tmpdir(), 'workbench-bench-'));
const host = await openHost(join(folder, 'data'));
const kinds: { model: string; parameters: Record<string, number> }[] = [
  { model: 'bpr', parameters: { epochs: 60, patience: 0 } },
  { model: 'ials', parameters: { epochs: 60, patience: 0 } },
  { model: 'neumf', parameters: { epochs: 10, patience: 0 } },
  { model: 'itemknn', parameters: {} },
];
const ways = [
  { title: 'one after the other, one thread', parallel: 1, threads: 1 },
  { title: 'one after the other, all threads', parallel: 1, threads: null },
  { title: 'two at once, one thread each', parallel: 2, threads: 1 },
  { title: 'as the queue chooses', parallel: 2, threads: null },
] as const;
let seed = 100;

async function seconds(
  kind: (typeof kinds)[number],
  { parallel, threads }: (typeof ways)[number],
): Promise<number> {
  await host.invoke('queue.set', { parallel });
  const configs = Array.from({ length: count }, () => ({ ...kind, threads, seed: seed++ }));
  const began = performance.now();
  const { runs } = await host.invoke('runs.start', { dataset: 'Sample (synthetic)', configs });
  await Promise.all(runs.map((job) => host.invoke('jobs.wait', { job })));
  return (performance.now() - began) / 1000;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

try {
  const { job } = await host.invoke('datasets.sample', {});
  await host.invoke('jobs.wait', { job });
  for (const kind of kinds) {
    const taken = ways.map((): number[] => []);
    for (let round = 0; round < 3; round++)
      for (const [k, way] of ways.entries()) taken[k].push(await seconds(kind, way));
    const [base] = taken.map(median);
    console.log(`${kind.model}, ${count} runs`);
    for (const [k, { title }] of ways.entries())
      console.log(
        `  ${title.padEnd(34)} ${median(taken[k]).toFixed(2)} s  ${(base / median(taken[k])).toFixed(2)} ×`,
      );
    console.log(`  ${(await host.invoke('queue.get', {})).sharing ?? 'nothing measured'}`);
  }
} finally {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
}
