/** What the arrays of a run must be, so that nothing that reads them can be led astray. */
import type { CapsuleDataset, CapsuleRun } from '../../../shared/capsules.ts';
import type { TypedArray } from '../../store/columns.ts';

export type RunArrays = Partial<Record<CapsuleRun['arrays'][number]['kind'], Record<string, TypedArray>>>;
type Sizes = Pick<CapsuleDataset, 'users' | 'items' | 'ratings'>;

/** A sentence's end on the first fault; null where there is none. */
export function arrayFault(
  { perUser, lists, ranks, predictions }: RunArrays,
  { users, items, ratings }: Sizes,
): string | null {
  return (
    faultOf('per-user values', perUser, (arrays) => {
      const known = arrays['users'];
      if (!(known instanceof Uint32Array) || !isAscending(known, users)) return false;
      return Object.values(arrays).every((array) => array.length === known.length);
    }) ??
    faultOf('lists', lists, ({ users: who, start, items: what, scores }) => {
      const typed = who instanceof Uint32Array && start instanceof Uint32Array && what instanceof Uint32Array;
      if (!typed || !(scores instanceof Float32Array) || !isAscending(who, users)) return false;
      return isIndex(start, who.length, what.length) && isBelow(what, items) && scores.length === what.length;
    }) ??
    faultOf('ranks', ranks, ({ rows, above, equal, candidates }) => {
      const all = [rows, above, equal, candidates];
      if (!all.every((array) => array instanceof Uint32Array && array.length === rows.length)) return false;
      return isAscending(rows, ratings);
    }) ??
    faultOf('predictions', predictions, ({ rows, values }) => {
      const typed = rows instanceof Uint32Array && values instanceof Float32Array;
      return typed && isAscending(rows, ratings) && values.length === rows.length;
    })
  );
}

function faultOf(
  what: string,
  arrays: Record<string, TypedArray> | undefined,
  holds: (arrays: Record<string, TypedArray>) => boolean,
): string | null {
  return arrays === undefined || holds(arrays) ? null : `its ${what} do not fit its data set`;
}

/** Whether the parts of a split fit: one a rating, each of a known part. */
export function isPart(part: Uint8Array, ratings: number, last = 3): boolean {
  return part.length === ratings && part.every((mark) => mark <= last);
}

/** Whether `start` cuts `length` entries into `count` runs. */
export function isIndex(start: TypedArray, count: number, length: number): boolean {
  if (start.length !== count + 1 || start[0] !== 0 || start[count] !== length) return false;
  for (let k = 1; k < start.length; k++) if (start[k] < start[k - 1]) return false;
  return true;
}

function isAscending(array: TypedArray, below: number): boolean {
  for (let k = 1; k < array.length; k++) if (array[k] <= array[k - 1]) return false;
  return array.length === 0 || array[array.length - 1] < below;
}

export function isBelow(array: TypedArray, below: number): boolean {
  for (let k = 0; k < array.length; k++) if (!(array[k] < below)) return false;
  return true;
}

/** Whether every value is a number that can be computed with. */
export function isFinite(array: TypedArray): boolean {
  for (let k = 0; k < array.length; k++) if (!Number.isFinite(array[k])) return false;
  return true;
}
