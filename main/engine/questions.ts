/**
 * What takes long to find out: inspections, comparisons, reports, what tournaments came to. It reads the database and
 * writes nothing, so it can be done in a thread of its own (main/entries/inspector-thread.ts), where weights and ratings
 * stay loaded.
 */
import type { SweepDetail } from '../../shared/contract.ts';
import type { ReadableDatabase } from '../store/database.ts';
import { findSweep } from '../store/sweeps.ts';
import { type CompareMethod, comparisonsFrom } from './compare/comparisons.ts';
import { type InspectAnswers, inspectAnswers, type InspectMethod } from './inspect/answers.ts';
import type { LoadedDatasets } from './loaded.ts';
import { type ReportQuestion, reportOf } from './report/report-of.ts';
import { outcomeOf } from './sweeps/outcome.ts';
import { detailOf } from './sweeps/view.ts';

/** Methods of the contract that are answered here. */
export type AskedMethod = InspectMethod | CompareMethod;

export type Answers = InspectAnswers &
  ReturnType<typeof comparisonsFrom> & {
    /** The file as text. */
    report(question: ReportQuestion): Promise<string>;
    sweep(question: SweepQuestion): SweepDetail;
    /** What a sweep or tournament came to, as it is stored; null where nothing was tested. */
    outcome(question: { readonly sweep: string }): unknown;
  };

export interface SweepQuestion {
  /** Id or name. */
  readonly sweep: string;
  readonly timeLeft: SweepDetail['timeLeft'];
}

export function answersFrom(database: ReadableDatabase, loaded: LoadedDatasets): Answers {
  const comparisons = comparisonsFrom(database, loaded);
  return {
    ...inspectAnswers(database, loaded),
    ...comparisons,
    report: (question) => reportOf(database, comparisons, question),
    sweep: ({ sweep, timeLeft }) => detailOf(database, findSweep(database, sweep), timeLeft),
    outcome: ({ sweep }) => outcomeOf(database, loaded, findSweep(database, sweep)),
  };
}
