/** Commands for work together with other tools and other machines. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { capsuleExtension } from '../../../shared/openable.ts';
import type { RunAccounting, RunDifference, runForms } from '../../../shared/outside.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { column, lengths, name as named, safeForSpreadsheets, whole } from './arguments.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';
import { trainedText } from './run-text.ts';
import { chosenSplitOptions, splitChoice, type ChosenSplitFlags } from './split-options.ts';
import { runJson } from './train.ts';

type RunFileFlags = ChosenSplitFlags & {
  [F in (typeof runForms)[number]]?: string;
} & { dataset: string; name: string; modelLabel?: string; seed?: number; k?: number[] } & {
  [C in 'user' | 'item' | 'score' | 'rank']?: string | number;
};

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

  chosenSplitOptions(
    program
      .command('import-run')
      .description('evaluate lists, predictions or a TREC run of another tool, and keep them as a run'),
  )
    .requiredOption('--dataset <name>', 'id or name')
    .requiredOption('--name <name>', 'name of the run', named)
    .option('--lists <file>', 'one record an item of a list: user, item, score or rank')
    .option('--predictions <file>', 'predicted ratings: user, item, score')
    .option('--trec <file>', 'qid Q0 docid rank score tag')
    .option('--model-label <label>', 'what made it, as models are named', named)
    .option('--user <column>', 'user column: header name or position from 1', column)
    .option('--item <column>', 'item column', column)
    .option('--score <column>', 'score or prediction, higher is better', column)
    .option('--rank <column>', 'place in the list, 1 is best; orders what has no score', column)
    .option('--k <list>', 'list lengths (of the run, else 5,10,20,50)', lengths)
    .option('--seed <n>', 'files of one label with seeds of their own are a group', whole(0, 4294967295))
    .action(
      run(
        async (
          host,
          _,
          { dataset, name, modelLabel, seed, k, user, item, score, rank, ...flags }: RunFileFlags,
        ) => {
          const { lists, predictions, trec, ...split } = flags;
          const given = Object.entries({ lists, predictions, trec }).filter(([, file]) => file !== undefined);
          if (given.length !== 1)
            throw new WorkbenchError(
              'file-needed',
              given.length === 0 ? 'No file was named to read.' : 'A run is read from one file.',
              'Give one of --lists FILE, --predictions FILE and --trec FILE.',
            );
          const [[form, file]] = given as [(typeof runForms)[number], string][];
          const { job } = await host.invoke('runs.import', {
            ...{ dataset, name, form, path: resolve(file), columns: { user, item, score, rank } },
            ...splitChoice(split),
            ...(k && { k }),
            ...(modelLabel !== undefined && { label: modelLabel }),
            ...(seed !== undefined && { seed }),
          });
          const { run: id, ...told } = (await waitFor(host, job)) as {
            run: string;
            accounting: RunAccounting;
          };
          const { run: stored, epochs } = await host.invoke('runs.get', { run: id });
          const json = { ...runJson(stored, epochs), ...told };
          const account = Object.entries(told.accounting).map(([what, count]) => `${what} ${count}`);
          return { json, text: `${account.join(', ')}\n${trainedText(json)}` };
        },
      ),
    );

  program
    .command('export-capsule <runs...>')
    .description('write runs with all that belongs to them into one file, for another machine')
    .requiredOption('--out <file>', `the capsule, e.g. runs.${capsuleExtension}`)
    .option('--with-dataset', 'the data set too, so that it opens where that is not', false)
    .action(
      run(async (host, [first, ...rest], flags: { out: string; withDataset: boolean }, all) => {
        const runs = all.length > 0 ? all : [first, ...rest];
        const { job } = await host.invoke('capsules.export', {
          ...{ runs, path: resolve(flags.out), withDataset: flags.withDataset },
        });
        const json = (await waitFor(host, job)) as { written: string };
        return { json, text: `Wrote ${json.written}.` };
      }),
    );

  program
    .command('import-capsule <file>')
    .description('open a capsule: its runs, and its data set where that is not here')
    .action(
      run(async (host, [file]) => {
        const { job } = await host.invoke('capsules.import', { path: resolve(file) });
        const json = (await waitFor(host, job)) as { runs: string[] };
        return { json, text: `Opened ${json.runs.length} runs: ${json.runs.join(', ')}` };
      }),
    );

  program
    .command('rerun <id>')
    .description('train a run again and say whether the bits are the same')
    .action(
      run(async (host, [id]) => {
        const { job } = await host.invoke('runs.rerun', { run: id });
        const json = (await waitFor(host, job)) as { run: string; same: boolean; differs: RunDifference[] };
        const lines = json.differs.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
        return { json, text: json.same ? 'The same bits.' : ['Not the same bits.', ...lines].join('\n') };
      }),
    );
}
