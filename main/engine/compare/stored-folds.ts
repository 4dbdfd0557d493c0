/** Groups of folds, or of windows of time, by the name that `train` gave them. */
import { partGroupTail } from '../../../shared/parts.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { groupNames, listRuns, type StoredRun } from '../../store/runs.ts';

export interface StoredFolds {
  /** Name of the group. */
  readonly id: string;
  readonly label: string;
  readonly runs: readonly { key: number; run: StoredRun }[];
}

/**
 * The groups of folds that are meant, each by its name whole or by what stands before "5-fold" in it; null where none of
 * the names is one.
 * @throws WorkbenchError `groups-and-runs` where some are and others are not, `ambiguous-group`
 */
export function findFoldGroups(database: ReadableDatabase, names: readonly string[]): StoredFolds[] | null {
  const groups = groupNames(database);
  const found = names.map((name): StoredFolds | null => {
    const begun = groups.filter((group) => group.replace(partGroupTail, '') === name && group !== name);
    if (!groups.includes(name) && begun.length > 1)
      throw new WorkbenchError(
        'ambiguous-group',
        `There are ${begun.length} groups of folds named "${name}".`,
        `Name one of them whole: ${begun.join(', ')}.`,
      );
    const group = groups.includes(name) ? name : begun.at(0);
    if (group === undefined) return null;
    const runs = listRuns(database, { group });
    return runs.every(({ run }) => ['k-fold', 'rolling'].includes(run.config.split.name))
      ? { id: group, label: labelOf(group), runs }
      : null;
  });
  if (found.every((group) => group === null)) return null;
  const groupsAlone = found.filter((group) => group !== null);
  if (groupsAlone.length < names.length)
    throw new WorkbenchError(
      'groups-and-runs',
      `"${names[found.indexOf(null)]}" is no group of folds, and "${groupsAlone[0].id}" is one.`,
      'Compare groups with groups, fold against fold, or runs with runs.',
    );
  return groupsAlone;
}

/** The name without the number that tells groups of one name apart. */
function labelOf(group: string): string {
  return group.replace(partGroupTail, ' ($1-$2)');
}
