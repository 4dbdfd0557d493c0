import { resolve } from 'node:path';
import type { Command } from 'commander';
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
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
