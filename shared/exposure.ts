/** Who and what compared runs serve: exposure of items by popularity, chances of groups, figures by group of users. */
import * as v from 'valibot';
import { count, figure, id, label, list, text, whole } from './fields.ts';

const byRun = list(v.object({ run: id, value: v.nullable(figure) }));

export const Exposure = v.object({
  k: whole(1, 1000),
  /** The metrics of shared/metrics/exposure.ts, with their words beside their figures. */
  metrics: list(
    v.object({
      key: label,
      title: label,
      better: v.picklist(['higher', 'lower']),
      unit: label,
      definition: text(),
      formula: text(),
      reference: text(),
      /** Of a group of seeds the mean over them; null where what it needs is not stored. */
      values: byRun,
      /** Of the leading pair, b − a, paired by user; null where the metric is not taken by user. */
      pair: v.nullable(
        v.object({ a: id, b: id, difference: figure, interval: v.tuple([figure, figure]), users: count }),
      ),
    }),
  ),
  /** Items by popularity, with their shares of the train rows and of what was to be found. */
  itemGroups: list(v.object({ label, items: count, training: figure, relevance: figure })),
  /** By run and group of items: share of all exposure (1 ÷ log₂(place + 1)), chance to be shown, chance to be found. */
  exposure: list(
    v.object({
      run: id,
      groups: list(v.object({ exposure: figure, shown: v.nullable(figure), found: v.nullable(figure) })),
    }),
  ),
  /** The metric of the verdict by group of users. */
  metric: label,
  userGroups: list(v.object({ kind: label, label, users: count, values: byRun })),
});
export type Exposure = v.InferOutput<typeof Exposure>;
