/**
 * `npm run fidelity [-- --only row,… --seeds n --report]`: trains the presets on the data sets beside the project and
 * writes docs/fidelity.md. Every run is a process of its own; what was measured is kept in docs/fidelity.json, so that
 * `--only` renews some rows and leaves the others. `--report` writes the page alone.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from '../../main/setup/build.ts';
import { findPreset } from '../../main/models/presets.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import type { Defects } from './defects.ts';
import type { OneResult } from './one.ts';
import { report } from './report.ts';
import { rows, type Row } from './rows.ts';

/** All that was measured, by row. */
export interface Measured {
  machine: string;
  rows: Record<string, { seeds: number[]; results: OneResult[][]; measuredAt: string }>;
  defects: Record<string, Defects>;
}

const jsonFile = fileURLToPath(new URL('../../docs/fidelity.json', import.meta.url));
const pageFile = fileURLToPath(new URL('../../docs/fidelity.md', import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    report: { type: 'boolean', default: false },
  },
});

if (!sharedData('ml-100k/u.data')) {
  console.error('The data sets are not there (../shared/data); nothing was trained.');
  process.exit(2);
}
const measured: Measured = existsSync(jsonFile)
  ? (JSON.parse(readFileSync(jsonFile, 'utf8')) as Measured)
  : { machine: '', rows: {}, defects: {} };
const wanted = values.only?.split(',') ?? null;
const known = [...rows.map(({ name }) => name), 'defects'];
const unknown = wanted?.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`There is no row "${unknown}": ${known.join(', ')}.`);
  process.exit(2);
}
// Kernels of an older build compute something else without a word.
await build(['kernels'], true);
const seeds = Array.from({ length: Number(values.seeds) }, (_, k) => k + 1);
if (!values.report) {
  measured.machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores, Node ${process.versions.node}`;
  for (const row of rows) if (!wanted || wanted.includes(row.name)) await measure(row);
  if (!wanted || wanted.includes('defects')) await measureBook();
}
writePage();

async function measure(row: Row): Promise<void> {
  if (row.preset !== undefined && !findPreset(row.preset)) {
    console.error(`${row.name}: there is no preset ${row.preset}; left out.`);
    return;
  }
  const split = { ...(row.preset === undefined ? {} : findPreset(row.preset)?.split), ...row.split };
  const folds = split.name === 'k-fold' ? (split.folds ?? 5) : 1;
  const results: OneResult[][] = [];
  for (const seed of seeds) {
    const ofSeed: OneResult[] = [];
    for (let fold = 0; fold < folds; fold++)
      ofSeed.push(await child<OneResult>('one.ts', row.name, seed, fold));
    results.push(ofSeed);
    const figures = row.figures.map(
      ({ metric }) => `${metric} ${ofSeed.map((one) => one.metrics[metric]?.toFixed(4)).join(' ')}`,
    );
    console.error(`${row.name}, seed ${seed}: ${figures.join(', ')}, ${ofSeed[0].trainSeconds.toFixed(1)} s`);
  }
  measured.rows[row.name] = { seeds, results, measuredAt: new Date().toISOString().slice(0, 10) };
  writePage();
}

async function measureBook(): Promise<void> {
  measured.defects = {};
  for (const seed of seeds) measured.defects[seed] = await child<Defects>('defects-one.ts', String(seed));
  writePage();
}

async function child<T>(file: string, ...words: (string | number)[]): Promise<T> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...words.map(String)], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}

function writePage(): void {
  writeFileSync(jsonFile, `${JSON.stringify(measured)}\n`);
  writeFileSync(pageFile, report(measured));
}
