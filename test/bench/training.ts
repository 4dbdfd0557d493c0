/**
 * `npm run bench [-- --python PATH --reference FILE --only row,… --alternations n --threads n]`: our training against
 * the PyTorch reference on the same presets, interleaved (ours, theirs, ours, …), medians; writes docs/performance.md.
 * Without a Python with torch ours alone, and the page says so. A row counts only if it also learned: its figure
 * after the same number of epochs is no worse than PyTorch's by more than the noise of a seed.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { sharedData, sharedDataFolder } from '../fixtures/shared-data.ts';
import { performancePage } from './training-page.ts';
import type { OurRun } from './training-one.ts';
import { benchRows, type BenchRow } from './training-rows.ts';

export interface TheirRun {
  readonly examplesPerSecond: number;
  readonly quality: number | null;
  readonly peakMemoryMb: number;
}

export interface MeasuredRow {
  ours: OurRun[];
  /** Empty without PyTorch. */
  theirs: TheirRun[];
  measuredAt: string;
}

export interface Performance {
  machine: string;
  threads: number;
  torch: string | null;
  rows: Record<string, MeasuredRow>;
}

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
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
const wanted = values.only?.split(',') ?? benchRows.map(({ name }) => name);
const unknown = wanted.find((name) => benchRows.every((row) => row.name !== name));
if (unknown !== undefined) {
  console.error(`There is no row "${unknown}": ${benchRows.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const measured: Performance = existsSync(jsonFile)
  ? (JSON.parse(readFileSync(jsonFile, 'utf8')) as Performance)
  : { machine: '', threads, torch: null, rows: {} };

if (!values.report) {
  const memory = Math.round(os.totalmem() / 2 ** 30);
  measured.machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores, ${memory} GB, ${os.type()} ${os.release()}, Node ${process.versions.node}`;
  measured.threads = threads;
  if (values.python === undefined) console.error('No --python with torch was given: ours alone.');
  else measured.torch = await torchVersion(values.python);
  for (const row of benchRows) if (wanted.includes(row.name)) await measure(row);
}
write();

async function measure(row: BenchRow): Promise<void> {
  const found: MeasuredRow = { ours: [], theirs: [], measuredAt: new Date().toISOString().slice(0, 10) };
  for (let alternation = 1; alternation <= Number(values.alternations); alternation++) {
    const ours = await ourRun(row, alternation);
    found.ours.push(ours);
    const theirs = values.python === undefined ? null : await theirRun(values.python, row, alternation);
    if (theirs) found.theirs.push(theirs);
    const words = [ours, theirs].map(
      (one) => one && `${(one.examplesPerSecond / 1e6).toFixed(3)} M/s (${one.quality?.toFixed(4) ?? '–'})`,
    );
    const ratio = theirs ? `, ${(ours.examplesPerSecond / theirs.examplesPerSecond).toFixed(2)} ×` : '';
    console.error(
      `${row.name} ${alternation}: ours ${words[0] ?? ''}, theirs ${words[1] ?? 'not measured'}${ratio}`,
    );
  }
  measured.rows[row.name] = found;
  write();
}

async function ourRun(row: BenchRow, seed: number): Promise<OurRun> {
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
