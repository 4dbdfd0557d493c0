/** What comparing runs comes to: `compare --json`, the Compare screen and the report all show this. */
import * as v from 'valibot';
import type { EvaluationConfig } from './config.ts';

const interval = v.tuple([v.number(), v.number()]);

/** Who is ranked against whom, in words; runs compare only under the same rule. */
export function candidateRule({ candidates, candidateSeed, keepSeen, positive }: EvaluationConfig): string {
  return [
    candidates,
    ...(candidates.startsWith('sampled') ? [`seed ${candidateSeed}`] : []),
    ...(keepSeen ? ['seen items kept'] : []),
    ...(positive === null ? [] : [`positive from ${positive}`]),
  ].join(', ');
}

/** How pairs are judged, and which. */
export const CompareChoices = v.object({
  /** Without a metric: those of every metric that the runs share, or of the verdict's alone, which is there sooner. */
  pairs: v.optional(v.picklist(['all', 'verdict']), 'all'),
  /**
   * `normal`: at once, and bootstrap for RMSE and MAE while that takes under about half a second; `bootstrap`: for all
   * metrics and slices. 10,000 draws while they are quick, else 1,000; the method says how many, and their seed.
   */
  intervals: v.optional(v.picklist(['normal', 'bootstrap']), 'normal'),
  /** Users without a difference in Wilcoxon's test: left out, or ranked first (Pratt 1959). */
  zeros: v.optional(v.picklist(['dropped', 'pratt']), 'dropped'),
});
export type CompareChoices = v.InferOutput<typeof CompareChoices>;

/** b against a for one metric, paired by user. difference = b − a. */
export const Pair = v.object({
  a: v.string(),
  b: v.string(),
  metric: v.string(),
  difference: v.number(),
  interval,
  /** Wilcoxon signed-rank, and after Holm over all pairs shown for the metric. */
  pValue: v.number(),
  adjusted: v.number(),
  /** On which side the sum of ranks is: 1 for b − a above 0, −1 below, 0 in the middle. */
  rankSign: v.number(),
  /** Shares of users for whom b is better, the same, worse, in the metric's direction; they sum to 1. */
  better: v.number(),
  same: v.number(),
  worse: v.number(),
  users: v.number(),
  /** How interval and p were found, e.g. "bootstrap over users (10,000 draws, seed 1), Wilcoxon (zeros dropped)". */
  method: v.string(),
});
export type Pair = v.InferOutput<typeof Pair>;

export const Slice = v.object({
  /** activity, popularity, genre, age. */
  kind: v.string(),
  label: v.string(),
  users: v.number(),
  a: v.string(),
  b: v.string(),
  metric: v.string(),
  difference: v.number(),
  interval,
  worst: v.boolean(),
  /** How the interval was found. */
  method: v.string(),
});
export type Slice = v.InferOutput<typeof Slice>;

export const CompareResult = v.object({
  comparable: v.boolean(),
  /** What is unlike between the runs, each with its value in every run. */
  differences: v.array(
    v.object({ what: v.string(), values: v.array(v.object({ run: v.string(), value: v.string() })) }),
  ),
  runs: v.array(
    v.object({
      id: v.string(),
      label: v.string(),
      model: v.string(),
      metrics: v.record(v.string(), v.number()),
      seconds: v.number(),
    }),
  ),
  /** The metric of the verdict, slices and distribution. */
  metric: v.string(),
  /** The pair that verdict, slices and distribution are about; left out where there is none. */
  lead: v.optional(v.tuple([v.string(), v.string()])),
  pairs: v.array(Pair),
  slices: v.array(Slice),
  /** Per-user differences b − a of the leading pair: bin edges and counts. */
  distribution: v.nullable(
    v.object({ edges: v.array(v.number()), counts: v.array(v.number()), same: v.number() }),
  ),
  /** Share of recommendations by popularity decile (1 = most rated) per run, beside the training share. */
  exposure: v.object({
    training: v.array(v.number()),
    runs: v.array(v.object({ run: v.string(), deciles: v.array(v.number()), lorenz: v.array(v.number()) })),
  }),
  /** Hyper-parameters and settings that differ. */
  configuration: v.array(
    v.object({ name: v.string(), values: v.array(v.object({ run: v.string(), value: v.string() })) }),
  ),
  /** Standard deviation of the metric over runs that differ only by seed, where there are any. */
  seedNoise: v.nullable(v.number()),
  verdict: v.object({ headline: v.string(), detail: v.string(), method: v.string() }),
  notes: v.array(
    v.object({ code: v.string(), severity: v.picklist(['info', 'warning', 'error']), text: v.string() }),
  ),
});
export type CompareResult = v.InferOutput<typeof CompareResult>;
