/** Who takes part in a tournament, and how its time is shared out: the plan that windows tell is the engine's. */
import type { Dataset } from './datasets.ts';
import { metricDefinition } from './metrics/registry.ts';
import type { ModelInfo } from './runs.ts';

/** Of the whole, and at least: what storing, comparing and the unforeseen may take. */
const MARGIN_SHARE = 0.02;
const MARGIN_SECONDS = 1;
/** Tuning gets at least this share of a budget, however dear the end would be: fewer seeds are trained then. */
const LEAST_TUNING = 0.4;

/** Fewer trials than these are trained whole: there would be hardly anything to promote. */
export const FEWEST_FOR_ASHA = 6;

/** Trials of each model where neither they nor minutes were asked for. */
export const USUAL_TRIALS = 30;

/**
 * Why a model cannot take part; null where it can: the metric judges its scores, and the data have what it reads.
 * @param metric null: the usual one, by which rankings are judged
 */
export function unfitReason(
  { kind }: Pick<ModelInfo, 'kind'>,
  { timeKind, implicit }: Pick<Dataset, 'timeKind' | 'implicit'>,
  metric: string | null,
): string | null {
  if (kind === 'sequence' && timeKind === 'none') return 'needs times, which these data lack';
  const rates = metric !== null && metricDefinition(metric)?.family === 'ratings';
  if (rates && kind !== 'ratings') return 'predicts no ratings, so this metric cannot judge it';
  if (!rates && kind === 'ratings' && implicit) return 'needs ratings, which these data lack';
  return null;
}

/**
 * Seconds of the whole after which tuning ends.
 * @param all seconds of the budget
 * @param ends seconds of the runs at the end
 * @param slots runs at once
 */
export function tuningSeconds(all: number, ends: readonly number[], slots: number): number {
  const sum = ends.reduce((total, seconds) => total + seconds, 0);
  const longest = Math.max(0, ...ends);
  const margin = Math.max(MARGIN_SECONDS, MARGIN_SHARE * all);
  const needed = Math.max(sum / slots, longest) + margin;
  return Math.max(LEAST_TUNING * all, all - needed);
}
