import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Params, Result } from '../../../shared/contract.ts';
import type { ImportOutcome, ImportSettings } from '../../../shared/imports.ts';
import { column, delimiter, integer, number } from './arguments.ts';
import { figure, table, waitFor } from './output.ts';
import type { Run } from './run.ts';

interface ImportFlags {
  name?: string;
  train: string;
  test: string;
  negatives?: string;
  user?: string | number;
  item?: string | number;
  rating?: string | number;
  time?: string | number;
  delimiter?: string;
  quote?: string;
  encoding?: string;
  decimal?: string;
  header?: boolean;
  timeUnit?: string;
  implicit?: boolean;
  wide?: boolean;
  missing?: string;
  missingRating?: string;
  member?: string;
  items?: string;
  duplicates?: string;
  maxRejected?: number;
  rejectsOut?: string;
  dryRun?: boolean;
}

const text = (value: string): string => value;

/** The options that say how a file is read. */
function readingOptions(command: Command): Command {
  return command
    .option('--user <column>', 'user column: header name or position from 1', column)
    .option('--item <column>', 'item column', column)
    .option('--rating <column>', 'rating column', column)
    .option('--time <column>', 'time column', column)
    .option('--delimiter <text>', 'e.g. "," ";" "\\t" "::"', delimiter)
    .option('--quote <character>', 'quote character, "" for none', text)
    .option('--encoding <name>', 'utf-8, utf-16, latin-1, windows-1252')
    .option('--decimal <mark>', '. or ,')
    .option('--header', 'the first record is a header')
    .option('--no-header', 'the first record is data')
    .option('--time-unit <unit>', 's, ms, us, iso, dmy, order')
    .option('--implicit', 'every record is an interaction; a rating is ignored')
    .option('--wide', 'a users × items matrix')
    .option('--missing <value>', 'wide: the value that means "not rated"')
    .option('--missing-rating <value>', 'the rating that means "not rated"')
    .option('--member <path>', 'which file of a zip')
    .option('--items <file>', 'second file with titles, genres, year')
    .option('--duplicates <policy>', 'last, first, mean, max, reject')
    .option('--max-rejected <percent>', 'stop over this share of rejected records', number);
}

function settingsOf(flags: ImportFlags): ImportSettings {
  const {
    user,
    item,
    rating,
    time,
    quote,
    encoding,
    header,
    implicit,
    wide,
    missing,
    missingRating,
    member,
  } = flags;
  const settings = {
    ...{ user, item, rating, time, quote, encoding, header, implicit, wide, missing, missingRating, member },
    delimiter: flags.delimiter,
    decimal: flags.decimal as ImportSettings['decimal'],
    timeUnit: flags.timeUnit as ImportSettings['timeUnit'],
    duplicates: flags.duplicates as ImportSettings['duplicates'],
    maxRejected: flags.maxRejected,
    items: flags.items === undefined ? undefined : resolve(flags.items),
    rejectsOut: flags.rejectsOut === undefined ? undefined : resolve(flags.rejectsOut),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** An import as printed for a person. */
function outcomeText({ dataset, accounting, rejectKinds, warnings, seconds }: ImportOutcome): string {
  const { read, imported, rejected, duplicates, filtered } = accounting;
  const kinds = Object.entries(rejectKinds).map(([kind, count]) => `  ${kind}: ${figure(count)}`);
  return [
    dataset
      ? `Imported "${dataset.name}": ${figure(dataset.users)} users, ${figure(dataset.items)} items, ${figure(dataset.ratings)} ratings, in ${seconds.toFixed(2)} s.`
      : `Checked in ${seconds.toFixed(2)} s. Nothing was stored.`,
    `read ${figure(read)} = imported ${figure(imported)} + rejected ${figure(rejected)} + duplicates ${figure(duplicates)} + filtered ${figure(filtered)}`,
    ...kinds,
    ...warnings,
  ].join('\n');
}

export function datasetCommands(program: Command, run: Run): void {
  readingOptions(program.command('import <file>').description('import a file of ratings'))
    .requiredOption('--name <name>', 'name of the new data set')
    .option('--dry-run', 'check and account, store nothing')
    .option('--rejects-out <file>', 'write every rejected record as CSV')
    .action(
      run(async (host, [file], flags: ImportFlags) => {
        const path = resolve(file);
        const settings = settingsOf(flags);
        const { job } = flags.dryRun
          ? await host.invoke('import.check', { path, settings })
          : await host.invoke('import.start', { path, name: flags.name ?? '', settings });
        const outcome = (await waitFor(host, job)) as ImportOutcome;
        return { json: outcome, text: outcomeText(outcome) };
      }),
    );

  readingOptions(
    program.command('import-split').description('import train and test files with their own split'),
  )
    .requiredOption('--name <name>', 'name of the new data set')
    .requiredOption('--train <file>', 'train part')
    .requiredOption('--test <file>', 'test part')
    .option('--negatives <file>', 'given candidates of each test row')
    .action(
      run(async (host, _, flags: ImportFlags) => {
        const { job } = await host.invoke('import.split', {
          name: flags.name ?? '',
          train: resolve(flags.train),
          test: resolve(flags.test),
          ...(flags.negatives === undefined ? {} : { negatives: resolve(flags.negatives) }),
          settings: settingsOf(flags),
        });
        const outcome = (await waitFor(host, job)) as ImportOutcome;
        return { json: outcome, text: outcomeText(outcome) };
      }),
    );

  program
    .command('sample')
    .description('make the sample data set')
    .option('--with-runs', 'train a few runs on it as well', false)
    .action(
      run(async (host, _, flags: { withRuns: boolean }) => {
        const { job } = await host.invoke('datasets.sample', { runs: flags.withRuns });
        const { dataset } = (await waitFor(host, job)) as { dataset: string };
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
            `Ratings per user: ${figure(perUser.minimum)} – ${figure(perUser.maximum)}, median ${figure(perUser.median)}`,
            `Ratings per item: ${figure(perItem.minimum)} – ${figure(perItem.maximum)}, median ${figure(perItem.median)}`,
            `The top 10 % of items take ${(100 * profile.topTenthShare).toFixed(1)} % of the ratings.`,
            ...profile.warnings.map((warning) => `${warning.title} ${warning.text}`),
          ].join('\n'),
        };
      }),
    );

  program
    .command('derive')
    .description('make a filtered version of a data set')
    .requiredOption('--dataset <name>', 'id or name')
    .requiredOption('--name <name>', 'name of the new data set')
    .option('--k-core <k>', 'users and items with at least k ratings, again and again', integer)
    .option('--minimum-rating <value>', 'ratings of at least this', number)
    .option('--binarise <value>', 'ratings of at least this become 1, the others go', number)
    .option('--from <time>', 'first moment kept: ISO date or milliseconds', moment)
    .option('--to <time>', 'last moment kept', moment)
    .option('--sample-users <n>', 'keep a random sample of users', integer)
    .option('--seed <n>', 'seed of the sample', integer)
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
    .option('--format <format>', 'csv, parquet, recbole', 'csv')
    .action(
      run(async (host, _, flags: { dataset: string; out: string; format: string }) => {
        const path = resolve(flags.out);
        const format = flags.format as Params<'datasets.export'>['format'];
        const { job } = await host.invoke('datasets.export', { dataset: flags.dataset, path, format });
        const written = await waitFor(host, job);
        return { json: { written }, text: `Wrote ${path}.` };
      }),
    );
}

function moment(value: string): number {
  return /^\d+$/.test(value) ? Number(value) : Date.parse(value);
}

function datasetsText(datasets: Result<'datasets.list'>): string {
  if (datasets.length === 0) return 'No data sets yet. Import ratings, or make the sample.';
  return table(
    ['name', 'users', 'items', 'ratings', 'runs', 'fingerprint'],
    datasets.map((d) => [d.name, d.users, d.items, d.ratings, d.runs, d.fingerprint.slice(0, 8)]),
  );
}
