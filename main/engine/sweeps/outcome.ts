/** What a sweep or tournament came to, from the runs at its end. */
import type { FinalGroup, TournamentOutcome } from '../../../shared/sweeps.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import type { StoredSweep } from '../../store/sweeps.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { endOf, spreadOf } from './end-runs.ts';
import { tournamentOutcome } from './tournament.ts';

/** Stored as it is shown; null where nothing was tested. */
export function outcomeOf(database: ReadableDatabase, loaded: LoadedDatasets, sweep: StoredSweep): unknown {
  return sweep.kind === 'tournament'
    ? tournamentOutcome(database, loaded, sweep)
    : finalGroup(database, sweep, 0);
}

/** Whether there are test figures that people may have seen. */
export function isTested({ kind, outcome }: StoredSweep): boolean {
  if (kind === 'sweep' || outcome === null) return outcome !== null;
  return (outcome as TournamentOutcome).entries.some(({ test }) => test !== null);
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
