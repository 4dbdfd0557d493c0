/** Small data whose right answer is known, and the odd shapes that a model must survive. */
import type { Ratings } from '../../../main/ratings/ratings.ts';
import { Random } from '../../../main/numeric/random.ts';

export type Row = readonly [user: number, item: number, value: number];

/** Ratings from rows in the order of each user's time. */
export function ratingsOf(
  rows: readonly Row[],
  userCount: number,
  itemCount: number,
  implicit = false,
): Ratings {
  const sorted = rows.map((row, at) => ({ row, at })).sort((a, b) => a.row[0] - b.row[0] || a.at - b.at);
  const start = new Uint32Array(userCount + 1);
  for (const [user] of rows) start[user + 1]++;
  for (let u = 0; u < userCount; u++) start[u + 1] += start[u];
  const value = Float32Array.from(sorted, ({ row }) => row[2]);
  return {
    userCount,
    itemCount,
    start,
    item: Uint32Array.from(sorted, ({ row }) => row[1]),
    value,
    time: Float64Array.from(sorted, (_, order) => order),
    implicit,
    minimum: implicit ? 1 : Math.min(...value),
    maximum: implicit ? 1 : Math.max(...value),
  };
}

export interface Board {
  readonly train: Ratings;
  /** Cells of the board that training does not hold, and whether the user likes the item. */
  readonly held: readonly { readonly user: number; readonly item: number; readonly liked: boolean }[];
}

const USERS = 24;
const ITEMS = 20;

/**
 * A checkerboard: users like items of their own parity. With ratings (liked 5, others 1) a quarter of the cells is
 * held out; without, each user has most of the liked items, in a random order of time.
 */
export function checkerboard(explicit: boolean): Board {
  const random = new Random(1, 'split');
  const rows: Row[] = [];
  const held: Board['held'][number][] = [];
  for (let user = 0; user < USERS; user++) {
    for (const item of random.permutation(ITEMS)) {
      const liked = (user + item) % 2 === 0;
      const hide = random.next() < 0.25;
      if (!hide && (liked || explicit)) rows.push([user, item, explicit && !liked ? 1 : 5]);
      else if (hide || !liked) held.push({ user, item, liked });
    }
  }
  return { train: ratingsOf(rows, USERS, ITEMS, !explicit), held };
}

/** Data that break careless code. Values are 1 … 5. */
export const oddBoards: Readonly<Record<string, Ratings>> = {
  'a user and an item without a row': ratingsOf(
    [
      [0, 0, 5],
      [0, 1, 3],
      [2, 0, 4],
      [2, 1, 1],
      [3, 1, 2],
      [3, 2, 2],
    ],
    4,
    4,
  ),
  'one user': ratingsOf(
    Array.from({ length: 8 }, (_, item): Row => [0, item, 1 + (item % 5)]),
    1,
    10,
  ),
  'one item': ratingsOf(
    Array.from({ length: 8 }, (_, user): Row => [user, 0, 1 + (user % 5)]),
    9,
    1,
  ),
  'all ratings equal': ratingsOf(
    Array.from({ length: 30 }, (_, k): Row => [k % 6, (k * 7) % 10, 4]),
    6,
    10,
  ),
  'the same row three times': ratingsOf(
    Array.from({ length: 36 }, (_, k): Row => [k % 4, (k >> 2) % 3, 1 + (k % 5)]),
    4,
    5,
  ),
  'a user who has every item': ratingsOf(
    Array.from({ length: 12 }, (_, k): Row => (k < 8 ? [0, k, 3] : [1, k - 8, 5])),
    2,
    8,
  ),
  'one row': ratingsOf([[0, 0, 3]], 2, 2),
};
