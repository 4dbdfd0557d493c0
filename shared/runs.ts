/** Models, splits and runs as they are listed, shown and exported. */
import * as v from 'valibot';
import { ComputeRecord, ParameterSchema, RunConfig, runStatuses } from './config.ts';
import { ErrorShape } from './engine.ts';
import { count, id, metrics } from './fields.ts';

export const Epoch = v.object({
  epoch: v.number(),
  loss: v.number(),
  /** Seconds of training, evaluation left out. */
  seconds: v.number(),
  validation: metrics,
});
export type Epoch = v.InferOutput<typeof Epoch>;

export const Run = v.object({
  id,
  /** 1, 2, 3 … in order of creation; "run 7" in sentences. */
  number: v.number(),
  name: v.string(),
  dataset: id,
  datasetName: v.string(),
  fingerprint: v.string(),
  model: v.string(),
  modelTitle: v.string(),
  kind: v.picklist(['ratings', 'ranking', 'sequence']),
  baseline: v.boolean(),
  /** The model draws nothing at random: another seed gives the same figures. */
  seedless: v.boolean(),
  status: v.picklist(runStatuses),
  config: RunConfig,
  /** Hyper-parameters with defaults filled in. */
  parameters: v.record(v.string(), v.union([v.number(), v.boolean(), v.string()])),
  seed: v.number(),
  split: v.nullable(v.object({ name: v.string(), hash: v.string() })),
  compute: v.nullable(ComputeRecord),
  /** Metric that chose the epoch, e.g. `ndcg@10`. */
  target: v.string(),
  metrics: v.object({ validation: metrics, test: metrics }),
  /** 95 % interval of the target on test, where per-user values exist. */
  interval: v.nullable(v.tuple([v.number(), v.number()])),
  epoch: v.number(),
  epochs: v.number(),
  bestEpoch: v.nullable(v.number()),
  loss: v.nullable(v.number()),
  seconds: v.object({ train: v.number(), evaluate: v.number() }),
  examplesPerSecond: v.nullable(v.number()),
  peakMemoryMb: v.nullable(v.number()),
  notes: v.array(v.string()),
  tags: v.array(v.string()),
  note: v.string(),
  archived: v.boolean(),
  group: v.nullable(v.string()),
  error: v.nullable(ErrorShape),
  createdAt: v.number(),
  startedAt: v.nullable(v.number()),
  finishedAt: v.nullable(v.number()),
});
export type Run = v.InferOutput<typeof Run>;

export const ModelInfo = v.object({
  name: v.string(),
  title: v.string(),
  kind: v.picklist(['ratings', 'ranking', 'sequence']),
  baseline: v.boolean(),
  iterative: v.boolean(),
  summary: v.string(),
  goodWhen: v.string(),
  cost: v.picklist(['fast', 'medium', 'slow']),
  equation: v.string(),
  reference: v.string(),
  parameters: v.array(ParameterSchema),
  presets: v.array(
    v.object({
      name: v.string(),
      title: v.string(),
      source: v.string(),
      config: RunConfig,
    }),
  ),
});
export type ModelInfo = v.InferOutput<typeof ModelInfo>;

export const SplitPreview = v.object({
  hash: v.string(),
  counts: v.object({ train: count, validation: count, test: count }),
  users: v.object({ test: count, withoutTest: count }),
  /** A few users' rows in time order, runs of parts: drawn as bars. part 0 train, 1 validation, 2 test. */
  picture: v.array(
    v.object({ user: v.string(), segments: v.array(v.object({ part: v.number(), rows: v.number() })) }),
  ),
  /** What the split lets through, each with its figure. */
  leakage: v.array(v.object({ code: v.string(), text: v.string(), value: v.number() })),
});
export type SplitPreview = v.InferOutput<typeof SplitPreview>;

/** Files of `export-run`; their columns are in main/evaluation/export-run.ts. */
export const exportKinds = [
  'lists',
  'split',
  'perUser',
  'predictions',
  'ranks',
  'items',
  'factors',
  'candidates',
] as const;
export type ExportKind = (typeof exportKinds)[number];

/** Where to write each file that is wanted. */
export const ExportFiles = v.object(v.entriesFromList(exportKinds, v.optional(v.string())));
