/** The engine itself: its errors, jobs, state and settings. */
import * as v from 'valibot';
import { computeNames } from './config.ts';
import { byName, count, figure, id, label, list, metrics, path, text, threads, whole } from './fields.ts';

export const ErrorShape = v.object({
  code: text(200),
  /** What happened, and where. */
  message: text(1_000_000),
  /** How to fix it. */
  hint: text(100_000),
  /** Figures that belong to the error: accounting of a refused import, the differences of unlike runs. */
  details: v.optional(v.unknown()),
});
export type ErrorShape = v.InferOutput<typeof ErrorShape>;

export const jobKinds = [
  'rerun',
  'import',
  'check',
  'derive',
  'download',
  'export',
  'restore',
  'move',
  'sample',
  'run',
  'trial',
  'sweep',
  'tournament',
] as const;
export const Job = v.object({
  /** A run's job has the run's id. */
  id,
  kind: v.picklist(jobKinds),
  /** May hold a path. */
  title: text(40_000),
  status: v.picklist(['queued', 'running', 'done', 'failed', 'cancelled']),
  done: figure,
  /** Null while the length is unknown: show count and rate, no bar. */
  total: v.nullable(figure),
  unit: label,
  /** Units a second, and seconds left, where known. */
  rate: v.nullable(figure),
  /** What the rate counts, where it is not `unit`: an import is so many bytes long, and reads so many rows a second. */
  rateUnit: v.optional(label),
  secondsLeft: v.nullable(figure),
  stage: label,
  /** Asked to stop: a run at the end of this epoch, after which it is evaluated and keeps its figures, or at once. */
  stopping: v.optional(v.picklist(['epoch', 'now'])),
  startedAt: count,
  /** Null while it goes on. */
  endedAt: v.nullable(count),
  /** The data set that it made. */
  dataset: v.nullable(id),
  error: v.nullable(ErrorShape),
});
export type Job = v.InferOutput<typeof Job>;

export const EngineState = v.object({
  status: v.picklist(['idle', 'running', 'error']),
  progress: v.nullable(figure),
  /** e.g. "fused, 2 threads". */
  compute: label,
  version: label,
  dataDir: path,
  node: label,
  platform: label,
  threads,
  /** Tells a restarted engine from the one before: what is known of the old one is stale. */
  startedAt: count,
});

export const Doctor = v.object({
  versions: byName(label),
  compute: list(
    v.object({
      engine: label,
      loads: v.boolean(),
      version: v.nullable(label),
      /** Why it does not load, or the file that was mapped. */
      detail: text(),
      gflops: v.nullable(figure),
    }),
  ),
  storage: v.object({ dataDir: path, databaseBytes: count, integrity: text(1_000_000) }),
});
export type Doctor = v.InferOutput<typeof Doctor>;

/** What an installation can do, tried in a folder of its own: nothing of the person's data is read or written. */
export const SelfTest = v.object({
  /** Whether nothing failed. What cannot be had on this machine, as native TensorFlow, is no failure. */
  passed: v.boolean(),
  versions: byName(label),
  platform: label,
  checks: list(
    v.object({
      name: label,
      outcome: v.picklist(['passed', 'failed', 'absent']),
      /** What was found, or why it failed. */
      detail: text(),
      seconds: figure,
    }),
  ),
});
export type SelfTest = v.InferOutput<typeof SelfTest>;

export const Settings = v.object({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  threads: v.optional(v.nullable(threads), null),
  compute: v.optional(v.picklist(computeNames), 'auto'),
  /** Runs at once; null: half as many as there are cores, at least one. */
  parallel: v.optional(v.nullable(whole(1, 64)), null),
  queuePaused: v.optional(v.boolean(), false),
  /** Differences below this are of no interest, by metric. */
  smallestInteresting: v.optional(metrics, {}),
  /** Whether to look for new versions; null: the person was not asked yet. Without a yes the network is left alone. */
  updates: v.optional(v.nullable(v.boolean()), null),
  /** Anything a screen wants back after a restart: open screen, selections, saved views. */
  ui: v.optional(byName(v.unknown(), 1000), {}),
});
export type Settings = v.InferOutput<typeof Settings>;
