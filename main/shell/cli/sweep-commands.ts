/** `sweep`, `tournament`, `sweeps`: searches over hyper-parameters. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Params } from '../../../shared/contract.ts';
import { searchKinds, type SearchKind } from '../../../shared/sweeps.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { name as named, number, setting, whole } from './arguments.ts';
import type { Host } from './open-host.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';
import { splitOptions } from './split-options.ts';
import { sweepJson, sweepsText, sweepText, tournamentJson, tournamentText } from './sweep-text.ts';
import { configsOf, type TrainOptions } from './train.ts';
import { evaluationOptions, trainOptions } from './train-options.ts';

interface BudgetOptions {
  trials?: number;
  minutes?: number;
  finalSeeds?: number;
}

interface SweepOptions extends TrainOptions, BudgetOptions {
  space?: Record<string, string>;
  search?: SearchKind;
  seeds?: number;
  parallel?: number;
  searchSeed?: number;
}

interface TournamentOptions extends Omit<TrainOptions, 'model'>, BudgetOptions {
  models?: string[];
  metric?: string;
}

interface SweepsOptions {
  finish?: boolean;
  resume?: boolean;
  delete?: boolean;
  trials?: number;
  minutes?: number;
}

const anySeed = whole(0, 4294967295);

export function sweepCommands(program: Command, run: Run): void {
  trainOptions(program.command('sweep'))
    .description('search for hyper-parameters on validation; the best may be tested once at the end')
    .requiredOption('--dataset <name>', 'id or name')
    .option(
      '--space <key=spec>',
      "what varies: a,b,c or lo..hi or log:lo..hi or int:lo..hi; may be repeated (the model's own space unless told)",
      setting,
    )
    .addOption(new Option('--search <kind>', 'how trials are chosen').choices(searchKinds))
    .option('--trials <n>', 'trials at most', whole(1, 10_000))
    .option('--minutes <t>', 'minutes for everything', minutes)
    .option('--seeds <n>', 'seeds a trial (1 unless told)', whole(1, 20))
    .option('--parallel <n>', 'trials at once', whole(1, 64))
    .option('--search-seed <n>', 'seed of the search (1 unless told)', anySeed)
    .option(
      '--final-seeds <n>',
      'train the best on train + validation with so many seeds, and test',
      whole(0, 20),
    )
    .option('--name <name>', 'name of the sweep', named)
    .action(
      run(async (host, _, options: SweepOptions) => {
        const { sweep, job } = await host.invoke('sweeps.start', await sweepRequest(host, options));
        await waitFor(host, job);
        return sweepOutcome(host, sweep);
      }),
    );

  evaluationOptions(splitOptions(program.command('tournament')))
    .description('which model is best on these data: all tuned alike, tested once')
    .requiredOption('--dataset <name>', 'id or name')
    .option('--models <list>', 'models (all that fit the data unless told)', names)
    .option('--minutes <t>', 'minutes for everything', minutes)
    .option('--trials <n>', 'trials of each model', whole(1, 10_000))
    .option('--final-seeds <n>', 'seeds of each best configuration (3 unless told)', whole(1, 20))
    .option('--metric <metric>', 'what decides, e.g. ndcg@10')
    .option('--seed <n>', 'first seed of models and of the search (1 unless told)', anySeed)
    .option('--name <name>', 'name of the tournament', named)
    .action(
      run(async (host, _, options: TournamentOptions) => {
        const { sweep, job } = await host.invoke('sweeps.tournament', tournamentRequest(options));
        await waitFor(host, job);
        return sweepOutcome(host, sweep);
      }),
    );

  program
    .command('sweeps [sweep]')
    .description('list sweeps and tournaments, show one, end or extend it')
    .option('--finish', 'no more trials: the end with what there is')
    .option('--resume', 'go on with one that was cancelled or interrupted')
    .option('--trials <n>', 'so many more trials (of each model)', whole(1, 10_000))
    .option('--minutes <t>', 'so many more minutes', minutes)
    .option('--delete', 'delete it with its trials; the runs at its end stay')
    .action(
      run(async (host, [sweep], options: SweepsOptions) => {
        if (sweep === undefined) {
          const sweeps = await host.invoke('sweeps.list', {});
          return { json: { sweeps }, text: sweepsText(sweeps) };
        }
        const { finish, resume, trials, minutes: more } = options;
        if (options.delete) {
          await host.invoke('sweeps.delete', { sweep });
          return { json: { deleted: sweep }, text: `Deleted ${sweep}.` };
        }
        if (finish) {
          const { summary } = await host.invoke('sweeps.get', { sweep });
          await host.invoke('sweeps.stop', { sweep, when: 'finish' });
          await waitFor(host, summary.id);
        } else if (resume || trials !== undefined || more !== undefined) {
          const { job } = await host.invoke('sweeps.extend', { sweep, trials, minutes: more });
          await waitFor(host, job);
        }
        return sweepOutcome(host, sweep);
      }),
    );
}

async function sweepRequest(host: Host, options: SweepOptions): Promise<Params<'sweeps.start'>> {
  const { dataset, name, space, search, trials, seeds, parallel, searchSeed, finalSeeds } = options;
  const [config] = configsOf(options, await host.invoke('models.list', {}));
  return {
    ...{ dataset, config, name, space, search, trials, seeds, parallel, searchSeed, finalSeeds },
    minutes: options.minutes,
  };
}

function tournamentRequest(options: TournamentOptions): Params<'sweeps.tournament'> {
  const { dataset, name, models, trials, finalSeeds, metric, seed } = options;
  if (trials !== undefined && options.minutes !== undefined)
    throw new WorkbenchError(
      'wrong-use',
      'The budget is --minutes or --trials, not both.',
      'Give one of them.',
    );
  // The split and candidates as `train` reads them.
  const [{ split, evaluation }] = configsOf({ ...options, model: 'any' }, []);
  return {
    ...{ dataset, name, models, trials, finalSeeds, metric, seed, split, evaluation },
    minutes: options.minutes,
  };
}

async function sweepOutcome(host: Host, sweep: string): Promise<{ json: unknown; text: string }> {
  const detail = await host.invoke('sweeps.get', { sweep });
  return detail.summary.kind === 'tournament'
    ? { json: tournamentJson(detail), text: tournamentText(detail) }
    : { json: sweepJson(detail), text: sweepText(detail) };
}

function minutes(text: string): number {
  const value = number(text);
  if (value <= 0 || value > 10_080)
    throw new InvalidArgumentError('Minutes are more than 0 and at most 10080, a week.');
  return value;
}

function names(text: string): string[] {
  const list = text.split(',').map((part) => part.trim());
  if (list.some((part) => part === ''))
    throw new InvalidArgumentError('Names with commas between them: bpr,ials.');
  return list;
}
