/** Data sets as they are listed, shown and filtered. */
import * as v from 'valibot';
import { byName, count, figure, id, label, name, seed, text, whole } from './fields.ts';
import { Accounting, Profile } from './imports.ts';

export const Dataset = v.object({
  id,
  name,
  users: count,
  items: count,
  ratings: count,
  fingerprint: label,
  implicit: v.boolean(),
  /** Smallest and largest rating and the step between ratings; null where implicit. */
  scale: v.nullable(v.object({ minimum: figure, maximum: figure, step: v.nullable(figure) })),
  /** `time`: milliseconds since 1970; `order`: row order; `none`. */
  timeKind: v.picklist(['time', 'order', 'none']),
  timeSpan: v.nullable(v.object({ from: figure, to: figure })),
  bytes: count,
  runs: count,
  parent: v.nullable(id),
  archived: v.boolean(),
  sample: v.boolean(),
  titles: count,
  genres: count,
  givenSplit: v.boolean(),
  createdAt: count,
});
export type Dataset = v.InferOutput<typeof Dataset>;

export const DatasetDetail = v.object({
  dataset: Dataset,
  /** File name and the format it was read with, as shown in Details. */
  source: byName(text()),
  accounting: Accounting,
  rejectKinds: byName(count),
  profile: Profile,
});
export type DatasetDetail = v.InferOutput<typeof DatasetDetail>;

export const Filters = v.object({
  kCore: v.optional(v.nullable(whole(2, 1000)), null),
  minimumRating: v.optional(v.nullable(figure), null),
  /** Ratings of at least this become 1, the others go. */
  binarise: v.optional(v.nullable(figure), null),
  /** Milliseconds since 1970, inclusive. */
  from: v.optional(v.nullable(figure), null),
  to: v.optional(v.nullable(figure), null),
  sampleUsers: v.optional(v.nullable(whole(1, 2 ** 32 - 1)), null),
  seed: v.optional(seed, 1),
});
export type Filters = v.InferOutput<typeof Filters>;
