import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CompareChoices } from '../../../shared/compare.ts';
import type { Params } from '../../../shared/contract.ts';
import type { Run } from './run.ts';

type ReportFlags = Omit<Params<'report'>, 'path'> & { readonly out: string };

/** `report`: a comparison as one file to keep or send. */
export function reportCommand(program: Command, run: Run): void {
  program
    .command('report')
    .description('write a comparison as one HTML file that fetches nothing')
    .requiredOption(
      '--runs <list>',
      'ids or names of runs or groups, with commas between; may be repeated',
      (text: string, all: string[] = []) =>
        [...all, ...text.split(',').map((name) => name.trim())].filter(Boolean),
    )
    .requiredOption('--out <file>', 'the HTML file')
    .option('--metric <name>', "of the verdict; the runs' own unless told")
    .option('--force', 'unlike runs all the same')
    .addOption(
      new Option('--intervals <kind>', 'of the differences: normal, or by bootstrap over users').choices(
        CompareChoices.entries.intervals.wrapped.options,
      ),
    )
    .action(
      run(async (host, _, { out, ...asked }: ReportFlags) => {
        const { written } = await host.invoke('report', { ...asked, path: resolve(out) });
        return { json: { written }, text: `Wrote ${written}.` };
      }),
    );
}
