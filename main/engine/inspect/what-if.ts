/** What a run would show somebody whose history were another one. */
import type { Checked } from '../../../shared/contract.ts';
import type { WhatIf } from '../../../shared/inspect.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { History } from '../../model/model.ts';
import { itemPosition, userPosition } from '../../store/entities.ts';
import { findRun } from '../../store/runs.ts';
import { DatasetReader, storedList } from './inspection.ts';
import { openPerson, toHistory } from './person.ts';
import type { Scorers } from './scorers.ts';

/** Of the list as it was, items that have left the list as it is: so many at most. */
const MOST_GONE = 50;

/**
 * @throws WorkbenchError `user-missing`, `item-missing`, `run-unfinished`, `no-reasons`, `not-in-history`, `off-scale`
 */
export function whatIf(scorers: Scorers, question: Checked<'inspect.whatIf'>): WhatIf {
  const { run, user, top } = question;
  const { database } = scorers;
  const opened = scorers.get(run);
  const { dataset, saved } = opened;
  const reader = new DatasetReader(database, dataset);
  const at = user === null ? null : userPosition(database, dataset, user);
  const person = openPerson(opened, at);
  const positionOf = (item: string): number => itemPosition(database, dataset, item);
  const changed = changedHistory(person.history, saved.train, question, positionOf);
  const began = performance.now();
  const scores = person.score(changed);
  const ranking = person.ranking(scores, changed);
  const milliseconds = performance.now() - began;
  const before = at === null ? null : person.score(person.history);
  const formerRank = (item: number): number | null => before && person.rank(before, person.history, item);
  const shown = (item: number, rank: number | null): WhatIf['gone'][number] => ({
    ...reader.listed(item),
    score: scores[item],
    rank,
    was: formerRank(item),
  });
  const list = ranking.subarray(0, top);
  const former = before ? person.ranking(before, person.history).subarray(0, top) : new Uint32Array(0);
  const stored = at === null ? null : storedList(database, findRun(database, run).key, at);
  const { method, how } = person;
  return {
    method,
    how,
    milliseconds,
    items: Array.from(list, (item, k) => ({ ...shown(item, k + 1), rank: k + 1 })),
    gone: Array.from(former)
      .filter((item) => !list.includes(item))
      .slice(0, MOST_GONE)
      .map((item) => shown(item, person.rank(scores, changed, item))),
    overlap: stored && {
      of: Math.min(top, stored.length),
      shared: stored.slice(0, top).filter(({ item }) => former.includes(item)).length,
    },
  };
}

/** What is rated anew keeps its place; what is added comes last. */
function changedHistory(
  { items, values }: History,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
  { add, remove }: Pick<Checked<'inspect.whatIf'>, 'add' | 'remove'>,
  positionOf: (item: string) => number,
): History {
  const entries = new Map(Array.from(items, (item, k) => [item, values[k]]));
  for (const item of remove) {
    if (entries.delete(positionOf(item))) continue;
    throw new WorkbenchError(
      'not-in-history',
      `The history that the run was trained on does not hold "${item}".`,
      'Only what is in it can be taken away; recommend --user lists it.',
    );
  }
  for (const { item, rating } of add) {
    const value = rating ?? maximum;
    if (value < minimum || value > maximum)
      throw new WorkbenchError(
        'off-scale',
        `A rating of ${value} is not on the scale of this data set.`,
        `Ratings go from ${minimum} to ${maximum}.`,
      );
    entries.set(positionOf(item), value);
  }
  return toHistory(entries);
}
