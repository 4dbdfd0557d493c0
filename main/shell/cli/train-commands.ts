import { type Command, Option } from 'commander';
import { computeNames, splitNames } from '../../../shared/config.ts';
import { candidates, lengths, name as named, number, setting, share, whole } from './arguments.ts';
import { waitFor } from './print-answers.ts';
import type { Run } from './run.ts';
import { trainedText } from './run-text.ts';
import { runJson, train, type TrainOptions } from './train.ts';

export function trainCommands(program: Command, run: Run): void {
  program
    .command('train')
    .description('train a model, evaluate it and store the run')
    .requiredOption('--dataset <name>', 'id or name')
    .option('--model <name>', 'see the command models')
    .option('--preset <name>', 'a configuration of the book or a paper')
    .option('--set <key=value>', 'a hyper-parameter; may be repeated', setting)
    .addOption(new Option('--split <name>', 'what is test (random unless told)').choices(splitNames))
    .option('--test-share <share>', 'share of the ratings that is test (.1 unless told)', share)
    .option('--split-seed <n>', 'seed of the split (1 unless told)', whole(0))
    .addOption(
      new Option('--ties <rule>', 'which of the rows that share the latest time is the last').choices([
        'last',
        'first',
      ]),
    )
    .addOption(
      new Option('--time-order <rule>', 'data without time: the order of the file stands for it').choices([
        'file',
      ]),
    )
    .option('--folds <n>', 'k-fold: how many (5 unless told); one run each', whole(2, 100))
    .addOption(
      new Option('--validation <rule>', 'a tenth of what is not test, or no validation').choices([
        'auto',
        'none',
      ]),
    )
    .option('--refit', 'train on train + validation for the chosen epochs, then test')
    .option('--no-refit', 'test the weights of the best epoch')
    .option('--positive <rating>', 'ratings of at least this are positive', number)
    .option('--candidates <rule>', 'all, train, given, sampledN (all unless told)', candidates)
    .option('--candidate-seed <n>', 'seed of sampled candidates', whole(0))
    .option('--keep-seen', 'rank items of the train part too')
    .option('--k <list>', 'list lengths (5,10,20,50 unless told)', lengths)
    .option('--target <metric>', 'metric that chooses the epoch, e.g. ndcg@10')
    .option('--seed <n>', 'initialisation, shuffling, negatives, dropout', whole(0, 4294967295))
    .addOption(new Option('--compute <engine>', 'what computes (auto unless told)').choices(computeNames))
    .option('--threads <n>', 'threads of the compute engine', whole(1, 256))
    .option('--name <name>', 'name of the run', named)
    .action(
      run(async (host, _, options: TrainOptions) => {
        const json = await train(host, options);
        return { json, text: trainedText(json) };
      }),
    );

  program
    .command('resume <id>')
    .description('go on with an interrupted run from its last checkpoint')
    .action(
      run(async (host, [id]) => {
        const resumed = await host.invoke('runs.resume', { run: id });
        await waitFor(host, resumed.id);
        const { run: ended, epochs } = await host.invoke('runs.get', { run: resumed.id });
        const json = runJson(ended, epochs);
        return { json, text: trainedText(json) };
      }),
    );
}
