/** The compared runs in one order, with those that cannot be told apart. */
import type { CompareResult, Pair } from '../../../shared/compare.ts';
import { metricDirection } from '../../../shared/metrics/registry.ts';
import { standings } from './standing.ts';
import { isSignificant } from './verdict.ts';

/**
 * @param runs those without the metric are left out
 * @param pairs of the metric; where two have none, they are taken for unlike
 */
export function rankRuns(
  runs: readonly { readonly id: string; readonly metrics: Readonly<Record<string, number>> }[],
  metric: string,
  pairs: readonly Pair[],
): CompareResult['ranking'] {
  const valued = runs.flatMap(({ id, metrics }) =>
    metrics[metric] === undefined ? [] : [{ id, value: metrics[metric] }],
  );
  const tied = new Set(
    pairs.filter((pair) => !isSignificant(pair)).flatMap(({ a, b }) => [key(a, b), key(b, a)]),
  );
  const { order, bars } = standings(valued, metricDirection(metric), (a, b) => !tied.has(key(a, b)));
  return {
    order: order.map(({ id, rank, tiedWithBest }) => ({ run: id, rank, tiedWithBest })),
    bars: bars.map((bar) => [...bar]),
  };
}

const key = (a: string, b: string): string => JSON.stringify([a, b]);
