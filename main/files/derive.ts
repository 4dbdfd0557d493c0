/** Smaller data sets from a data set: a time window, a rating threshold, a sample of users, a k-core. */
import type { Filters } from '../../shared/contract.ts';
import { WorkbenchError } from '../base/errors.ts';
import { fingerprintOf } from '../ratings/fingerprint.ts';
import type { Ratings } from '../ratings/ratings.ts';
import type { Dataset } from './types.ts';

export interface FilterCounts {
  users: number;
  items: number;
  ratings: number;
}

/**
 * Which rows stay under the filters, 1 or 0 a row. In turn: time window, rating threshold (and binarise), sample of
 * users, then the k-core, taken over and over until every user and every item left has at least k rows.
 */
export function keptRows(ratings: Ratings, filters: Filters): Uint8Array {
  const { item, value, time } = ratings;
  const keep = new Uint8Array(item.length).fill(1);
  const least = Math.max(filters.minimumRating ?? -Infinity, filters.binarise ?? -Infinity);
  if (least > -Infinity) {
    for (let k = 0; k < keep.length; k++) if (value[k] < least) keep[k] = 0;
  }
  const from = filters.from ?? -Infinity;
  const to = filters.to ?? Infinity;
  if (from > -Infinity || to < Infinity) {
    if (!time) {
      throw new WorkbenchError('no-time', 'The data set has no time.', 'Leave the time window out.');
    }
    for (let k = 0; k < keep.length; k++) if (!(time[k] >= from && time[k] <= to)) keep[k] = 0;
  }
  if (filters.sampleUsers) sampleUsers(ratings, keep, filters.sampleUsers, filters.seed);
  if (filters.kCore) kCore(ratings, keep, filters.kCore);
  return keep;
}

/** What a derived data set would hold: for live counts beside the form. */
export function filterCounts(ratings: Ratings, filters: Filters): FilterCounts {
  const { start, item, userCount, itemCount } = ratings;
  const keep = keptRows(ratings, filters);
  const seen = new Uint8Array(itemCount);
  const counts = { users: 0, items: 0, ratings: 0 };
  for (let u = 0; u < userCount; u++) {
    const before = counts.ratings;
    for (let k = start[u]; k < start[u + 1]; k++) {
      if (keep[k] === 0) continue;
      counts.ratings++;
      if (seen[item[k]] === 0) counts.items++;
      seen[item[k]] = 1;
    }
    if (counts.ratings > before) counts.users++;
  }
  return counts;
}

/** Leaves a seeded uniform sample of the users that still have rows. */
function sampleUsers(ratings: Ratings, keep: Uint8Array, wanted: number, seed: number): void {
  const { start, userCount } = ratings;
  const active: number[] = [];
  for (let u = 0; u < userCount; u++) {
    for (let k = start[u]; k < start[u + 1]; k++) {
      if (keep[k] === 0) continue;
      active.push(u);
      break;
    }
  }
  const random = uniform(seed);
  // The first places of a Fisher–Yates shuffle.
  for (let k = 0; k < Math.min(wanted, active.length); k++) {
    const other = k + Math.floor(random() * (active.length - k));
    [active[k], active[other]] = [active[other], active[k]];
  }
  for (const u of active.slice(wanted)) keep.fill(0, start[u], start[u + 1]);
}

/** Uniform numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Drops rows of users and items with fewer than k rows, until none is left: the largest k-core is unique. */
function kCore(ratings: Ratings, keep: Uint8Array, k: number): void {
  const { start, item, userCount, itemCount } = ratings;
  const items = new Uint32Array(itemCount);
  for (let row = 0; row < keep.length; row++) items[item[row]] += keep[row];
  for (let changed = true; changed;) {
    changed = false;
    for (let u = 0; u < userCount; u++) {
      let rows = 0;
      for (let row = start[u]; row < start[u + 1]; row++) {
        if (keep[row] === 0) continue;
        if (items[item[row]] >= k) {
          rows++;
          continue;
        }
        keep[row] = 0;
        items[item[row]]--;
        changed = true;
      }
      if (rows === 0 || rows >= k) continue;
      changed = true;
      for (let row = start[u]; row < start[u + 1]; row++) {
        if (keep[row] === 1) items[item[row]]--;
        keep[row] = 0;
      }
    }
  }
}

/** The data set that the filters leave: users and items without rows are gone, ids and metadata come along. */
export function deriveDataset(dataset: Dataset, filters: Filters): Dataset {
  const { ratings } = dataset;
  const keep = keptRows(ratings, filters);
  const users = renumber(ratings.userCount);
  const items = renumber(ratings.itemCount);
  let kept = 0;
  for (const one of keep) kept += one;
  if (kept === 0) {
    throw new WorkbenchError('nothing-left', 'No rating passes these filters.', 'Loosen one of them.');
  }
  const start = [0];
  const item = new Uint32Array(kept);
  const value = new Float32Array(kept);
  const time = ratings.time ? new Float64Array(kept) : null;
  const part = dataset.part ? new Uint8Array(kept) : null;
  let minimum = Infinity;
  let maximum = -Infinity;
  let row = 0;
  for (let u = 0; u < ratings.userCount; u++) {
    const before = row;
    for (let k = ratings.start[u]; k < ratings.start[u + 1]; k++) {
      if (keep[k] === 0) continue;
      item[row] = items.take(ratings.item[k]);
      value[row] = typeof filters.binarise !== 'number' ? ratings.value[k] : 1;
      if (time && ratings.time) time[row] = ratings.time[k];
      if (part && dataset.part) part[row] = dataset.part[k];
      minimum = Math.min(minimum, value[row]);
      maximum = Math.max(maximum, value[row]);
      row++;
    }
    if (row === before) continue;
    users.take(u);
    start.push(row);
  }
  const derived: Ratings = {
    userCount: users.order.length,
    itemCount: items.order.length,
    start: Uint32Array.from(start),
    item,
    value,
    time,
    minimum,
    maximum,
    implicit: ratings.implicit || typeof filters.binarise === 'number',
  };
  const userIds = users.order.map((u) => dataset.userIds[u]);
  const itemIds = items.order.map((i) => dataset.itemIds[i]);
  const { metadata } = dataset;
  return {
    ratings: derived,
    userIds,
    itemIds,
    metadata: metadata && {
      titles: items.order.map((i) => metadata.titles[i]),
      genres: items.order.map((i) => metadata.genres[i]),
      years: items.order.map((i) => metadata.years[i]),
      images: items.order.map((i) => metadata.images[i]),
    },
    timeKind: dataset.timeKind,
    part,
    // Given candidates belong to the test rows of the whole data set.
    candidates: null,
    fingerprint: fingerprintOf(derived, userIds, itemIds, part),
  };
}

/** New indices in the order in which old ones are first taken. */
function renumber(count: number): { order: number[]; take(old: number): number } {
  const place = new Int32Array(count).fill(-1);
  const order: number[] = [];
  return {
    order,
    take(old) {
      if (place[old] < 0) place[old] = order.push(old) - 1;
      return place[old];
    },
  };
}
