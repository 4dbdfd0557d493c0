/** What a finished trial leaves in the store. */
import { findMetricKey } from '../../../shared/metrics/registry.ts';
import type { Evaluation } from '../../evaluation/evaluate.ts';
import type { Split } from '../../ratings/split.ts';
import { meanInterval } from '../../evaluation/statistics/mean-interval.ts';
import { writeArtifacts } from '../../store/artifacts.ts';
import { deleteCheckpoint, limitKeptEnds } from '../../store/checkpoints.ts';
import type { TypedArray } from '../../store/columns.ts';
import type { WritableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { replaceEpochs, type StoredRun, updateRun } from '../../store/runs.ts';
import { writeSplit } from '../../store/splits.ts';
import type { TrialResult, TuningResult } from '../../training/trial.ts';

/** What of a result is stored; a run made elsewhere has no more. */
type StoredResult = Pick<
  TrialResult,
  'target' | 'epochs' | 'metrics' | 'seconds' | 'weights' | 'test' | 'notes' | 'endKept'
> & {
  readonly [F in 'compute' | 'bestEpoch' | 'examplesPerSecond' | 'peakMemoryMb' | 'cost']:
    TrialResult[F] | null;
};

export interface TrialOutcome {
  readonly result: StoredResult;
  /** What the split was; `part` null where the store has it already. */
  readonly split: Pick<Split, 'config' | 'hash' | 'part'>;
}

export interface TuningOutcome {
  readonly tuned: TuningResult;
  readonly split: TrialOutcome['split'];
}

/**
 * Stores what a trial of a search came to: its curve and validation figures. There is nothing else: nothing was tested.
 * Its checkpoint stays, for it may go on.
 */
export function storeTuning(
  database: WritableDatabase,
  key: number,
  run: StoredRun,
  { tuned, split }: TuningOutcome,
): void {
  const { key: dataset } = findDataset(database, run.dataset);
  database
    .transaction(() => {
      writeSplit(database, dataset, split);
      replaceEpochs(database, key, tuned.epochs);
      updateRun(database, key, {
        ...factsOf(tuned, split),
        metrics: { validation: tuned.validation, test: {} },
      });
    })
    .immediate();
}

function factsOf(
  result: Pick<
    StoredResult,
    'seconds' | 'notes' | 'compute' | 'bestEpoch' | 'examplesPerSecond' | 'peakMemoryMb' | 'cost'
  >,
  split: TrialOutcome['split'],
) {
  return {
    status: 'finished',
    finishedAt: Date.now(),
    compute: result.compute,
    splitName: split.config.name,
    splitHash: split.hash,
    bestEpoch: result.bestEpoch,
    trainSeconds: result.seconds.train,
    evaluateSeconds: result.seconds.evaluate,
    examplesPerSecond: result.examplesPerSecond,
    peakMemoryMb: result.peakMemoryMb,
    cost: result.cost,
    notes: result.notes,
  };
}

/** Stores figures and arrays in one transaction: a run is finished with everything that belongs to it, or not. */
export function storeResult(
  database: WritableDatabase,
  key: number,
  run: StoredRun,
  { result, split }: TrialOutcome,
): void {
  const { key: dataset } = findDataset(database, run.dataset);
  database
    .transaction(() => {
      writeSplit(database, dataset, split);
      writeArtifacts(database, key, 'weights', result.weights);
      for (const [kind, arrays] of Object.entries(arraysOf(result.test))) {
        writeArtifacts(database, key, kind as 'perUser' | 'lists' | 'ranks' | 'predictions', arrays);
      }
      replaceEpochs(database, key, result.epochs);
      updateRun(database, key, {
        ...factsOf(result, split),
        metrics: result.metrics,
        interval: intervalOf(result.test, result.target),
      });
    })
    .immediate();
  if (result.endKept) limitKeptEnds(database);
  else deleteCheckpoint(database, run.id);
}

function arraysOf({ perUser, ranking, predictions }: Evaluation): Record<string, Record<string, TypedArray>> {
  const arrays: Record<string, Record<string, TypedArray>> = {
    perUser: { ...perUser.values, users: perUser.users, ratings: perUser.ratings },
  };
  if (ranking) {
    const { rows, above, equal, candidates, lists } = ranking;
    arrays.ranks = { rows, above, equal, candidates };
    if (lists)
      arrays.lists = { users: lists.users, start: lists.start, items: lists.items, scores: lists.scores };
  }
  if (predictions) arrays.predictions = { ...predictions };
  return arrays;
}

/** 95 % interval of a metric that is a mean over users (normal); null for one that is not. */
function intervalOf({ perUser, metrics }: Evaluation, target: string): [number, number] | null {
  const key = findMetricKey(Object.keys(metrics), target);
  const values = key === undefined ? undefined : perUser.values[key];
  return key === undefined || !values ? null : meanInterval(values, metrics[key], key);
}
