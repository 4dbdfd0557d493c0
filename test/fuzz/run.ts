/**
 * `npm run fuzz [-- KIND…] [--seed N] [--files 10000] [--messages 100000] [--joins 500] [--kills 300] [--soak 60]`: all
 * kinds from one seed, which is printed, or those that are named; the numbers say how many cases, and minutes of the
 * soak, which is done where it is named. Ends with 1 at the first that breaks a rule; the same seed makes the same choices.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../main/setup/build.ts';
import { root } from '../../main/setup/sources.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    files: { type: 'string', default: '10000' },
    messages: { type: 'string', default: '100000' },
    joins: { type: 'string', default: '500' },
    kills: { type: 'string', default: '300' },
    soak: { type: 'string', default: '60' },
  },
});
const seed = Number(values.seed);
// Loaded when called: what they try reads the app as it is built, which in a fresh clone is done first.
const kinds: Record<string, (folder: string) => Promise<string>> = {
  files: async () => (await import('./files.ts')).fuzzFiles(seed, Number(values.files)),
  messages: async (folder) =>
    (await import('./messages.ts')).fuzzMessages(seed, Number(values.messages), folder),
  joins: async (folder) => (await import('./joins.ts')).fuzzJoins(seed, Number(values.joins), folder),
  kills: async (folder) => (await import('./kills.ts')).fuzzKills(seed, Number(values.kills), folder),
  importer: () => longForm('test/integration/import-process.test.ts'),
  simulations: () => longForm('test/unit/evaluation/statistics'),
  soak: async (folder) => (await import('./soak.ts')).soak(Number(values.soak), folder),
};
const wanted =
  positionals.length > 0 ? positionals : ['files', 'messages', 'joins', 'kills', 'importer', 'simulations'];
const unknown = wanted.find((kind) => !Object.hasOwn(kinds, kind));
if (unknown) throw new Error(`There is no kind ${unknown}: ${Object.keys(kinds).join(', ')}.`);

console.log(`seed ${seed}`);
await build(['kernels', 'main', 'renderer'], true);
for (const kind of wanted) {
  const folder = mkdtempSync(join(tmpdir(), `workbench-fuzz-${kind}-`));
  const began = performance.now();
  try {
    const report = await kinds[kind](folder);
    console.log(`${kind}: ${report} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
  } catch (error) {
    console.error(`${kind}:`, error);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exit();

/** Tests of `npm test` that try more often here: 100 kills of the importer in place of 20, simulations of thousands. */
function longForm(tests: string): Promise<string> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const words = [vitest, 'run', '--mode', 'fuzz', tests];
  const child = spawn(process.execPath, words, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) =>
    child.on('exit', (code) =>
      code === 0 ? resolve(tests) : reject(new Error(`vitest ended with ${code}`)),
    ),
  );
}
