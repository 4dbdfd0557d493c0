/** What a run would show somebody whose history were another one. */
import type { Checked } from '../../../shared/contract.ts';
import type { WhatIf } from '../../../shared/inspect.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { itemPosition, userPosition } from '../../store/entities.ts';
import type { LoadedDatasets } from '../loaded.ts';
import { DatasetReader } from './inspection.ts';
import { openPerson, toHistory } from './person.ts';
import { openScorer } from './scoring.ts';

/**
 * @throws WorkbenchError `user-missing`, `item-missing`, `run-unfinished`, `no-reasons`, `not-in-history`, `off-scale`
 */
export async function whatIf(
  database: ReadableDatabase,
  loaded: LoadedDatasets,
  { run, user, add, remove, top }: Checked<'inspect.whatIf'>,
): Promise<WhatIf> {
  const opened = openScorer(database, loaded, run);
  const { dataset, saved } = opened;
  const reader = new DatasetReader(database, dataset);
  const person = openPerson(opened, user === null ? null : userPosition(database, dataset, user));
  const { minimum, maximum } = saved.train;
  const entries = new Map(Array.from(person.history.items, (item, k) => [item, person.history.values[k]]));
  for (const item of remove) {
    if (entries.delete(itemPosition(database, dataset, item))) continue;
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
    const position = itemPosition(database, dataset, item);
    // What is rated anew is what happened last.
    entries.delete(position);
    entries.set(position, value);
  }
  const changed = toHistory(entries);
  const began = performance.now();
  const scores = await person.score(changed);
  const milliseconds = performance.now() - began;
  const before = user === null ? null : await person.score(person.history);
  const candidates = Uint32Array.from(scores.keys()).filter(
    (item) => person.rank(scores, changed, item) !== null,
  );
  candidates.sort((a, b) => scores[b] - scores[a] || a - b);
  const items = Array.from(candidates.subarray(0, top), (position, k) => {
    const { id, title } = reader.item(position);
    const was = before && person.rank(before, person.history, position);
    return { item: id, title: title ?? id, score: scores[position], rank: k + 1, was };
  });
  return { method: person.method, milliseconds, items };
}
