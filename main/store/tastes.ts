/** Picks between two anonymous lists. */
import type { ReadableDatabase, WritableDatabase } from './database.ts';

export interface Taste {
  readonly user: string;
  /** Ids of the runs whose lists were at the left and at the right. */
  readonly left: string;
  readonly right: string;
  readonly rater: string;
  readonly pick: 'left' | 'right' | 'neither';
  readonly at: number;
}

/** @param left and `right`: keys of the runs */
export function insertTaste(
  database: WritableDatabase,
  taste: Pick<Taste, 'user' | 'rater' | 'pick'> & { dataset: number; left: number; right: number },
): void {
  database
    .prepare(
      `INSERT INTO tastes (dataset, user, left_run, right_run, rater, pick, created_at)
       VALUES (@dataset, @user, @left, @right, @rater, @pick, @at)`,
    )
    .run({ ...taste, at: Date.now() });
}

/** Those between two runs, either of them at the left; oldest first. */
export function readTastes(database: ReadableDatabase, first: number, second: number): Taste[] {
  return database
    .prepare(
      `SELECT user, l.id AS left, r.id AS right, rater, pick, CAST(tastes.created_at AS INTEGER) AS at
       FROM tastes JOIN runs l ON l.key = left_run JOIN runs r ON r.key = right_run
       WHERE (left_run = @first AND right_run = @second) OR (left_run = @second AND right_run = @first)
       ORDER BY tastes.key`,
    )
    .all({ first, second }) as Taste[];
}
