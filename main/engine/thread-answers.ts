/** All that the inspector thread answers: questions on users, items and runs, and sweeps whole. */
import type { SweepDetail } from '../../shared/contract.ts';
import type { ReadableDatabase } from '../store/database.ts';
import { findSweep } from '../store/sweeps.ts';
import { type Answers, answersFrom } from './inspect/answers.ts';
import type { LoadedDatasets } from './loaded.ts';
import { Importances } from './sweeps/importances.ts';
import { detailOf } from './sweeps/view.ts';

export type ThreadAnswers = Answers & {
  sweep(question: { sweep: string; timeLeft: SweepDetail['timeLeft'] }): SweepDetail;
};

export function threadAnswers(database: ReadableDatabase, loaded: LoadedDatasets): ThreadAnswers {
  const importances = new Importances();
  return {
    ...answersFrom(database, loaded),
    sweep: ({ sweep, timeLeft }) => detailOf(database, findSweep(database, sweep), timeLeft, importances),
  };
}
