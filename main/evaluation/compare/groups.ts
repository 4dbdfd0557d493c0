/** A group of seeds as one unit of a comparison. */
import type { CompareResult } from '../../../shared/compare.ts';
import { aggregationOf } from '../../../shared/metrics/registry.ts';
import { distinctSeeds, groupName, spread } from '../../../shared/seed-groups.ts';
import type { PerUser } from '../evaluation.ts';
import { compareGroups, type GroupEstimate } from '../statistics/seed-groups.ts';
import type { ComparedRun, PairedUsers, RunFacts } from './compared.ts';

/**
 * Runs of one configuration as one: metrics and users' values are means over distinct seeds, a seed that was trained
 * again counts once. Users without a value in every seed have none.
 * @param id what the group is called in results
 * @param all the group's runs, of which repeats of a seed need not be read
 */
export function groupOfSeeds(
  runs: readonly ComparedRun[],
  id: string,
  all: readonly Pick<RunFacts, 'id' | 'name' | 'number' | 'seed'>[] = runs.map(({ run }) => run),
): ComparedRun {
  const byRun = new Map(runs.map((compared) => [compared.run, compared]));
  const distinct = distinctSeeds(runs.map(({ run }) => run)).map((run) => byRun.get(run) as ComparedRun);
  const [first] = distinct;
  const ids = all.map((run) => run.id);
  const facts = { ...first.run, id, name: groupName(all) };
  if (distinct.length === 1)
    return { ...first, run: facts, group: { runs: ids, seeds: [first.run.seed], members: [first] } };
  const members = onCommonUsers(distinct);
  const mean = (of: (member: ComparedRun) => Readonly<Record<string, number>>) =>
    meanRecord(distinct.map(of), (values) => spread(values).mean);
  return {
    ...first,
    run: {
      ...facts,
      metrics: {
        validation: mean(({ run }) => run.metrics.validation),
        test: mean(({ run }) => run.metrics.test),
      },
      seconds: {
        train: spread(distinct.map(({ run }) => run.seconds.train)).mean,
        evaluate: spread(distinct.map(({ run }) => run.seconds.evaluate)).mean,
      },
    },
    perUser: {
      ...members[0].perUser,
      values: meanRecord(
        members.map(({ perUser }) => perUser.values),
        (values) => values[0].map((_, u) => values.reduce((sum, of) => sum + of[u], 0) / values.length),
      ),
    },
    group: { runs: ids, seeds: distinct.map(({ run }) => run.seed), members },
  };
}

/** A run by its distinct seeds; one alone is its own. */
export function membersOf(run: ComparedRun): readonly ComparedRun[] {
  return run.group?.members ?? [run];
}

/** What results say of a run or a group of seeds beside its figures. */
export function seedsOf({
  run,
  group,
}: ComparedRun): Pick<CompareResult['runs'][number], 'runs' | 'seeds' | 'seedless' | 'deviations'> {
  const members = group?.members ?? [];
  const deviations =
    members.length < 2
      ? {}
      : meanRecord(
          members.map((member) => member.run.metrics.test),
          (values) => spread(values).sd ?? 0,
        );
  return {
    runs: [...(group?.runs ?? [run.id])],
    seeds: [...(group?.seeds ?? [run.seed])],
    seedless: run.seedless,
    deviations,
  };
}

/** Whether a pair is one of groups: its interval then covers users and seeds. */
export function areGroups(a: ComparedRun, b: ComparedRun): boolean {
  return membersOf(a).length > 1 || membersOf(b).length > 1;
}

/** The difference of two groups over users and seeds. @param members indices into the pairs; all by default */
export function estimateGroups(
  a: ComparedRun,
  b: ComparedRun,
  metric: string,
  { places, weights }: PairedUsers,
  members?: Uint32Array,
): GroupEstimate {
  const pairs = members ?? weights.map((_, k) => k);
  const seeds = (of: ComparedRun, at: Uint32Array): Float64Array[] =>
    membersOf(of).map(({ perUser }) => Float64Array.from(pairs, (k) => perUser.values[metric][at[k]]));
  return compareGroups({
    aggregation: aggregationOf(metric),
    a: { seeds: seeds(a, places.a), seedless: a.run.seedless },
    b: { seeds: seeds(b, places.b), seedless: b.run.seedless },
    weights: Float64Array.from(pairs, (k) => weights[k]),
  });
}

/** How the interval of a pair of groups is made. */
export function groupMethod(a: ComparedRun, b: ComparedRun): string {
  const counts = [a, b].map((of) => (of.run.seedless ? 'none' : String(membersOf(of).length)));
  return `t over users and seeds (two-way random effects; seeds: ${counts.join(' and ')})`;
}

/** A record of means, one for each name that all of the records have. */
function meanRecord<T>(
  records: readonly Readonly<Record<string, T>>[],
  mean: (values: T[]) => T,
): Record<string, T> {
  const names = Object.keys(records[0]).filter((name) => records.every((record) => name in record));
  return Object.fromEntries(names.map((name) => [name, mean(records.map((record) => record[name]))]));
}

/** Runs of the same split were tested on the same users; where one was not, those of all are left. */
function onCommonUsers(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  const [first, ...others] = runs;
  const alike = others.every(
    ({ perUser: { users } }) =>
      users.length === first.perUser.users.length &&
      users.every((user, k) => user === first.perUser.users[k]),
  );
  if (alike) return runs;
  const tested = others.map(({ perUser }) => new Set(perUser.users));
  const common = new Set(first.perUser.users.filter((user) => tested.every((users) => users.has(user))));
  return runs.map((run) => {
    const kept = [...run.perUser.users.keys()].filter((k) => common.has(run.perUser.users[k]));
    return { ...run, perUser: atPlaces(run.perUser, Uint32Array.from(kept)) };
  });
}

function atPlaces({ users, ratings, values }: PerUser, places: Uint32Array): PerUser {
  return {
    users: places.map((k) => users[k]),
    ratings: places.map((k) => ratings[k]),
    values: Object.fromEntries(
      Object.entries(values).map(([name, of]) => [name, Float64Array.from(places, (k) => of[k])]),
    ),
  };
}

/** 95 % of a group's own figure, over users and seeds: that of its difference to nothing. */
export function groupInterval(group: ComparedRun, metric: string): [number, number] | null {
  const members = membersOf(group);
  const of = (member: ComparedRun): Float64Array => member.perUser.values[metric];
  if (of(members[0]) === undefined) return null;
  const defined = [...of(members[0]).keys()].filter((k) =>
    members.every((member) => !Number.isNaN(of(member)[k])),
  );
  if (defined.length < 2) return null;
  const { interval } = compareGroups({
    aggregation: aggregationOf(metric),
    a: { seeds: [new Float64Array(defined.length)], seedless: true },
    b: {
      seeds: members.map((member) => Float64Array.from(defined, (k) => of(member)[k])),
      seedless: group.run.seedless,
    },
    weights: Float64Array.from(defined, (k) => members[0].perUser.ratings[k]),
  });
  return interval;
}
