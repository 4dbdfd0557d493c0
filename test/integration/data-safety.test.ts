/** What must not be lost or destroyed by a command, as a person would run it. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../fixtures/folders.ts';
import { smallDisk } from '../fixtures/small-disk.ts';
import { outputOf, workbench } from '../fixtures/in-process.ts';
import { hasProc, startWorkbenchWith, until } from '../fixtures/workbench.ts';

const sample = 'Sample (synthetic)';
const refused = (code: string) => ({ code: 2, output: { error: { code } } });

describe('a folder that is not ours', () => {
  it('is refused with what was found, and stays as it is', async () => {
    const folder = temporaryFolder();
    for (const name of ['checkpoints', 'staging']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'precious'), 'data');
    }
    const ended = await workbench(folder, 'datasets');
    expect(ended).toMatchObject(refused('not-a-data-folder'));
    expect(JSON.stringify(ended.output)).toContain('it holds checkpoints, staging');
    expect(await workbench('', 'datasets')).toMatchObject(refused('not-a-data-folder'));
    expect(await workbench('', 'serve', '--no-open')).toMatchObject(refused('not-a-data-folder'));
    expect(readdirSync(folder, { recursive: true }).length).toBe(4);
  });

  it('is not followed into where ours links to it', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'datasets');
    const other = temporaryFolder();
    const names = ['0b7e7d4c-1111-4222-8333-444455556666', 'precious'];
    for (const name of names) mkdirSync(join(other, name));
    rmSync(join(dir, 'staging'), { recursive: true, force: true });
    for (const name of ['checkpoints', 'staging']) symlinkSync(other, join(dir, name));
    await outputOf(dir, 'datasets');
    expect(readdirSync(other)).toEqual(names);
    rmSync(join(dir, 'checkpoints'));
    mkdirSync(join(dir, 'checkpoints', names[0]), { recursive: true });
    await outputOf(dir, 'datasets');
    expect(readdirSync(join(dir, 'checkpoints'))).toEqual([names[0]]);
  });
});

describe('an output', () => {
  it('overwrites nothing of a data folder, and nothing that is read, by any name', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const { run } = await outputOf<{ run: { id: string } }>(
      dir,
      'train',
      '--dataset',
      sample,
      '--model',
      'popularity',
    );
    const folder = temporaryFolder();
    const database = join(dir, 'workbench.db');
    linkSync(database, join(folder, 'hard'));
    symlinkSync(database, join(folder, 'soft'));
    const input = join(folder, 'in.csv');
    writeFileSync(input, 'user,item,rating\na,b,x\n');
    const before = statSync(database).ino;
    const all = (out: string): string[][] => [
      ['export', '--dataset', sample, '--out', out],
      ['export', '--dataset', sample, '--format', 'parquet', '--out', out],
      ['recommend', '--run', run.id, '--all', '--out', out],
      ['export-run', run.id, '--lists', out],
      ['import', input, '--name', 'new', '--rejects-out', out],
      ['import', input, '--dry-run', '--rejects-out', out],
      ['backup', out],
    ];
    const some = (out: string): string[][] => all(out).slice(0, 1);
    const commands = [
      ...all(database),
      ...[join(folder, 'hard'), join(folder, 'soft'), join(dir, 'new.bin'), folder].flatMap(some),
      ['export', '--dataset', sample, '--format', 'recbole', '--out', dir],
      ['import', input, '--name', 'new', '--rejects-out', input],
    ];
    for (const words of commands)
      expect(await workbench(dir, ...words)).toMatchObject(refused('file-unusable'));
    expect(statSync(database).ino).toBe(before);
    expect(readFileSync(input, 'utf8')).toContain('a,b,x');
    expect((await outputOf<{ datasets: unknown[] }>(dir, 'datasets')).datasets).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(['hard', 'in.csv', 'soft']);
    const out = join(folder, 'out.csv');
    for (const words of all(out).slice(0, 4)) await outputOf(dir, ...words);
    expect(await workbench(dir, 'import', input, '--dry-run', '--rejects-out', out)).toMatchObject({
      code: 2,
    });
    expect(readFileSync(out, 'utf8')).toContain('not a number');
  });
});

describe('what a kill leaves', () => {
  it.skipIf(!hasProc)('of sockets among the temporary files is swept at the next start', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const temporary = mkdtempSync(join(tmpdir(), 'w-'));
    onTestFinished(() => rmSync(temporary, { recursive: true, force: true }));
    mkdirSync(join(temporary, 'workbench-999999999-abcdef', 'precious'), { recursive: true });
    mkdirSync(join(temporary, 'workbench-mine'));
    const env = { TMPDIR: temporary };
    const words = [
      'train',
      '--dataset',
      sample,
      '--model',
      'mf',
      '--set',
      'epochs=3000',
      '--set',
      'patience=0',
    ];
    const training = startWorkbenchWith(env, dir, ...words);
    await until(
      'the socket',
      () => readdirSync(temporary).length === 3 && existsSync(join(dir, 'engine.json')),
    );
    training.process.kill('SIGKILL');
    await training.ended;
    expect(readdirSync(temporary)).toHaveLength(3);
    expect((await startWorkbenchWith(env, dir, 'datasets').ended).code).toBe(0);
    expect(readdirSync(temporary).sort()).toEqual(['workbench-999999999-abcdef', 'workbench-mine']);
  });

  it.skipIf(!hasProc)('a temporary folder whose path is too long for a socket is no hindrance', async () => {
    const deep = join(temporaryFolder(), 'x'.repeat(120));
    mkdirSync(deep);
    const ended = await startWorkbenchWith({ TMPDIR: deep }, temporaryFolder(), 'datasets').ended;
    expect(ended).toMatchObject({ code: 0, output: { datasets: [] } });
  });
});

describe('a full disk', () => {
  it('shows what is there, and once more when it is full again', async (context) => {
    const disk = smallDisk(40);
    if (!disk) return context.skip('no disk can be mounted here');
    const dir = join(disk.path, 'data');
    await outputOf(dir, 'sample');
    disk.fill();
    const env = { TMPDIR: disk.path };
    const list = await startWorkbenchWith(env, dir, 'datasets').ended;
    expect(list).toMatchObject({ code: 0, output: { datasets: [{ name: sample }] } });
    // The room that was kept for this is gone for good, and the disk is full once more.
    disk.fill();
    expect((await startWorkbenchWith(env, dir, 'datasets').ended).code).toBe(0);
  });

  it('lets go of what is deleted', async (context) => {
    const disk = smallDisk(40);
    if (!disk) return context.skip('no disk can be mounted here');
    const dir = join(disk.path, 'data');
    await outputOf(dir, 'sample');
    const before = statSync(join(dir, 'workbench.db')).size;
    disk.fill();
    expect(await workbench(dir, 'delete', '--dataset', sample)).toMatchObject({ code: 0 });
    expect(await outputOf(dir, 'datasets')).toEqual({ datasets: [] });
    expect(statSync(join(dir, 'workbench.db')).size).toBeLessThan(before / 4);
  });

  it('says that it is full where there is no room at all to write', async (context) => {
    const disk = smallDisk(40);
    if (!disk) return context.skip('no disk can be mounted here');
    const dir = join(disk.path, 'data');
    await outputOf(dir, 'sample');
    rmSync(join(dir, 'reserve'));
    disk.fill();
    expect(await outputOf(dir, 'datasets')).toMatchObject({ datasets: [{ name: sample }] });
    expect(await workbench(dir, 'delete', '--dataset', sample)).toMatchObject({
      code: 1,
      output: { error: { code: 'disk-full' } },
    });
  });
});
