/** Golden users: people with items that every run should show them, or never; and blind taste tests. */
import * as v from 'valibot';
import { count, entity, figure, id, label, list, name, text, whole } from './fields.ts';

/** Ids of items, or genres as `genre:Drama`: one of its items is enough, or too many. */
const rules = list(entity, 1000);
const history = list(v.object({ item: entity, rating: v.optional(v.nullable(figure), null) }), 10_000);

export const Golden = v.object({
  id,
  name: label,
  dataset: id,
  datasetName: label,
  /** A user of the data; null for somebody with the history beside it. */
  user: v.nullable(entity),
  history: v.nullable(list(v.object({ item: entity, rating: v.nullable(figure) }))),
  expect: rules,
  forbid: rules,
  /** Titles of the items that are expected or forbidden. */
  titles: list(v.object({ item: entity, title: entity })),
  /** The length of the list that must hold what is expected, and nothing that is forbidden. */
  top: count,
});
export type Golden = v.InferOutput<typeof Golden>;

export const GoldenCheck = v.object({
  run: id,
  passed: count,
  failed: count,
  results: list(
    v.object({
      golden: id,
      name: label,
      /** Null where the run cannot be asked: `note` says why. */
      pass: v.nullable(v.boolean()),
      /** What is expected and not there, and what is forbidden and there: ids of items, or genres. */
      missing: list(entity),
      unwanted: list(entity),
      note: text(),
    }),
  ),
});
export type GoldenCheck = v.InferOutput<typeof GoldenCheck>;

const pair = v.tuple([id, id]);
const pick = v.picklist(['left', 'right', 'neither']);

export const TasteResults = v.object({
  /** Of those who picked one of the two, in the order of the runs asked for; `neither` beside them. */
  picks: v.object({ first: count, second: count, neither: count }),
  /** Share of the picks that went to the second run, with its 95 % interval (Wilson 1927); null without a pick. */
  share: v.nullable(v.object({ value: figure, low: figure, high: figure })),
  raters: list(v.object({ rater: label, first: count, second: count, neither: count })),
  /** Each pick, oldest first, as it was made. */
  all: list(v.object({ user: entity, left: id, right: id, rater: label, pick, at: count })),
});
export type TasteResults = v.InferOutput<typeof TasteResults>;

export const goldenMethods = {
  'golden.list': [v.object({ dataset: v.optional(v.nullable(id), null) }), list(Golden)],
  /** Either `user` or `history`. All finished runs of the data set are checked against it, the latest first. */
  'golden.add': [
    v.object({
      dataset: id,
      name,
      user: v.optional(v.nullable(entity), null),
      history: v.optional(v.nullable(history), null),
      expect: v.optional(rules, []),
      forbid: v.optional(rules, []),
      top: v.optional(whole(1, 1000), 10),
    }),
    Golden,
  ],
  'golden.remove': [v.object({ golden: id }), v.object({})],
  /** Checks a run against all golden users of its data set, and keeps the results. */
  'golden.check': [v.object({ run: id }), GoldenCheck],
  /** Results that are there already, of each run. */
  'golden.results': [v.object({ runs: list(id, 1000) }), list(GoldenCheck)],
  /** A pick between two anonymous lists for a user. */
  'taste.add': [
    v.object({ dataset: id, user: entity, left: id, right: id, rater: v.optional(label, ''), pick }),
    v.object({}),
  ],
  'taste.results': [v.object({ dataset: id, runs: pair }), TasteResults],
} as const;
