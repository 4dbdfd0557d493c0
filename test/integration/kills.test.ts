/** Processes killed for real: what was saved stays, what was half done is gone, the database is whole. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, openReadable } from '../../main/store/database.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import { writeRatings } from '../fixtures/ratings-file.ts';
import { childrenOf, hasProc, isAlive, startWorkbench, until } from '../fixtures/workbench.ts';

const database = (dir: string): string => join(dir, 'workbench.db');

function integrity(dir: string): unknown {
  const opened = openDatabase(database(dir));
  const answer = opened.pragma('integrity_check', { simple: true });
  opened.close();
  return answer;
}

/** One value of the database while another process writes it; null where it is not there yet. */
function peek(dir: string, sql: string): unknown {
  try {
    const opened = openReadable(database(dir));
    const row = opened.prepare(sql).get() as Record<string, unknown> | undefined;
    opened.close();
    return row ? Object.values(row)[0] : null;
  } catch {
    return null;
  }
}

const longTraining = [
  'train',
  '--model',
  'mf',
  '--set',
  'epochs=3000',
  '--set',
  'patience=0',
  '--dataset',
  'Sample (synthetic)',
];

describe.skipIf(!hasProc)('kill -9', () => {
  /** Large enough that reading and writing it can be met halfway. */
  const folder = mkdtempSync(join(tmpdir(), 'workbench-test-'));
  const many = join(folder, 'many.csv');
  beforeAll(() => writeRatings(many, 2_000_000, 60_000, 9_000));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('on the trainer mid-epoch marks the run interrupted and harms nothing', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const training = startWorkbench(dir, ...longTraining);
    const parent = training.process.pid ?? 0;
    await until('an epoch', () => Number(peek(dir, 'SELECT max(epoch) FROM epochs')) >= 2);
    const [trainer] = await until('the trainer', () => {
      const found = childrenOf(parent, 'trainer');
      return found.length > 0 && found;
    });
    process.kill(trainer, 'SIGKILL');
    const ended = await training.ended;
    expect(ended).toMatchObject({ code: 1, output: { error: { code: 'trainer-ended' } } });
    const { runs } = await outputOf<{ runs: { id: string; status: string }[] }>(dir, 'runs');
    expect(runs.map(({ status }) => status)).toEqual(['interrupted']);
    expect(integrity(dir)).toBe('ok');

    const resumed = startWorkbench(dir, 'resume', runs[0].id);
    await until('the run to go on', () => peek(dir, 'SELECT status FROM runs') === 'running');
    expect((await workbench(dir, 'cancel', runs[0].id)).code).toBe(0);
    expect(await resumed.ended).toMatchObject({ code: 1, output: { error: { code: 'cancelled' } } });
  });

  it('on the engine while it trains leaves the run interrupted and no trainer behind', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const training = startWorkbench(dir, ...longTraining);
    await until('an epoch', () => Number(peek(dir, 'SELECT max(epoch) FROM epochs')) >= 2);
    const [trainer] = childrenOf(training.process.pid ?? 0, 'trainer');
    training.process.kill('SIGKILL');
    await training.ended;
    await until('the trainer to end', () => !isAlive(trainer));
    const { runs } = await outputOf<{ runs: { status: string }[] }>(dir, 'runs');
    expect(runs.map(({ status }) => status)).toEqual(['interrupted']);
    expect(integrity(dir)).toBe('ok');
  });

  it('on the engine while it writes an import leaves no half data set', async () => {
    const dir = temporaryFolder();
    const importing = startWorkbench(dir, 'import', many, '--name', 'many');
    // The proof that a write is under way: chunks of a data set that is not ready are in the database.
    await until(
      'chunks',
      () =>
        Number(
          peek(dir, "SELECT count(*) FROM columns JOIN datasets ON key = dataset WHERE status = 'importing'"),
        ) > 0,
    );
    importing.process.kill('SIGKILL');
    await importing.ended;
    expect(peek(dir, 'SELECT status FROM datasets')).toBe('importing');
    expect(await outputOf(dir, 'datasets')).toEqual({ datasets: [] });
    expect(peek(dir, 'SELECT count(*) FROM columns')).toBe(0);
    expect(existsSync(join(dir, 'staging')) ? readdirSync(join(dir, 'staging')) : []).toEqual([]);
    expect(integrity(dir)).toBe('ok');
    const again = await outputOf<{ dataset: { ratings: number } }>(dir, 'import', many, '--name', 'many');
    expect(again.dataset.ratings).toBeGreaterThan(0);
  });

  it('on the importer stores nothing and says so', async () => {
    const dir = temporaryFolder();
    const importing = startWorkbench(dir, 'import', many, '--name', 'many');
    const [importer] = await until('the importer', () => {
      const found = childrenOf(importing.process.pid ?? 0, 'importer');
      return found.length > 0 && found;
    });
    process.kill(importer, 'SIGKILL');
    expect(await importing.ended).toMatchObject({ code: 1, output: { error: { code: 'importer-ended' } } });
    expect(await outputOf(dir, 'datasets')).toEqual({ datasets: [] });
  });
});

describe('a full disk', () => {
  it.skipIf(!hasProc)('refuses the import and keeps what was there', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const file = join(temporaryFolder(), 'many.csv');
    writeRatings(file, 1_000_000, 20_000, 9_000);
    const before = statSync(database(dir)).size;
    // No file may grow past the limit: what a full disk does to a write, without filling one.
    const { limitedWorkbench } = await import('../fixtures/limited.ts');
    const ended = await limitedWorkbench(dir, before + (2 << 20), 'import', file, '--name', 'many');
    expect(ended.code).not.toBe(0);
    expect(ended.output).toMatchObject({ error: { message: expect.any(String) as string } });
    const { datasets } = await outputOf<{ datasets: { name: string }[] }>(dir, 'datasets');
    expect(datasets.map(({ name }) => name)).toEqual(['Sample (synthetic)']);
    expect(integrity(dir)).toBe('ok');
  });
});

describe('a disk that fills while a run trains', () => {
  it.skipIf(!hasProc)('interrupts the run, says so, and keeps what was there', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const { limitedWorkbench } = await import('../fixtures/limited.ts');
    const ended = await limitedWorkbench(dir, 400_000, ...longTraining);
    expect(ended).toMatchObject({ code: 1, output: { error: { code: 'folder-unusable' } } });
    const { runs } = await outputOf<{ runs: { status: string }[] }>(dir, 'runs');
    expect(runs.map(({ status }) => status)).toEqual(['interrupted']);
    expect(integrity(dir)).toBe('ok');
  });

  it('ends a command that cannot tell others where to join', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'datasets');
    mkdirSync(join(dir, 'engine.json.new'));
    expect(await workbench(dir, 'datasets')).toMatchObject({
      code: 1,
      output: { error: { code: 'folder-unusable' } },
    });
  });
});

describe('one engine a folder', () => {
  it('lets a second command join the running one', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const training = startWorkbench(dir, ...longTraining);
    await until('an epoch', () => Number(peek(dir, 'SELECT max(epoch) FROM epochs')) >= 1);
    const { runs } = await outputOf<{ runs: { id: string; status: string }[] }>(dir, 'runs');
    expect(runs[0].status).toBe('running');
    expect((await workbench(dir, 'cancel', runs[0].id)).code).toBe(0);
    expect(await training.ended).toMatchObject({ code: 1, output: { error: { code: 'cancelled' } } });
    const after = await outputOf<{ runs: { status: string }[] }>(dir, 'runs');
    expect(after.runs.map(({ status }) => status)).toEqual(['cancelled']);
  });
});
