/** What stands in the columns of a comparison: runs, or groups of runs that differ by seed alone. */
import type { CompareResult } from '../../shared/compare.ts';
import type { Looks } from '../../shared/comparison/charts.ts';
import type { Run } from '../../shared/contract.ts';
import { plural } from '../lib/format.ts';

export interface Shown {
  id: string;
  /** The run, or the first of the group. */
  run: Run;
  /** Short and unlike every other. */
  label: string;
  /** The whole name and what stands behind it. */
  title: string;
  slot: number;
}

export function unitsOf(
  result: CompareResult,
  find: (id: string) => Run | null,
  slotOf: (run: Run) => number,
): Shown[] {
  return result.runs.flatMap((unit) => {
    const run = find(unit.id) ?? find(unit.runs[0] ?? '');
    if (!run) return [];
    const behind = unit.runs.length > 1 ? `, mean of ${plural(unit.seeds.length, 'seed')}` : '';
    const title = `${unit.runs.length > 1 ? unit.label : run.name}, ${run.modelTitle}${behind}`;
    return [{ id: unit.id, run, label: unit.label, title, slot: slotOf(run) }];
  });
}

export const looksOf =
  (shown: readonly Shown[]): Looks =>
  (id) =>
    shown.find((one) => one.id === id);
