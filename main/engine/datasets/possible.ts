/** What a data set lacks for a configuration is told before a run is stored. */
import type { RunConfig, SplitConfig } from '../../../shared/config.ts';
import type { Dataset } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';

/** @throws WorkbenchError where the data set cannot be split or ranked so */
export function assertPossible({ split, evaluation }: RunConfig, dataset: Dataset): void {
  const { name, givenSplit } = dataset;
  assertSplit(split, dataset);
  if (evaluation.candidates === 'given' && (!givenSplit || split.name !== 'given'))
    throw new WorkbenchError(
      'no-given-candidates',
      `The ${split.name} split of "${name}" has no given candidates.`,
      'Rank among all items, or import the split with its negatives file and choose the split given.',
    );
  const highest = dataset.scale?.maximum ?? 1;
  if (evaluation.positive !== null && evaluation.positive > highest)
    throw new WorkbenchError(
      'nothing-positive',
      `No rating of "${name}" is ${evaluation.positive} or more: the highest is ${highest}.`,
      'Lower the threshold of positive ratings.',
    );
}

/** @throws WorkbenchError where the data set cannot be split so */
export function assertSplit(split: SplitConfig, { name, givenSplit, timeKind }: Dataset): void {
  if (split.name === 'given' && !givenSplit)
    throw new WorkbenchError(
      'no-given-split',
      `The data set "${name}" came without a split of its own.`,
      'Choose another split, or import its train and test files with import-split.',
    );
  if ((split.name === 'global-time' || split.name === 'rolling') && timeKind === 'none')
    throw new WorkbenchError(
      'no-time',
      `A split by time needs times, and the data set "${name}" has none.`,
      'Choose a random split, or import the data again with a time column.',
    );
  const ordered = split.name === 'leave-last-out' || split.name === 'user-ratio';
  if (ordered && timeKind === 'none' && split.timeOrder !== 'file')
    throw new WorkbenchError(
      'no-time',
      `The split ${split.name} goes by time, and the data set "${name}" has none.`,
      "Choose a random split, or import the data again with a time column. If each user's rows stand in the order of " +
        'time, say so: --time-order file.',
    );
  if (split.timeOrder === 'file' && timeKind !== 'none')
    throw new WorkbenchError(
      'time-known',
      `The data set "${name}" has times, so the order of its file is not read.`,
      'Leave out --time-order.',
    );
}
