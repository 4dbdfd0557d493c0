/** What a run would show one user, and why. */
import * as v from 'valibot';
import { id, metrics } from './fields.ts';

const ListedItem = v.object({
  item: v.string(),
  title: v.string(),
  score: v.number(),
  rank: v.number(),
  /** Held out for this user in the test part. */
  hit: v.boolean(),
  /** 1: the most rated tenth of the items, 10: the least. */
  decile: v.number(),
});

export const UserView = v.object({
  user: v.string(),
  ratings: v.number(),
  mean: v.nullable(v.number()),
  timeSpan: v.nullable(v.object({ from: v.number(), to: v.number() })),
  /** Newest first. `part` under the first run's split. */
  history: v.array(
    v.object({
      item: v.string(),
      title: v.string(),
      rating: v.nullable(v.number()),
      time: v.nullable(v.number()),
      part: v.picklist(['train', 'validation', 'test']),
      decile: v.number(),
    }),
  ),
  lists: v.array(
    /** `known`: the run learned from a row of the user; if not, its list says nothing of this user. */
    v.object({
      run: id,
      label: v.string(),
      known: v.boolean(),
      hits: v.number(),
      metrics,
      items: v.array(ListedItem),
    }),
  ),
  summary: v.string(),
});
export type UserView = v.InferOutput<typeof UserView>;

export const Explanation = v.object({
  /** Where the item stands for this user among its candidates. */
  rank: v.nullable(v.number()),
  candidates: v.nullable(v.number()),
  score: v.number(),
  /** What the bars mean, e.g. "Score lost without each of the last five". */
  title: v.string(),
  parts: v.array(v.object({ label: v.string(), value: v.number() })),
  summary: v.string(),
});
export type Explanation = v.InferOutput<typeof Explanation>;
