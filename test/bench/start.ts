/**
 * How soon the programs are there, and what they hold while nothing is asked of them: `npm run bench:start [-- ROUNDS]`.
 * The aims, on two idle cores: a usable window within 1 s of the command (the browser itself runs already), the first
 * epoch of a model on the kernels begun within .4 s, and 400 MB for all our processes beside an open window. Data folders
 * are new, and the first round, which compiles everything, is not counted.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from '../../main/setup/build.ts';
import { launchBrowser } from '../fixtures/browser.ts';
import { outputOf } from '../fixtures/workbench.ts';
import { serveBuilt } from '../integration/shell/serve.ts';
import { generateRatings } from './generate-ratings.ts';

const rounds = Number(process.argv[2] ?? 5);
/** Seconds after which an open window's processes count as idle. */
const idleAfter = 10;

await build(['kernels', 'main', 'preload', 'renderer'], true);
const folder = mkdtempSync(join(tmpdir(), 'workbench-start-'));
try {
  console.log(`load before: ${loadavg()[0].toFixed(1)}; medians of ${rounds} rounds`);
  await windows();
  await training();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** From the command to a window that answers, and what is held then. */
async function windows(): Promise<void> {
  const browser = await launchBrowser();
  const found: Record<'served' | 'usable' | 'memory' | 'processes', number>[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const began = performance.now();
      const served = await serveBuilt(join(folder, 'window'));
      const servedAt = performance.now();
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(served.url);
      // What a person starts with: it is there when the engine has answered.
      await page
        .getByRole('button', { name: /sample/i })
        .first()
        .waitFor();
      const usableAt = performance.now();
      if (round === rounds) await pause(idleAfter * 1000);
      const ours = processesFrom(served.process.pid ?? 0);
      found.push({
        served: servedAt - began,
        usable: usableAt - began,
        memory: ours.reduce((sum, { megabytes }) => sum + megabytes, 0),
        processes: ours.length,
      });
      await context.close();
      served.process.kill();
      await served.ended;
    }
  } finally {
    await browser.close();
  }
  const counted = found.slice(1);
  say('browser shell, command to address', median(counted.map(({ served }) => served)), 'ms');
  say('browser shell, command to usable window', median(counted.map(({ usable }) => usable)), 'ms', 1000);
  const { memory, processes } = found[rounds];
  say(`memory of our ${processes} processes, ${idleAfter} s after`, memory, 'MB', 400);
}

/** From the command to the first epoch, on a million ratings. */
async function training(): Promise<void> {
  const data = join(folder, 'data');
  const file = join(folder, 'ratings.csv');
  generateRatings(file, 1_000_000);
  await outputOf(data, 'import', file, '--name', 'million');
  const started: number[] = [];
  for (let round = 0; round <= rounds; round++) started.push(await firstEpoch(data));
  say('train, command to first epoch (iALS, 1 M ratings)', median(started.slice(1)), 'ms', 400);
}

/** Milliseconds from the start of the process until its run is known to train. */
async function firstEpoch(data: string): Promise<number> {
  const log = join(folder, 'stages');
  rmSync(log, { force: true });
  const hook = new URL('../fixtures/stage-trace.ts', import.meta.url).href;
  const words = ['train', '--dataset', 'million', '--model', 'ials', '--set', 'epochs=1', '--data-dir', data];
  const began = performance.timeOrigin + performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/main/cli.js'), ...words], {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: `--import=${hook}`, STAGE_TRACE: log },
  });
  await new Promise((resolve) => child.on('exit', resolve));
  const line = readFileSync(log, 'utf8')
    .split('\n')
    .find((each) => each.endsWith(' started'));
  return Number(line?.split(' ')[0]) - began;
}

/** A process and all that it started, by the system's table. */
function processesFrom(root: number): { pid: number; megabytes: number }[] {
  const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = new Set([root]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [pid, parent] of table) if (found.has(parent)) found.add(pid);
  }
  return table.filter(([pid]) => found.has(pid)).map(([pid, , rss]) => ({ pid, megabytes: rss / 1024 }));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function say(what: string, value: number, unit: string, aim?: number): void {
  const verdict = aim === undefined ? '' : ` (aim ${aim} ${unit}: ${value <= aim ? 'held' : 'NOT held'})`;
  console.log(`${what.padEnd(52)} ${value.toFixed(0)} ${unit}${verdict}`);
}
