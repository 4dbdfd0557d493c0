/** What a run would show one user, and why. */
import * as v from 'valibot';
import { count, entity, figure, id, label, list, metrics, text, whole } from './fields.ts';

/** An item as lists show it. */
const listed = { item: entity, title: entity, genres: list(label), year: v.nullable(figure) };

/** Users with the figure that they were looked for by. */
export const UsersFound = v.object({
  column: label,
  /** Of each of the two compared how many seeds its figures are means over; empty where none are compared. */
  seeds: list(count),
  users: list(v.object({ user: entity, ratings: count, value: v.nullable(figure) })),
});

const ListedItem = v.object({
  ...listed,
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
      ...listed,
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
  /** How the scores of a changed history come about for this model, as a sentence. */
  how: text(),
  /** What of the score no item of the history adds, where contributions are exact; else 0. */
  base: figure,
  /**
   * Largest first; where not exact, of the items that weigh most. `rankWithout`: where the item would stand if this one
   * were not in the history, for the first of them.
   */
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
  how: text(),
  /** Of scoring and ranking every item. */
  milliseconds: figure,
  items: list(
    v.object({
      ...listed,
      score: figure,
      rank: count,
      /** Its place with the history as it was; null where it was no candidate, or nobody's history was changed. */
      was: v.nullable(count),
    }),
  ),
  /** What was in the list and is no more; `rank` null where it is in the history now. */
  gone: list(v.object({ ...listed, score: figure, rank: v.nullable(count), was: v.nullable(count) })),
  /** Items of the stored list that the unchanged history gives too; null where no list of the person is stored. */
  overlap: v.nullable(v.object({ of: count, shared: count })),
});
export type WhatIf = v.InferOutput<typeof WhatIf>;

export const Neighbours = v.object({
  item: entity,
  /** What similarity means, e.g. "cosine of the factors". */
  how: text(),
  neighbours: list(v.object({ ...listed, similarity: figure })),
});

export const ItemPage = v.object({
  ...listed,
  ratings: count,
  mean: v.nullable(figure),
  decile: whole(1, 10),
  /** Of each run: how many of its lists (first ten) hold the item, of how many, and the first users whose do. */
  exposure: list(v.object({ run: id, label, lists: count, of: count, users: list(entity) })),
  /** What those who rated it have more often than everybody: shares of both. */
  audience: list(v.object({ ...listed, share: figure, everybody: figure })),
});

/** Items on a plane, the most rated first. */
export const ItemMap = v.object({
  run: id,
  /** Shares of the variance of the factors that the two axes hold. */
  explained: v.tuple([figure, figure]),
  items: list(
    v.object({
      item: entity,
      title: entity,
      x: figure,
      y: figure,
      /** The first one it has. */
      genre: v.nullable(label),
      ratings: count,
      /** Share of its test rows among the first ten of their lists; null without a test row. */
      hitRate: v.nullable(figure),
    }),
  ),
  /** Items that are not shown, for they are rated less. */
  left: count,
});

const most = v.optional(whole(10, 20_000), 10_000);
export const itemMethods = {
  'inspect.neighbours': [
    v.object({ run: id, item: entity, top: v.optional(whole(1, 1000), 10) }),
    Neighbours,
  ],
  'inspect.item': [v.object({ dataset: id, item: entity, runs: list(id, 100) }), ItemPage],
  /** The first two principal axes of the items' factors. */
  'inspect.map': [v.object({ run: id, most }), ItemMap],
  /**
   * The same items by UMAP. The first question begins it, each says how far it is; who asks no more, or says `stop`,
   * gives it up. It is kept once it is done.
   */
  'inspect.layout': [
    v.object({ run: id, most, stop: v.optional(v.boolean(), false) }),
    v.object({
      /** 0 … 1 */
      progress: figure,
      /** x and y in the order of the map's items. */
      points: v.nullable(list(v.tuple([figure, figure]))),
    }),
  ],
} as const;
