/** Several commands on one data folder, in processes of their own. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appRoot } from '../../main/base/app-root.ts';
import { openReadable } from '../../main/store/database.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { hasProc, outputOf, startWorkbench, until, workbench } from '../fixtures/workbench.ts';

const train = (epochs: number): string[] => [
  ...[
    'train',
    '--dataset',
    'Sample (synthetic)',
    '--model',
    'mf',
    '--set',
    `epochs=${epochs}`,
    '--set',
    'patience=0',
  ],
];

const ownerOf = (dir: string): number => {
  try {
    return (JSON.parse(readFileSync(join(dir, 'engine.json'), 'utf8')) as { pid: number }).pid;
  } catch {
    return 0;
  }
};

function runsIn(dir: string): number {
  const database = openReadable(join(dir, 'workbench.db'));
  const { runs } = database.prepare('SELECT count(*) AS runs FROM runs').get() as { runs: number };
  database.close();
  return runs;
}

describe('Ten commands at once', () => {
  it('all wait their turn and answer', async () => {
    const dir = temporaryFolder();
    const ended = await Promise.all(Array.from({ length: 10 }, () => workbench(dir, 'datasets')));
    expect(ended.map(({ code, output, stderr }) => ({ code, output, stderr }))).toEqual(
      Array.from({ length: 10 }, () => ({ code: 0, output: { datasets: [] }, stderr: '' })),
    );
  });
});

describe('A command that joined', () => {
  it('answers with one JSON value where the engine is killed under it', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const owner = startWorkbench(dir, ...train(10_000));
    await until('the owner', () => ownerOf(dir) === owner.process.pid);
    // Another configuration: the same one would be told to wait for the run that trains.
    const joined = startWorkbench(dir, ...train(9_999));
    await until('it to join', () => runsIn(dir) === 2);
    owner.process.kill('SIGKILL');
    expect(await joined.ended).toMatchObject({ code: 1, output: { error: { code: 'engine-ended' } } });
    const { runs } = await outputOf<{ runs: { status: string }[] }>(dir, 'runs');
    expect(runs.map(({ status }) => status).sort()).toEqual(['interrupted', 'queued']);
  });

  it.skipIf(!hasProc)('says that the engine is stopped, and works when it goes on', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    const owner = startWorkbench(dir, ...train(10_000));
    await until('the owner', () => ownerOf(dir) === owner.process.pid);
    owner.process.kill('SIGSTOP');
    expect(await workbench(dir, 'datasets')).toMatchObject({
      code: 1,
      output: { error: { code: 'engine-stopped', hint: expect.stringContaining('-CONT') as string } },
    });
    owner.process.kill('SIGCONT');
    const { runs } = await outputOf<{ runs: { id: string }[] }>(dir, 'runs');
    expect((await workbench(dir, 'cancel', runs[0].id)).code).toBe(0);
    expect(await owner.ended).toMatchObject({ output: { error: { code: 'cancelled' } } });
  });

  it('trains to its end in the engine of one that ends first', async () => {
    const dir = temporaryFolder();
    await outputOf(dir, 'sample');
    for (let k = 0; k < 3; k++) {
      const ended = await Promise.all([
        workbench(dir, 'datasets'),
        workbench(dir, ...train(3)),
        workbench(dir, 'datasets'),
      ]);
      expect(ended.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual([
        [0, ''],
        [0, ''],
        [0, ''],
      ]);
      expect(ended[1].output).toMatchObject({ run: { status: 'finished' } });
    }
  });
});

describe('A command whose reader is gone', () => {
  it('does its work', async () => {
    const dir = temporaryFolder();
    const cli = join(appRoot(), 'dist', 'main', 'cli.js');
    const child = spawn(process.execPath, [cli, 'sample', '--data-dir', dir, '--json'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
    expect(await outputOf(dir, 'datasets')).toMatchObject({ datasets: [{ name: 'Sample (synthetic)' }] });
  });
});
