/** What comes from and goes to other tools and other machines: splits, runs made elsewhere, capsules. */
import * as v from 'valibot';
import { SplitConfig } from './config.ts';
import { count, figure, id, label } from './fields.ts';

/** One window of a rolling split. */
export const WindowPoint = v.object({
  run: id,
  /** From 0, in the order of time. */
  window: count,
  /** Its key, with the prefix of few candidates where there is one. */
  metric: label,
  value: figure,
  /** 95 %, over users; null where the metric is no mean over users. */
  interval: v.nullable(v.tuple([figure, figure])),
  /** First and last time of what is tested, and how many rows that is. */
  from: figure,
  to: figure,
  rows: count,
});
export type WindowPoint = v.InferOutput<typeof WindowPoint>;

/** A split: that of a run, or one that is told. */
export const SplitChoice = {
  splitOf: v.optional(v.nullable(id), null),
  split: v.optional(SplitConfig, {}),
};

/** `split.json` of an exported split: how it was made, of what. */
export const SplitFile = v.object({
  format: v.literal('recommender-workbench-split'),
  version: v.literal(1),
  hash: label,
  options: SplitConfig,
  dataset: v.object({ name: label, fingerprint: label, users: count, items: count, ratings: count }),
  rows: v.object({ train: count, validation: count, test: count, later: count }),
  /** What the numbers of the column `time` are; null: it is empty. */
  time: v.nullable(v.picklist(['milliseconds since 1970', 'order'])),
});
export type SplitFile = v.InferOutput<typeof SplitFile>;
