/** Models, splits and runs as they are listed, shown and exported. */
import * as v from 'valibot';
import { ComputeRecord, ParameterSchema, ParameterValue, RunConfig, runStatuses } from './config.ts';
import { ErrorShape } from './engine.ts';
import {
  byName,
  count,
  entity,
  figure,
  id,
  label,
  list,
  metrics,
  fileOut,
  seed,
  text,
  whole,
} from './fields.ts';

export const Epoch = v.object({
  epoch: count,
  loss: figure,
  /** Seconds of training, evaluation left out. */
  seconds: figure,
  validation: metrics,
});
export type Epoch = v.InferOutput<typeof Epoch>;

/** What a run cost, from loading its model to its test. */
export const RunCost = v.object({
  /** Of all threads. */
  cpuSeconds: figure,
  wallSeconds: figure,
  /** Of the machine's processors while the run went on; null where the system does not tell. */
  energyJoules: v.nullable(figure),
  /** What the energy is of, or why there is none. */
  energyNote: text(),
});
export type RunCost = v.InferOutput<typeof RunCost>;

export const Run = v.object({
  id,
  /** 1, 2, 3 … in order of creation; "run 7" in sentences. */
  number: count,
  name: label,
  dataset: id,
  datasetName: label,
  fingerprint: label,
  model: label,
  modelTitle: label,
  kind: v.picklist(['ratings', 'ranking', 'sequence']),
  baseline: v.boolean(),
  /** The model draws nothing at random: another seed gives the same figures. */
  seedless: v.boolean(),
  status: v.picklist(runStatuses),
  config: RunConfig,
  /** Hyper-parameters with defaults filled in. */
  parameters: byName(ParameterValue, 1000),
  seed,
  split: v.nullable(v.object({ name: label, hash: label })),
  compute: v.nullable(ComputeRecord),
  /** Metric that chose the epoch, e.g. `ndcg@10`. */
  target: label,
  metrics: v.object({ validation: metrics, test: metrics }),
  /** 95 % interval of the target on test, where per-user values exist. */
  interval: v.nullable(v.tuple([figure, figure])),
  epoch: count,
  epochs: count,
  bestEpoch: v.nullable(count),
  loss: v.nullable(figure),
  seconds: v.object({ train: figure, evaluate: figure }),
  examplesPerSecond: v.nullable(figure),
  peakMemoryMb: v.nullable(figure),
  /** Null of runs that older versions trained, and of runs made elsewhere. */
  cost: v.nullable(RunCost),
  notes: list(text()),
  tags: list(label),
  note: text(),
  archived: v.boolean(),
  /** Of the golden users that it was checked against; null where there are none. */
  golden: v.nullable(v.object({ passed: count, failed: count })),
  /** The baseline of what it compares with: the same data set, split and candidates. */
  pinned: v.boolean(),
  /** In the trash: shown nowhere else, until it is restored or deleted for good. */
  trashed: v.boolean(),
  group: v.nullable(label),
  /** The sweep or tournament that it belongs to; `trial` null: one of the runs at its end. */
  sweep: v.optional(v.nullable(v.object({ id, trial: v.nullable(count) })), null),
  /** The run whose epochs it goes on with, after its last one; `fromState`: without training those anew. */
  parent: v.optional(
    v.nullable(v.object({ run: id, number: count, epoch: count, fromState: v.boolean() })),
    null,
  ),
  error: v.nullable(ErrorShape),
  createdAt: count,
  startedAt: v.nullable(count),
  finishedAt: v.nullable(count),
});
export type Run = v.InferOutput<typeof Run>;

/** A new run that goes on with a finished one's epochs: so many more; null: as many as it has. */
export const MoreEpochs = v.object({ run: id, epochs: v.optional(v.nullable(whole(1, 10_000)), null) });

/** A run or group of seeds less the pinned baseline. */
export const Versus = v.object({
  difference: figure,
  /** 95 %, and p of this pair alone. */
  interval: v.tuple([figure, figure]),
  pValue: figure,
  /** It differs beyond chance, by interval and test. */
  significant: v.boolean(),
  users: count,
  method: text(),
});
export type Versus = v.InferOutput<typeof Versus>;

/** Runs that were a pinned baseline and are none any more. */
export const Unpinned = v.object({ unpinned: list(v.object({ run: id, name: label })) });
export type Unpinned = v.InferOutput<typeof Unpinned>;

export const ModelInfo = v.object({
  name: label,
  title: label,
  kind: v.picklist(['ratings', 'ranking', 'sequence']),
  baseline: v.boolean(),
  iterative: v.boolean(),
  summary: text(),
  goodWhen: text(),
  cost: v.picklist(['fast', 'medium', 'slow']),
  equation: text(),
  reference: text(),
  parameters: list(ParameterSchema),
  presets: list(
    v.object({
      name: label,
      title: label,
      source: text(),
      config: RunConfig,
    }),
  ),
});
export type ModelInfo = v.InferOutput<typeof ModelInfo>;

export const SplitPreview = v.object({
  hash: label,
  /** `later`: of rolling splits, rows after the window that is tested. */
  counts: v.object({ train: count, validation: count, test: count, later: count }),
  users: v.object({ test: count, withoutTest: count }),
  /** A few users' rows in time order, runs of parts: drawn as bars. part 0 train, 1 validation, 2 test, 3 later. */
  picture: list(v.object({ user: entity, segments: list(v.object({ part: whole(0, 3), rows: count })) })),
  /** When the first test row is, where one moment parts everybody's rows. */
  cut: v.nullable(figure),
  /** What the split lets through, each with its figure; `grave` where it spoils the test. */
  leakage: list(v.object({ code: label, text: text(), value: figure, grave: v.boolean() })),
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
export const ExportFiles = v.object(v.entriesFromList(exportKinds, v.optional(fileOut)));
