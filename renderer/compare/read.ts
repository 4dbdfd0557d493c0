import type { CompareResult } from '../../shared/compare.ts';
import { withOtherPairs } from '../../shared/comparison/view.ts';
import { invoke } from '../state/engine-api.ts';
import type { Resource } from '../state/resource.svelte.ts';

/** Pairs times users up to which intervals are drawn by bootstrap: about a second in which the engine does nothing else. */
const MOST_RESAMPLED = 100_000;

/** Reads a comparison in the order in which it is wanted: the verdict at once, then all metrics, then bootstrap intervals. */
export async function readComparison(
  into: Resource<CompareResult>,
  asked: { runs: string[]; metric: string | null; force: boolean; lead?: [string, string] },
): Promise<void> {
  const first = await into.load(() => invoke('compare', { ...asked, pairs: 'verdict' }));
  if (!first || first.pairs.length === 0) return;
  const all = await into.load(async () => {
    const { pairs } = await invoke('compare', { ...asked, metric: null });
    return withOtherPairs(first, pairs);
  });
  if (!all || first.pairs.reduce((users, pair) => users + pair.users, 0) > MOST_RESAMPLED) return;
  await into.load(async () =>
    withOtherPairs(
      await invoke('compare', { ...asked, pairs: 'verdict', intervals: 'bootstrap' }),
      all.pairs,
    ),
  );
}
