import type { UserChoice } from '../../shared/compare.ts';
import { invoke } from '../state/engine-api.ts';
import { attempt } from '../state/failures.svelte.ts';
import { ui } from '../state/ui.svelte.ts';
import type { Shown } from './units.ts';

/** Shows users of a pair in Inspect, those that differ most first, the first of them opened. */
export async function openUsers(of: {
  runs: string[];
  metric: string;
  a: Shown;
  b: Shown;
  among: UserChoice;
  title: string;
}): Promise<void> {
  const { runs, metric, a, b, among, title } = of;
  await attempt(async () => {
    const { found, total } = await invoke('compare.users', {
      runs,
      metric,
      lead: [a.id, b.id],
      among,
      limit: 500,
    });
    ui.among = { title, found, total };
    ui.kept.inspectDataset = a.run.dataset;
    ui.kept.inspectRuns = [a.run.id, b.run.id];
    ui.kept.compareMetric = metric;
    ui.kept.user = found.users[0]?.user ?? null;
    ui.go('inspect');
  });
}
