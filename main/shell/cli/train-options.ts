/** The options of `train` and `sweep` that make a configuration, and those of who is ranked against whom. */
import { type Command, Option } from 'commander';
import { computeNames } from '../../../shared/config.ts';
import { candidates, lengths, number, setting, whole } from './arguments.ts';
import { splitOptions } from './split-options.ts';

export function trainOptions(command: Command): Command {
  return evaluationOptions(splitOptions(command))
    .option('--model <name>', 'see the command models')
    .option('--preset <name>', 'a configuration of the book or a paper')
    .option('--set <key=value>', 'a hyper-parameter; may be repeated', setting)
    .option('--refit', 'train on train + validation for the chosen epochs, then test')
    .option('--no-refit', 'test the weights of the best epoch')
    .option('--target <metric>', 'metric that chooses the epoch, e.g. ndcg@10')
    .option('--seed <n>', 'initialisation, shuffling, negatives, dropout', whole(0, 4294967295))
    .addOption(new Option('--compute <engine>', 'what computes (auto unless told)').choices(computeNames))
    .option('--threads <n>', 'threads of the compute engine', whole(1, 256));
}

export function evaluationOptions(command: Command): Command {
  return command
    .option('--positive <rating>', 'ratings of at least this are positive', number)
    .option('--candidates <rule>', 'all, train, given, sampledN (all unless told)', candidates)
    .option('--candidate-seed <n>', 'seed of sampled candidates', whole(0))
    .option('--keep-seen', 'rank items of the train part too')
    .option('--k <list>', 'list lengths (5,10,20,50 unless told)', lengths);
}
