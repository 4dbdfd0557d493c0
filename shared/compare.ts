/** What comparing runs comes to: `compare --json`, the Compare screen and the report all show this. */
import * as v from 'valibot';
import type { EvaluationConfig } from './config.ts';
import { count, figure, id, label, list, metrics, seed, text } from './fields.ts';

const interval = v.tuple([figure, figure]);

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
   * metrics and slices. 10,000 draws while they are quick, else 1,000; the method says how many, and their seed. Groups
   * of seeds have an interval of their own, over users and seeds: three seeds cannot be resampled.
   */
  intervals: v.optional(v.picklist(['normal', 'bootstrap']), 'normal'),
  /** Users without a difference in Wilcoxon's test: left out, or ranked first (Pratt 1959). */
  zeros: v.optional(v.picklist(['dropped', 'pratt']), 'dropped'),
});
export type CompareChoices = v.InferOutput<typeof CompareChoices>;

/** What is compared, and how. */
export const CompareQuestion = v.object({
  /** Ids or names of runs, and names of groups; thirty runs or groups of seeds at most. */
  runs: v.pipe(list(id, 1000), v.minLength(2)),
  /**
   * true: each run stands for all runs that differ from it by seed alone; false: for itself; null: those of the named
   * ones that differ by seed alone are one where there are others.
   */
  byGroup: v.optional(v.nullable(v.boolean()), null),
  metric: v.optional(v.nullable(text(200)), null),
  force: v.optional(v.boolean(), false),
  /** Two of the runs, for verdict, slices and distribution; left out: the two best. */
  lead: v.optional(v.tuple([id, id])),
  ...CompareChoices.entries,
});

/** Which users of a pair are meant; all of what is given must hold. */
export const UserChoice = v.object({
  slice: v.optional(v.object({ kind: label, label })),
  /** Of b − a, both ends included, as are those of the values. */
  difference: v.optional(interval),
  a: v.optional(interval),
  b: v.optional(interval),
});
export type UserChoice = v.InferOutput<typeof UserChoice>;

/** b against a for one metric, paired by user. difference = b − a. */
export const Pair = v.object({
  a: id,
  b: id,
  metric: label,
  difference: figure,
  interval,
  /** Wilcoxon signed-rank, and after Holm over all pairs shown for the metric. */
  pValue: figure,
  adjusted: figure,
  /** On which side the sum of ranks is: 1 for b − a above 0, −1 below, 0 in the middle. */
  rankSign: figure,
  /** Shares of users for whom b is better, the same, worse, in the metric's direction; they sum to 1. */
  better: figure,
  same: figure,
  worse: figure,
  users: count,
  /** How interval and p were found, e.g. "bootstrap over users (10,000 draws, seed 1), Wilcoxon (zeros dropped)". */
  method: text(),
  /** Of groups of seeds, whose p is of users and seeds: that of users' means over seeds, and its test. */
  usersAlone: v.optional(v.object({ pValue: figure, method: label })),
});
export type Pair = v.InferOutput<typeof Pair>;

export const Slice = v.object({
  /** activity, popularity, genre, age. */
  kind: label,
  label,
  users: count,
  a: id,
  b: id,
  metric: label,
  difference: figure,
  interval,
  worst: v.boolean(),
  /** How the interval was found. */
  method: text(),
});
export type Slice = v.InferOutput<typeof Slice>;

/** Null: not known of every run. */
export const RunsCost = v.object({
  cpuSeconds: v.nullable(figure),
  wallSeconds: v.nullable(figure),
  peakMemoryMb: v.nullable(figure),
  energyJoules: v.nullable(figure),
});
export type RunsCost = v.InferOutput<typeof RunsCost>;

/** A run, or a group of runs that differ by seed alone. */
export const ComparedUnit = v.object({
  id,
  label,
  model: label,
  /** On test; of a group of seeds the mean over them. */
  metrics,
  seconds: figure,
  /** What it cost beside, left out where it is not known; of seeds their mean, of folds all together. */
  cost: v.optional(RunsCost),
  /** Runs behind it, distinct seeds among them, and whether the model has any. */
  runs: list(id),
  seeds: list(seed),
  seedless: v.boolean(),
  /** Standard deviation of each metric over distinct seeds; empty under two. */
  deviations: metrics,
});
export type ComparedUnit = v.InferOutput<typeof ComparedUnit>;

/** What to know before believing the figures. */
export const HonestyNote = v.object({
  code: label,
  severity: v.picklist(['info', 'warning', 'error']),
  text: text(),
});
export type HonestyNote = v.InferOutput<typeof HonestyNote>;

export const CompareResult = v.object({
  comparable: v.boolean(),
  /** What is unlike between the runs, each with its value in every run. */
  differences: list(v.object({ what: label, values: list(v.object({ run: id, value: text() })) })),
  runs: list(ComparedUnit),
  /** The metric of the verdict, slices and distribution. */
  metric: label,
  /**
   * The runs by the metric, the best first; `bars` are stretches of the order of which no two can be told apart after
   * Holm (Demšar 2006). Empty where nothing is paired.
   */
  ranking: v.object({
    order: list(v.object({ run: id, rank: count, tiedWithBest: v.boolean() })),
    bars: list(list(id)),
  }),
  /** The pair that verdict, slices and distribution are about; left out where there is none. */
  lead: v.optional(v.tuple([id, id])),
  pairs: list(Pair),
  slices: list(Slice),
  /** Per-user differences b − a of the leading pair: bin edges and counts. */
  distribution: v.nullable(v.object({ edges: list(figure), counts: list(count), same: count })),
  /** Share of recommendations by popularity decile (1 = most rated) per run, beside the training share. */
  exposure: v.object({
    training: list(figure),
    runs: list(v.object({ run: id, deciles: list(figure), lorenz: list(figure) })),
  }),
  /** Hyper-parameters and settings that differ. */
  configuration: list(v.object({ name: label, values: list(v.object({ run: id, value: text() })) })),
  /** Standard deviation of the metric over runs that differ only by seed, where there are any. */
  seedNoise: v.nullable(figure),
  verdict: v.object({ headline: label, detail: text(), method: label }),
  notes: list(HonestyNote),
});
export type CompareResult = v.InferOutput<typeof CompareResult>;
