import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  duplicatePolicies,
  type ImportOutcome,
  ImportSettings,
  thousandsMarks,
  timeUnits,
} from '../../../shared/imports.ts';
import { WorkbenchError } from '../../base/errors.ts';
import {
  column,
  delimiter,
  name as named,
  percent,
  quote,
  ratingWords,
  safeForSpreadsheets,
} from './arguments.ts';
import { outcomeText, sentencesOf } from './import-text.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';

type ImportFlags = ImportSettings & {
  name?: string;
  train: string;
  test: string;
  negatives?: string;
  dryRun?: boolean;
};

/** The options that say how a file is read. */
function readingOptions(command: Command): Command {
  return command
    .option('--user <column>', 'user column: header name or position from 1', column)
    .option('--item <column>', 'item column', column)
    .option('--rating <column>', 'rating column', column)
    .option('--time <column>', 'time column', column)
    .option('--delimiter <text>', 'e.g. "," ";" "\\t" "::"', delimiter)
    .option('--quote <character>', 'quote character, none for none', quote)
    .option('--encoding <name>', 'utf-8, utf-16, latin-1, windows-1252')
    .addOption(new Option('--decimal <mark>', 'decimal mark').choices(['.', ',']))
    .addOption(new Option('--thousands <mark>', 'mark between thousands of a rating').choices(thousandsMarks))
    .option('--rating-words <list>', 'what words in the rating column stand for, as yes=1,no=0', ratingWords)
    .option('--header', 'the first record is a header')
    .option('--no-header', 'the first record is data')
    .addOption(new Option('--time-unit <unit>', 'unit of the time column').choices(timeUnits))
    .option('--implicit', 'every record is an interaction; a rating is ignored')
    .option('--wide', 'a users × items matrix')
    .option('--user-per-line', 'one user a line, then the items')
    .option('--missing <value>', 'wide: the value that means "not rated"')
    .option('--missing-rating <value>', 'the rating that means "not rated"')
    .option('--member <path>', 'which file of a zip')
    .option('--sheet <name>', 'which sheet of an Excel workbook')
    .option('--items <file>', 'second file with titles, genres, year')
    .option('--items-id <column>', 'its column of item ids: header name or position from 1', column)
    .option('--items-title <column>', 'its column of titles', column)
    .option('--items-genres <column>', 'its column of genres', column)
    .option('--items-year <column>', 'its column of years', column)
    .addOption(
      new Option('--duplicates <policy>', 'records that repeat a user and an item').choices(
        duplicatePolicies,
      ),
    )
    .option('--max-rejected <percent>', 'stop over this share of rejected records (5 unless told)', percent);
}

/** Those of the flags that say how a file is read, with whole paths. */
function settingsOf(flags: ImportFlags): ImportSettings {
  const whole = (path: string | undefined): string | undefined =>
    path === undefined ? undefined : resolve(path);
  const settings = { ...flags, items: whole(flags.items), rejectsOut: whole(flags.rejectsOut) };
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => name in ImportSettings.entries && value !== undefined),
  );
}

/** What a dry run would have stored: no id and no fingerprint, since nothing is. */
function wouldBe(
  { users, items, accounting }: ImportOutcome,
  name: string | undefined,
): Record<string, unknown> {
  return { id: null, name: name ?? null, users, items, ratings: accounting.imported, fingerprint: null };
}

export function importCommands(program: Command, run: Run): void {
  readingOptions(program.command('import <file>').description('import a file of ratings'))
    .option('--name <name>', 'name of the new data set', named)
    .option('--dry-run', 'check and account, store nothing')
    .option('--rejects-out <file>', 'write every rejected record as CSV')
    .addOption(safeForSpreadsheets())
    .action(
      run(async (host, [file], flags: ImportFlags) => {
        const path = resolve(file);
        const settings = settingsOf(flags);
        if (flags.dryRun) {
          const { job } = await host.invoke('import.check', { path, settings });
          const checked = (await waitFor(host, job)) as ImportOutcome;
          const json = { ...checked, ...sentencesOf(checked), dataset: wouldBe(checked, flags.name) };
          return { json, text: outcomeText(checked) };
        }
        if (flags.name === undefined)
          throw new WorkbenchError('name-needed', 'The new data set needs a name.', 'Give --name NAME.');
        const { job } = await host.invoke('import.start', { path, name: flags.name, settings });
        const outcome = (await waitFor(host, job)) as ImportOutcome;
        return { json: { ...outcome, ...sentencesOf(outcome) }, text: outcomeText(outcome) };
      }),
    );

  readingOptions(
    program.command('import-split').description('import train and test files with their own split'),
  )
    .requiredOption('--name <name>', 'name of the new data set', named)
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
        return { json: { ...outcome, ...sentencesOf(outcome) }, text: outcomeText(outcome) };
      }),
    );
}
