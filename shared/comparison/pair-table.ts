import type { CompareResult } from '../compare.ts';
import { orientedPairs, pairOf } from './view.ts';

/** All pairs as a table, by the runs' names, each turned as on the screen: `b` is the better one by the verdict's metric. */
export function pairTable(result: CompareResult): { head: string[]; rows: (string | number)[][] } {
  const label = (id: string) => result.runs.find((run) => run.id === id)?.label ?? id;
  const ids = result.runs.map(({ id }) => id);
  const turned = orientedPairs(result, ids);
  const head = [
    ...['a', 'b', 'metric', 'b - a', 'low', 'high', 'p', 'p Holm'],
    ...['b better', 'same', 'b worse', 'users', 'method', 'id a', 'id b'],
  ];
  const metrics = [...new Set(result.pairs.map(({ metric }) => metric))];
  const rows = metrics.flatMap((metric) =>
    turned.flatMap(({ a, b }) => {
      const pair = pairOf(result, a, b, metric);
      if (!pair) return [];
      return [
        [
          ...[label(a), label(b), metric, pair.difference, ...pair.interval, pair.pValue, pair.adjusted],
          ...[pair.better, pair.same, pair.worse, pair.users, pair.method, a, b],
        ],
      ];
    }),
  );
  return { head, rows };
}
