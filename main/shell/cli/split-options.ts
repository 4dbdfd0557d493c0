/** The options that say how the ratings are split. */
import { type Command, Option } from 'commander';
import { splitNames } from '../../../shared/config.ts';
import { share, whole } from './arguments.ts';

export function splitOptions(command: Command): Command {
  return command
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
    );
}
