/** What is stored of a run's figures, as evaluation knows them. */
import type { PerUser } from '../../evaluation/evaluation.ts';
import type { TopLists } from '../../evaluation/ranking/ranking.ts';
import type { TypedArray } from '../../store/columns.ts';

type Arrays = Record<string, TypedArray>;

/** The vectors of a run by metric, beside the users that they are of. */
export function perUserOf(arrays: Arrays): PerUser {
  // An array may be read when it is first asked for, so none is asked for here.
  const values = Object.create(null, Object.getOwnPropertyDescriptors(arrays)) as Record<
    string,
    Float64Array
  >;
  delete values['users'];
  delete values['ratings'];
  return {
    get users() {
      return arrays['users'] as Uint32Array;
    },
    get ratings() {
      return arrays['ratings'] as Uint32Array;
    },
    values,
  };
}

/** The stored lists of a run; null where none were stored. */
export function listsOf(arrays: Partial<Arrays>): TopLists | null {
  if (!('users' in arrays)) return null;
  return {
    get users() {
      return arrays['users'] as Uint32Array;
    },
    get start() {
      return arrays['start'] as Uint32Array;
    },
    get items() {
      return arrays['items'] as Uint32Array;
    },
    get scores() {
      return arrays['scores'] as Float32Array;
    },
  };
}
