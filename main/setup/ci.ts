/**
 * The tests as `.ci/run` runs them: all levels; where the shared data are there, a skipped test is a failure, for
 * nothing else is a reason to skip one here. Ends with one line of totals.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';
import { readSummary, summaryLine, type Summary } from './test-summary.ts';

export async function run(words: readonly string[]): Promise<number> {
  const report = join(root, 'dist', 'tests.json');
  mkdirSync(join(root, 'dist'), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await runNode([
    vitest,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...words,
  ]);
  if (!existsSync(report)) {
    console.error('The tests ended without a report.');
    console.log('0 passed, 1 failed, 0 skipped');
    return 1;
  }
  const summary = readSummary(report);
  const unseen = existsSync(join(root, '..', 'shared', 'data')) ? summary.skipped : [];
  for (const name of summary.skipped) console.log(`skipped: ${name}`);
  if (unseen.length > 0) console.log('The shared data are there, so no test may be skipped.');
  console.log(summaryLine(summary));
  return isGood(code, summary, unseen) ? 0 : 1;
}

function isGood(code: number, { passed, failed }: Summary, unseen: readonly string[]): boolean {
  return code === 0 && failed === 0 && passed > 0 && unseen.length === 0;
}

function runNode(words: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, words, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
