/** Every two of the compared runs, paired by user. */
import { aggregationOf } from '../../../shared/metrics/registry.ts';
import type { CompareChoices, Pair } from '../../../shared/compare.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import type { ComparedRun, PairedUsers } from './compared.ts';
import { areGroups, estimateGroups, groupMethod } from './groups.ts';
import { holm } from '../statistics/holm.ts';
import { NORMAL, normalEstimate, winShares, type PairedValues } from '../statistics/paired.ts';
import { wilcoxon, type WilcoxonResult } from '../statistics/wilcoxon.ts';
import { askedDraws, bootstrapIntervals, drawsFor, drawsText, type Draws } from '../statistics/bootstrap.ts';

/** Draws × values of the bootstrap that are waited for unasked, and where it was asked for. */
const QUICK = 1e8;
const ASKED = 3e8;

/** The per-user metrics that all runs have, in the order of the first. */
export function sharedMetrics(runs: readonly ComparedRun[]): string[] {
  const [first, ...others] = runs;
  return Object.keys(first.perUser.values).filter(
    (metric) =>
      first.run.metrics.test[metric] !== undefined &&
      others.every((other) => metric in other.perUser.values && other.run.metrics.test[metric] !== undefined),
  );
}

/** What pairing by user needs of a run. */
export type Pairable = Pick<ComparedRun, 'perUser' | 'userIds'> & {
  readonly run: Pick<ComparedRun['run'], 'fingerprint'>;
};

/** What follows from an array that stays as it is, made once for all the pairs that it is in. */
function remembered<A extends object, T>(make: (array: A) => T): (array: A) => T {
  const known = new WeakMap<A, { readonly made: T }>();
  return (array) => {
    const found = known.get(array) ?? { made: make(array) };
    known.set(array, found);
    return found.made;
  };
}
const isWhole = remembered((values: Float64Array) => !values.some(Number.isNaN));
const placesOf = remembered((users: Uint32Array) => Uint32Array.from(users.keys()));
const weightsOf = remembered((ratings: Uint32Array) => Float64Array.from(ratings));

/** Values of the users that both runs have and for whom the metric is defined in both. */
export function pairValues(a: Pairable, b: Pairable, metric: string): PairedUsers {
  const of = { a: a.perUser.values[metric], b: b.perUser.values[metric] };
  // Runs of one split have the same users, and mostly a value for each: nothing is copied then.
  if (
    a.run.fingerprint === b.run.fingerprint &&
    sameUsers(a.perUser.users, b.perUser.users) &&
    isWhole(of.a) &&
    isWhole(of.b)
  ) {
    const { users, ratings } = a.perUser;
    const each = placesOf(users);
    return {
      aggregation: aggregationOf(metric),
      users,
      places: { a: each, b: each },
      ...of,
      weights: weightsOf(ratings),
    };
  }
  const rows = matchUsers(a, b);
  const n = rows.a.length;
  const users = new Uint32Array(n);
  const places = { a: new Uint32Array(n), b: new Uint32Array(n) };
  const values = { a: new Float64Array(n), b: new Float64Array(n), weights: new Float64Array(n) };
  let count = 0;
  for (let k = 0; k < n; k++) {
    const [x, y] = [of.a[rows.a[k]], of.b[rows.b[k]]];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    users[count] = a.perUser.users[rows.a[k]];
    places.a[count] = rows.a[k];
    places.b[count] = rows.b[k];
    values.a[count] = x;
    values.b[count] = y;
    values.weights[count++] = a.perUser.ratings[rows.a[k]];
  }
  return {
    aggregation: aggregationOf(metric),
    users: users.subarray(0, count),
    places: { a: places.a.subarray(0, count), b: places.b.subarray(0, count) },
    a: values.a.subarray(0, count),
    b: values.b.subarray(0, count),
    weights: values.weights.subarray(0, count),
  };
}

/** Places of the common users in both runs: by index, or by external id where the data are unlike. */
function matchUsers(a: Pairable, b: Pairable): { a: Uint32Array; b: Uint32Array } {
  const [left, right] = [a.perUser.users, b.perUser.users];
  const found: { a: number[]; b: number[] } = { a: [], b: [] };
  if (a.run.fingerprint !== b.run.fingerprint) {
    const places = new Map(b.userIds && Array.from(right, (user, k) => [b.userIds?.[user] as string, k]));
    left.forEach((user, k) => {
      const other = a.userIds && places.get(a.userIds[user]);
      if (other === undefined) return;
      found.a.push(k);
      found.b.push(other);
    });
  } else {
    for (let j = 0, k = 0; j < left.length && k < right.length;) {
      if (left[j] === right[k]) {
        found.a.push(j);
        found.b.push(k);
      }
      const step = left[j] - right[k];
      if (step <= 0) j++;
      if (step >= 0) k++;
    }
  }
  return { a: Uint32Array.from(found.a), b: Uint32Array.from(found.b) };
}

/**
 * Difference b − a of each two runs for each metric: interval, Wilcoxon signed-rank on the users' differences (of
 * squared errors for RMSE), and Holm over all pairs of the metric. Of groups of seeds interval and p cover users and
 * seeds whatever is asked for; Wilcoxon's p, which covers users alone, stands beside.
 * Pairs without common users are left out.
 */
export function comparePairs(
  runs: readonly ComparedRun[],
  metrics: readonly string[],
  { intervals, zeros }: Partial<Pick<CompareChoices, 'intervals' | 'zeros'>> = {},
): Pair[] {
  const couples = runs.flatMap((a, k) => runs.slice(k + 1).map((b) => [a, b] as const));
  const ofRuns = couples.filter(([a, b]) => !areGroups(a, b)).length;
  const resampled = metrics.filter((metric) => intervals === 'bootstrap' || aggregationOf(metric) !== 'mean');
  const values = ofRuns * resampled.length * runs[0].perUser.users.length;
  const draws = intervals === 'bootstrap' ? askedDraws(values, ASKED) : drawsFor(values, QUICK);
  const compared = couples.map(([a, b]) =>
    areGroups(a, b)
      ? compareGroupCouple(a, b, metrics, zeros === 'pratt')
      : compareCouple(a, b, metrics, draws && { draws, resampled }, zeros === 'pratt'),
  );
  return metrics.flatMap((metric) => {
    const pairs = compared.flatMap((couple) => couple.filter((pair) => pair.metric === metric));
    const adjusted = holm(pairs.map((pair) => pair.pValue));
    return pairs.map((pair, k) => ({ ...pair, adjusted: adjusted[k] }));
  });
}

/** The pair of one metric at once: without resampling, and without a correction for other pairs. */
export function comparePair(a: ComparedRun, b: ComparedRun, metric: string): Pair | undefined {
  const compare = areGroups(a, b)
    ? compareGroupCouple(a, b, [metric], false)
    : compareCouple(a, b, [metric], null, false);
  return compare.map((pair) => ({ ...pair, adjusted: pair.pValue })).at(0);
}

interface Resampling {
  readonly draws: Draws;
  /** Metrics whose intervals are taken so. */
  readonly resampled: readonly string[];
}

function compareCouple(
  a: ComparedRun,
  b: ComparedRun,
  metrics: readonly string[],
  resampling: Resampling | null,
  pratt: boolean,
): Pair[] {
  const found = metrics
    .map((metric) => ({ metric, values: pairValues(a, b, metric) }))
    .filter(({ values }) => values.users.length > 0);
  const bootstrapped = resampling
    ? resampledIntervals(
        found.filter(({ metric }) => resampling.resampled.includes(metric)),
        resampling.draws,
      )
    : new Map<string, [number, number]>();
  return found.map(({ metric, values }) => {
    const users = values.a.length;
    const { difference, interval } = normalEstimate(values);
    const { pValue, sign } = pairedTest(values, pratt);
    const drawn = bootstrapped.get(metric);
    const how = resampling && drawn ? `bootstrap over users (${drawsText(resampling.draws)})` : NORMAL;
    return {
      a: a.run.id,
      b: b.run.id,
      metric,
      difference,
      interval: users === 1 ? [difference, difference] : (drawn ?? interval),
      pValue,
      adjusted: 1,
      rankSign: sign,
      ...winShares(values, metricDirection(metric)),
      users,
      method: `${how}, ${wilcoxonText(pratt)}`,
    };
  });
}

/** Of groups of seeds: p by the same t as the interval. */
function compareGroupCouple(
  a: ComparedRun,
  b: ComparedRun,
  metrics: readonly string[],
  pratt: boolean,
): Pair[] {
  return metrics.flatMap((metric) => {
    const values = pairValues(a, b, metric);
    const users = values.users.length;
    if (users === 0) return [];
    const { difference, interval, pValue } = estimateGroups(a, b, metric, values);
    return [
      {
        ...{ a: a.run.id, b: b.run.id, metric, difference, pValue, adjusted: 1, users },
        interval: users === 1 ? [difference, difference] : interval,
        rankSign: Math.sign(difference),
        ...winShares(values, metricDirection(metric)),
        method: groupMethod(a, b),
        usersAlone: { pValue: pairedTest(values, pratt).pValue, method: wilcoxonText(pratt) },
      },
    ];
  });
}

function wilcoxonText(pratt: boolean): string {
  return `Wilcoxon (${pratt ? "Pratt's zeros" : 'zeros dropped'})`;
}

/** Intervals by metric; metrics of the same users are resampled together. */
function resampledIntervals(
  found: readonly { metric: string; values: PairedUsers }[],
  draws: Draws,
): Map<string, [number, number]> {
  const groups: (typeof found)[number][][] = [];
  for (const one of found) {
    const group = groups.find(([first]) => sameUsers(first.values.users, one.values.users));
    if (group) group.push(one);
    else groups.push([one]);
  }
  return new Map(
    groups.flatMap((group) => {
      const intervals = bootstrapIntervals(
        group.map(({ values }) => values),
        draws,
      );
      return group.map(({ metric }, k) => [metric, intervals[k]] as const);
    }),
  );
}

function sameUsers(a: Uint32Array, b: Uint32Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

/** Wilcoxon signed-rank on the users' differences; of squared errors for RMSE. */
export function pairedTest({ aggregation, a, b }: PairedValues, pratt = false): WilcoxonResult {
  const squared = aggregation === 'root';
  return wilcoxon(
    a.map((x, user) => (squared ? b[user] ** 2 - x * x : b[user] - x)),
    { pratt },
  );
}
