/** Sweeps and tournaments: what is asked for, how far they are, what they came to. */
import * as v from 'valibot';
import { ComparedUnit, HonestyNote, Pair, RunsCost, Slice } from './compare.ts';
import { EvaluationConfig, ParameterValue, RunConfig, SplitConfig } from './config.ts';
import { ErrorShape } from './engine.ts';
import { byName, count, figure, id, label, list, name, seed, text, whole } from './fields.ts';
import { ChoiceDimension, NumberDimension } from './search.ts';

/** How trials are chosen; with `asha` most of them end early. */
export const searchKinds = ['grid', 'random', 'asha', 'tpe', 'asha+tpe'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** A week at most. */
export const minutes = v.pipe(v.number(), v.gtValue(0), v.maxValue(10_080));
const trials = whole(1, 10_000);

export const SweepRequest = v.object({
  dataset: id,
  name: v.optional(v.nullable(name), null),
  /** Model, what is not varied, split, candidates, first seed. */
  config: RunConfig,
  /** SPECs by hyper-parameter, see search-spec.ts; null: the model's own space. */
  space: v.optional(v.nullable(byName(text(), 50)), null),
  /** Null: a grid where all that varies are short lists, else ASHA with TPE, or TPE where there are no epochs. */
  search: v.optional(v.nullable(v.picklist(searchKinds)), null),
  /** The budget: trials, or minutes for everything, the runs at the end included. */
  trials: v.optional(v.nullable(trials), null),
  minutes: v.optional(v.nullable(minutes), null),
  /** Seeds a trial; its figure is their mean. */
  seeds: v.optional(whole(1, 20), 1),
  /** Trials at once; null: as many as the queue has runs at once. */
  parallel: v.optional(v.nullable(whole(1, 64)), null),
  searchSeed: v.optional(seed, 1),
  /** Seeds with which the best configuration is trained on train + validation and tested; 0: not at all. */
  finalSeeds: v.optional(whole(0, 20), 0),
  /** Grid: values of a range. */
  steps: v.optional(whole(2, 50), 5),
});

export const TournamentRequest = v.object({
  dataset: id,
  name: v.optional(v.nullable(name), null),
  /** Null: all that fit the data. */
  models: v.optional(v.nullable(v.pipe(list(text(200), 50), v.minLength(1))), null),
  trials: v.optional(v.nullable(trials), null),
  minutes: v.optional(v.nullable(minutes), null),
  finalSeeds: v.optional(whole(1, 20), 3),
  metric: v.optional(v.nullable(text(200)), null),
  seed: v.optional(seed, 1),
  split: v.optional(SplitConfig, {}),
  evaluation: v.optional(EvaluationConfig, {}),
});

export const SweepTrial = v.object({
  index: count,
  /** Its run, of several seeds the first. */
  run: v.nullable(id),
  runs: list(id, 100),
  parameters: byName(ParameterValue, 1000),
  /** `finished`: trained to its end; `stopped`: ended early, by the search or the budget; `failed`. */
  status: v.picklist(['queued', 'running', 'finished', 'stopped', 'failed']),
  epochs: count,
  /** The metric after the best epoch so far, mean over seeds. */
  validation: v.nullable(figure),
  /** The figure at each rung. */
  rungs: list(figure, 100),
  seconds: figure,
});
export type SweepTrial = v.InferOutput<typeof SweepTrial>;

/** A model with its space. */
export const SweepEntry = v.object({
  model: label,
  title: label,
  space: list(v.union([NumberDimension, ChoiceDimension]), 50),
  search: v.picklist(searchKinds),
  /** Epochs of each rung; one where every trial is trained whole. */
  rungs: list(count, 100),
  trials: list(SweepTrial, 10_000),
  /** What its trials took, from their start to their end: of several models each gets the same of it. */
  seconds: figure,
  best: v.nullable(v.object({ index: count, parameters: byName(ParameterValue, 1000), validation: figure })),
  /** Shares of the figures' variance by hyper-parameter (fANOVA); null: too few trials. */
  importance: v.nullable(list(v.object({ name: label, share: figure }), 50)),
});
export type SweepEntry = v.InferOutput<typeof SweepEntry>;

export const FinalGroup = v.object({
  group: label,
  runs: list(id, 100),
  metrics: v.object({ test: byName(v.object({ mean: figure, sd: figure })) }),
});
export type FinalGroup = v.InferOutput<typeof FinalGroup>;

export const TournamentEntry = v.object({
  model: label,
  title: label,
  /** Name of the group of its runs; null: none was trained to its end. */
  group: v.nullable(label),
  runs: list(id, 100),
  trials: count,
  parameters: byName(ParameterValue, 1000),
  validation: v.nullable(figure),
  /** Over seeds; the interval covers users and seeds. */
  test: v.nullable(v.object({ mean: figure, sd: figure, interval: v.nullable(v.tuple([figure, figure])) })),
  /** Of training and evaluating: its trials, and the runs at the end. */
  seconds: v.object({ tuning: figure, final: figure }),
  /** Of all trials, and of all runs at the end; null where there were none. */
  cost: v.optional(v.object({ tuning: v.nullable(RunsCost), final: v.nullable(RunsCost) })),
  rank: v.nullable(count),
  tiedWithBest: v.boolean(),
});
export type TournamentEntry = v.InferOutput<typeof TournamentEntry>;

export const TournamentOutcome = v.object({
  entries: list(TournamentEntry, 50),
  /** a, b: names of groups. */
  pairs: list(Pair, 2000),
  /** Models of which no two differ, the longest stretches of the ranking. */
  bars: list(list(label, 50), 50),
  sentence: text(),
  /** What decided, as the tests call it, e.g. `ndcg@10`. */
  metric: label,
  /** What was tested, with every metric and what it cost: the axes of the trade-off. `id`: name of the group. */
  finals: list(ComparedUnit, 50),
  /** The first minus the second by group of users: where it does worst. */
  slices: list(Slice),
  notes: list(HonestyNote),
});
export type TournamentOutcome = v.InferOutput<typeof TournamentOutcome>;

const Budget = v.object({ minutes: v.nullable(figure), trials: v.nullable(count) });

/** A sweep or tournament as it is listed. */
export const SweepSummary = v.object({
  id,
  number: count,
  name: label,
  kind: v.picklist(['sweep', 'tournament']),
  dataset: id,
  datasetName: label,
  status: v.picklist(['running', 'finished', 'cancelled', 'failed', 'interrupted']),
  /** Test figures are there when it is done, not before. */
  stage: v.picklist(['tuning', 'final', 'done']),
  models: list(label, 50),
  /** What decides, e.g. `ndcg@10`. */
  metric: label,
  budget: Budget,
  /** First seed of the models and of the search, and seeds of the runs at the end. */
  seed: count,
  finalSeeds: count,
  trials: count,
  seconds: figure,
  notes: list(text(), 1000),
  error: v.nullable(ErrorShape),
  createdAt: count,
  finishedAt: v.nullable(count),
});
export type SweepSummary = v.InferOutput<typeof SweepSummary>;

export const SweepDetail = v.object({
  summary: SweepSummary,
  /** Configuration that all trials share, but for the model's parameters. */
  config: RunConfig,
  entries: list(SweepEntry, 50),
  /** Seconds until tuning and all ends, where the budget is in minutes. */
  timeLeft: v.nullable(v.object({ tuning: figure, all: figure })),
  /** The best configuration's runs on train + validation, tested once; null: not asked for, or not yet. */
  final: v.nullable(FinalGroup),
  tournament: v.nullable(TournamentOutcome),
});
export type SweepDetail = v.InferOutput<typeof SweepDetail>;

const started = v.object({ sweep: id, job: id });

/** method: [parameters, result], spread into the contract. */
export const sweepMethods = {
  'sweeps.start': [SweepRequest, started],
  'sweeps.tournament': [TournamentRequest, started],
  'sweeps.list': [v.object({ dataset: v.optional(v.nullable(id), null) }), list(SweepSummary)],
  'sweeps.get': [v.object({ sweep: id }), SweepDetail],
  /** `finish`: no more trials, the end with what there is; `now`: no end either. */
  'sweeps.stop': [v.object({ sweep: id, when: v.picklist(['finish', 'now']) }), v.object({})],
  /** More trials (of each model) or minutes; one that was cancelled, interrupted or finished without a test goes on. */
  'sweeps.extend': [
    v.object({
      sweep: id,
      trials: v.optional(whole(0, 10_000), 0),
      minutes: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10_080)), 0),
    }),
    started,
  ],
  'sweeps.delete': [v.object({ sweep: id }), v.object({})],
} as const;

export const sweepEvents = { 'sweeps.changed': v.object({ sweep: id }) } as const;
