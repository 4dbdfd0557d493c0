/**
 * `npm run bench [-- --python PATH --peers --reference FILE --only row,… --alternations n --threads n]`: our training
 * against the PyTorch reference on the same presets, interleaved (ours, theirs, ours, …), medians; writes
 * docs/performance.md. `--peers` adds implicit and Cornac on the work of peer-rows.ts, by the same Python (python3 unless
 * given). What that Python cannot import is a skipped line, and the page says so. A row counts only if it also learned:
 * its figure after the same number of epochs is no worse than PyTorch's by more than the noise of a seed. Beside every
 * figure stands what the machine gave at that moment.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from '../../main/setup/build.ts';
import { sharedData, sharedDataFolder } from '../fixtures/shared-data.ts';
import { performancePage } from './training-page.ts';
import { figureOf, yardstickText } from './peer-page.ts';
import { type Peer, type PeerRow, peerRows } from './peer-rows.ts';
import { hasModule, peerRun, type PeerRun } from './peers.ts';
import type { OurRun } from './training-one.ts';
import { benchRows, type BenchRow } from './training-rows.ts';
import { openYardstick, type Yardstick } from './yardstick.ts';

export interface TheirRun {
  readonly examplesPerSecond: number;
  readonly quality: number | null;
  readonly peakMemoryMb: number;
}

export interface MeasuredRow {
  ours: OurRun[];
  /** Empty without PyTorch. */
  theirs: TheirRun[];
  /** Before each pair of runs; older measurements have none. */
  yardsticks?: Yardstick[];
  measuredAt: string;
}

export interface MeasuredPeers {
  readonly ours: OurRun[];
  /** By alternation: each peer that was there. */
  readonly theirs: PeerRun[][];
  readonly skipped: readonly string[];
  readonly yardsticks: Yardstick[];
  readonly measuredAt: string;
}

export interface Performance {
  machine: string;
  threads: number;
  torch: string | null;
  rows: Record<string, MeasuredRow>;
  peers?: Record<string, MeasuredPeers>;
}

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    peers: { type: 'boolean', default: false },
    reference: { type: 'string' },
    only: { type: 'string' },
    alternations: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    report: { type: 'boolean', default: false },
  },
});

const near = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const jsonFile = near('../../docs/performance.json');
const pageFile = near('../../docs/performance.md');
const script = values.reference ?? near('../../../shared/tools/torch_reference.py');
const threads = Number(values.threads);
const run = promisify(execFile);

if (!sharedData('ml-1m/ratings.tsv')) {
  console.error('The data sets are not there (../shared/data); nothing was measured.');
  process.exit(2);
}
const names = [...benchRows, ...peerRows].map(({ name }) => name);
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`There is no row "${unknown}": ${names.join(', ')}.`);
  process.exit(2);
}
// Kernels of an older build compute something else without a word.
await build(['kernels'], true);
const measured: Performance = existsSync(jsonFile)
  ? (JSON.parse(readFileSync(jsonFile, 'utf8')) as Performance)
  : { machine: '', threads, torch: null, rows: {} };

if (!values.report) {
  const memory = Math.round(os.totalmem() / 2 ** 30);
  measured.machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores, ${memory} GB, ${os.type()} ${os.release()}, Node ${process.versions.node}`;
  measured.threads = threads;
  const torch = await torchOf(values.python);
  if (torch) measured.torch = await torchVersion(torch);
  const yardstick = await openYardstick(threads);
  for (const row of benchRows) if (wanted.includes(row.name)) await measure(row, torch, yardstick.measure);
  if (values.peers)
    for (const row of peerRows) if (wanted.includes(row.name)) await measurePeers(row, yardstick.measure);
  yardstick.end();
}
write();

/** The Python with torch, or null with a line that says why PyTorch is left out. */
async function torchOf(python: string | undefined): Promise<string | null> {
  if (python !== undefined && (await hasModule(python, 'torch'))) return python;
  const reason = python === undefined ? 'no --python with torch was given' : `${python} has no module torch`;
  console.error(`PyTorch: skipped, ${reason}.`);
  return null;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function measure(row: BenchRow, torch: string | null, yardstick: () => Yardstick): Promise<void> {
  const found = { ours: [], theirs: [], yardsticks: [], measuredAt: today() } as Required<MeasuredRow>;
  for (let alternation = 1; alternation <= Number(values.alternations); alternation++) {
    found.yardsticks.push(yardstick());
    const ours = await ourRun(row, alternation);
    found.ours.push(ours);
    const theirs = torch === null ? null : await theirRun(torch, row, alternation);
    if (theirs) found.theirs.push(theirs);
    const words = [ours, theirs].map(
      (one) => one && `${(one.examplesPerSecond / 1e6).toFixed(3)} M/s (${one.quality?.toFixed(4) ?? '–'})`,
    );
    const ratio = theirs ? `, ${(ours.examplesPerSecond / theirs.examplesPerSecond).toFixed(2)} ×` : '';
    console.error(
      `${row.name} ${alternation}: ours ${words[0] ?? ''}, theirs ${words[1] ?? 'not measured'}${ratio}` +
        `; ${yardstickText(found.yardsticks.slice(-1))}`,
    );
  }
  measured.rows[row.name] = found;
  write();
}

async function measurePeers(row: PeerRow, yardstick: () => Yardstick): Promise<void> {
  const python = values.python ?? 'python3';
  const [there, skipped]: [Peer[], string[]] = [[], []];
  for (const peer of row.peers)
    if (await hasModule(python, peer.module)) there.push(peer);
    else skipped.push(peer.title);
  for (const title of skipped) console.error(`${row.name}: ${title} skipped, ${python} has no such module.`);
  const found: MeasuredPeers = { ours: [], theirs: [], skipped, yardsticks: [], measuredAt: today() };
  for (let alternation = 1; alternation <= Number(values.alternations); alternation++) {
    found.yardsticks.push(yardstick());
    const ours = await ourRun(row, alternation);
    found.ours.push(ours);
    const theirs: PeerRun[] = [];
    for (const peer of there) theirs.push(await peerRun(python, row, peer, threads));
    found.theirs.push(theirs);
    const said = theirs.map(
      (one) => `${one.peer} ${figureOf(row, one).toPrecision(3)} (${one.quality.toFixed(4)})`,
    );
    console.error(
      `${row.name} ${alternation}: ours ${figureOf(row, ours).toPrecision(3)} (${ours.quality?.toFixed(4) ?? '–'}), ` +
        `${said.join(', ')}; ${yardstickText(found.yardsticks.slice(-1))}`,
    );
  }
  measured.peers = { ...measured.peers, [row.name]: found };
  write();
}

async function ourRun(row: { readonly name: string }, seed: number): Promise<OurRun> {
  const { stdout } = await run(process.execPath, [
    near('training-one.ts'),
    row.name,
    String(threads),
    String(seed),
  ]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as OurRun;
}

async function theirRun(python: string, row: BenchRow, seed: number): Promise<TheirRun> {
  const [model, ...options] = row.reference;
  const common = ['--data', sharedDataFolder, '--threads', threads, '--epochs', row.epochs, '--seed', seed];
  const environment = {
    ...process.env,
    // Without these one start in three runs at the speed of one thread.
    MALLOC_TRIM_THRESHOLD_: '4000000000',
    MALLOC_MMAP_THRESHOLD_: '4000000000',
    MALLOC_TOP_PAD_: '67108864',
  };
  const { stdout } = await run(python, [script, model, ...options, ...common.map(String)], {
    env: environment,
  });
  const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    examples_per_second: number;
    metrics: Record<string, number>;
    peak_rss_mb: number;
  };
  return {
    examplesPerSecond: result.examples_per_second,
    quality: row.quality && result.metrics[row.quality.theirs],
    peakMemoryMb: result.peak_rss_mb,
  };
}

async function torchVersion(python: string): Promise<string> {
  const { stdout } = await run(python, ['-c', 'import torch; print(torch.__version__)']);
  return stdout.trim();
}

function write(): void {
  writeFileSync(jsonFile, `${JSON.stringify(measured, null, 1)}\n`);
  writeFileSync(pageFile, performancePage(measured));
}
