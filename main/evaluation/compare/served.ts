/** Fairness and exposure of compared runs, from their stored lists and ranks: nothing is scored or trained anew. */
import type { Exposure } from '../../../shared/exposure.ts';
import { exposureMetrics, itemGroups } from '../../../shared/metrics/exposure.ts';
import { TEST, type Ratings } from '../../ratings/ratings.ts';
import { debiasedMetrics, propensities } from '../metrics/debiased.ts';
import { exposureByGroup, groupParity, longTail, longTailByUser, spreadOf } from '../metrics/fairness.ts';
import type { Ranking, TopLists } from '../ranking/ranking.ts';
import { normalEstimate } from '../statistics/paired.ts';
import { itemsByPopularity } from './popularity.ts';

/** What is stored with one run. */
export interface ServedRun {
  readonly lists: TopLists | null;
  /** Over all candidates; null where they were sampled or given. */
  readonly ranks: Pick<Ranking, 'rows' | 'above' | 'equal' | 'candidates'> | null;
}

/** Users by ascending index and a value of each. */
export interface UserValues {
  readonly users: Uint32Array;
  readonly values: Float64Array;
}

/** The data set and split that all runs share. */
export interface ServedData {
  readonly ratings: Ratings;
  readonly part: Uint8Array;
  /** Items of the train part are candidates, too. */
  readonly keepSeen: boolean;
  /** Only items with a train row are candidates. */
  readonly trainItemsOnly: boolean;
}

export interface RunExposure {
  /** By name; null where what it needs is not stored. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly perUser: Readonly<Record<string, UserValues>>;
  readonly groups: Exposure['exposure'][number]['groups'];
}

/** What is the same for all runs of a split: popularity of items, and what each user has and wants. */
export class Served {
  readonly data: ServedData;
  readonly counts: Uint32Array;
  readonly tail: Uint8Array;
  /** [itemCount] index into `itemGroups`; one more for what is no candidate. */
  readonly groups: Uint8Array;
  readonly propensity: Float64Array;
  #users: Uint32Array | null = null;
  #seen: { seenStart: Uint32Array; seen: Uint32Array } | null = null;

  constructor(data: ServedData) {
    const { order, counts } = itemsByPopularity(data.ratings, data.part);
    const { itemCount } = data.ratings;
    this.data = data;
    this.counts = counts;
    this.tail = longTail(counts);
    this.propensity = propensities(counts);
    this.groups = new Uint8Array(itemCount);
    order.forEach((item, place) => {
      const group = place < itemCount * 0.1 ? 0 : place < itemCount * 0.2 ? 1 : 2;
      this.groups[item] = data.trainItemsOnly && counts[item] === 0 ? itemGroups.length : group;
    });
  }

  /** The groups of items with their shares of the train rows and of the test rows. */
  itemGroups(): Exposure['itemGroups'] {
    const { ratings, part } = this.data;
    const [items, rows, wanted] = [0, 1, 2].map(() => new Float64Array(itemGroups.length + 1));
    this.groups.forEach((group, item) => {
      items[group]++;
      rows[group] += this.counts[item];
    });
    part.forEach((of, row) => of === TEST && wanted[this.groups[ratings.item[row]]]++);
    const share = (values: Float64Array, group: number): number =>
      values[group] / (values.reduce((sum, value) => sum + value, 0) || 1);
    return itemGroups.map((label, group) => ({
      label,
      items: items[group],
      training: share(rows, group),
      relevance: share(wanted, group),
    }));
  }

  /** Items that are no candidates of each user at test, those of train and validation; the same users cost nothing again. */
  seen(users: Uint32Array): { seenStart: Uint32Array; seen: Uint32Array } {
    if (this.#seen && this.#users && equal(this.#users, users)) return this.#seen;
    const { ratings, part, keepSeen } = this.data;
    const seenStart = new Uint32Array(users.length + 1);
    const seen = new Uint32Array(keepSeen ? 0 : ratings.item.length);
    let count = 0;
    users.forEach((user, u) => {
      for (let row = ratings.start[user]; !keepSeen && row < ratings.start[user + 1]; row++)
        if (part[row] !== TEST) seen[count++] = ratings.item[row];
      seenStart[u + 1] = count;
    });
    this.#users = users;
    this.#seen = { seenStart, seen: seen.subarray(0, count) };
    return this.#seen;
  }
}

const equal = (a: Uint32Array, b: Uint32Array): boolean =>
  a === b || (a.length === b.length && a.every((value, k) => value === b[k]));

/** @param k length of the lists that count */
export function exposureOfRun({ lists, ranks }: ServedRun, served: Served, k: number): RunExposure {
  const { ratings, part } = served.data;
  const values: Record<string, number | null> = {};
  const perUser: Record<string, UserValues> = {};
  let groups: RunExposure['groups'] = [];
  for (const { name } of exposureMetrics) values[name] = null;
  if (lists) {
    const tailed = longTailByUser(lists, served.tail, k);
    Object.assign(perUser, {
      aplt: { users: lists.users, values: tailed.share },
      aclt: { users: lists.users, values: tailed.count },
    });
    const wanted = heldOf(lists.users, ratings, part, ranks?.rows ?? null);
    const groupCount = itemGroups.length + 1;
    const { parity, opportunity } = groupParity(
      lists,
      {
        groups: served.groups,
        groupCount,
        ...served.seen(lists.users),
        positiveStart: wanted.start,
        positives: wanted.items,
      },
      k,
    );
    const [shown, found] = [parity, opportunity].map(({ chances }) => chances.slice(0, itemGroups.length));
    values.popRsp = finite(spreadOf(shown));
    values.popReo = finite(spreadOf(found));
    groups = exposureByGroup(lists, served.groups, groupCount, wanted.items, k)
      .slice(0, itemGroups.length)
      .map(({ exposure }, group) => ({
        exposure: finite(exposure) ?? 0,
        shown: finite(shown[group]),
        found: finite(found[group]),
      }));
  }
  if (ranks) {
    const { users, start, items: test } = rankedUsers(ranks.rows, ratings);
    const { recall, dcg } = debiasedMetrics(ranks, start, test, served.propensity, k);
    Object.assign(perUser, { snipsRecall: { users, values: recall }, snipsDcg: { users, values: dcg } });
  }
  for (const [name, { values: of }] of Object.entries(perUser)) values[name] = meanOf(of);
  return { values, perUser, groups };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function meanOf(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null;
}

/** Test items of each user: of the ranked rows, ascending, where they are known, else of the split. */
function heldOf(
  users: Uint32Array,
  ratings: Ratings,
  part: Uint8Array,
  rows: Uint32Array | null,
): { start: Uint32Array; items: Uint32Array } {
  const start = new Uint32Array(users.length + 1);
  const items: number[] = [];
  let at = 0;
  users.forEach((user, u) => {
    const end = ratings.start[user + 1];
    if (rows) {
      while (at < rows.length && rows[at] < ratings.start[user]) at++;
      for (; at < rows.length && rows[at] < end; at++) items.push(ratings.item[rows[at]]);
    } else
      for (let row = ratings.start[user]; row < end; row++)
        if (part[row] === TEST) items.push(ratings.item[row]);
    start[u + 1] = items.length;
  });
  return { start, items: Uint32Array.from(items) };
}

/** The users behind ranked rows, where the rows of each begin, and the item of each row. */
function rankedUsers(
  rows: Uint32Array,
  ratings: Ratings,
): { users: Uint32Array; start: Uint32Array; items: Uint32Array } {
  const users: number[] = [];
  const start: number[] = [];
  for (let k = 0, user = 0; k < rows.length; k++) {
    while (rows[k] >= ratings.start[user + 1]) user++;
    if (users[users.length - 1] === user) continue;
    users.push(user);
    start.push(k);
  }
  return {
    users: Uint32Array.from(users),
    start: Uint32Array.from([...start, rows.length]),
    items: rows.map((row) => ratings.item[row]),
  };
}

/** Difference b − a over the users that both have, with a normal interval; null under two of them. */
export function pairedDifference(
  a: UserValues,
  b: UserValues,
): { difference: number; interval: [number, number]; users: number } | null {
  const of = new Map(Array.from(b.users, (user, k) => [user, b.values[k]]));
  const [x, y]: number[][] = [[], []];
  a.users.forEach((user, k) => {
    const [mine, theirs] = [a.values[k], of.get(user) ?? NaN];
    if (Number.isNaN(mine) || Number.isNaN(theirs)) return;
    x.push(mine);
    y.push(theirs);
  });
  if (x.length < 2) return null;
  const { difference, interval } = normalEstimate({
    aggregation: 'mean',
    a: Float64Array.from(x),
    b: Float64Array.from(y),
    weights: new Float64Array(x.length).fill(1),
  });
  return { difference, interval, users: x.length };
}

/** Values of the same users, averaged over seeds. */
export function meanOverSeeds(vectors: readonly UserValues[]): UserValues | null {
  const [first] = vectors;
  if (!first) return null;
  const values = first.values.map(
    (_, k) => vectors.reduce((sum, { values: of }) => sum + of[k], 0) / vectors.length,
  );
  return { users: first.users, values };
}
