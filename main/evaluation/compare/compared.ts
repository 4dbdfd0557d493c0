/** What a comparison is made from: stored results, nothing computed anew. */
import type { CompareChoices, RunsCost } from '../../../shared/compare.ts';
import type { Run, RunCost } from '../../../shared/contract.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import type { PerUser } from '../evaluation.ts';
import type { LeakageLine } from '../splits/leakage.ts';
import type { PairedValues } from '../statistics/paired.ts';
import type { Ranking, TopLists } from '../ranking/ranking.ts';

/** The facts of a run that comparisons read. */
export type RunFacts = Pick<
  Run,
  | 'id'
  | 'number'
  | 'name'
  | 'model'
  | 'modelTitle'
  | 'kind'
  | 'baseline'
  | 'seedless'
  | 'config'
  | 'parameters'
  | 'seed'
  | 'dataset'
  | 'datasetName'
  | 'fingerprint'
  | 'split'
  | 'metrics'
  | 'seconds'
  | 'compute'
  | 'target'
> &
  Partial<Pick<Run, 'cost' | 'peakMemoryMb' | 'bestEpoch' | 'epochs'>>;

/**
 * What runs cost together, and the memory of the largest; null where one of them does not tell.
 * @param by what sums are divided by: the number of runs for their mean
 */
export function costOf(runs: readonly RunFacts[], by = 1): RunsCost {
  const sum = (value: (cost: RunCost) => number | null): number | null =>
    runs.reduce((total: number | null, { cost }) => {
      const own = cost ? value(cost) : null;
      return total === null || own === null ? null : total + own / by;
    }, 0);
  const memory = runs.map(({ peakMemoryMb }) => peakMemoryMb ?? null);
  return {
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
    wallSeconds: sum(({ wallSeconds }) => wallSeconds),
    energyJoules: sum(({ energyJoules }) => energyJoules),
    peakMemoryMb: memory.reduce((most, own) => (most === null || own === null ? null : Math.max(most, own))),
  };
}

export interface ComparedRun {
  readonly run: RunFacts;
  /** Values on the test part. */
  readonly perUser: PerUser;
  readonly lists: TopLists | null;
  /** External ids by index: pairs users of unlike data under `force`. */
  readonly userIds?: readonly string[];
  /** Where this is no run but several that differ by seed alone: `run` and `perUser` are then means over seeds. */
  readonly group?: SeedsCompared;
}

export interface SeedsCompared {
  /** Ids of all runs that were named, repeats of a seed among them. */
  readonly runs: readonly string[];
  /** Distinct seeds, and the run of each; users in the same order in all. */
  readonly seeds: readonly number[];
  readonly members: readonly ComparedRun[];
}

/** Values of users whom two runs share. */
export interface PairedUsers extends PairedValues {
  /** [pairs] index of each user in the data of a. */
  readonly users: Uint32Array;
  /** [pairs] where the user's values are in each run. */
  readonly places: { readonly a: Uint32Array; readonly b: Uint32Array };
}

/** The data set and split of the runs, for slices, exposure and notes. */
export interface ComparedData {
  readonly ratings: Ratings;
  /** Part of each row in the runs' split. */
  readonly part: Uint8Array;
  readonly timeKind: 'time' | 'order' | 'none';
  /** Genres of each item; null where the data set has none. */
  readonly genres: readonly (readonly string[])[] | null;
  /** Where the test items of the runs were ranked among how many, as stored; left out where nothing was ranked. */
  readonly ranked?: Pick<Ranking, 'rows' | 'candidates'>;
  /** From leakageReport. */
  readonly leakage: readonly LeakageLine[];
}

export interface CompareOptions extends Partial<CompareChoices> {
  /** Metric of the verdict, and then the only one of the pairs; null: all, and the runs' own for the verdict. */
  readonly metric: string | null;
  readonly force: boolean;
  /** Two of the runs, for verdict, slices and distribution; left out: the two best. */
  readonly lead?: readonly [string, string];
  /** Differences below this are of no interest, by metric. */
  readonly smallestInteresting?: Readonly<Record<string, number>>;
  /**
   * Finished runs, compared or not: those of the same data, split and candidates tell seed noise, tuning budgets and
   * baselines.
   */
  readonly siblings?: readonly RunFacts[];
}
