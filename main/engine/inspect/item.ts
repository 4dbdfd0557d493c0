/** The page of an item: what it is, who is shown it, what its audience has besides. */
import type { Checked, Result } from '../../../shared/contract.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import { readArtifacts } from '../../store/artifacts.ts';
import { findDataset } from '../../store/datasets.ts';
import { itemPosition, userIdAt } from '../../store/entities.ts';
import { findRun } from '../../store/runs.ts';
import { DatasetReader } from './inspection.ts';
import type { Scorers } from './scorers.ts';

const SHOWN_USERS = 10;
const COMPANIONS = 8;
/** A list is what its first ten hold. */
const K = 10;

export function itemPage(
  { database, loaded }: Scorers,
  { dataset, item, runs }: Checked<'inspect.item'>,
): Result<'inspect.item'> {
  const { key, dataset: found } = findDataset(database, dataset);
  const reader = new DatasetReader(database, key);
  const position = itemPosition(database, key, item);
  const { count, mean } = reader.ratingsOf(position);
  return {
    ...reader.listed(position),
    ratings: count,
    mean,
    decile: reader.decile(position),
    exposure: runs.map((idOrName) => {
      const { key: run, run: stored } = findRun(database, idOrName);
      const { users, start, items } = readArtifacts(database, run, 'lists');
      const shownTo: number[] = [];
      for (let k = 0; start && k + 1 < start.length; k++) {
        const list = items.subarray(start[k], Math.min(start[k] + K, start[k + 1]));
        if (list.includes(position)) shownTo.push(users[k]);
      }
      return {
        run: stored.id,
        label: stored.name,
        lists: shownTo.length,
        of: start ? start.length - 1 : 0,
        users: shownTo.slice(0, SHOWN_USERS).map((user) => userIdAt(database, key, user)),
      };
    }),
    audience: companions(loaded.get(found.id).ratings, position).map(({ item: other, ...shares }) => ({
      ...reader.listed(other),
      ...shares,
    })),
  };
}

/** Items that those who rated one have more often than everybody does, by the difference of the shares. */
function companions(
  { start, item, itemCount, userCount }: Ratings,
  target: number,
): { item: number; share: number; everybody: number }[] {
  const theirs = new Uint32Array(itemCount);
  const all = new Uint32Array(itemCount);
  let audience = 0;
  for (let u = 0; u < userCount; u++) {
    const rows = item.subarray(start[u], start[u + 1]);
    const has = rows.includes(target);
    if (has) audience++;
    for (const other of rows) {
      all[other]++;
      if (has) theirs[other]++;
    }
  }
  if (audience === 0) return [];
  const share = (other: number): number => theirs[other] / audience;
  const everybody = (other: number): number => all[other] / userCount;
  return Array.from(theirs.keys())
    .filter((other) => other !== target && share(other) > everybody(other))
    .sort((a, b) => share(b) - everybody(b) - (share(a) - everybody(a)) || a - b)
    .slice(0, COMPANIONS)
    .map((other) => ({ item: other, share: share(other), everybody: everybody(other) }));
}
