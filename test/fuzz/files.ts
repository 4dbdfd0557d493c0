/** Damaged files through one importer: exact accounts or a clear refusal. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCase } from './check.ts';
import { fuzzCase } from './mutate.ts';

/** Imports the files of so many seeds from the first one. @throws naming the seed that broke a rule */
export async function fuzzFiles(first: number, cases: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-fuzz-'));
  const ends = new Map<string, number>();
  let slowest = { seed: 0, seconds: 0 };
  try {
    for (let seed = first; seed < first + cases; seed++) {
      const fuzz = fuzzCase(seed);
      const { end, seconds } = await checkCase(fuzz, folder).catch((error: unknown) => {
        throw new Error(`seed ${seed} (${fuzz.story.join(', ')}): ${String(error)}`, { cause: error });
      });
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (seconds > slowest.seconds) slowest = { seed, seconds };
    }
    const left = readdirSync(folder);
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const counted = JSON.stringify(Object.fromEntries([...ends].sort((a, b) => b[1] - a[1])));
  const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  return `${cases} files: ${counted}; slowest: seed ${slowest.seed}, ${slowest.seconds.toFixed(2)} s; peak ${peak} MB`;
}
