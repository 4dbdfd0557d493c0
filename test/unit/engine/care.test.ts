/** Restoring, moving and starting again, and what a kill between any two of their steps leaves. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeMark } from '../../../main/base/data-folder.ts';
import { followMoves, movedTo, writeMove } from '../../../main/base/moved-folder.ts';
import { openRestored, prepareRestore } from '../../../main/engine/care/restore.ts';
import { createEngine, type Engine } from '../../../main/engine/engine.ts';
import { databasePath } from '../../../main/engine/folder.ts';
import type { JobControl } from '../../../main/engine/jobs.ts';
import { nodeForker } from '../../../main/process/node-forker.ts';
import { backUpTo } from '../../../main/store/backup.ts';
import { writeCheckpoint } from '../../../main/store/checkpoints.ts';
import { openDatabase } from '../../../main/store/database.ts';
import { listRuns, updateRun } from '../../../main/store/runs.ts';
import { temporaryFolder } from '../../fixtures/folders.ts';
import { storeRun, storeSmall } from '../../fixtures/stored.ts';

const run = '0b7e7d4c-1111-4222-8333-444455556666';
const control: JobControl = {
  id: 'job',
  signal: new AbortController().signal,
  progress: () => undefined,
  begin: () => undefined,
  wait: () => undefined,
};

/** A data folder with a data set and so many runs; the first is interrupted and has a checkpoint. */
function folderWith(runs: number, dir = temporaryFolder()): string {
  writeMark(dir);
  const database = openDatabase(databasePath(dir));
  const dataset = storeSmall(database);
  for (let k = 0; k < runs; k++) {
    const key = storeRun(database, dataset, k === 0 ? run : `run-${k}`);
    if (k === 0) updateRun(database, key, { status: 'interrupted' });
  }
  database.close();
  if (runs > 0) writeCheckpoint(join(dir, 'checkpoints', run), [['a', Float32Array.of(1, 2)]]);
  return dir;
}

async function backupOf(dir: string): Promise<string> {
  const path = join(temporaryFolder(), 'backup.db');
  const database = openDatabase(databasePath(dir));
  await backUpTo(database, path, () => undefined);
  database.close();
  return path;
}

function runsOf(dir: string): number {
  const database = openRestored(dir);
  const runs = listRuns(database, {}).length;
  database.close();
  return runs;
}

async function engineOf(dir: string, restart?: () => void): Promise<Engine> {
  const engine = await createEngine({
    dataDir: dir,
    forker: nodeForker(),
    ...(restart && { restart, resumeQueue: true }),
  });
  onTestFinished(() => engine.close());
  return engine;
}

const jobOf = async (engine: Engine, method: string, params: object): Promise<unknown> => {
  const { job } = (await engine.invoke(method, params)) as { job: string };
  return engine.invoke('jobs.wait', { job });
};

function alter(path: string, sql: string): void {
  const database = openDatabase(path);
  database.exec(sql);
  database.close();
}

let dir: string;
beforeEach(() => (dir = folderWith(3)));

describe('a restore', () => {
  it('takes the place of the database and keeps the old one beside it, with its checkpoints', async () => {
    const backup = await backupOf(folderWith(1));
    const restored = await prepareRestore(dir, backup, control);
    expect(restored).toMatchObject({ datasets: 1, runs: 1 });
    expect(runsOf(dir)).toBe(1);
    expect(readdirSync(restored.replaced).sort()).toEqual(['checkpoints', 'workbench.db']);
    expect(existsSync(join(restored.replaced, 'checkpoints', run))).toBe(true);
    expect(existsSync(join(dir, 'checkpoints', run))).toBe(true);
    const undone = await prepareRestore(dir, join(restored.replaced, 'workbench.db'), control);
    expect([undone.runs, runsOf(dir)]).toEqual([3, 3]);
  });

  it('reads a database that was left with a log beside it', async () => {
    const other = folderWith(0);
    const database = openDatabase(databasePath(other));
    onTestFinished(() => void database.close());
    for (const id of ['a', 'b']) storeRun(database, 1, id);
    expect(await prepareRestore(dir, databasePath(other), control)).toMatchObject({ runs: 2 });
  });

  it.each([
    ['no database', 'not-a-backup', (path: string) => writeFileSync(path, 'user,item\n1,2\n')],
    ['an empty file', 'not-a-backup', (path: string) => writeFileSync(path, '')],
    ['nothing', 'not-a-backup', (path: string) => rmSync(path)],
    ['a folder', 'not-a-backup', (path: string) => (rmSync(path), mkdirSync(path))],
    ['a copy without a table', 'backup-damaged', (path: string) => alter(path, 'DROP TABLE settings')],
    [
      'a copy with a table of other columns',
      'backup-damaged',
      (path: string) => alter(path, 'ALTER TABLE settings RENAME COLUMN name TO key'),
    ],
    [
      'a copy with a trigger',
      'backup-damaged',
      (path: string) =>
        alter(path, 'CREATE TRIGGER strange AFTER UPDATE ON runs BEGIN DELETE FROM datasets; END'),
    ],
    [
      'a torn copy',
      'backup-damaged',
      (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0xab, 2 * 4096, bytes.length));
      },
    ],
  ])('of %s changes nothing', async (_what, code, harm) => {
    const backup = await backupOf(folderWith(1));
    harm(backup);
    await expect(prepareRestore(dir, backup, control)).rejects.toMatchObject({ code });
    expect(existsSync(join(dir, 'staging')) ? readdirSync(join(dir, 'staging')) : []).toEqual([]);
    expect(runsOf(dir)).toBe(3);
  });

  it('of the database in use is refused', async () => {
    await expect(prepareRestore(dir, databasePath(dir), control)).rejects.toMatchObject({
      message: expect.stringMatching(/in use/),
    });
  });

  it('goes on from wherever it was killed', async () => {
    const backup = await backupOf(folderWith(1));
    const { replaced } = await prepareRestore(dir, backup, control);
    // Between the two renames.
    mkdirSync(replaced);
    renameSync(databasePath(dir), join(replaced, 'workbench.db'));
    expect(runsOf(dir)).toBe(1);
    expect(existsSync(join(replaced, 'workbench.db'))).toBe(true);
    expect(runsOf(dir)).toBe(1);
  });

  it('goes back to the old database where the new one does not open, from wherever that was killed', () => {
    writeFileSync(
      join(dir, 'restored-20260101T000000.db'),
      'no database at all, but as long as a page'.repeat(99),
    );
    expect(runsOf(dir)).toBe(3);
    expect(readdirSync(dir).filter((name) => /re(stored|placed|turning)|leaving/.test(name))).toEqual([]);
    mkdirSync(join(dir, 'leaving-20260101T000000'));
    renameSync(databasePath(dir), join(dir, 'leaving-20260101T000000', 'workbench.db'));
    writeFileSync(databasePath(dir), 'the new one');
    expect(runsOf(dir)).toBe(3);
    mkdirSync(join(dir, 'returning-20260101T000000'));
    renameSync(databasePath(dir), join(dir, 'returning-20260101T000000', 'workbench.db'));
    expect(runsOf(dir)).toBe(3);
  });
});

describe('a move', () => {
  it('takes everything along, leads there from the old folder, and goes back', async () => {
    const to = join(temporaryFolder(), 'new', 'place');
    let engine = await engineOf(dir, () => undefined);
    writeFileSync(join(dir, 'my export.csv'), 'user,item\n');
    expect(await jobOf(engine, 'storage.move', { to })).toEqual({ from: dir, to });
    await expect(engine.invoke('runs.rename', { run, name: 'x' })).rejects.toMatchObject({
      code: 'engine-busy',
    });
    await engine.close();
    engine = await engineOf(dir);
    expect((await engine.invoke('engine.state', {})).dataDir).toBe(to);
    expect(await engine.invoke('runs.list', {})).toHaveLength(3);
    expect(existsSync(join(to, 'checkpoints', run))).toBe(true);
    expect(readdirSync(dir).sort()).toEqual([
      ...['checkpoints', 'engine.lock', 'my export.csv', 'workbench-folder.json', 'workbench-moved.json'],
    ]);
    expect(readdirSync(join(dir, 'checkpoints'))).toEqual([]);
    expect(readdirSync(to)).not.toContain('workbench-came-from.json');
    rmSync(join(dir, 'my export.csv'));
    expect(await jobOf(engine, 'storage.move', { to: dir })).toEqual({ from: to, to: dir });
    await engine.close();
    for (const place of [dir, to]) {
      engine = await engineOf(place);
      expect((await engine.invoke('engine.state', {})).dataDir).toBe(dir);
      expect(await engine.invoke('runs.list', {})).toHaveLength(3);
      await engine.close();
    }
  });

  it('that was killed before it was decided changes nothing, and can be done again', async () => {
    const to = folderWith(1);
    writeFileSync(join(to, 'workbench-came-from.json'), JSON.stringify({ from: dir }));
    writeFileSync(join(to, 'workbench.db.moving'), 'half');
    const engine = await engineOf(dir);
    expect(await engine.invoke('runs.list', {})).toHaveLength(3);
    expect(await jobOf(engine, 'storage.move', { to })).toMatchObject({ to });
    await engine.close();
    expect(await (await engineOf(dir)).invoke('runs.list', {})).toHaveLength(3);
    expect(readdirSync(to)).not.toContain('workbench.db.moving');
  });

  it('that was killed after it was decided goes on in the new place, and the old data go', async () => {
    const to = folderWith(3);
    writeFileSync(join(to, 'workbench-came-from.json'), JSON.stringify({ from: dir }));
    writeMove(dir, to);
    const engine = await engineOf(dir);
    expect((await engine.invoke('engine.state', {})).dataDir).toBe(to);
    expect(existsSync(databasePath(dir))).toBe(false);
  });

  it('is refused where something is, or where it cannot be', async () => {
    const engine = await engineOf(dir);
    const full = temporaryFolder();
    writeFileSync(join(full, 'precious'), '');
    const other = folderWith(1);
    const link = join(temporaryFolder(), 'link');
    symlinkSync(dir, link);
    for (const to of [
      full,
      other,
      dir,
      link,
      join(dir, 'inside'),
      join(other, 'a', 'b'),
      join(full, 'precious'),
      join(full, 'precious', 'a', 'b'),
    ])
      await expect(engine.invoke('storage.move', { to })).rejects.toMatchObject({ code: 'wrong-target' });
    expect(readdirSync(full)).toEqual(['precious']);
    expect(await engine.invoke('runs.rename', { run, name: 'still writable' })).toMatchObject({
      status: 'interrupted',
    });
  });

  it('is followed over many places, and said where the last one is gone', () => {
    const places = [dir, ...Array.from({ length: 5 }, () => folderWith(0))];
    for (let k = 0; k + 1 < places.length; k++) writeMove(places[k], places[k + 1]);
    const last = places.at(-1) ?? '';
    expect(followMoves(dir)).toBe(last);
    expect(movedTo(dir)).toBe(last);
    rmSync(last, { recursive: true });
    expect(() => followMoves(dir)).toThrow(/was moved to .*, which is not there now/);
    writeMove(dir, dir);
    expect(() => followMoves(dir)).toThrow(/which is not there/);
  });
});

describe('an engine of a folder that was named by a relative path', () => {
  it('tells of it by its whole path, for commands that join are elsewhere', async () => {
    const engine = await engineOf(relative(process.cwd(), dir));
    expect((await engine.invoke('engine.state', {})).dataDir).toBe(dir);
  });
});

describe('an engine that is to start again', () => {
  it('refuses what could change something, and belongs to no command', async () => {
    let asked = 0;
    const engine = await engineOf(dir, () => asked++);
    expect(await engine.invoke('engine.restart', {})).toEqual({
      interrupted: ['run-1'],
      queued: ['run-2'],
    });
    await expect(engine.invoke('datasets.sample', {})).rejects.toMatchObject({ code: 'engine-busy' });
    expect(await engine.invoke('runs.list', {})).toHaveLength(3);
    await expect.poll(() => asked).toBe(1);
    await engine.close();
    const next = await engineOf(dir);
    const statuses = (await next.invoke('runs.list', {})).map(({ id, status }) => [id, status]);
    expect(Object.fromEntries(statuses)).toMatchObject({ 'run-1': 'interrupted', 'run-2': 'queued' });
    await expect(next.invoke('engine.restart', {})).rejects.toMatchObject({ code: 'engine-busy' });
  });
});
