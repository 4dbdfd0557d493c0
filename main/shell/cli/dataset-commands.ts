import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Params, Result } from '../../../shared/contract.ts';
import { moment, name as named, number, safeForSpreadsheets, whole } from './arguments.ts';
import { waitFor } from './print-answers.ts';
import { figure, table } from './text.ts';
import type { Run } from './run.ts';

export function datasetCommands(program: Command, run: Run): void {
  program
    .command('sample')
    .description('make the sample data set')
    .option('--with-runs', 'train a few runs on it as well', false)
    .action(
      run(async (host, _, flags: { withRuns: boolean }) => {
        const { job } = await host.invoke('datasets.sample', { runs: flags.withRuns });
        const { dataset } = (await waitFor(host, job)) as { dataset: string };
        // An engine of this command's own ends with it, so it waits for the runs.
        if (flags.withRuns) {
          const runs = await host.invoke('runs.list', { dataset });
          for (const { id } of runs) await waitFor(host, id);
        }
        const detail = await host.invoke('datasets.get', { dataset });
        return { json: { dataset: detail.dataset }, text: datasetsText([detail.dataset]) };
      }),
    );

  program
    .command('datasets')
    .description('list data sets')
    .option('--archived', 'archived ones too', false)
    .action(
      run(async (host, _, flags: { archived: boolean }) => {
        const datasets = await host.invoke('datasets.list', flags);
        return { json: { datasets }, text: datasetsText(datasets) };
      }),
    );

  program
    .command('profile')
    .description('what a data set is like')
    .requiredOption('--dataset <name>', 'id or name')
    .action(
      run(async (host, _, flags: { dataset: string }) => {
        const { dataset, profile, accounting, rejectKinds, source } = await host.invoke(
          'datasets.get',
          flags,
        );
        const { perUser, perItem } = profile;
        return {
          json: { profile: { ...profile, dataset, accounting, rejectKinds, source } },
          text: [
            datasetsText([dataset]),
            `Ratings per user: ${figure(perUser.minimum)} – ${figure(perUser.maximum)}, median ${perUser.median}`,
            `Ratings per item: ${figure(perItem.minimum)} – ${figure(perItem.maximum)}, median ${perItem.median}`,
            `The top 10 % of items take ${(100 * profile.topTenthShare).toFixed(1)} % of the ratings.`,
            ...profile.warnings.map((warning) => `${warning.title}. ${warning.text}`),
          ].join('\n'),
        };
      }),
    );

  program
    .command('derive')
    .description('make a filtered version of a data set')
    .requiredOption('--dataset <name>', 'id or name')
    .requiredOption('--name <name>', 'name of the new data set', named)
    .option('--k-core <k>', 'users and items with at least k ratings, again and again', whole(2))
    .option('--minimum-rating <value>', 'ratings of at least this', number)
    .option('--binarise <value>', 'ratings of at least this become 1, the others go', number)
    .option('--from <time>', 'first moment kept: ISO date, milliseconds, or place in an order', moment)
    .option('--to <time>', 'last moment kept', moment)
    .option('--sample-users <n>', 'keep a random sample of users', whole(1))
    .option('--seed <n>', 'seed of the sample', whole(0))
    .action(
      run(async (host, _, { dataset, name, ...filters }: { dataset: string; name: string }) => {
        const { job } = await host.invoke('datasets.derive', {
          dataset,
          name,
          filters: filters,
        });
        const made = (await waitFor(host, job)) as { dataset: string };
        const detail = await host.invoke('datasets.get', made);
        return { json: { dataset: detail.dataset }, text: datasetsText([detail.dataset]) };
      }),
    );

  program
    .command('export')
    .description('write a data set to a file or folder')
    .requiredOption('--dataset <name>', 'id or name')
    .requiredOption('--out <path>', 'file, or folder for recbole')
    .addOption(
      new Option('--format <format>', 'of the file').choices(['csv', 'parquet', 'recbole']).default('csv'),
    )
    .addOption(safeForSpreadsheets())
    .action(
      run(async (host, _, { out, ...flags }: { out: string } & Omit<Params<'datasets.export'>, 'path'>) => {
        const path = resolve(out);
        const { job } = await host.invoke('datasets.export', { ...flags, path });
        const written = await waitFor(host, job);
        return { json: { written }, text: `Wrote ${path}.` };
      }),
    );
}

function datasetsText(datasets: Result<'datasets.list'>): string {
  if (datasets.length === 0) return 'No data sets yet. Import ratings, or make the sample.';
  return table(
    ['name', 'users', 'items', 'ratings', 'runs', 'fingerprint'],
    datasets.map((d) => [d.name, d.users, d.items, d.ratings, d.runs, d.fingerprint.slice(0, 8)]),
  );
}
