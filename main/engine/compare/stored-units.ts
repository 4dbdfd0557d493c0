/** Runs and groups of seeds as comparisons take them, read from what is stored. */
import { distinctSeeds } from '../../../shared/seed-groups.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ComparedRun } from '../../evaluation/compare/compare.ts';
import { groupOfSeeds } from '../../evaluation/compare/groups.ts';
import type { PerUser } from '../../evaluation/evaluation.ts';
import { artifactNames, readArtifact } from '../../store/artifacts.ts';
import type { TypedArray } from '../../store/columns.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { userIds } from '../../store/entities.ts';
import type { StoredRun } from '../../store/runs.ts';
import { toRun } from '../runs/shown.ts';
import { listsOf, perUserOf } from './stored-figures.ts';
import type { Unit } from './units.ts';

interface Stored {
  readonly key: number;
  readonly run: StoredRun;
}

/** One run, or the mean of several over their distinct seeds. @throws WorkbenchError `run-unfinished` */
export function comparedUnit(
  { id, runs }: Unit,
  read: (stored: Stored) => Omit<ComparedRun, 'run'> | null,
): ComparedRun | null {
  assertFinished(runs);
  const all = runs.map(({ run }) => toRun(run));
  const byId = new Map(runs.map((stored) => [stored.run.id, stored]));
  const compared = distinctSeeds(all).flatMap((run) => {
    const stored = byId.get(run.id);
    const values = stored && read(stored);
    return values ? [{ run, ...values }] : [];
  });
  if (compared.length === 0) return null;
  return all.length === 1 && id === all[0].id ? compared[0] : groupOfSeeds(compared, id, all);
}

/** Everything of the units that `compareRuns` takes. @throws WorkbenchError `run-unfinished` */
export function comparedUnits(database: ReadableDatabase, units: readonly Unit[]): ComparedRun[] {
  const fingerprints = new Set(units.flatMap(({ runs }) => runs.map(({ run }) => run.fingerprint)));
  return units.flatMap(
    (unit) => comparedUnit(unit, (run) => readWhole(database, run, fingerprints.size > 1)) ?? [],
  );
}

/** What is stored with finished runs. @throws WorkbenchError `run-unfinished` */
export function comparedRuns(database: ReadableDatabase, found: readonly Stored[]): ComparedRun[] {
  assertFinished(found);
  return found.map((stored) => ({ run: toRun(stored.run), ...readWhole(database, stored, false) }));
}

/** Users' values of one metric on test; null where there are none. */
export function readMetric(
  database: ReadableDatabase,
  { key }: Stored,
  metric: string,
): Omit<ComparedRun, 'run'> | null {
  const read = (name: string) => readArtifact(database, key, 'perUser', name);
  const [users, ratings, values] = [read('users'), read('ratings'), read(metric)];
  if (!users || !ratings || !values) return null;
  const perUser = { users, ratings, values: { [metric]: values } } as PerUser;
  return { perUser, lists: null };
}

/** @param withIds of the users, which pair those of unlike data */
function readWhole(
  database: ReadableDatabase,
  { key, run }: Stored,
  withIds: boolean,
): Omit<ComparedRun, 'run'> {
  return {
    perUser: perUserOf(storedArrays(database, key, 'perUser')),
    lists: listsOf(storedArrays(database, key, 'lists')),
    ...(withIds && { userIds: userIds(database, findDataset(database, run.dataset).key) }),
  };
}

/** What is stored, each array read when it is first asked for: a first verdict wants few of them. */
function storedArrays(
  database: ReadableDatabase,
  key: number,
  kind: 'perUser' | 'lists',
): Record<string, TypedArray> {
  const arrays: Record<string, TypedArray> = {};
  for (const { name } of artifactNames(database, key, kind)) {
    let read: TypedArray | null = null;
    Object.defineProperty(arrays, name, {
      enumerable: true,
      configurable: true,
      get: () => (read ??= readArtifact(database, key, kind, name)),
    });
  }
  return arrays;
}

function assertFinished(found: readonly Stored[]): void {
  const unfinished = found.find(({ run }) => run.status !== 'finished');
  if (!unfinished) return;
  const { name, status } = unfinished.run;
  throw new WorkbenchError('run-unfinished', `Run "${name}" is ${status}.`, 'Compare finished runs.');
}
