/** What a comparison is of: runs, and groups of runs that differ by seed alone. */
import { configurationKey } from '../../../shared/run-identity.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun, groupNames, listRuns, type StoredRun } from '../../store/runs.ts';

interface Stored {
  readonly key: number;
  readonly run: StoredRun;
}

export interface Unit {
  /** The group's name where that was given, else the id of the first of its runs that was named. */
  readonly id: string;
  /** One alone is compared as a run, several as a group of seeds. */
  readonly runs: readonly Stored[];
}

/** Runs or groups that can be told apart on a screen. */
const MOST = 30;

/**
 * The runs and groups that are meant by ids or names of runs and names of groups, in the order given.
 * @param byGroup true: each run stands for its whole group; false: for itself; null: named runs of one configuration are
 *   a group where others are named too
 * @throws WorkbenchError `run-missing`, `not-one-configuration`, `one-group`, `too-many-runs`, `run-unfinished`
 */
export function findUnits(
  database: ReadableDatabase,
  names: readonly string[],
  byGroup: boolean | null,
): Unit[] {
  const groups = new Set(groupNames(database));
  const named = names.map((name): Unit => {
    const seeds = groups.has(name) ? seedsNamed(database, name) : [];
    if (seeds.length > 0) return { id: name, runs: seeds };
    const found = findRun(database, name);
    return { id: found.run.id, runs: [found] };
  });
  const configurations = Map.groupBy(named, ({ runs: [{ run }] }) => configurationKey(run));
  const repeated = new Set(named.map(({ id }) => id)).size > configurations.size;
  const together = byGroup ?? (configurations.size > 1 && repeated);
  const units = together
    ? [...configurations.values()].map((same) =>
        merged(same, byGroup ? siblings(database, same[0].runs[0]) : null),
      )
    : named;
  if (units.length === 1)
    throw new WorkbenchError(
      'one-group',
      `The ${names.length} runs named differ by their seed alone: they are one group.`,
      'Name a run of another configuration, or leave out --by-group to see how its seeds differ.',
    );
  if (units.length > MOST)
    throw new WorkbenchError(
      'too-many-runs',
      `${units.length} runs or groups were named.`,
      `Compare ${MOST} at most.`,
    );
  return units;
}

/** The runs of a group by name; none where a run is meant that has the name of a group of other things. */
function seedsNamed(database: ReadableDatabase, group: string): readonly Stored[] {
  const runs = listRuns(database, { group });
  const configurations = new Set(runs.map(({ run }) => configurationKey(run))).size;
  if (configurations === 1) return finishedOf(runs);
  // A group at the end of a sweep that is not over has no runs yet.
  if (configurations === 0 || runs.some(({ run }) => run.name === group)) return [];
  throw new WorkbenchError(
    'not-one-configuration',
    `The group "${group}" has runs of ${configurations} configurations, so it has no single figure.`,
    'Name its runs instead.',
  );
}

/** The finished runs, where there are any. */
function finishedOf(runs: readonly Stored[]): readonly Stored[] {
  const finished = runs.filter(({ run }) => run.status === 'finished');
  return finished.length > 0 ? finished : runs;
}

/** Finished runs of a run's configuration, archived ones left out. */
function siblings(database: ReadableDatabase, { run }: Stored): Stored[] {
  const key = configurationKey(run);
  const { key: dataset } = findDataset(database, run.dataset);
  return listRuns(database, { dataset, model: run.model, status: 'finished' }).filter(
    ({ run: other }) => configurationKey(other) === key,
  );
}

/** The whole group of seeds that a run is of. */
export function groupOf(database: ReadableDatabase, stored: Stored): Unit {
  return merged([{ id: stored.run.id, runs: [stored] }], siblings(database, stored));
}

/** @param whole the rest of the group, where it is all meant: what is not finished is then left out */
function merged(same: readonly Unit[], whole: readonly Stored[] | null): Unit {
  const all = [...same.flatMap(({ runs }) => runs), ...(whole ?? [])];
  const distinct = [...new Map(all.map((one) => [one.key, one])).values()];
  return { id: same[0].id, runs: whole ? finishedOf(distinct) : distinct };
}
