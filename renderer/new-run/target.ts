import { metricDefinition } from '../../shared/metrics/registry.ts';

/** The key of a target metric, with its length where it has one. */
export function targetOf({ targetMetric, k }: { targetMetric: string; k: number }): string {
  return metricDefinition(targetMetric)?.lengths === 'cut' ? `${targetMetric}@${k}` : targetMetric;
}

/** Lengths of lists that metrics are computed at, that of the target among them. */
export function lengthsWith(lengths: readonly number[], k: number): number[] {
  return [...new Set([...lengths, k])].sort((a, b) => a - b);
}
