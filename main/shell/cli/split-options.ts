/** The options of `train`, `export-split` and `import-run` that say how the ratings are split. */
import { readFileSync, statSync } from 'node:fs';
import { type Command, Option } from 'commander';
import * as v from 'valibot';
import { type RunConfig, splitNames } from '../../../shared/config.ts';
import { SplitFile } from '../../../shared/outside.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { share, whole } from './arguments.ts';

export interface SplitFlags {
  split?: string;
  testShare?: number;
  splitSeed?: number;
  ties?: string;
  timeOrder?: string;
  folds?: number;
  windows?: number;
  validation?: string;
}

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
    .option('--windows <n>', 'rolling: windows of time (5 unless told); one run each', whole(2, 100))
    .addOption(
      new Option('--validation <rule>', 'a tenth of what is not test, or no validation').choices([
        'auto',
        'none',
      ]),
    );
}

/** Of commands that are about one split alone: whose, or which part of several. */
export function chosenSplitOptions(command: Command): Command {
  return splitOptions(command)
    .option('--split-of <run>', 'the split of a run, or of the split.json of an exported split')
    .option('--fold <n>', 'k-fold: which fold, from 1', whole(1, 100))
    .option('--window <n>', 'rolling: which window of time, from 1', whole(1, 100));
}

export type ChosenSplitFlags = SplitFlags & { splitOf?: string; fold?: number; window?: number };

/** What the flags choose, as methods take it. @throws WorkbenchError `split-told-twice`, `not-a-split` */
export function splitChoice({ splitOf: of, fold, window, ...flags }: ChosenSplitFlags): {
  splitOf?: string;
  split?: Partial<RunConfig['split']>;
} {
  const told = {
    ...splitOf(flags),
    ...(fold !== undefined && { fold: fold - 1 }),
    ...(window !== undefined && { window: window - 1 }),
  };
  if (of === undefined) return { split: told };
  if (Object.keys(told).length > 0)
    throw new WorkbenchError(
      'split-told-twice',
      'The split is that of --split-of, and other options tell another one.',
      'Give --split-of alone, or the options alone.',
    );
  return of.endsWith('.json') ? { split: splitFileOf(of) } : { splitOf: of };
}

function splitFileOf(path: string): RunConfig['split'] {
  let value: unknown;
  try {
    if (statSync(path).size > 1 << 20) throw new Error('it is too large');
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw notASplit(path, error instanceof Error ? error.message : String(error));
  }
  const parsed = v.safeParse(SplitFile, value);
  if (!parsed.success) throw notASplit(path, parsed.issues[0].message);
  return parsed.output.options;
}

function notASplit(path: string, reason: string): WorkbenchError {
  return new WorkbenchError(
    'not-a-split',
    `${path} is no split.json of an exported split: ${reason}.`,
    'Give the file that export-split wrote, or the id or name of a run.',
  );
}

/** The flags as a configuration has them; those that were not given are left out. */
export function splitOf(flags: SplitFlags): Partial<RunConfig['split']> {
  const told = {
    name: flags.split,
    testShare: flags.testShare,
    seed: flags.splitSeed,
    ties: flags.ties,
    timeOrder: flags.timeOrder,
    folds: flags.folds,
    windows: flags.windows,
    validation: flags.validation,
  };
  // Commander has held the words to their choices.
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
