/** Commands for work together with other tools and other machines. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { safeForSpreadsheets } from './arguments.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';
import { chosenSplitOptions, splitChoice, type ChosenSplitFlags } from './split-options.ts';

export function outsideCommands(program: Command, run: Run): void {
  chosenSplitOptions(
    program.command('export-split').description('write a split for other tools: train, validation, test'),
  )
    .requiredOption('--dataset <name>', 'id or name')
    .requiredOption('--out <folder>', 'gets train.csv, validation.csv, test.csv and split.json')
    .addOption(safeForSpreadsheets())
    .action(
      run(
        async (
          host,
          _,
          {
            dataset,
            out,
            safeForSpreadsheets: safe,
            ...flags
          }: ChosenSplitFlags & { dataset: string; out: string; safeForSpreadsheets: boolean },
        ) => {
          const path = resolve(out);
          const { job } = await host.invoke('datasets.exportSplit', {
            ...{ dataset, path, safeForSpreadsheets: safe },
            ...splitChoice(flags),
          });
          const json = (await waitFor(host, job)) as { written: string[] };
          return { json, text: json.written.map((file) => `Wrote ${file}.`).join('\n') };
        },
      ),
    );
}
