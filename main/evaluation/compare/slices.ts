/** Groups of users by what is known of them before the test, and how two runs differ on each. */
import { type Slice, type CompareChoices } from '../../../shared/compare.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import { TEST, TRAIN } from '../../ratings/ratings.ts';
import { type ComparedData, type ComparedRun } from './compared.ts';
import { itemsByPopularity } from './popularity.ts';
import { normalQuantile } from '../../numeric/normal.ts';
import { areGroups, estimateGroups, groupMethod } from './groups.ts';
import { type Estimate, NORMAL, normalEstimate } from '../statistics/paired.ts';
import { studentHalfWidth } from '../statistics/student.ts';
import { askedDraws, bootstrapIntervals, drawsText } from '../statistics/bootstrap.ts';
import { pairValues } from './run-pairs.ts';

/** Users that a slice needs: of smaller ones the interval would be too wide to mean anything. */
export const SMALLEST = 20;
/** A user is a viewer of a genre whose share of the history is this many times its share of all train rows. */
const VIEWER = 1.5;
/** Draws × values of the bootstrap that are waited for over all slices, where it was asked for. */
const ASKED = 3e8;

interface Group {
  readonly kind: string;
  readonly label: string;
  readonly holds: (user: number) => boolean;
}

export interface SliceResult {
  readonly slices: Slice[];
  /** The slice on which the run that is better on all users does worst against the other. */
  readonly worst: {
    readonly slice: Slice;
    /** 95 % for all slices together (Bonferroni): the worst of many is found by looking. */
    readonly interval: [number, number];
    /** The better run is worse there, beyond chance. */
    readonly certain: boolean;
    readonly looked: number;
  } | null;
}

/**
 * Differences b − a by activity, item popularity, genre and profile age; the first slice is all users.
 * @param intervals as for the pairs: `bootstrap` resamples the users of each slice, of single runs
 */
export function compareSlices(
  a: ComparedRun,
  b: ComparedRun,
  metric: string,
  data: ComparedData,
  intervals: CompareChoices['intervals'] = 'normal',
): SliceResult {
  const values = pairValues(a, b, metric);
  const count = values.users.length;
  if (count < 2) return { slices: [], worst: null };
  const places = values.users.map((_, k) => k);
  const groups = [
    { kind: 'all', label: 'All users', members: places },
    ...userGroups(values.users, data)
      .map(({ kind, label, holds }) => ({
        kind,
        label,
        members: places.filter((k) => holds(values.users[k])),
      }))
      .filter(({ members }) => members.length >= SMALLEST && members.length < count),
  ];
  const resampled = groups.reduce((sum, { members }) => sum + members.length, 0);
  const ofSeeds = areGroups(a, b);
  const draws = intervals === 'bootstrap' && !ofSeeds ? askedDraws(resampled, ASKED) : null;
  const usual = ofSeeds ? groupMethod(a, b) : NORMAL;
  const method = draws ? `bootstrap over users (${drawsText(draws)})` : usual;
  const estimates = groups.map(({ members }): Estimate & { freedom?: number } =>
    ofSeeds ? estimateGroups(a, b, metric, values, members) : normalEstimate(values, undefined, members),
  );
  const slices = groups.map(({ kind, label, members }, k): Slice => {
    const { difference, interval } = estimates[k];
    const users = members.length;
    const drawn = draws && bootstrapIntervals([values], draws, { members })[0];
    const of = { a: a.run.id, b: b.run.id, metric };
    return { kind, label, users, ...of, difference, interval: drawn ?? interval, worst: false, method };
  });
  if (slices.length < 2) return { slices, worst: null };

  const sign = (Math.sign(slices[0].difference) || 1) * metricDirection(metric);
  const gain = (k: number): number => sign * metricDirection(metric) * slices[k].difference;
  let lowest = 1;
  for (let k = 2; k < slices.length; k++) if (gain(k) < gain(lowest)) lowest = k;
  const looked = slices.length - 1;
  const { members } = groups[lowest];
  const slice = { ...slices[lowest], worst: true };
  slices[lowest] = slice;
  const tails = 0.05 / looked;
  const { standardError, freedom } = estimates[lowest];
  const errors = freedom === undefined ? normalQuantile(1 - tails / 2) : studentHalfWidth(tails, freedom);
  const half = standardError > 0 ? errors * standardError : 0;
  // The ends lie far out: as many draws as can be had, for this one slice.
  const interval: [number, number] = draws
    ? bootstrapIntervals([values], askedDraws(members.length, ASKED), { members, tails })[0]
    : [slice.difference - half, slice.difference + half];
  const certain = gain(lowest) < 0 && (interval[0] > 0 || interval[1] < 0);
  return { slices, worst: { slice, interval, certain, looked } };
}

/** Groups of users by activity, popularity of what they are to find, genre and age of the profile. */
export function userGroups(users: Uint32Array, data: ComparedData): Group[] {
  return [
    ...activityGroups(users, data),
    ...popularityGroups(data),
    ...genreGroups(data),
    ...ageGroups(users, data),
  ];
}

/** Three groups of about equal size by train rows. */
function activityGroups(users: Uint32Array, { ratings, part }: ComparedData): Group[] {
  const rows = new Uint32Array(ratings.userCount);
  for (let u = 0; u < ratings.userCount; u++)
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) if (part[row] === TRAIN) rows[u]++;
  const sorted = users.map((u) => rows[u]).sort();
  return thirds(sorted).map(([low, high]) => ({
    kind: 'activity',
    label: `${high === Infinity ? `${low}+` : low === high ? low : `${low}–${high}`} ratings`,
    holds: (u) => rows[u] >= low && rows[u] <= high,
  }));
}

/** Ranges of whole numbers [low, high] that cut ascending values in up to three parts; the last is open. */
function thirds(sorted: ArrayLike<number>): [number, number][] {
  if (sorted.length === 0) return [];
  const cuts = [1 / 3, 2 / 3].map((share) => sorted[Math.floor(share * sorted.length)]);
  const starts = [...new Set([sorted[0], ...cuts])];
  return starts.map((low, k) => [low, k + 1 < starts.length ? starts[k + 1] - 1 : Infinity]);
}

/** Users by where most of their test items stand among the items ordered by train rows. */
function popularityGroups({ ratings, part }: ComparedData): Group[] {
  const place = new Uint32Array(ratings.itemCount);
  itemsByPopularity(ratings, part).order.forEach((item, k) => (place[item] = k));
  const classOf = (item: number): number =>
    place[item] < ratings.itemCount * 0.1 ? 0 : place[item] < ratings.itemCount * 0.2 ? 1 : 2;
  const most = new Int8Array(ratings.userCount).fill(-1);
  for (let u = 0; u < ratings.userCount; u++) {
    const counts = [0, 0, 0];
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++)
      if (part[row] === TEST) counts[classOf(ratings.item[row])]++;
    const highest = Math.max(...counts);
    if (highest > 0) most[u] = counts.indexOf(highest);
  }
  return ['Head items, top 10 %', 'Middle items, next 10 %', 'Tail items, last 80 %'].map((label, c) => ({
    kind: 'popularity',
    label,
    holds: (u) => most[u] === c,
  }));
}

function genreGroups({ ratings, part, genres }: ComparedData): Group[] {
  if (!genres) return [];
  const names = [...new Set(genres.flat())].filter(Boolean).sort();
  const numbers = new Map(names.map((name, g) => [name, g]));
  const ofItem = genres.map((list) => list.flatMap((name) => numbers.get(name) ?? []));
  const G = names.length;
  const counts = new Uint32Array(ratings.userCount * G);
  const rows = new Uint32Array(ratings.userCount);
  const totals = new Float64Array(G);
  let all = 0;
  for (let u = 0; u < ratings.userCount; u++)
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) {
      if (part[row] !== TRAIN) continue;
      rows[u]++;
      all++;
      for (const g of ofItem[ratings.item[row]]) {
        counts[u * G + g]++;
        totals[g]++;
      }
    }
  return names.map((name, g) => ({
    kind: 'genre',
    label: `${name} viewers`,
    holds: (u) => counts[u * G + g] >= 3 && counts[u * G + g] / rows[u] >= (VIEWER * totals[g]) / all,
  }));
}

/** Days between a user's first train row and first test row, in three groups. */
function ageGroups(users: Uint32Array, { ratings, part, timeKind }: ComparedData): Group[] {
  const { time } = ratings;
  if (timeKind !== 'time' || !time) return [];
  const age = new Float64Array(ratings.userCount);
  for (let u = 0; u < ratings.userCount; u++) {
    let [first, test] = [Infinity, Infinity];
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) {
      if (part[row] === TRAIN) first = Math.min(first, time[row]);
      if (part[row] === TEST) test = Math.min(test, time[row]);
    }
    const days = Math.floor((test - first) / 86_400_000);
    age[u] = Number.isFinite(days) ? Math.max(0, days) : 0;
  }
  return thirds(users.map((u) => age[u]).sort()).map(([low, high]) => ({
    kind: 'age',
    label: `Profile ${high === Infinity ? `${low}+` : low === high ? low : `${low}–${high}`} days old`,
    holds: (u) => age[u] >= low && age[u] <= high,
  }));
}
