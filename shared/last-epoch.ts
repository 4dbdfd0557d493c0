import type { Run } from './runs.ts';

/** Whether a run's best epoch on validation was the last that it was allowed: more of them may do better. */
export function endedAtItsBest({
  bestEpoch,
  epochs,
  metrics,
}: Pick<Run, 'bestEpoch' | 'epochs' | 'metrics'>): boolean {
  return epochs > 1 && bestEpoch === epochs && Object.keys(metrics.validation).length > 0;
}
