/** Files of the kinds that are misread without a word, through the methods that the wizard calls: look, check, decide, import. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/contract.ts';
import type { ImportOutcome, ImportSettings, Interpretation } from '../../../shared/imports.ts';
import { misread } from '../../fixtures/data/misread.ts';
import { openWindow, serveBuilt, type Served, type Window } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-misread-'));
let served: Served;
let window: Window;

beforeAll(async () => {
  served = await serveBuilt(join(folder, 'data'));
  window = await openWindow(served.url);
});
afterAll(async () => {
  window?.close();
  served?.process.kill();
  await served?.ended;
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  result: ImportOutcome | null;
  /** What a refusal tells. */
  refused: { details?: { interpretations?: Interpretation[] } } | null;
}

/** Runs a job to its end, as the window does. */
async function ended(method: string, params: unknown): Promise<Ended> {
  const { job } = (await window.invoke(method, params)) as { job: string };
  try {
    return { result: (await window.invoke('jobs.wait', { job })) as ImportOutcome, refused: null };
  } catch (error) {
    return { result: null, refused: error as Ended['refused'] };
  }
}

describe('a file that is easily misread', () => {
  it.each(misread)('$name', { timeout: 60_000 }, async ({ name, content, items, says, decide, ...truth }) => {
    const path = join(folder, `${name}.csv`);
    writeFileSync(path, content);
    let settings: ImportSettings = truth.settings ?? {};
    if (items !== undefined) {
      const second = join(folder, `${name} items.csv`);
      writeFileSync(second, items);
      settings = { ...settings, items: second };
    }
    const look = async () => {
      const seen = (await window.invoke('import.inspect', { path, settings })) as Result<'import.inspect'>;
      if (seen.missing.length > 0) return { told: seen.interpretations, outcome: null };
      const { result, refused } = await ended('import.check', {
        path,
        settings: { ...settings, maxRejected: 100 },
      });
      return { told: result?.interpretations ?? refused?.details?.interpretations ?? [], outcome: result };
    };
    let found = await look();
    const said = found.told.map(({ text, otherwise }) =>
      [text, ...otherwise.map(({ title }) => title)].join(' '),
    );
    if (says) expect(said.join(' ')).toMatch(says);
    if (decide) {
      const remedy = found.told.flatMap(({ otherwise }) => otherwise).find(({ title }) => decide.test(title));
      expect(remedy, said.join(' ')).toBeDefined();
      settings = { ...settings, ...remedy?.settings };
      found = await look();
    }
    const { accounting } = found.outcome ?? { accounting: null };
    expect(accounting?.imported).toBe(truth.ratings);
    const { result, refused } = await ended('import.start', { path, name, settings });
    expect(refused).toBeNull();
    const { users, items: itemCount, ratings } = result?.dataset ?? {};
    expect({ users, itemCount, ratings }).toEqual({
      users: truth.users,
      itemCount: truth.itemCount,
      ratings: truth.ratings,
    });
    expect(result?.accounting).toEqual(accounting);
  });
});
