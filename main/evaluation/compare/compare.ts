import { configurationKey } from '../../../shared/run-identity.ts';
import { distinctSeeds, spread } from '../../../shared/seed-groups.ts';
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import { shortNames } from '../../../shared/comparison/names.ts';
import { findMetricKey, metricDirection, parseMetricKey } from '../../../shared/metrics/registry.ts';
import { WorkbenchError } from '../../base/errors.ts';
import {
  costOf,
  type ComparedData,
  type ComparedRun,
  type CompareOptions,
  type RunFacts,
} from './compared.ts';
import { areGroups, membersOf, seedsOf } from './groups.ts';
import { configurationDifferences, incomparable } from './guard.ts';
import { honestyNotes } from './honesty.ts';
import { comparePairs, pairValues, sharedMetrics } from './run-pairs.ts';
import { popularityExposure } from './popularity.ts';
import { rankRuns } from './rank-runs.ts';
import { compareSlices } from './slices.ts';
import { isSignificant, verdict } from './verdict.ts';

export type { ComparedData, ComparedRun, CompareOptions, RunFacts } from './compared.ts';

/** Bins of the distribution of differences. */
const BINS = 21;
const SAME = 1e-12;

/**
 * Compares two to thirty finished runs from what is stored with them. Unlike runs (data, split, candidates) come back
 * with `comparable: false`, what differs, and without pairs unless `force`.
 * The verdict, slices and distribution are about the pair asked for, else about the two best configurations by the
 * metric, as the pair stands in the order given; which seed is the best never matters.
 * @param runs runs, or groups of seeds (groupOfSeeds), which count as one run each
 * @param data null: no slices and exposure, as for a first verdict
 * @throws WorkbenchError where the runs share no metric by user, or not the one asked for.
 */
export function compareRuns(
  runs: readonly ComparedRun[],
  data: ComparedData | null,
  options: CompareOptions,
): CompareResult {
  const facts = runs.map(({ run }) => run);
  const differences = incomparable(facts);
  const comparable = differences.length === 0;
  const shared = sharedMetrics(runs);
  const metric = chooseMetric(runs, shared, options.metric);
  const label = labels(facts);
  const siblings = (options.siblings ?? []).filter((run) => incomparable([facts[0], run]).length === 0);
  const base = {
    comparable,
    differences,
    runs: runs.map((compared) => ({
      id: compared.run.id,
      label: label(compared.run.id),
      model: compared.run.model,
      metrics: compared.run.metrics.test,
      seconds: compared.run.seconds.train,
      ...seedsOf(compared),
      cost: costOf(membersFacts([compared]), membersOf(compared).length),
    })),
    metric,
    configuration: configurationDifferences(
      facts,
      runs.map((compared) => seedsOf(compared).seeds),
    ),
    seedNoise: comparable ? seedDeviation([...membersFacts(runs), ...siblings], facts, metric) : null,
  };
  const usable = data && new Set(facts.map((run) => run.fingerprint)).size === 1 ? data : null;
  const exposure = usable
    ? popularityExposure(runs, usable, Math.min(parseMetricKey(metric).k ?? 10, 50))
    : { training: [], runs: [] };
  const pairs =
    comparable || options.force
      ? comparePairs(
          runs,
          options.metric === null && options.pairs !== 'verdict' ? shared : [metric],
          options,
        )
      : [];
  const ofMetric = pairs.filter((pair) => pair.metric === metric);
  const ranking = rankRuns(base.runs, metric, ofMetric);
  const pair = pairOf(ofMetric, options.lead) ?? pairOf(ofMetric, bestTwo(facts, metric));
  if (!pair) {
    const headline =
      comparable || options.force ? 'These runs have no users in common.' : unlikeSentence(facts, label);
    const names = differences.map(({ what }) => what).join(', ');
    const detail = differences.length ? `Unlike: ${names}. Metrics do not compare.` : '';
    return {
      ...base,
      ranking: { order: [], bars: [] },
      pairs,
      slices: [],
      distribution: null,
      exposure,
      verdict: { headline, detail, method: '' },
      notes: [{ code: 'incomparable', severity: 'error', text: headline }],
    };
  }
  const [a, b] = [pair.a, pair.b].map((id) => runs.find(({ run }) => run.id === id) as ComparedRun);
  const { slices, worst } = usable
    ? compareSlices(a, b, metric, usable, options.intervals)
    : { slices: [], worst: null };
  return {
    ...base,
    ranking,
    lead: [pair.a, pair.b],
    pairs,
    slices,
    distribution: distributionOf(a, b, metric),
    exposure,
    verdict: verdict({
      pair,
      pairs: ofMetric.length,
      label,
      seedNoise: base.seedNoise,
      smallestInteresting: options.smallestInteresting?.[metric] ?? null,
      seedsOnly: configurationKey(a.run) === configurationKey(b.run),
      seedless: a.run.seedless && b.run.seedless,
      groups: areGroups(a, b),
      oneSeed: [a, b].filter((of) => !of.run.seedless && membersOf(of).length === 1).map(({ run }) => run.id),
      undecided: ofMetric.filter((other) => other !== pair && !isSignificant(other)),
      ranking: ranking.order,
      baselines: facts.filter((run) => run.baseline).map(({ id }) => id),
    }),
    notes: honestyNotes({
      runs,
      siblings,
      metric,
      pairs,
      data: usable,
      worst,
      seedNoise: base.seedNoise,
      forced: !comparable,
      label,
    }),
  };
}

/** The metric asked for, else RMSE where all runs predict ratings, else NDCG@10, else the first they share. */
export function chooseMetric(
  runs: readonly ComparedRun[],
  shared: readonly string[],
  asked: string | null,
): string {
  if (asked !== null) {
    const key = findMetricKey(shared, asked);
    if (key !== undefined) return key;
    throw new WorkbenchError(
      'unknown-metric',
      `The runs share no values by user of ${asked}.`,
      shared.length > 0 ? `They share ${shared.join(', ')}.` : 'They share none at all.',
    );
  }
  const ratings = runs.every(({ run }) => run.kind === 'ratings');
  const chosen =
    (ratings ? findMetricKey(shared, 'rmse') : undefined) ?? findMetricKey(shared, 'ndcg@10') ?? shared[0];
  if (chosen === undefined)
    throw new WorkbenchError(
      'no-shared-metric',
      'The runs share no metric that has values by user.',
      'Compare runs with the same candidates and list lengths, or models of the same kind.',
    );
  return chosen;
}

/** Names, with the run's number where two are the same. */
function labels(runs: readonly RunFacts[]): (id: string) => string {
  const short = shortNames(runs);
  const names = new Map(runs.map(({ id }, at) => [id, short[at]]));
  return (id) => names.get(id) ?? id;
}

/** Standard deviation over seeds, pooled over those of the compared configurations that have two seeds or more. */
function seedDeviation(
  all: readonly RunFacts[],
  compared: readonly RunFacts[],
  metric: string,
): number | null {
  const unique = [...new Map(all.map((run) => [run.id, run])).values()];
  const wanted = new Set(compared.map(configurationKey));
  let [squares, freedom] = [0, 0];
  for (const [key, group] of Map.groupBy(unique, configurationKey)) {
    const values = distinctSeeds(group).flatMap((run) => run.metrics.test[metric] ?? []);
    if (values.length < 2 || !wanted.has(key)) continue;
    squares += (spread(values).sd ?? 0) ** 2 * (values.length - 1);
    freedom += values.length - 1;
  }
  return freedom > 0 ? Math.sqrt(squares / freedom) : null;
}

/** The two best configurations, by their means over the runs given, each by its first run; of one, the first two runs. */
function bestTwo(runs: readonly RunFacts[], metric: string): [string, string] {
  const direction = metricDirection(metric);
  const [first, second] = [...Map.groupBy(runs, configurationKey).values()]
    .map((same) => ({ same, ...spread(same.map((run) => run.metrics.test[metric])) }))
    .sort((x, y) => direction * (y.mean - x.mean))
    .map(({ same }) => same[0].id);
  return second === undefined ? [runs[0].id, runs[1].id] : [first, second];
}

/** The runs themselves, of groups those of each seed. */
function membersFacts(runs: readonly ComparedRun[]): RunFacts[] {
  return runs.flatMap(membersOf).map(({ run }) => run);
}

/** The pair of two runs, whichever way round. */
function pairOf(pairs: readonly Pair[], [x, y]: readonly string[] = []): Pair | undefined {
  return pairs.find(({ a, b }) => (a === x && b === y) || (a === y && b === x));
}

/** Differences of users in equal bins around zero; those without a difference are counted apart. */
function distributionOf(a: ComparedRun, b: ComparedRun, metric: string): CompareResult['distribution'] {
  const values = pairValues(a, b, metric);
  const differences = values.a.map((x, u) => values.b[u] - x);
  const widest = differences.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  if (widest <= SAME) return { edges: [], counts: [], same: differences.length };
  const width = (2 * widest) / BINS;
  const edges = Array.from({ length: BINS + 1 }, (_, k) => -widest + k * width);
  const counts = new Array<number>(BINS).fill(0);
  let same = 0;
  for (const difference of differences) {
    if (Math.abs(difference) <= SAME) same++;
    else counts[Math.min(BINS - 1, Math.floor((difference + widest) / width))]++;
  }
  return { edges, counts, same };
}

function unlikeSentence(runs: readonly RunFacts[], label: (id: string) => string): string {
  const [first] = runs;
  const other = runs.find((run) => incomparable([first, run]).length > 0) ?? first;
  const tests = [first, other].map(
    (run) => `${label(run.id)} was tested on ${run.datasetName}, ${run.split?.name ?? 'no'} split`,
  );
  return `These runs do not compare: ${tests.join(', ')}.`;
}
