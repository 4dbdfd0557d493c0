/**
 * The data sets of the study of defaults: of unlike shape, each of at most a million ratings. Ratings count as
 * interactions. A file that is not beside the project is left out, and the study says so.
 */
import { readFileSync } from 'node:fs';
import { sampleDataset } from '../../main/files/sample-dataset.ts';
import type { Ratings } from '../../main/ratings/ratings.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { toRatings } from './pairs.ts';
import { shopRatings } from './shop.ts';

export interface StudyData {
  readonly name: string;
  readonly shape: string;
  /** Looked at once, at the end: nothing is chosen on it. */
  readonly kept?: true;
  /** Null where its file is not there. */
  readonly load: () => Ratings | null;
}

export const studyData: readonly StudyData[] = [
  {
    name: 'ml-100k',
    shape: 'films, dense',
    load: () => fromFile('ml-100k/u.data', { user: 0, item: 1 }),
  },
  {
    name: 'ml-1m-half',
    shape: 'films, dense, every second user of ML-1M',
    load: () => fromFile('ml-1m/ratings.tsv', { user: 0, item: 1, take: (user) => Number(user) % 2 === 0 }),
  },
  {
    name: 'ml-latest-small',
    shape: 'films, few users and a long tail; items with 3 or more',
    load: () => fromFile('ml-latest-small/ratings.csv', { user: 0, item: 1, least: [1, 3] }),
  },
  {
    name: 'filmtrust',
    shape: 'films, a few that most have; users with 5 or more',
    load: () => fromFile('messy/filmtrust-space.txt', { user: 0, item: 1, least: [5, 1] }),
  },
  {
    name: 'magazines',
    shape: 'purchases, very sparse; users with 3 or more, items with 2 or more',
    load: () => fromFile('messy/amazon-noheader.csv', { user: 1, item: 0, least: [3, 2] }),
  },
  { name: 'shop', shape: 'made up: purchases, sparse, a long tail', load: () => shopRatings(1) },
  {
    name: 'lastfm',
    shape: 'music, implicit, a long tail; users with 5 or more, artists with 5 or more',
    kept: true,
    load: () => fromFile('messy/lastfm-tab.dat', { user: 0, item: 1, least: [5, 5] }),
  },
  {
    name: 'sample',
    shape: 'made up: the sample of the workbench',
    kept: true,
    load: () => ({ ...sampleDataset().ratings, time: null }),
  },
];

interface Columns {
  readonly user: number;
  readonly item: number;
  readonly take?: (user: string) => boolean;
  /** Interactions that a user and an item need, until all have them. */
  readonly least?: readonly [number, number];
}

type Pair = readonly [user: string, item: string];

function fromFile(path: string, { user, item, take, least = [1, 1] }: Columns): Ratings | null {
  const file = sharedData(path);
  if (file === null) return null;
  const pairs = new Map<string, Pair>();
  for (const line of readFileSync(file, 'latin1').split(/\r?\n/)) {
    const fields = line.split(/[\s,]+/);
    const pair: Pair = [fields[user] ?? '', fields[item] ?? ''];
    const header = /id$/i.test(pair[0]);
    if (pair[0] !== '' && pair[1] !== '' && !header && (take?.(pair[0]) ?? true))
      pairs.set(pair.join(' '), pair);
  }
  return toRatings(core([...pairs.values()], least));
}

function core(pairs: Pair[], least: readonly [number, number]): Pair[] {
  const counts = [new Map<string, number>(), new Map<string, number>()];
  for (const pair of pairs) pair.forEach((id, k) => counts[k].set(id, (counts[k].get(id) ?? 0) + 1));
  const kept = pairs.filter((pair) => pair.every((id, k) => (counts[k].get(id) ?? 0) >= least[k]));
  return kept.length < pairs.length ? core(kept, least) : kept;
}
