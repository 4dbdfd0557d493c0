import type { CompareResult } from '../../../shared/compare.ts';
import type { Handlers, Result } from '../../../shared/contract.ts';
import type { Exposure } from '../../../shared/exposure.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { chooseMetric, compareRuns } from '../../evaluation/compare/compare.ts';
import { compareFoldGroups } from '../../evaluation/compare/fold-groups.ts';
import { incomparable } from '../../evaluation/compare/guard.ts';
import { sharedMetrics } from '../../evaluation/compare/run-pairs.ts';
import type { ServedRun } from '../../evaluation/compare/served.ts';
import { readArtifact } from '../../store/artifacts.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { findRun, listRuns } from '../../store/runs.ts';
import { readStarts } from '../../store/histories.ts';
import { userIds } from '../../store/entities.ts';
import { readSettings } from '../../store/settings.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { comparedDataOf } from './compared-data.ts';
import { exposureOf } from './exposure.ts';
import { findFoldGroups } from './stored-folds.ts';
import { goldenNotes } from './golden-notes.ts';
import { comparedRuns, comparedUnits } from './stored-units.ts';
import { usersAmong } from './users-among.ts';
import { findUnits } from './units.ts';
import { toRun } from '../runs/shown.ts';

export type CompareMethod = 'compare' | 'compare.exposure' | 'compare.users';

/** Comparisons from what is stored: nothing is computed anew but differences. */
export function comparisonsFrom(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
): Pick<Handlers, CompareMethod> {
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
      const result = compareRuns(compared, comparedDataOf(database, loaded, first.key, first.run), {
        ...asked,
        smallestInteresting,
        siblings: listRuns(database, {
          dataset: findDataset(database, first.run.dataset).key,
          status: 'finished',
        }).map(({ run }) => toRun(run)),
      });
      return {
        ...result,
        notes: [
          ...result.notes,
          ...goldenNotes(
            database,
            units.flatMap(({ runs }) => runs),
          ),
        ],
      };
    },

    'compare.users'({ runs: ids, byGroup, metric, lead, among, limit }): Result<'compare.users'> {
      const units = findUnits(database, ids, byGroup);
      const compared = comparedUnits(database, units);
      const [a, b] = lead.map((id) => compared.find(({ run }) => run.id === id));
      if (!a || !b)
        throw new WorkbenchError(
          'run-missing',
          'The pair is not among the runs that are compared.',
          'Name two of them.',
        );
      const [first] = units[0].runs;
      const { key } = findDataset(database, first.run.dataset);
      const chosen = chooseMetric(compared, sharedMetrics(compared), metric);
      const starts = readStarts(database, key);
      const data = among.slice ? comparedDataOf(database, loaded, first.key, first.run) : null;
      const ratingsOf = (user: number): number => starts[user + 1] - starts[user];
      return usersAmong(a, b, chosen, data, { among, limit }, userIds(database, key), ratingsOf);
    },

    'compare.exposure'({ runs: ids, byGroup, metric, lead }): Exposure {
      if (findFoldGroups(database, ids))
        throw new WorkbenchError(
          'folds',
          'Folds were tested on unlike rows, so their lists are not laid side by side.',
          'Name one fold of each group instead.',
        );
      const units = findUnits(database, ids, byGroup);
      const compared = comparedUnits(database, units);
      const facts = compared.map(({ run }) => run);
      const differences = incomparable(facts);
      const [first] = units[0].runs;
      const data = differences.length === 0 ? comparedDataOf(database, loaded, first.key, first.run) : null;
      if (!data)
        throw new WorkbenchError(
          'incomparable',
          `These runs do not compare: ${differences.map(({ what }) => what).join(', ')} differ.`,
          'Choose runs of the same data, split and candidates.',
        );
      const chosen = chooseMetric(compared, sharedMetrics(compared), metric);
      const leading = lead ?? (facts.length === 2 ? ([facts[0].id, facts[1].id] as const) : undefined);
      const full = ['all', 'train'].includes(facts[0].config.evaluation.candidates);
      return exposureOf(compared, data, chosen, leading, (run) =>
        full ? ranksOf(database, findRun(database, run).key) : null,
      );
    },
  };
}

/** Where the test items of a run stand; null where nothing was ranked. */
function ranksOf(database: ReadableDatabase, key: number): ServedRun['ranks'] {
  const read = (name: string) => readArtifact(database, key, 'ranks', name) as Uint32Array | null;
  const [rows, above, equal, candidates] = [read('rows'), read('above'), read('equal'), read('candidates')];
  return rows && above && equal && candidates ? { rows, above, equal, candidates } : null;
}
