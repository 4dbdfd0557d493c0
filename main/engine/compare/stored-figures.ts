/** What is stored of a run's figures, as evaluation knows them. */
import type { PerUser } from '../../evaluation/evaluation.ts';
import type { TopLists } from '../../evaluation/ranking/ranking.ts';
import type { TypedArray } from '../../store/columns.ts';

type Arrays = Record<string, TypedArray>;

/** The vectors of a run by metric, beside the users that they are of. */
export function perUserOf({ users, ratings, ...values }: Arrays): PerUser {
  return {
    users: users as Uint32Array,
    ratings: ratings as Uint32Array,
    values: values as Record<string, Float64Array>,
  };
}

/** The stored lists of a run; null where none were stored. */
export function listsOf({ users, start, items, scores }: Partial<Arrays>): TopLists | null {
  if (!users) return null;
  return {
    users: users as Uint32Array,
    start: start as Uint32Array,
    items: items as Uint32Array,
    scores: scores as Float32Array,
  };
}
