/** The baseline that is pinned for runs that compare: the same data set, split and candidates. */
import type { Result, Unpinned } from '../../../shared/contract.ts';
import { comparisonKey, configurationKey } from '../../../shared/run-identity.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase, WritableDatabase } from '../../store/database.ts';
import { findRun, pinnedRuns, type StoredRun, updateRun } from '../../store/runs.ts';

interface Stored {
  readonly key: number;
  readonly run: StoredRun;
}

/** The run that is pinned for those that compare with this one. */
export function baselineOf(database: ReadableDatabase, run: StoredRun): Stored | null {
  const place = comparisonKey(run);
  return pinnedRuns(database).find((pinned) => comparisonKey(pinned.run) === place) ?? null;
}

/**
 * Pins a run in place of what was pinned, or unpins it (or the run of its group of seeds that is pinned).
 * @returns also the runs that changed
 * @throws WorkbenchError `run-missing`, `run-unfinished`, `not-pinned`
 */
export function pinRun(
  database: WritableDatabase,
  idOrName: string,
  pinned: boolean,
): Result<'runs.pin'> & { changed: string[] } {
  const { key, run } = findRun(database, idOrName);
  const before = baselineOf(database, run);
  if (!pinned) {
    if (!before || configurationKey(before.run) !== configurationKey(run))
      throw new WorkbenchError(
        'not-pinned',
        `Run "${run.name}" is not pinned${before ? `: the baseline there is "${before.run.name}"` : ', nor is any other of its data set and split'}.`,
        before
          ? `Unpin "${before.run.name}", or pin another run in its place.`
          : 'There is nothing to unpin.',
      );
    updateRun(database, before.key, { pinned: false });
    return { pinned: null, changed: [before.run.id] };
  }
  if (run.status !== 'finished')
    throw new WorkbenchError(
      'run-unfinished',
      `Run "${run.name}" is ${run.status}, so it has no figures to compare with.`,
      'Pin a finished run.',
    );
  database
    .transaction(() => {
      if (before) updateRun(database, before.key, { pinned: false });
      updateRun(database, key, { pinned: true, trashed: false });
    })
    .immediate();
  return { pinned: run.id, changed: [...(before && before.key !== key ? [before.run.id] : []), run.id] };
}

/** Which of the runs were pinned baselines and stop being so when they are deleted. */
export function unpinned(runs: readonly Stored[]): Unpinned {
  return { unpinned: runs.flatMap(({ run: { id, name, pinned } }) => (pinned ? [{ run: id, name }] : [])) };
}
