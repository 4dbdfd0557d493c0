/** What a run would show one user, and why. */
import * as v from 'valibot';
import { count, entity, figure, id, label, list, metrics, text, whole } from './fields.ts';

const ListedItem = v.object({
  item: entity,
  title: entity,
  score: figure,
  rank: count,
  /** Held out for this user in the test part. */
  hit: v.boolean(),
  /** 1: the most rated tenth of the items, 10: the least. */
  decile: whole(1, 10),
});

export const UserView = v.object({
  user: entity,
  ratings: count,
  mean: v.nullable(figure),
  timeSpan: v.nullable(v.object({ from: figure, to: figure })),
  /** Newest first. `part` under the first run's split. */
  history: list(
    v.object({
      item: entity,
      title: entity,
      rating: v.nullable(figure),
      time: v.nullable(figure),
      part: v.picklist(['train', 'validation', 'test', 'later']),
      decile: whole(1, 10),
    }),
  ),
  lists: list(
    /** `known`: the run learned from a row of the user; if not, its list says nothing of this user. */
    v.object({ run: id, label, known: v.boolean(), hits: count, metrics, items: list(ListedItem) }),
  ),
  summary: text(),
});
export type UserView = v.InferOutput<typeof UserView>;

export const Explanation = v.object({
  /** Where the item stands for this user among its candidates. */
  rank: v.nullable(count),
  candidates: v.nullable(count),
  score: figure,
  /** What the bars mean, e.g. "Score lost without each of the last five". */
  title: label,
  parts: list(v.object({ label: text(), value: figure })),
  summary: text(),
});
export type Explanation = v.InferOutput<typeof Explanation>;

/** How the scores of a changed history come about. */
const method = v.picklist(['exact', 'fold-in', 'leave-one-out']);

/** What of a person's history puts an item where it stands. */
export const Reasons = v.object({
  score: figure,
  /** Among the items that the person does not have; null where the person has it. */
  rank: v.nullable(count),
  /**
   * `exact`: contributions add up to the score; `fold-in`: the person's factors were learned again without the item;
   * `leave-one-out`: the model read the history without it.
   */
  method,
  /** What the score would be without a history, where contributions are exact; else 0. */
  base: figure,
  /** Largest first. `rankWithout`: where the item would stand if this one were not in the history. */
  contributions: list(
    v.object({ item: entity, title: entity, contribution: figure, rankWithout: v.nullable(count) }),
  ),
  /** The reason as a sentence. */
  summary: text(),
});
export type Reasons = v.InferOutput<typeof Reasons>;

/** What a run would show somebody with another history. */
export const WhatIf = v.object({
  method,
  milliseconds: figure,
  items: list(
    v.object({
      item: entity,
      title: entity,
      score: figure,
      rank: count,
      /** Its place with the history as it was; null where it was no candidate, or nobody's history was changed. */
      was: v.nullable(count),
    }),
  ),
});
export type WhatIf = v.InferOutput<typeof WhatIf>;

export const Neighbours = v.object({
  item: entity,
  neighbours: list(v.object({ item: entity, title: entity, similarity: figure })),
});
