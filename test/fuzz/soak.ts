/** One engine for a long time: import, train, compare, delete, again and again. What it holds does not grow. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeRatings } from '../fixtures/ratings-file.ts';
import { childrenOf } from '../fixtures/workbench.ts';
import { openWindow, serveBuilt, type Window } from '../integration/shell/serve.ts';
import { vitalsOf } from './vitals.ts';

interface Held {
  readonly files: number;
  readonly memoryMb: number;
  readonly diskMb: number;
}

function held(engine: number, dir: string): Held {
  const bytes = readdirSync(dir, { recursive: true })
    .map((name) => statSync(join(dir, String(name)), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((a, b) => a + b, 0);
  return { ...vitalsOf(engine), diskMb: bytes / 2 ** 20 };
}

async function round(window: Window, file: string, k: number): Promise<void> {
  const done = async (started: Promise<unknown>): Promise<unknown> => {
    const { job } = (await started) as { job: string };
    return window.invoke('jobs.wait', { job });
  };
  await done(window.invoke('import.check', { path: file, settings: {} }));
  await done(window.invoke('import.start', { path: file, name: `soak ${k}`, settings: {} }));
  const configs = [{ model: 'popularity' }, { model: 'mf', parameters: { epochs: 3 } }];
  const dataset = `soak ${k}`;
  const { runs } = (await window.invoke('runs.start', { dataset, configs })) as { runs: string[] };
  for (const run of runs) await window.invoke('jobs.wait', { job: run });
  await window.invoke('compare', { runs, force: true });
  await window.invoke('datasets.delete', { dataset, withRuns: true });
}

/** For so many minutes, but three rounds at least. @throws where files, memory or disk grow after the first fifth */
export async function soak(minutes: number, folder: string): Promise<string> {
  const file = join(folder, 'soak.csv');
  const dir = join(folder, 'data');
  writeRatings(file, 20_000, 600, 400);
  const served = await serveBuilt(dir);
  try {
    const window = await openWindow(served.url);
    const [engine] = childrenOf(served.process.pid ?? 0, 'engine');
    const seen: Held[] = [];
    const end = performance.now() + minutes * 60_000;
    for (let k = 0; k < 3 || performance.now() < end; k++) {
      await round(window, file, k);
      seen.push(held(engine, dir));
    }
    window.close();
    const settled = Math.max(1, Math.floor(seen.length / 5));
    const most = (of: (each: Held) => number, from: number, to: number): number =>
      Math.max(...seen.slice(from, to).map(of));
    const grown = (['files', 'memoryMb', 'diskMb'] as const).map((what) => {
      const before = most((each) => each[what], 0, settled);
      const after = most((each) => each[what], seen.length - settled, seen.length);
      const room = { files: 3, memoryMb: Math.max(60, before / 2), diskMb: Math.max(5, before / 2) }[what];
      if (after > before + room)
        throw new Error(`${what} grew from ${before} to ${after} in ${seen.length} rounds`);
      return `${what} ${before.toFixed(0)} to ${after.toFixed(0)}`;
    });
    return `${seen.length} rounds of import, train, compare, delete: ${grown.join(', ')}`;
  } finally {
    served.process.kill('SIGTERM');
    await served.ended;
  }
}
