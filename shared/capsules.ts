/** `capsule.json` of a run capsule: one zip file with runs and everything that belongs to them. */
import * as v from 'valibot';
import { SplitConfig } from './config.ts';
import {
  byName,
  count,
  entity,
  figure,
  fileIn,
  fileOut,
  id,
  jobStarted,
  label,
  list,
  metrics,
  seed,
  text,
  whole,
} from './fields.ts';
import { Epoch, Run } from './runs.ts';

export const CAPSULE_VERSION = 1;
export const artifactKinds = ['perUser', 'lists', 'ranks', 'predictions', 'weights'] as const;
export const arrayTypes = ['f32', 'f64', 'u32', 'u8'] as const;

/** A member of the zip by its name there; names are these and no others, and never become paths. */
const member = v.pipe(
  v.string(),
  v.maxLength(100),
  v.regex(/^(runs|splits|datasets)\/[0-9a-zA-Z/]+\.(bin|json)$/, 'the name of a member'),
);

const CapsuleFile = v.object({
  name: member,
  bytes: whole(0, 2 ** 32),
  sha256: v.pipe(v.string(), v.maxLength(64), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256')),
});

const CapsuleArray = v.object({
  kind: v.picklist(artifactKinds),
  name: text(200),
  type: v.picklist(arrayTypes),
  file: member,
});

const { config, parameters, target, split, compute, interval, epoch, epochs, bestEpoch, loss } = Run.entries;
const { notes, tags, note, examplesPerSecond, peakMemoryMb, cost, group } = Run.entries;
const { createdAt, startedAt, finishedAt } = Run.entries;

export const CapsuleRun = v.object({
  /** The id that the run had where the capsule was written. */
  from: label,
  name: v.pipe(label, v.minLength(1)),
  fingerprint: label,
  ...{ config, parameters, seed, target, compute, interval, epoch, epochs, bestEpoch, loss },
  ...{ notes, tags, note, examplesPerSecond, peakMemoryMb, cost, group, createdAt, startedAt, finishedAt },
  split: v.nonNullable(split),
  metrics: v.object({ validation: metrics, test: metrics }),
  seconds: v.object({ train: figure, evaluate: figure }),
  /** App and libraries that it was trained with. */
  versions: byName(label, 100),
  curve: list(Epoch, 100_000),
  log: list(text(), 1000),
  arrays: list(CapsuleArray, 1000),
});
export type CapsuleRun = v.InferOutput<typeof CapsuleRun>;

export const CapsuleDataset = v.object({
  name: label,
  fingerprint: label,
  users: whole(1, 2 ** 31),
  items: whole(1, 2 ** 31),
  ratings: whole(1, 2 ** 32 - 1),
  implicit: v.boolean(),
  timeKind: v.picklist(['time', 'order', 'none']),
  /** Members by the column that they hold, with ids and items; null where the data set is not in the capsule. */
  columns: v.nullable(byName(member, 20)),
});
export type CapsuleDataset = v.InferOutput<typeof CapsuleDataset>;

export const Capsule = v.object({
  format: v.literal('recommender-workbench-capsule'),
  version: v.literal(CAPSULE_VERSION),
  /** What wrote it: app, system, processor. */
  writtenBy: byName(label, 20),
  createdAt: count,
  runs: v.pipe(list(CapsuleRun, 1000), v.minLength(1)),
  splits: list(v.object({ hash: label, fingerprint: label, config: SplitConfig, file: member }), 1000),
  datasets: list(CapsuleDataset, 100),
  files: list(CapsuleFile, 100_000),
});
export type Capsule = v.InferOutput<typeof Capsule>;

/** `users.json` and `items.json` of a data set. */
export const CapsuleUsers = list(entity, 2 ** 31);
export const CapsuleItems = list(
  v.object({
    id: entity,
    title: v.nullable(entity),
    genres: v.nullable(entity),
    year: v.nullable(figure),
    image: v.nullable(entity),
  }),
  2 ** 31,
);

/** method: [parameters, result], spread into the contract. */
export const capsuleMethods = {
  /** Runs in one file. The job's result: `{ written }`. */
  'capsules.export': [
    v.object({
      runs: v.pipe(list(id, 1000), v.minLength(1)),
      path: fileOut,
      withDataset: v.optional(v.boolean(), false),
    }),
    jobStarted,
  ],
  /** The job's result: `{ runs, datasets }`, ids of what is new. */
  'capsules.import': [v.object({ path: fileIn }), jobStarted],
} as const;
