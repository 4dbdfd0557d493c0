/** Restore, move and restart as a person runs them: alone, joined to the windows' engine, and killed in their midst. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followMoves } from '../../main/base/moved-folder.ts';
import { temporaryFolder } from '../fixtures/folders.ts';
import { outputOf, startWorkbench, workbench } from '../fixtures/workbench.ts';
import { openWindow, serveBuilt } from './shell/serve.ts';

const sample = 'Sample (synthetic)';
const popularity = ['train', '--dataset', sample, '--model', 'popularity'];

interface Listed {
  readonly runs: { readonly id: string; readonly status: string; readonly name: string }[];
}
const runsOf = async (dir: string): Promise<Listed['runs']> => (await outputOf<Listed>(dir, 'runs')).runs;

/** A folder with the sample and one run, and a backup of it. */
async function prepared(): Promise<{ dir: string; backup: string; other: string }> {
  const folder = temporaryFolder();
  const [dir, backup] = [join(folder, 'data'), join(folder, 'backup.db')];
  mkdirSync(dir);
  await outputOf(dir, 'sample');
  await outputOf(dir, ...popularity);
  await outputOf(dir, 'backup', backup);
  return { dir, backup, other: join(folder, 'other') };
}

describe('a command alone', () => {
  it('restores, moves and restarts, and says what it did', async () => {
    const { dir, backup, other } = await prepared();
    await outputOf(dir, ...popularity);
    const restored = await outputOf<{ replaced: string }>(dir, 'restore', backup);
    expect(restored).toMatchObject({ restored: backup, datasets: 1, runs: 1 });
    expect(await runsOf(dir)).toHaveLength(1);
    await outputOf(dir, 'restore', join(restored.replaced, 'workbench.db'));
    expect(await runsOf(dir)).toHaveLength(2);
    expect(await workbench(dir, 'restore', join(dir, 'workbench.db'))).toMatchObject({
      code: 2,
      output: { error: { code: 'not-a-backup' } },
    });
    expect(await outputOf(dir, 'move', '--to', other)).toEqual({ from: dir, to: other });
    for (const place of [dir, other]) expect(await runsOf(place)).toHaveLength(2);
    expect(existsSync(join(dir, 'workbench.db'))).toBe(false);
    expect(await outputOf(dir, 'restart')).toMatchObject({
      restarted: true,
      dataDir: other,
      interrupted: [],
    });
    expect(await workbench(dir, 'move', '--to', join(other, 'inside'))).toMatchObject({
      code: 2,
      output: { error: { code: 'wrong-target' } },
    });
  });
});

describe('a command that joins the windows', () => {
  it('restarts, restores and moves under them: what trained is interrupted, what waited begins', async () => {
    const { dir, backup, other } = await prepared();
    const served = await serveBuilt(dir);
    const window = await openWindow(served.url);
    onTestFinished(async () => {
      window.close();
      served.process.kill('SIGTERM');
      await served.ended;
    });
    const configs = [1, 2].map((seed) => ({
      ...{ model: 'mf', seed, parameters: { epochs: 10_000, patience: 0 } },
    }));
    const { runs } = (await window.invoke('runs.start', { dataset: sample, configs })) as { runs: string[] };
    const status = async (id: string): Promise<string> =>
      ((await window.invoke('runs.get', { run: id })) as { run: { status: string; epoch: number } }).run
        .status;
    await expect.poll(() => status(runs[0]), { timeout: 60_000 }).toBe('running');
    expect(await outputOf(dir, 'restart')).toMatchObject({ interrupted: [runs[0]], queued: [runs[1]] });
    expect(await status(runs[0])).toBe('interrupted');
    await expect.poll(() => status(runs[1]), { timeout: 60_000 }).toBe('running');

    expect(await outputOf(dir, 'move', '--to', other)).toEqual({ from: dir, to: other });
    await expect
      .poll(() => window.invoke('engine.state'), { timeout: 60_000 })
      .toMatchObject({ dataDir: other });
    expect(await status(runs[1])).toBe('interrupted');
    await window.invoke('runs.resume', { run: runs[1] });

    expect(await outputOf(dir, 'restore', backup)).toMatchObject({ datasets: 1, runs: 1 });
    await expect.poll(() => window.invoke('runs.list'), { timeout: 60_000 }).toHaveLength(1);
    expect(window.events.filter(({ event }) => event === 'engine.changed').length).toBeGreaterThan(0);
    expect(served.process.exitCode).toBeNull();
  });

  it('is refused by the engine of a command, which ends with that', async () => {
    const { dir } = await prepared();
    const words = [
      'train',
      '--dataset',
      sample,
      '--model',
      'mf',
      '--set',
      'epochs=10000',
      '--set',
      'patience=0',
    ];
    const training = startWorkbench(dir, ...words);
    onTestFinished(() => void training.process.kill('SIGKILL'));
    await expect
      .poll(async () => (await runsOf(dir)).map(({ status }) => status), { timeout: 60_000 })
      .toContain('running');
    expect(await workbench(dir, 'restart')).toMatchObject({
      code: 1,
      output: { error: { code: 'engine-busy' } },
    });
  });
});

describe('a kill in the midst', () => {
  it.each(['restore', 'move'])(
    'of %s leaves the old data or the new ones, and lets it be done again',
    async (what) => {
      const { dir, backup, other } = await prepared();
      let place = dir;
      for (let round = 0; round < 6; round++) {
        const to = place === dir ? other : dir;
        const words = what === 'move' ? ['move', '--to', to] : ['restore', backup];
        const command = startWorkbench(dir, ...words);
        // From before the engine is open to after the end: where it hits does not matter, only that it hits everywhere.
        await new Promise((resolve) => setTimeout(resolve, 150 + 130 * round));
        command.process.kill('SIGKILL');
        await command.ended;
        expect(await runsOf(dir)).toMatchObject([{ status: 'finished' }]);
        place = followMoves(dir);
      }
      const to = place === dir ? other : dir;
      await outputOf(dir, ...(what === 'move' ? ['move', '--to', to] : ['restore', backup]));
      expect(await runsOf(dir)).toMatchObject([{ status: 'finished' }]);
    },
  );
});
