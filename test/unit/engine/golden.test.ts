import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine } from '../../../main/engine/engine.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { writeArtifacts } from '../../../main/store/artifacts.ts';
import { insertGolden, writeGoldenResults } from '../../../main/store/golden.ts';
import { updateRun } from '../../../main/store/runs.ts';
import { writeSplit } from '../../../main/store/splits.ts';
import { goldenNotes } from '../../../main/engine/compare/golden-notes.ts';
import { databasePath } from '../../../main/engine/folder.ts';
import type { GoldenCheck } from '../../../shared/golden.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const root = mkdtempSync(join(tmpdir(), 'workbench-test-'));
const folder = join(root, 'data');
let engine: Engine;

/**
 * The popularity of the small data set: user u1 has a and b and is left c; u2 has a, is left b, then c. Kept as a run
 * whose list of u2 is stored, with the weights of popularity.
 */
beforeAll(async () => {
  await (await createEngine({ dataDir: folder })).close();
  const database = openDatabase(databasePath(folder));
  const dataset = storeSmall(database);
  for (const [id, model] of [
    ['run-1', 'popularity'],
    ['run-2', 'popularity'],
    // A model of another version of the app.
    ['run-3', 'unheard-of'],
  ]) {
    const key = storeRun(database, dataset, id);
    database.prepare('UPDATE runs SET model = ? WHERE key = ?').run(model, key);
    writeSplit(database, dataset, {
      hash: 'all-train',
      config: {
        name: 'random',
        testShare: 0.1,
        seed: 1,
        ties: 'last',
        folds: 5,
        fold: 0,
        validation: 'auto',
      },
      part: new Uint8Array(6),
    });
    updateRun(database, key, { status: 'finished', splitName: 'random', splitHash: 'all-train' });
    writeArtifacts(database, key, 'weights', { counts: Float32Array.of(3, 2, 1) });
  }
  database.close();
  engine = await createEngine({ dataDir: folder });
});

afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true, force: true });
});

const add = (changes: object) => engine.invoke('golden.add', { dataset: 'Small', ...changes });

/** What a check comes to, by the golden user's name. */
function told({ results }: GoldenCheck): Record<string, unknown> {
  return Object.fromEntries(
    results.map(({ name, pass, missing, unwanted }) => [name, [pass, missing, unwanted]]),
  );
}

describe('Golden users', () => {
  it('pass where the list holds what is expected, and nothing that is forbidden', async () => {
    await add({ name: 'second', user: 'u2', expect: ['b'], forbid: ['c'], top: 1 });
    await add({ name: 'first', user: 'u1', expect: ['c'], forbid: ['genre:Comedy'] });
    await add({ name: 'comedy', user: 'u2', forbid: ['genre:Comedy'], top: 1 });
    await add({ name: 'unmet', user: 'u2', expect: ['c', 'genre:Drama'], top: 1 });
    const check = await engine.invoke('golden.check', { run: 'run-1' });
    expect(told(check)).toEqual({
      second: [true, [], []],
      first: [true, [], []],
      comedy: [false, [], ['genre:Comedy']],
      unmet: [false, ['c'], []],
    });
    expect([check.passed, check.failed]).toEqual([2, 2]);
    expect(await engine.invoke('golden.results', { runs: ['run-1'] })).toEqual([check]);
  });

  it('may be people with a history of their own, who are shown what they do not have', async () => {
    const history = [{ item: 'a' }, { item: 'b', rating: 2 }];
    const added = await add({ name: 'imagined', history, expect: ['c'], forbid: ['a'] });
    expect(added).toMatchObject({ user: null, datasetName: 'Small', top: 10 });
    const { results } = await engine.invoke('golden.check', { run: 'run-1' });
    expect(results.find(({ name }) => name === 'imagined')).toMatchObject({ pass: true });
  });

  it('are counted in the runs that were checked', async () => {
    const runs = await engine.invoke('runs.list', {});
    expect(runs.find(({ id }) => id === 'run-1')?.golden).toEqual({ passed: 3, failed: 2 });
  });

  it('are checked by themselves: all finished runs when one is added, and a run when it changes to finished', async () => {
    const golden = async (): Promise<unknown> =>
      (await engine.invoke('runs.list', {})).find(({ id }) => id === 'run-2')?.golden;
    await engine.invoke('runs.note', { run: 'run-2', note: 'Any change of a finished run.' });
    await expect.poll(golden, { timeout: 20_000 }).toEqual({ passed: 3, failed: 2 });
    await add({ name: 'late', user: 'u2', expect: ['b'] });
    await expect.poll(golden, { timeout: 20_000 }).toEqual({ passed: 4, failed: 2 });
  });

  it('that a run cannot be asked about are said so, and neither pass nor fail', async () => {
    const check = await engine.invoke('golden.check', { run: 'run-3' });
    expect([check.passed, check.failed]).toEqual([0, 0]);
    expect(check.results[0]).toMatchObject({ pass: null });
    expect(check.results[0].note).toContain('has no model');
  });

  it.each([
    [{ name: 'first', user: 'u1', expect: ['c'] }, 'golden-exists'],
    [{ name: 'x', user: 'u1' }, 'rules-needed'],
    [{ name: 'x', expect: ['c'] }, 'person-needed'],
    [{ name: 'x', user: 'u1', history: [{ item: 'a' }], expect: ['c'] }, 'person-needed'],
    [{ name: 'x', user: 'nobody', expect: ['c'] }, 'user-missing'],
    [{ name: 'x', user: 'u1', expect: ['z'] }, 'item-missing'],
    [{ name: 'x', user: 'u1', forbid: ['genre:Western'] }, 'genre-missing'],
  ])('are refused in words where they could say nothing: %j', async (changes, code) => {
    await expect(add(changes)).rejects.toMatchObject({ code });
  });

  it('are gone when they are removed', async () => {
    const all = await engine.invoke('golden.list', { dataset: 'Small' });
    for (const { id } of all) await engine.invoke('golden.remove', { golden: id });
    expect(await engine.invoke('golden.list', {})).toEqual([]);
    expect((await engine.invoke('runs.list', {}))[0].golden).toBeNull();
    await expect(engine.invoke('golden.remove', { golden: 'gone' })).rejects.toMatchObject({
      code: 'golden-missing',
    });
  });
});

describe('A blind taste test', () => {
  it('counts picks for the run, whichever side it was on, with an interval', async () => {
    const pick = (left: string, right: string, picked: 'left' | 'right' | 'neither', rater = 'Ann') =>
      engine.invoke('taste.add', { dataset: 'Small', user: 'u1', left, right, rater, pick: picked });
    await pick('run-1', 'run-2', 'right');
    await pick('run-2', 'run-1', 'left');
    await pick('run-2', 'run-1', 'right', 'Bob');
    await pick('run-1', 'run-2', 'neither', 'Bob');
    const found = await engine.invoke('taste.results', { dataset: 'Small', runs: ['run-1', 'run-2'] });
    expect(found.picks).toEqual({ first: 1, second: 2, neither: 1 });
    // Wilson's interval of 2 in 3, as published tables have it.
    expect(found.share?.value).toBeCloseTo(2 / 3, 10);
    expect(found.share?.low).toBeCloseTo(0.2077, 3);
    expect(found.share?.high).toBeCloseTo(0.9385, 3);
    expect(found.raters).toEqual([
      { rater: 'Ann', first: 0, second: 2, neither: 0 },
      { rater: 'Bob', first: 1, second: 0, neither: 1 },
    ]);
    expect(found.all).toHaveLength(4);
    const none = await engine.invoke('taste.results', { dataset: 'Small', runs: ['run-1', 'run-1'] });
    expect(none.share).toBeNull();
  });
});

describe('The verdict', () => {
  it('says which golden users a run fails, and nothing where none was checked', () => {
    const database = openDatabase(join(root, 'verdict.db'));
    const dataset = storeSmall(database);
    const [good, bad] = ['good', 'bad'].map((id) => ({
      key: storeRun(database, dataset, id),
      run: { name: id },
    }));
    expect(goldenNotes(database, [good, bad])).toEqual([]);
    const person = { user: 'u1', history: null, expect: ['c'], forbid: [], top: 10 };
    for (const name of ['Ann', 'Bob']) {
      const { id } = insertGolden(database, dataset, { ...person, name });
      const result = { golden: id, name, missing: [], unwanted: [], note: '' };
      writeGoldenResults(database, good.key, [{ ...result, pass: true }]);
      writeGoldenResults(database, bad.key, [{ ...result, pass: name === 'Ann' }]);
    }
    expect(goldenNotes(database, [good])).toMatchObject([{ severity: 'info' }]);
    expect(goldenNotes(database, [good, bad])).toEqual([
      {
        code: 'golden',
        severity: 'warning',
        text: 'Golden users: bad fails 1 of 2 (Bob). The others pass.',
      },
    ]);
    database.close();
  });
});

describe('The inspector', () => {
  it('answers beside the engine, many questions at once, each its own', async () => {
    const questions = ['a', 'b', 'c'].map((item) =>
      engine.invoke('inspect.item', { dataset: 'Small', item, runs: [] }),
    );
    expect((await Promise.all(questions)).map(({ item }) => item)).toEqual(['a', 'b', 'c']);
    await expect(
      engine.invoke('inspect.item', { dataset: 'Small', item: 'z', runs: [] }),
    ).rejects.toMatchObject({
      code: 'item-missing',
    });
  });
});
