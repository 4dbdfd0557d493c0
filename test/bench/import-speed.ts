/**
 * How long 25 M ratings take to become a staged data set, beside DuckDB counting the same file and writing it as
 * Parquet in the same run: `node test/bench/import-speed.ts [ROWS] [ROUNDS] [user | none]`; the last is the order of the
 * rows: users in turn, or none. `stored` is the whole command, until the data set is in the database. Prints one JSON
 * object; the bar is a ratio of 2 for the command, in either order, and 1,500 MB.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sqlText, withDuckDb } from '../fixtures/duckdb.ts';
import { outputOf } from '../fixtures/workbench.ts';
import { generateRatings } from './generate-ratings.ts';

const [rows = 25_000_000, rounds = 3] = process.argv.slice(2, 4).map(Number);
const order = process.argv[4] === 'none' ? 'none' : 'user';
const folder = mkdtempSync(join(tmpdir(), 'workbench-bench-'));
const path = join(folder, 'ratings.csv');
const entry = fileURLToPath(new URL('../../main/entries/importer.ts', import.meta.url));

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Seconds of the count and of the Parquet file. */
async function duckDbSeconds(): Promise<number> {
  return await withDuckDb(async (connection) => {
    const began = performance.now();
    await connection.runAndReadAll(`SELECT count(*), sum(rating) FROM read_csv(${sqlText(path)})`);
    await connection.run(
      `COPY (SELECT * FROM read_csv(${sqlText(path)})) TO ${sqlText(join(folder, 'x.parquet'))} (FORMAT parquet)`,
    );
    return (performance.now() - began) / 1000;
  });
}

/** Seconds from the start of the process to the staged data set, and the process's peak memory. */
async function importSeconds(): Promise<{ seconds: number; peakMb: number }> {
  const staging = join(folder, 'staging');
  const began = performance.now();
  const child = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  let peakMb = 0;
  const seconds = await new Promise<number>((resolve, reject) => {
    child.once('message', () =>
      child.send({ type: 'start', id: 1, job: 'import', path, options: {}, staging }),
    );
    child.on('message', (message: { type?: string; result?: { report: { peakMemoryMb?: number } } }) => {
      if (message.type === 'done') {
        peakMb = message.result?.report.peakMemoryMb ?? 0;
        resolve((performance.now() - began) / 1000);
      } else if (message.type === 'failed') reject(new Error(JSON.stringify(message)));
    });
  });
  child.kill();
  rmSync(staging, { recursive: true });
  return { seconds, peakMb };
}

/** Seconds of the whole command. */
async function storedSeconds(): Promise<number> {
  const began = performance.now();
  await outputOf(join(folder, 'data'), 'import', path, '--name', String(began));
  const seconds = (performance.now() - began) / 1000;
  rmSync(join(folder, 'data'), { recursive: true });
  return seconds;
}

try {
  generateRatings(path, rows, { order });
  const duckDb: number[] = [];
  const own: number[] = [];
  const stored: number[] = [];
  let peakMb = 0;
  for (let round = 0; round < rounds; round++) {
    duckDb.push(await duckDbSeconds());
    const imported = await importSeconds();
    own.push(imported.seconds);
    peakMb = Math.max(peakMb, imported.peakMb);
    stored.push(await storedSeconds());
  }
  const ratio = median(own) / median(duckDb);
  const storedRatio = median(stored) / median(duckDb);
  console.log(JSON.stringify({ rows, order, duckDb, importer: own, ratio, stored, storedRatio, peakMb }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
