/** Runs that wait and run. */
import * as v from 'valibot';
import { count, figure, id, label, list, text, whole } from './fields.ts';

export const QueuedRun = v.object({
  run: id,
  name: label,
  model: label,
  datasetName: label,
  seed: count,
  /** The sweep or tournament that it is a trial of. */
  sweep: v.nullable(id),
  /** Of the compute engine; null: it waits. */
  threads: v.nullable(count),
  /** As predicted; null where it was not looked at yet. */
  memoryMb: v.nullable(figure),
  seconds: v.nullable(figure),
  /** What it waits for, where that is more than its turn. */
  waitsFor: v.nullable(text()),
});
export type QueuedRun = v.InferOutput<typeof QueuedRun>;

export const QueueState = v.object({
  /** Runs at once. */
  parallel: whole(1, 64),
  paused: v.boolean(),
  /** Why nothing begins although it is not paused: a full disk. */
  held: v.nullable(text()),
  /** Whether runs at once are faster here than one after the other, as measured; null: not measured yet. */
  sharing: v.nullable(text()),
  running: list(QueuedRun),
  queued: list(QueuedRun),
});
export type QueueState = v.InferOutput<typeof QueueState>;

/** Where a waiting run goes: to an end, or to a place from 1. */
const QueuePlace = v.union([v.picklist(['first', 'last']), whole(1, 1_000_000)]);

/** method: [parameters, result], spread into the contract. */
export const queueMethods = {
  'queue.get': [v.object({}), QueueState],
  'queue.set': [
    v.object({ parallel: v.optional(v.nullable(whole(1, 64))), paused: v.optional(v.boolean()) }),
    QueueState,
  ],
  'queue.move': [v.object({ run: id, to: QueuePlace }), QueueState],
} as const;
