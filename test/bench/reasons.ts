/**
 * What a question about a person takes, by the runs of a data folder: `node test/bench/reasons.ts DATA_DIR`. For every
 * finished run: its weights read and prepared (once), what-if with an item removed, an explanation with its ranks, and a
 * search of users; medians over twenty users beside a yardstick, for other work of the machine counts. The aims: what-if
 * of 9,742 items under 50 ms, an explanation under 100 ms, a search of 160,000 users under 100 ms.
 */
import { openReadable } from '../../main/store/database.ts';
import { findUsers, userIdAt } from '../../main/store/entities.ts';
import { findDataset } from '../../main/store/datasets.ts';
import { listRuns } from '../../main/store/runs.ts';
import { databasePath } from '../../main/engine/folder.ts';
import { reasonsFor } from '../../main/engine/inspect/reasons.ts';
import { Scorers } from '../../main/engine/inspect/scorers.ts';
import { whatIf } from '../../main/engine/inspect/what-if.ts';
import { LoadedDatasets } from '../../main/engine/loaded.ts';

const USERS = 20;
const folder = process.argv[2];
if (!folder) throw new Error('Give the data folder: node test/bench/reasons.ts DATA_DIR');
const database = openReadable(databasePath(folder));
const scorers = new Scorers(database, new LoadedDatasets(database));

/** Milliseconds of some work. */
function taken(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const told = (ms: number): string => `${ms.toFixed(1).padStart(8)} ms`;

/** 50 million products and sums in plain code. */
function yardstick(): number {
  const table = new Float32Array(500_000).fill(1.5);
  let sum = 0;
  for (let round = 0; round < 100; round++) for (let k = 0; k < table.length; k++) sum += table[k] * 0.5;
  return sum;
}

console.log(`yardstick, 50 M products: ${told(median(Array.from({ length: 5 }, () => taken(yardstick))))}`);
for (const { run } of listRuns(database, { status: 'finished' })) {
  const { key, dataset } = findDataset(database, run.dataset);
  const users = Array.from({ length: USERS }, (_, k) =>
    userIdAt(database, key, Math.floor(((k + 0.5) * dataset.users) / USERS)),
  );
  const first = taken(() => whatIf(scorers, { run: run.id, user: users[0], add: [], remove: [], top: 10 }));
  const removing: number[] = [];
  const explaining: number[] = [];
  for (const user of users) {
    const asked = { run: run.id, user, add: [], remove: [] as string[], top: 10 };
    const { items } = whatIf(scorers, asked);
    const reasons = reasonsFor(scorers, { run: run.id, user, item: items[0].item });
    const [strongest] = reasons.contributions;
    if (!strongest) continue;
    removing.push(taken(() => whatIf(scorers, { ...asked, remove: [strongest.item] })));
    explaining.push(taken(() => reasonsFor(scorers, { run: run.id, user, item: items[0].item })));
  }
  console.log(
    `${run.name.padEnd(24)} first ${told(first)}, what-if ${told(median(removing))}, why ${told(median(explaining))}, at most ${told(Math.max(...explaining))}`,
  );
}
for (const { run } of listRuns(database, {}).slice(0, 1)) {
  const { key, dataset } = findDataset(database, run.dataset);
  const times = Array.from({ length: 20 }, (_, k) => taken(() => findUsers(database, key, String(k), 200)));
  console.log(`search of ${dataset.users.toLocaleString('en')} users: ${told(median(times))}`);
}
database.close();
