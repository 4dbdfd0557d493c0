/** Axes of the trade-off that are no metrics: what a run costs. Less is better on all of them. */
import type { CompareResult } from '../compare.ts';
import { direction, metricTitle } from '../metrics/words.ts';

type Compared = CompareResult['runs'][number];

export const costAxes: readonly {
  readonly key: string;
  readonly title: string;
  /** Null where it is not known of the run. */
  of(run: Compared): number | null;
}[] = [
  { key: 'seconds', title: 'Training, s', of: (run) => run.seconds },
  { key: 'cost.cpu', title: 'Processor time, s', of: ({ cost }) => cost?.cpuSeconds ?? null },
  { key: 'cost.wall', title: 'Whole run, s', of: ({ cost }) => cost?.wallSeconds ?? null },
  { key: 'cost.memory', title: 'Peak memory, MB', of: ({ cost }) => cost?.peakMemoryMb ?? null },
  { key: 'cost.energy', title: 'Energy, J', of: ({ cost }) => cost?.energyJoules ?? null },
];

export function axisTitle(key: string): string {
  return costAxes.find((axis) => axis.key === key)?.title ?? metricTitle(key);
}

/** 1 where more is better, −1 where less is. */
export function axisDirection(key: string): 1 | -1 {
  return costAxes.some((axis) => axis.key === key) ? -1 : direction(key);
}
