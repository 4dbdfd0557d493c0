import type { CompareResult } from '../../shared/compare.ts';
import { withOtherPairs } from '../../shared/comparison/view.ts';
import { isPerUser } from '../lib/metrics.ts';
import { invoke } from '../state/engine-api.ts';
import type { Resource } from '../state/resource.svelte.ts';

/** Pairs times users up to which intervals are drawn by bootstrap: about a second in which the engine does nothing else. */
const MOST_RESAMPLED = 100_000;

/** Pairs times metrics times users up to which all metrics of all pairs are read unasked: about a second as well. */
const MOST_TESTED = 10_000_000;

/** Metrics that all runs have a value of for each user. */
function pairedMetrics({ runs: [first, ...others] }: CompareResult): string[] {
  if (!first) return [];
  return Object.keys(first.metrics).filter(
    (key) => isPerUser(key) && others.every(({ metrics }) => key in metrics),
  );
}

/** The comparison with the pairs of every metric, asked for one metric at a time where they are not there yet. */
export async function withEveryMetric(
  result: CompareResult,
  asked: { runs: string[]; byGroup: boolean; force: boolean },
): Promise<CompareResult> {
  const known = new Set(result.pairs.map(({ metric }) => metric));
  const pairs = [...result.pairs];
  for (const metric of pairedMetrics(result)) {
    if (known.has(metric)) continue;
    const found = await invoke('compare', { ...asked, metric, pairs: 'verdict' });
    pairs.push(...found.pairs.filter((pair) => pair.metric === metric));
  }
  return { ...result, pairs };
}

/** Reads a comparison in the order in which it is wanted: the verdict at once, then all metrics, then bootstrap intervals. */
export async function readComparison(
  into: Resource<CompareResult>,
  asked: { runs: string[]; byGroup: boolean; metric: string | null; force: boolean; lead?: [string, string] },
): Promise<void> {
  const first = await into.load(() => invoke('compare', { ...asked, pairs: 'verdict' }));
  if (!first || first.pairs.length === 0) return;
  const users = first.pairs.reduce((sum, pair) => sum + pair.users, 0);
  if (users * pairedMetrics(first).length > MOST_TESTED) return;
  const all = await into.load(async () => {
    const { pairs } = await invoke('compare', { ...asked, metric: null });
    return withOtherPairs(first, pairs);
  });
  if (!all || users > MOST_RESAMPLED) return;
  await into.load(async () =>
    withOtherPairs(
      await invoke('compare', { ...asked, pairs: 'verdict', intervals: 'bootstrap' }),
      all.pairs,
    ),
  );
}
