import type { CompareResult } from '../../../shared/compare.ts';
import type { Handlers } from '../../../shared/contract.ts';
import { compareRuns, type ComparedData, type ComparedRun } from '../../evaluation/compare/compare.ts';
import { compareFoldGroups } from '../../evaluation/compare/fold-groups.ts';
import { leakageReport } from '../../evaluation/splits/leakage.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { readArtifact, readArtifacts } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { userIds } from '../../store/entities.ts';
import { findRun, listRuns, type StoredRun } from '../../store/runs.ts';
import { readSettings } from '../../store/settings.ts';
import { givenOf } from '../../store/ratings.ts';
import { readParts } from '../../store/splits.ts';
import type { EngineContext } from '../context.ts';
import { findFoldGroups } from '../compare/stored-folds.ts';
import { listsOf, perUserOf } from '../inspect/exports.ts';
import { toRun } from './runs.ts';

/** Comparisons from what is stored: nothing is computed anew but differences. */
export function compareHandlers(context: EngineContext): Pick<Handlers, 'compare'> {
  const { database } = context;
  return {
    compare({ runs: ids, ...asked }): CompareResult {
      const { smallestInteresting } = readSettings(database);
      const groups = findFoldGroups(database, ids);
      if (groups)
        return compareFoldGroups(
          groups.map(({ runs, ...group }) => ({ ...group, folds: comparedRuns(database, runs) })),
          { ...asked, smallestInteresting },
        );
      const found = ids.map((id) => findRun(database, id));
      const compared = comparedRuns(database, found);
      const [first] = found;
      return compareRuns(compared, dataOf(context, first.key, first.run), {
        ...asked,
        smallestInteresting,
        siblings: listRuns(database, {
          dataset: findDataset(database, first.run.dataset).key,
          status: 'finished',
        }).map(({ run }) => toRun(run)),
      });
    },
  };
}

/** What is stored with finished runs. @throws WorkbenchError `run-unfinished` */
function comparedRuns(
  database: ReadableDatabase,
  found: readonly { key: number; run: StoredRun }[],
): ComparedRun[] {
  const unfinished = found.find(({ run }) => run.status !== 'finished');
  if (unfinished) {
    const { name, status } = unfinished.run;
    throw new WorkbenchError('run-unfinished', `Run "${name}" is ${status}.`, 'Compare finished runs.');
  }
  const unlikeData = new Set(found.map(({ run }) => run.fingerprint)).size > 1;
  return found.map(({ key, run }) => ({
    run: toRun(run),
    perUser: perUserOf(readArtifacts(database, key, 'perUser')),
    lists: listsOf(readArtifacts(database, key, 'lists')),
    ...(unlikeData && { userIds: userIds(database, findDataset(database, run.dataset).key) }),
  }));
}

/** The data set and split of a run, for slices and exposure. */
function dataOf({ database, loaded }: EngineContext, runKey: number, run: StoredRun): ComparedData | null {
  const { key, dataset } = findDataset(database, run.dataset);
  const part = run.split && readParts(database, key, run.split.hash);
  if (!part || !run.split) return null;
  const { ratings, genres, given } = loaded.get(dataset.id);
  const split = {
    config: run.config.split,
    hash: run.split.hash,
    part,
    ...(given?.candidates && { given: givenOf(given)?.candidates }),
  };
  const leakage = leakageReport(ratings, split, dataset.timeKind).lines;
  const ranks = (name: string) => readArtifact(database, runKey, 'ranks', name) as Uint32Array | null;
  const [rows, candidates] = [ranks('rows'), ranks('candidates')];
  const ranked = rows && candidates && { rows, candidates };
  return { ratings, part, timeKind: dataset.timeKind, genres, leakage, ...(ranked && { ranked }) };
}
