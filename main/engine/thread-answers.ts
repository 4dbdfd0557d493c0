/**
 * All that the inspector thread answers: questions on users, items and runs, comparisons and reports, sweeps whole and
 * what they came to.
 */
import type { SweepDetail } from '../../shared/contract.ts';
import type { ReadableDatabase } from '../store/database.ts';
import { findSweep } from '../store/sweeps.ts';
import { type CompareMethod, comparisonsFrom } from './compare/comparisons.ts';
import { type Answers, answersFrom, type InspectMethod } from './inspect/answers.ts';
import type { LoadedDatasets } from './loaded.ts';
import { type ReportQuestion, reportOf } from './report/report-of.ts';
import { Importances } from './sweeps/importances.ts';
import { outcomeOf } from './sweeps/outcome.ts';
import { detailOf } from './sweeps/view.ts';

/** Methods of the contract that are answered here as they are asked. */
export type AskedMethod = InspectMethod | CompareMethod;

export type ThreadAnswers = Answers &
  ReturnType<typeof comparisonsFrom> & {
    sweep(question: { sweep: string; timeLeft: SweepDetail['timeLeft'] }): SweepDetail;
    /** What a sweep or tournament came to, as it is stored; null where nothing was tested. */
    outcome(question: { sweep: string }): unknown;
    /** The file as text. */
    report(question: ReportQuestion): Promise<string>;
  };

export function threadAnswers(database: ReadableDatabase, loaded: LoadedDatasets): ThreadAnswers {
  const importances = new Importances();
  const comparisons = comparisonsFrom(database, loaded);
  return {
    ...answersFrom(database, loaded),
    ...comparisons,
    sweep: ({ sweep, timeLeft }) => detailOf(database, findSweep(database, sweep), timeLeft, importances),
    outcome: ({ sweep }) => outcomeOf(database, loaded, findSweep(database, sweep)),
    report: (question) => reportOf(database, comparisons, question),
  };
}
