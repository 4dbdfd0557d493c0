/** The report of a comparison, from what is stored. */
import type { Checked } from '../../../shared/contract.ts';
import { withOtherPairs } from '../../../shared/comparison/view.ts';
import { assignSlots } from '../../../shared/figures/slots.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { ReadableDatabase } from '../../store/database.ts';
import { findDataset } from '../../store/datasets.ts';
import { epochsOf, findRun } from '../../store/runs.ts';
import type { comparisonsFrom } from '../compare/comparisons.ts';
import { toRun } from '../runs/shown.ts';
import type { ReportFacts } from './facts.ts';
import { reportHtml } from './report-html.ts';

export interface ReportQuestion {
  readonly asked: Omit<Checked<'report'>, 'path'>;
  /** Of the app and the libraries that figures depend on. */
  readonly versions: Readonly<Record<string, string>>;
}

/** @throws WorkbenchError `incomparable` unless asked by `force`, and as `compare` */
export async function reportOf(
  database: ReadableDatabase,
  comparisons: ReturnType<typeof comparisonsFrom>,
  { asked, versions }: ReportQuestion,
): Promise<string> {
  const { compare, 'compare.exposure': compareExposure } = comparisons;
  const first = await compare({ ...asked, pairs: 'verdict' });
  if (!first.comparable && !asked.force)
    throw new WorkbenchError(
      'incomparable',
      `${first.verdict.headline} ${first.verdict.detail}`.trim(),
      'Choose runs of the same data, split and candidates, or ask for the figures all the same.',
    );
  const { pairs } = await compare({ ...asked, metric: null, pairs: 'all', intervals: 'normal' });
  const result = withOtherPairs(first, pairs);
  const stored = result.runs.map(({ id, label, runs }) => ({
    id,
    label,
    members: runs.map((run) => {
      const { key, run: found } = findRun(database, run);
      return { run: toRun(found), epochs: epochsOf(database, key) };
    }),
  }));
  const slots = assignSlots(stored.map(({ id, members }) => ({ id, baseline: members[0].run.baseline })));
  const { runs, byGroup } = asked;
  const folds = stored.some(({ members }) => members.some(({ run }) => run.config.split.name === 'k-fold'));
  const exposure =
    first.comparable && !folds && first.lead
      ? await compareExposure({ ...asked, runs, byGroup, metric: first.metric, lead: first.lead })
      : null;
  const facts: ReportFacts = {
    result,
    exposure,
    units: stored.map(({ id, label, members }) => ({ id, look: { label, slot: slots[id] }, members })),
    datasets: [...new Set(stored.flatMap(({ members }) => members.map(({ run }) => run.dataset)))].map(
      (id) => findDataset(database, id).dataset,
    ),
    versions,
    madeAt: Date.now(),
  };
  return reportHtml(facts);
}
