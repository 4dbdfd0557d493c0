import type { CompareResult } from '../../../shared/compare.ts';
import type { Handlers } from '../../../shared/contract.ts';
import { compareRuns, type ComparedData } from '../../evaluation/compare/compare.ts';
import { compareFoldGroups } from '../../evaluation/compare/fold-groups.ts';
import { leakageReport } from '../../evaluation/splits/leakage.ts';
import { readArtifact } from '../../store/artifacts.ts';
import { findDataset } from '../../store/datasets.ts';
import { listRuns, type StoredRun } from '../../store/runs.ts';
import { readSettings } from '../../store/settings.ts';
import { givenOf } from '../../store/ratings.ts';
import { readParts } from '../../store/splits.ts';
import type { EngineContext } from '../context.ts';
import { findFoldGroups } from '../compare/stored-folds.ts';
import { comparedRuns, comparedUnits } from '../compare/stored-units.ts';
import { findUnits } from '../compare/units.ts';
import { toRun } from '../runs/shown.ts';

/** Comparisons from what is stored: nothing is computed anew but differences. */
export function compareHandlers(context: EngineContext): Pick<Handlers, 'compare'> {
  const { database } = context;
  return {
    compare({ runs: ids, byGroup, ...asked }): CompareResult {
      const { smallestInteresting } = readSettings(database);
      const groups = findFoldGroups(database, ids);
      if (groups)
        return compareFoldGroups(
          groups.map(({ runs, ...group }) => ({ ...group, folds: comparedRuns(database, runs) })),
          { ...asked, smallestInteresting },
        );
      const units = findUnits(database, ids, byGroup);
      const [first] = units[0].runs;
      const compared = comparedUnits(database, units);
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
