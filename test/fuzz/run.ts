/**
 * `npm run fuzz [-- CASES FIRST_SEED]`: damaged files through one importer, 10,000 by default. Ends with 1 at the first
 * that breaks a rule, naming its seed; `npm run fuzz -- 1 SEED` runs that one again.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCase } from './check.ts';
import { fuzzCase } from './mutate.ts';

const [cases = 10_000, first = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'workbench-fuzz-'));
const ends = new Map<string, number>();
const began = performance.now();
let slowest = { seed: 0, seconds: 0 };
try {
  for (let seed = first; seed < first + cases; seed++) {
    const fuzz = fuzzCase(seed);
    try {
      const { end, seconds } = await checkCase(fuzz, folder);
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (seconds > slowest.seconds) slowest = { seed, seconds };
    } catch (error) {
      console.error(`Seed ${seed} (${fuzz.story.join(', ')}):`, error);
      process.exitCode = 1;
      break;
    }
  }
  const left = readdirSync(folder);
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `${cases} files in ${seconds} s: ${JSON.stringify(Object.fromEntries([...ends].sort((a, b) => b[1] - a[1])))}`,
);
console.log(
  `slowest: seed ${slowest.seed}, ${slowest.seconds.toFixed(2)} s; peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`,
);
