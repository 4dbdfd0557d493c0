/** The engine itself: its errors, jobs, state and settings. */
import * as v from 'valibot';
import { computeNames } from './config.ts';
import { id } from './fields.ts';

export const ErrorShape = v.object({
  code: v.string(),
  /** What happened, and where. */
  message: v.string(),
  /** How to mend it. */
  hint: v.string(),
  /** Figures that belong to the error: accounting of a refused import, the differences of unlike runs. */
  details: v.optional(v.unknown()),
});
export type ErrorShape = v.InferOutput<typeof ErrorShape>;

export const jobKinds = ['import', 'check', 'derive', 'download', 'export', 'sample', 'run'] as const;
export const Job = v.object({
  /** A run's job has the run's id. */
  id,
  kind: v.picklist(jobKinds),
  title: v.string(),
  status: v.picklist(['queued', 'running', 'done', 'failed', 'cancelled']),
  done: v.number(),
  /** Null while the length is unknown: show count and rate, no bar. */
  total: v.nullable(v.number()),
  unit: v.string(),
  /** Units a second, and seconds left, where known. */
  rate: v.nullable(v.number()),
  /** What the rate counts, where it is not `unit`: an import is so many bytes long, and reads so many rows a second. */
  rateUnit: v.optional(v.string()),
  secondsLeft: v.nullable(v.number()),
  stage: v.string(),
  startedAt: v.number(),
  error: v.nullable(ErrorShape),
});
export type Job = v.InferOutput<typeof Job>;

export const EngineState = v.object({
  status: v.picklist(['idle', 'running', 'error']),
  progress: v.nullable(v.number()),
  /** e.g. "fused, 2 threads". */
  compute: v.string(),
  version: v.string(),
  dataDir: v.string(),
  node: v.string(),
  platform: v.string(),
  threads: v.number(),
  /** Tells a restarted engine from the one before: what is known of the old one is stale. */
  startedAt: v.number(),
});

export const Doctor = v.object({
  versions: v.record(v.string(), v.string()),
  compute: v.array(
    v.object({
      engine: v.string(),
      loads: v.boolean(),
      version: v.nullable(v.string()),
      /** Why it does not load, or the file that was mapped. */
      detail: v.string(),
      gflops: v.nullable(v.number()),
    }),
  ),
  storage: v.object({ dataDir: v.string(), databaseBytes: v.number(), integrity: v.string() }),
});
export type Doctor = v.InferOutput<typeof Doctor>;

/** What an installation can do, tried in a folder of its own: nothing of the person's data is read or written. */
export const SelfTest = v.object({
  /** Whether nothing failed. What cannot be had on this machine, as native TensorFlow, is no failure. */
  passed: v.boolean(),
  versions: v.record(v.string(), v.string()),
  platform: v.string(),
  checks: v.array(
    v.object({
      name: v.string(),
      outcome: v.picklist(['passed', 'failed', 'absent']),
      /** What was found, or why it failed. */
      detail: v.string(),
      seconds: v.number(),
    }),
  ),
});
export type SelfTest = v.InferOutput<typeof SelfTest>;

export const Settings = v.object({
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  threads: v.optional(v.nullable(v.number()), null),
  compute: v.optional(v.picklist(computeNames), 'auto'),
  /** Differences below this are of no interest, by metric. */
  smallestInteresting: v.optional(v.record(v.string(), v.number()), {}),
  /** Anything a screen wants back after a restart: open screen, selections, saved views. */
  ui: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type Settings = v.InferOutput<typeof Settings>;
