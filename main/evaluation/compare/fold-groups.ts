/** Models that were tested on several folds, or windows of time, against each other: fold against fold. */
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import { WINDOWS } from '../../../shared/config.ts';
import { compareFolds } from '../statistics/folds.ts';
import { holm } from '../statistics/holm.ts';
import { winShares } from '../statistics/paired.ts';
import { VALIDATION_SHARE } from '../splits/make-split.ts';
import { chooseMetric } from './compare.ts';
import { costOf, type ComparedRun, type CompareOptions } from './compared.ts';
import { configurationDifferences, incomparable } from './guard.ts';
import { pairValues, sharedMetrics } from './run-pairs.ts';
import { rankRuns } from './rank-runs.ts';
import { isSignificant, verdict } from './verdict.ts';

/** The finished runs of one configuration, one a fold or window. */
export interface FoldGroup {
  readonly id: string;
  readonly label: string;
  readonly folds: readonly ComparedRun[];
}

/**
 * Compares groups of folds: for each metric the differences of folds that were tested on the same rows, their mean, and
 * an interval and p-value that take into account that folds share training rows (compareFolds). Holm over all pairs.
 * Groups without two such folds in common are unlike, and come back without pairs.
 */
export function compareFoldGroups(
  groups: readonly FoldGroup[],
  options: Pick<CompareOptions, 'metric' | 'lead' | 'smallestInteresting'>,
): CompareResult {
  const runs = groups.flatMap(({ folds }) => folds);
  const shared = sharedMetrics(runs);
  const metric = chooseMetric(runs, shared, options.metric);
  const label = (id: string): string => groups.find((group) => group.id === id)?.label ?? id;
  const couples = groups.flatMap((a, k) => groups.slice(k + 1).map((b) => [a, b] as const));
  const matched = couples.map(([a, b]) => ({ a, b, folds: sameFolds(a, b) }));
  const comparable = matched.every(({ folds }) => folds.length > 1);
  const wanted = options.metric === null ? shared : [metric];
  const pairs = !comparable
    ? []
    : wanted.flatMap((name) => {
        const found = matched.map(({ a, b, folds }) => pairOf(a.id, b.id, folds, name));
        const adjusted = holm(found.map(({ pValue }) => pValue));
        return found.map((pair, k): Pair => ({ ...pair, adjusted: adjusted[k] }));
      });
  const first = groups.map(({ folds }) => folds[0].run);
  const base = {
    comparable,
    differences: comparable
      ? []
      : incomparable(first).map(({ what, values }) => ({
          what,
          values: values.map(({ value }, k) => ({ run: groups[k].id, value })),
        })),
    runs: groups.map(({ id, label: name, folds }) => ({
      id,
      label: name,
      model: folds[0].run.model,
      metrics: meansOf(folds),
      runs: folds.map(({ run }) => run.id),
      seeds: [...new Set(folds.map(({ run }) => run.seed))],
      seedless: folds[0].run.seedless,
      deviations: {},
      seconds: folds.reduce((sum, { run }) => sum + run.seconds.train, 0),
      cost: costOf(folds.map(({ run }) => run)),
    })),
    metric,
    pairs,
    slices: [],
    distribution: null,
    exposure: { training: [], runs: [] },
    configuration: configurationDifferences(first).map(({ name, values }) => ({
      name,
      values: values.map(({ value }, k) => ({ run: groups[k].id, value })),
    })),
    seedNoise: null,
  };
  const ofMetric = pairs.filter((pair) => pair.metric === metric);
  const ranking = rankRuns(base.runs, metric, ofMetric);
  const { lead } = options;
  const asked = lead && ofMetric.find(({ a, b }) => lead.includes(a) && lead.includes(b));
  const pair = asked ?? leading(ofMetric, base.runs, metric);
  if (!pair) {
    const headline = 'These groups do not compare: they have no two folds in common.';
    const detail = 'Folds compare that were tested on the same rows, with the same candidates.';
    return {
      ...base,
      ranking: { order: [], bars: [] },
      verdict: { headline, detail, method: '' },
      notes: [{ code: 'incomparable', severity: 'error', text: headline }],
    };
  }
  const [one, other] = [pair.a, pair.b].map((id) => groups.find((group) => group.id === id) as FoldGroup);
  return {
    ...base,
    ranking,
    lead: [pair.a, pair.b],
    verdict: verdict({
      pair,
      pairs: ofMetric.length,
      label,
      seedNoise: null,
      smallestInteresting: options.smallestInteresting?.[metric] ?? null,
      seedsOnly: false,
      groups: false,
      oneSeed: [],
      seedless: one.folds[0].run.seedless && other.folds[0].run.seedless,
      undecided: ofMetric.filter((open) => open !== pair && !isSignificant(open)),
      ranking: ranking.order,
      baselines: groups.filter(({ folds: [{ run }] }) => run.baseline).map(({ id }) => id),
    }),
    notes: [
      {
        code: 'folds',
        severity: 'info',
        text:
          `Each ${partOf(one)} was trained once, and two ${partOf(one)}s share most of their training rows: the interval ` +
          `is wider for it (corrected resampled t, Nadeau & Bengio 2003), and tells small differences only with many ${partOf(one)}s.`,
      },
    ],
  };
}

/** Folds of both groups that were tested on the same rows, in the order of the folds. */
function sameFolds(a: FoldGroup, b: FoldGroup): [ComparedRun, ComparedRun][] {
  return a.folds.flatMap((mine): [ComparedRun, ComparedRun][] => {
    const theirs = b.folds.find(({ run }) => incomparable([mine.run, run]).length === 0);
    return theirs ? [[mine, theirs]] : [];
  });
}

function pairOf(
  a: string,
  b: string,
  folds: readonly (readonly [ComparedRun, ComparedRun])[],
  metric: string,
): Pair {
  const part = partOf({ folds: folds[0] });
  const differences = folds.map(([x, y]) => y.run.metrics.test[metric] - x.run.metrics.test[metric]);
  const { difference, interval, pValue } = compareFolds(differences, testToTrain(folds[0][0]));
  let [better, same, users] = [0, 0, 0];
  for (const [x, y] of folds) {
    const values = pairValues(x, y, metric);
    const count = values.users.length;
    const shares = winShares(values, metricDirection(metric));
    better += shares.better * count;
    same += shares.same * count;
    users += count;
  }
  return {
    ...{ a, b, metric, difference, interval, pValue, adjusted: 1, rankSign: Math.sign(difference) },
    ...{ better: better / users, same: same / users, worse: (users - better - same) / users, users },
    method: `${part} against ${part} over ${folds.length} ${part}s, t corrected for shared training rows (Nadeau & Bengio 2003)`,
  };
}

/** What the runs of a group are tested on, one after another. */
function partOf({ folds }: Pick<FoldGroup, 'folds'>): 'fold' | 'window' {
  return folds[0].run.config.split.name === 'rolling' ? 'window' : 'fold';
}

/** Rows of a test part to those that it was trained on; of windows, whose training grows, those of the middle one. */
function testToTrain({ run }: ComparedRun): number {
  const { split, refit } = run.config;
  const trained = split.validation === 'auto' && !refit ? 1 - VALIDATION_SHARE : 1;
  if (split.name === 'rolling') {
    const tested = (split.windows ?? WINDOWS) * split.testShare;
    return split.testShare / ((1 - (tested + split.testShare) / 2) * trained);
  }
  return 1 / ((split.folds - 1) * trained);
}

function meansOf(folds: readonly ComparedRun[]): Record<string, number> {
  const [{ run: first }] = folds;
  const names = Object.keys(first.metrics.test).filter((name) =>
    folds.every(({ run }) => run.metrics.test[name] !== undefined),
  );
  return Object.fromEntries(
    names.map((name) => [
      name,
      folds.reduce((sum, { run }) => sum + run.metrics.test[name], 0) / folds.length,
    ]),
  );
}

/** The pair of the two best groups. */
function leading(pairs: readonly Pair[], groups: CompareResult['runs'], metric: string): Pair | undefined {
  const direction = metricDirection(metric);
  const best = [...groups].sort((x, y) => direction * (y.metrics[metric] - x.metrics[metric])).slice(0, 2);
  return pairs.find(({ a, b }) => best.every(({ id }) => id === a || id === b));
}
