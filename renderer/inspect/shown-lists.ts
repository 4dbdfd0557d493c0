/** The lists at hand: as stored, or of a history that was changed. */
import type { Result, Run } from '../../shared/contract.ts';
import { findMetricKey } from '../../shared/metrics/registry.ts';
import { decimal } from '../lib/format.ts';
import { metricTitle, parseMetric } from '../lib/metrics.ts';
import { changedRows, storedRows, type ListRow } from './rows.ts';
import type { Answer } from './what-if.svelte.ts';

export interface ShownList {
  run: Run;
  label: string;
  /** Beside the name of the run: hits and their figure, or how the list came about. */
  aside: string;
  hint: string;
  rows: readonly ListRow[];
  /** The run learned from a row of the user; if not, the list is of the most popular items. */
  known: boolean;
}

export function shownLists(
  view: Result<'inspect.user'> | null,
  changed: { user: string | null } | null,
  answers: readonly Answer[],
  chosen: readonly Run[],
  labels: readonly string[],
): ShownList[] {
  return chosen.flatMap((run, at): ShownList[] => {
    const label = labels[at] ?? run.name;
    if (changed) {
      const answer = answers.find((one) => one.run === run.id);
      return answer ? [{ run, label, known: true, ...answered(answer, changed.user !== null) }] : [];
    }
    const list = view?.lists.find((one) => one.run === run.id);
    if (!list) return [];
    const score = scoreOf(list.metrics);
    const hits = `${list.hits} ${list.hits === 1 ? 'hit' : 'hits'}`;
    return [
      {
        run,
        label,
        aside: !list.known ? 'knows nothing about this user' : score ? `${hits}, ${score.short}` : hits,
        hint: score?.full ?? '',
        rows: storedRows(list.items),
        known: list.known,
      },
    ];
  });
}

function answered(
  { result, error }: Answer,
  hadHistory: boolean,
): Pick<ShownList, 'aside' | 'hint' | 'rows'> {
  if (!result) return { aside: error?.message ?? '', hint: error?.hint ?? '', rows: [] };
  const { method, how, overlap } = result;
  const same = overlap
    ? ` Unchanged, the history gives ${overlap.shared} of the ${overlap.of} stored items.`
    : '';
  return {
    aside: overlap ? `${method}, ${overlap.shared} of ${overlap.of} as stored` : method,
    hint: `${how}${same}`,
    rows: changedRows(result, hadHistory),
  };
}

/** The user's NDCG@10, else the first figure that there is: its name without K, and in full. */
function scoreOf(metrics: Record<string, number>): { short: string; full: string } | null {
  const keys = Object.keys(metrics);
  const key = findMetricKey(keys, 'ndcg@10') ?? keys[0];
  if (key === undefined) return null;
  const value = decimal(metrics[key], 2);
  return { short: `${metricTitle(parseMetric(key).base)} ${value}`, full: `${metricTitle(key)} ${value}` };
}
