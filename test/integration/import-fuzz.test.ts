import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../fixtures/data/folder.ts';
import { checkCase } from '../fuzz/check.ts';
import { fuzzCase } from '../fuzz/mutate.ts';

const folder = temporaryFolder();

describe('200 damaged files', () => {
  it('import with exact accounts or are refused with a reason', async () => {
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= 200; seed++) {
      const fuzz = fuzzCase(seed);
      const { end } = await checkCase(fuzz, folder.path).catch((error: unknown) => {
        throw new Error(`seed ${seed} (${fuzz.story.join(', ')}): ${String(error)}`, { cause: error });
      });
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    expect(readdirSync(folder.path)).toEqual([]);
    // Most damage costs a few rows, some of it the file.
    expect(ends.get('imported')).toBeGreaterThan(120);
    expect(ends.size).toBeGreaterThan(2);
  });
});
