/** A data set in memory, as the trainer, the splits and the metrics see it. */
export interface Ratings {
  readonly userCount: number;
  readonly itemCount: number;
  /** [userCount + 1]: user u's interactions are rows start[u] … start[u + 1] − 1 (CSR). */
  readonly start: Uint32Array;
  /** [n] item index of each row. Rows are sorted by user, then time, then row of the file. */
  readonly item: Uint32Array;
  /** [n] rating of each row; 1 everywhere where the data are implicit. */
  readonly value: Float32Array;
  /** [n] milliseconds since 1970, or an order within the user; null where the file has no time. */
  readonly time: Float64Array | null;
  readonly implicit: boolean;
  /** Smallest and largest rating of the whole data set (not of a part): the scale that clips predictions. */
  readonly minimum: number;
  readonly maximum: number;
}

/** Part of a row in a split. */
export const TRAIN = 0;
export const VALIDATION = 1;
export const TEST = 2;
/** Later than the window of time that is tested: of no part, and unknown to whoever is tested. */
export const LATER = 3;

/** [n] the user of every row, expanded from the CSR index. */
export function usersOfRows(ratings: Pick<Ratings, 'start' | 'userCount' | 'item'>): Uint32Array {
  const users = new Uint32Array(ratings.item.length);
  for (let u = 0; u < ratings.userCount; u++) users.fill(u, ratings.start[u], ratings.start[u + 1]);
  return users;
}

/**
 * The rows for which `keep(row)` holds (it is asked twice), as ratings of their own: the same users and items, the same order, the same
 * scale. Users may be left without a row.
 */
export function selectRows(ratings: Ratings, keep: (row: number) => boolean): Ratings {
  const start = new Uint32Array(ratings.userCount + 1);
  let kept = 0;
  for (let u = 0; u < ratings.userCount; u++) {
    for (let row = ratings.start[u]; row < ratings.start[u + 1]; row++) if (keep(row)) kept++;
    start[u + 1] = kept;
  }
  const item = new Uint32Array(kept);
  const value = new Float32Array(kept);
  const time = ratings.time ? new Float64Array(kept) : null;
  for (let row = 0, k = 0; k < kept; row++) {
    if (!keep(row)) continue;
    item[k] = ratings.item[row];
    value[k] = ratings.value[row];
    if (time && ratings.time) time[k] = ratings.time[row];
    k++;
  }
  return { ...ratings, start, item, value, time };
}
