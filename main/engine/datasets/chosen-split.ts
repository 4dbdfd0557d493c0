/** Which split is meant: that of a run of the data set, or one that is told. */
import type { EvaluationConfig, SplitConfig } from '../../../shared/config.ts';
import type { Dataset } from '../../../shared/contract.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun } from '../../store/runs.ts';
import { assertSplit } from './possible.ts';

export interface ChosenSplit {
  readonly dataset: Dataset;
  readonly split: SplitConfig;
  /** Of the run whose split it is; null where the split was told. */
  readonly evaluation: EvaluationConfig | null;
  readonly refit: boolean;
}

/** @throws WorkbenchError `dataset-missing`, `run-missing`, `other-data`, and where the data set cannot be split so */
export function chosenSplit(
  database: ReadableDatabase,
  { dataset: idOrName, splitOf, split }: { dataset: string; splitOf: string | null; split: SplitConfig },
): ChosenSplit {
  const { dataset } = findDataset(database, idOrName);
  if (splitOf === null) {
    assertSplit(split, dataset);
    return { dataset, split, evaluation: null, refit: false };
  }
  const { run } = findRun(database, splitOf);
  if (run.fingerprint !== dataset.fingerprint)
    throw new WorkbenchError(
      'other-data',
      `Run "${run.name}" was trained on "${run.datasetName}", not on "${dataset.name}": its split is of other ratings.`,
      'Choose a run of the same data set, or tell the split.',
    );
  const { evaluation, refit } = run.config;
  return { dataset, split: run.config.split, evaluation, refit };
}
