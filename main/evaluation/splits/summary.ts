import { LATER, TEST, TRAIN, VALIDATION, type Ratings } from '../../ratings/ratings.ts';
import type { Split } from '../../ratings/split.ts';

export interface SplitSummary {
  readonly counts: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    /** Of rolling splits: rows after the window that is tested. */
    readonly later: number;
  };
  /** Users with and without a test row. */
  readonly users: { readonly test: number; readonly withoutTest: number };
  /** A few users, from the least to the most active: runs of rows of one part, in time order. */
  readonly picture: readonly {
    readonly user: number;
    readonly segments: readonly { readonly part: number; readonly rows: number }[];
  }[];
}

/** Counts of a split, and the rows of `lines` users spread evenly over the users ordered by activity. */
export function splitSummary(ratings: Ratings, split: Pick<Split, 'part'>, lines = 8): SplitSummary {
  const { start, userCount } = ratings;
  const counts = [0, 0, 0, 0];
  let tested = 0;
  for (let u = 0; u < userCount; u++) {
    const before = counts[TEST];
    for (let row = start[u]; row < start[u + 1]; row++) counts[split.part[row]]++;
    if (counts[TEST] > before) tested++;
  }
  const active = Uint32Array.from({ length: userCount }, (_, u) => u)
    .filter((u) => start[u + 1] > start[u])
    .sort((a, b) => start[a + 1] - start[a] - (start[b + 1] - start[b]) || a - b);
  const shown = Math.min(lines, active.length);
  const picture = Array.from({ length: shown }, (_, k) => {
    const user = active[shown === 1 ? 0 : Math.round((k * (active.length - 1)) / (shown - 1))];
    return { user, segments: segments(split.part.subarray(start[user], start[user + 1])) };
  });
  return {
    counts: {
      train: counts[TRAIN],
      validation: counts[VALIDATION],
      test: counts[TEST],
      later: counts[LATER],
    },
    users: { test: tested, withoutTest: userCount - tested },
    picture,
  };
}

/** The time of the first test row of a split that one moment parts for everybody; null for others. */
export function cutOf({ time }: Ratings, { part, config }: Pick<Split, 'part' | 'config'>): number | null {
  if (!time || !['global-time', 'rolling'].includes(config.name)) return null;
  let first = Infinity;
  for (let row = 0; row < part.length; row++) if (part[row] === TEST && time[row] < first) first = time[row];
  return first === Infinity ? null : first;
}

/** Runs of equal parts. */
function segments(parts: Uint8Array): { part: number; rows: number }[] {
  const runs: { part: number; rows: number }[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.part === part) last.rows++;
    else runs.push({ part, rows: 1 });
  }
  return runs;
}
