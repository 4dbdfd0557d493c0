/**
 * Records what the real engine answers, for the windows' stand-in: `npm run record`. It plays the scenario against the
 * built engine in an empty data folder and writes `recorded/*.json`. What differs from one machine or day to the next
 * is made even, so that a second recording of the same sources changes nothing.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../main/setup/build.ts';
import { openHost } from '../../main/shell/cli/open-host.ts';
import type { ErrorShape, Method, WorkbenchEvent } from '../../shared/contract.ts';
import { linesOf, normaliser } from './normalise.ts';
import { heldOutLines, messyLines, play, titleLines, type Recorder } from './scenario.ts';
import type { Recorded } from './recordings.ts';

type Asked = Readonly<Record<string, unknown>>;

await build(['kernels', 'main'], true);
const folder = mkdtempSync(join(tmpdir(), 'workbench-record-'));
const places = {
  folder,
  messy: join(folder, 'ratings_export.csv'),
  titles: join(folder, 'titles.csv'),
  heldOut: join(folder, 'held-out.csv'),
};
writeFileSync(places.messy, messyLines().join('\r\n'));
writeFileSync(places.titles, titleLines().join('\n'));
writeFileSync(places.heldOut, heldOutLines().join('\n'));
const engine = await openHost(join(folder, 'data'));
try {
  const recorded: Recorded[] = [];
  const heard: WorkbenchEvent[] = [];
  engine.subscribe((event) => heard.push(event));
  const invoke = (method: Method, params: Asked) => engine.invoke(method, params);
  const recorder: Recorder = {
    ask: <T>(method: Method, params: Asked = {}) => invoke(method, params) as Promise<T>,
    async keep<T>(method: Method, params: Asked = {}) {
      try {
        const result = await invoke(method, params);
        recorded.push({ method, params, result });
        return result as T;
      } catch (thrown) {
        const { code, message, hint, details } = thrown as ErrorShape;
        recorded.push({ method, params, error: { code, message, hint, details } });
        return {} as T;
      }
    },
    async keepJob(method, params) {
      const { job } = await recorder.keep<{ job: string }>(method, params);
      await recorder.keep('jobs.wait', { job });
    },
    async ended() {
      for (;;) {
        const runs = await engine.invoke('runs.list', {});
        if (runs.every(({ status }) => status !== 'queued' && status !== 'running')) return runs;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  };
  await play(recorder, places);
  write(recorded, heard);
} finally {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
}

/** One file for the methods of one prefix, and one with an event of each name. */
function write(recorded: readonly Recorded[], heard: readonly WorkbenchEvent[]): void {
  const target = join(import.meta.dirname, 'recorded');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  const firsts = [...new Map([...heard].reverse().map((event) => [event.event, event])).values()].reverse();
  const even = normaliser(folder);
  const files = { ...Object.groupBy(recorded, ({ method }) => method.split('.')[0]), events: firsts };
  for (const [name, entries] of Object.entries(files)) {
    const text = linesOf(even(JSON.parse(JSON.stringify(entries))));
    writeFileSync(join(target, `${name}.json`), text);
    console.log(`${name}.json: ${entries?.length} answers, ${Math.ceil(text.length / 1000)} kB`);
  }
}
