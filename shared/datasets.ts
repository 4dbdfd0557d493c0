/** Data sets as they are listed, shown and filtered. */
import * as v from 'valibot';
import { count, id, name } from './fields.ts';
import { Accounting, Profile } from './imports.ts';

export const Dataset = v.object({
  id,
  name,
  users: count,
  items: count,
  ratings: count,
  fingerprint: v.string(),
  implicit: v.boolean(),
  /** Smallest and largest rating and the step between ratings; null where implicit. */
  scale: v.nullable(v.object({ minimum: v.number(), maximum: v.number(), step: v.nullable(v.number()) })),
  /** `time`: milliseconds since 1970; `order`: row order; `none`. */
  timeKind: v.picklist(['time', 'order', 'none']),
  timeSpan: v.nullable(v.object({ from: v.number(), to: v.number() })),
  bytes: count,
  runs: count,
  parent: v.nullable(id),
  archived: v.boolean(),
  sample: v.boolean(),
  titles: count,
  genres: count,
  givenSplit: v.boolean(),
  createdAt: v.number(),
});
export type Dataset = v.InferOutput<typeof Dataset>;

export const DatasetDetail = v.object({
  dataset: Dataset,
  /** File name and the format it was read with, as shown in Details. */
  source: v.record(v.string(), v.string()),
  accounting: Accounting,
  rejectKinds: v.record(v.string(), v.number()),
  profile: Profile,
});
export type DatasetDetail = v.InferOutput<typeof DatasetDetail>;

export const Filters = v.object({
  kCore: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(1000))), null),
  minimumRating: v.optional(v.nullable(v.number()), null),
  /** Ratings of at least this become 1, the others go. */
  binarise: v.optional(v.nullable(v.number()), null),
  /** Milliseconds since 1970, inclusive. */
  from: v.optional(v.nullable(v.number()), null),
  to: v.optional(v.nullable(v.number()), null),
  sampleUsers: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
  seed: v.optional(v.number(), 1),
});
export type Filters = v.InferOutput<typeof Filters>;
