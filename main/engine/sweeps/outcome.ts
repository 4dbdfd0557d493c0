/** What a sweep or tournament came to, from the runs at its end. */
import type { FinalGroup } from '../../../shared/contract.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findRun, type StoredRun } from '../../store/runs.ts';
import { finalRuns, type StoredSweep } from '../../store/sweeps.ts';
import type { SweepContext } from './runner.ts';
import { tournamentOutcome } from './tournament.ts';

/** Stored as it is shown; null where nothing was tested. */
export function outcomeOf({ database }: Pick<SweepContext, 'database'>, sweep: StoredSweep): unknown {
  return sweep.kind === 'tournament' ? tournamentOutcome(database, sweep) : finalGroup(database, sweep, 0);
}

/** The finished runs at the end of an entry. */
export function endOf(
  database: ReadableDatabase,
  { key }: Pick<StoredSweep, 'key'>,
  entry: number,
): { readonly key: number; readonly run: StoredRun }[] {
  return finalRuns(database, key)
    .filter((run) => run.entry === entry)
    .map(({ id }) => findRun(database, id))
    .filter(({ run }) => run.status === 'finished');
}

function finalGroup(database: ReadableDatabase, sweep: StoredSweep, entry: number): FinalGroup | null {
  const runs = endOf(database, sweep, entry).map(({ run }) => run);
  if (runs.length === 0) return null;
  const [first] = runs;
  const names = Object.keys(first.metrics.test).filter((name) =>
    runs.every(({ metrics }) => name in metrics.test),
  );
  const test = names.map((name) => [name, spreadOf(runs.map(({ metrics }) => metrics.test[name]))] as const);
  return {
    group: first.group ?? '',
    runs: runs.map(({ id }) => id),
    metrics: { test: Object.fromEntries(test) },
  };
}

/** Mean and standard deviation; 0 of one value. */
export function spreadOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
