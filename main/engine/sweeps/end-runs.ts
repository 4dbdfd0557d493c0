/** The runs at the end of a sweep, as they are read. */
import type { ReadableDatabase } from '../../store/database.ts';
import { findAnyRun, type StoredRun } from '../../store/runs.ts';
import { finalRuns, type StoredSweep } from '../../store/sweeps.ts';

/** The finished runs at the end of an entry. */
export function endOf(
  database: ReadableDatabase,
  { key }: Pick<StoredSweep, 'key'>,
  entry: number,
): { readonly key: number; readonly run: StoredRun }[] {
  return finalRuns(database, key)
    .filter((run) => run.entry === entry)
    .map(({ id }) => findAnyRun(database, id))
    .filter(({ run }) => run.status === 'finished');
}

/** Mean and standard deviation; 0 of one value. */
export function spreadOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
