/**
 * What a run is made of. A run is a pure function of (data-set fingerprint, configuration, seed) to artifacts, so
 * everything that changes a figure is in `RunConfig` and everything in it is stored with the run.
 */
import * as v from 'valibot';
import { byName, figure, label, list, seed, text, threads, whole } from './fields.ts';

export const splitNames = [
  'random',
  'user-ratio',
  'leave-last-out',
  'global-time',
  'k-fold',
  'rolling',
  'given',
] as const;

/** How ratings become train, validation and test parts. All of it is in the split's hash. */
export const SplitConfig = v.object({
  name: v.optional(v.picklist(splitNames), 'random'),
  /** Share of the ratings that is test (random, user-ratio, global-time; rolling: of each window), in (0, 1). */
  testShare: v.optional(v.pipe(v.number(), v.gtValue(0), v.ltValue(1)), 0.1),
  seed: v.optional(seed, 1),
  /** Which of the rows that share the latest time is "last": the later row, or the first (the book's rule). */
  ties: v.optional(v.picklist(['last', 'first']), 'last'),
  /** `file`: where the data have no time, the order of their file stands for it. Never taken without being asked for. */
  timeOrder: v.optional(v.picklist(['file'])),
  folds: v.optional(whole(2, 100), 5),
  /** k-fold: which fold is test, from 0. */
  fold: v.optional(whole(0, 99), 0),
  /** rolling: how many windows of time (5 unless told), and which of them is test, from 0. */
  windows: v.optional(whole(2, 100)),
  window: v.optional(whole(0, 99)),
  /** `auto`: 10 % of what is not test by the same rule, or the last but one; `none`: no validation part. */
  validation: v.optional(v.picklist(['auto', 'none']), 'auto'),
});
export type SplitConfig = v.InferOutput<typeof SplitConfig>;

/** Windows of a rolling split where it does not say how many. */
export const WINDOWS = 5;

/** Who is ranked against whom, and which figures are taken. */
export const EvaluationConfig = v.object({
  /** `all`, `train`, `given`, or `sampledN` (N uniform negatives a test row). */
  candidates: v.optional(
    v.pipe(v.string(), v.regex(/^(all|train|given|sampled[1-9]\d{0,5})$/, 'all, train, given or sampledN')),
    'all',
  ),
  candidateSeed: v.optional(seed, 1),
  /** Leave items of the user's train part among the candidates. */
  keepSeen: v.optional(v.boolean(), false),
  /** Ratings of at least this count as positive for ranking models and metrics; null: every interaction. */
  positive: v.optional(v.nullable(figure), null),
  /** List lengths K of the ranking metrics, ascending. */
  k: v.optional(v.pipe(v.array(whole(1, 1000)), v.minLength(1), v.maxLength(100)), [5, 10, 20, 50]),
  /** Metric that chooses the best epoch on the validation part; null: the model's own (rmse or ndcg@10). */
  target: v.optional(v.nullable(text(200)), null),
});
export type EvaluationConfig = v.InferOutput<typeof EvaluationConfig>;

export const computeNames = ['auto', 'fused', 'tensorflow', 'wasm', 'cpu'] as const;
export type ComputeName = (typeof computeNames)[number];

/** A value of a hyper-parameter. `integers` parameters (layer sizes) travel as text: "64,32,16". */
export const ParameterValue = v.union([figure, v.boolean(), text()]);
export type ParameterValue = v.InferOutput<typeof ParameterValue>;
export type Parameters = Record<string, ParameterValue>;

export const RunConfig = v.object({
  model: text(200),
  preset: v.optional(v.nullable(text(200)), null),
  /** Hyper-parameters by name; those left out take the model's defaults. Validated against the model's schema. */
  parameters: v.optional(byName(ParameterValue, 1000), {}),
  split: v.optional(SplitConfig, {}),
  evaluation: v.optional(EvaluationConfig, {}),
  /** Drives initialisation, shuffling, negatives and dropout; never the split. */
  seed: v.optional(seed, 1),
  /** After stopping on validation, train on train + validation for the chosen epochs, then test once. */
  refit: v.optional(v.boolean(), false),
  compute: v.optional(v.picklist(computeNames), 'auto'),
  /** Threads of the compute engine; null: as many as the machine has cores. */
  threads: v.optional(v.nullable(threads), null),
});
export type RunConfig = v.InferOutput<typeof RunConfig>;

export const runStatuses = ['queued', 'running', 'finished', 'failed', 'interrupted', 'cancelled'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** What computed a run; never null in a run's record. */
export const ComputeRecord = v.object({
  engine: v.picklist(['fused', 'tensorflow', 'wasm', 'cpu']),
  backend: label,
  version: label,
  /** `relaxed`, `plain` or `none`: they give different bits. */
  simd: label,
  threads,
  /** Why not a better one, where `auto` fell back. */
  note: v.optional(text()),
});
export type ComputeRecord = v.InferOutput<typeof ComputeRecord>;

/** One hyper-parameter of a model: draws the form, validates API and command line, documents itself. */
export const ParameterSchema = v.object({
  name: text(200),
  title: label,
  type: v.picklist(['integer', 'number', 'boolean', 'choice', 'integers']),
  default: ParameterValue,
  /** The rule by which `auto` becomes a number from the counts of the data set; without it there is no `auto`. */
  auto: v.optional(text()),
  minimum: v.optional(figure),
  maximum: v.optional(figure),
  scale: v.optional(v.picklist(['linear', 'log'])),
  choices: v.optional(list(v.object({ value: label, title: label }))),
  /**
   * Where a search looks unless it is told, much narrower than what is allowed: a range or values; the parameter is there
   * only where an earlier one has one of the values of `when`. Without `search` it keeps its default.
   */
  search: v.optional(
    v.object({
      low: v.optional(figure),
      high: v.optional(figure),
      scale: v.optional(v.picklist(['linear', 'log'])),
      values: v.optional(list(ParameterValue, 100)),
      when: v.optional(v.object({ name: text(200), values: list(ParameterValue, 100) })),
    }),
  ),
  /** One line: what raising it does. */
  effect: text(),
  group: v.picklist(['model', 'training', 'sampling']),
});
export type ParameterSchema = v.InferOutput<typeof ParameterSchema>;
