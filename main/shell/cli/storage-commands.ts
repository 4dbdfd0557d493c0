import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { WorkbenchError } from '../../base/errors.ts';
import { name } from './arguments.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';

export function storageCommands(program: Command, run: Run): void {
  program
    .command('backup <file>')
    .description('copy the whole database to a file, while work goes on')
    .action(
      run(async (host, [file]) => {
        const path = resolve(file);
        const { job } = await host.invoke('storage.backup', { path });
        const { bytes } = (await waitFor(host, job)) as { bytes: number };
        return { json: { path, bytes }, text: `${path}: ${megabytes(bytes)}.` };
      }),
    );

  program
    .command('compact')
    .description('give the space of what was deleted back to the disk')
    .action(
      run(async (host) => {
        const { before, after } = await host.invoke('storage.compact', {});
        return { json: { before, after }, text: `${megabytes(before)} before, ${megabytes(after)} now.` };
      }),
    );

  program
    .command('restore <file>')
    .description('a backup takes the place of the database, which is kept beside it')
    .action(
      run(async (host, [file]) => {
        const path = resolve(file);
        const { job } = await host.invoke('storage.restore', { path });
        const restored = (await waitFor(host, job)) as { datasets: number; runs: number; replaced: string };
        await host.reopen();
        if (!existsSync(restored.replaced)) throw notRestored(path);
        const { datasets, runs, replaced } = restored;
        return {
          json: { restored: path, datasets, runs, replaced },
          text:
            `${path} is in use: ${number(datasets, 'data set')}, ${number(runs, 'run')}.\n` +
            `The database before it is kept in ${replaced}; to go back to it, restore its workbench.db.`,
        };
      }),
    );

  program
    .command('move')
    .description('move all data to a new or empty folder; the old one leads there')
    .requiredOption('--to <folder>', 'where to', name)
    .action(
      run(async (host, _names, options: { to: string }) => {
        const { job } = await host.invoke('storage.move', { to: resolve(options.to) });
        const moved = (await waitFor(host, job)) as { from: string; to: string };
        await host.reopen();
        return {
          json: moved,
          text: `The data are in ${moved.to}. ${moved.from} leads there: nothing need be told of it.`,
        };
      }),
    );

  program
    .command('restart')
    .description('start the engine of the windows again; runs that train are interrupted')
    .action(
      run(async (host) => {
        const wasOwn = await host.isOwn();
        const left = wasOwn ? { interrupted: [], queued: [] } : await host.invoke('engine.restart', {});
        await host.reopen();
        const { dataDir, version } = await host.invoke('engine.state', {});
        return {
          json: { restarted: true, ...left, dataDir, version },
          text: [
            wasOwn
              ? `No window has ${dataDir} open: its engine was started for this command alone, and is fine.`
              : `The engine of ${dataDir} was started again.`,
            ...left.interrupted.map((id) => `Run ${id} was interrupted; go on with: resume ${id}`),
            ...left.queued.map((id) => `Run ${id} waits for its turn.`),
          ].join('\n'),
        };
      }),
    );
}

const number = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function notRestored(path: string): WorkbenchError {
  return new WorkbenchError(
    'restore-failed',
    `${path} was put in place and could not be opened there; the database before it is in use again.`,
    'Look at what was printed, then try another backup.',
  );
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
