import { TEST, VALIDATION } from '../../ratings/ratings.ts';
import type { Evaluation, EvaluationRequest } from '../evaluation.ts';

/** The held-out rows of an evaluation, by user, and what the model was trained on. */
export interface HeldOut {
  /** Users with a row in the part, ascending. */
  readonly users: Uint32Array;
  /** [users + 1] into rows: every held-out row. */
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
  /** [users + 1] into positives: rows to rank, one an item, ratings below `positive` left out. */
  readonly positiveStart: Uint32Array;
  readonly positives: Uint32Array;
  /** [positives] 1: the item is no candidate of the user; it stands behind every candidate. */
  readonly missed: Uint8Array;
  /** [users + 1] into seen: items that are not candidates. */
  readonly seenStart: Uint32Array;
  readonly seen: Uint32Array;
  /** [itemCount] rows that the model was trained on, and users with one. */
  readonly trainCount: Uint32Array;
  readonly trainUsers: number;
  readonly coldUsers: number;
  readonly coldItems: number;
  readonly coldRows: number;
  readonly usersWithoutTest: number;
  readonly duplicates: number;
}

type HeldOutRequest = Pick<EvaluationRequest, 'ratings' | 'split' | 'part' | 'config' | 'refit' | 'users'>;

/** What was gathered last for a split and a rule: validation asks for the same after every epoch. */
const gathered = new WeakMap<Uint8Array, { rule: string; users?: Uint32Array; value: HeldOut }>();

/** Gathers what is held out; O(rows of the data set) at first, then remembered as long as the split is. */
export function heldOut(request: HeldOutRequest): HeldOut {
  const { positive, keepSeen, candidates } = request.config;
  const rule = [request.part, request.refit ?? false, positive, keepSeen, candidates === 'train'].join();
  const last = gathered.get(request.split.part);
  if (last?.rule === rule && last.users === request.users) return last.value;
  gathered.delete(request.split.part);
  const value = gather(request);
  gathered.set(request.split.part, { rule, users: request.users, value });
  return value;
}

function gather(request: HeldOutRequest): HeldOut {
  const { ratings, split, config } = request;
  const { start, item, value } = ratings;
  const mark = request.part === 'test' ? TEST : VALIDATION;
  const trainedBelow = request.refit && mark === TEST ? TEST : VALIDATION;
  const threshold = config.positive ?? -Infinity;

  const trainCount = new Uint32Array(ratings.itemCount);
  const trained = new Uint32Array(ratings.userCount);
  for (let u = 0; u < ratings.userCount; u++)
    for (let row = start[u]; row < start[u + 1]; row++) {
      if (split.part[row] >= trainedBelow) continue;
      trainCount[item[row]]++;
      trained[u]++;
    }

  const among = request.users ?? Uint32Array.from(trained, (_, u) => u);
  const { users, start: starts, rowCount, seenCount } = heldRows(ratings, split.part, among, mark);
  const rows = new Uint32Array(rowCount);
  const positives = new Uint32Array(rowCount);
  const missed = new Uint8Array(rowCount);
  const positiveStart = new Uint32Array(users.length + 1);
  const seenStart = new Uint32Array(users.length + 1);
  const seen = new Uint32Array(config.keepSeen ? 0 : seenCount);
  let [held, ranked, seenRows] = [0, 0, 0];
  const seenBy = new Int32Array(ratings.itemCount).fill(-1);
  const rankedFor = new Int32Array(ratings.itemCount).fill(-1);
  const coldItem = new Uint8Array(ratings.itemCount);
  let [coldUsers, coldItems, coldRows, duplicates] = [0, 0, 0, 0];
  users.forEach((u, n) => {
    for (let row = start[u]; row < start[u + 1]; row++) if (split.part[row] === mark) rows[held++] = row;
    if (!config.keepSeen)
      for (let row = start[u]; row < start[u + 1]; row++) {
        // Train rows are seen, and at test those of validation.
        if (split.part[row] >= mark) continue;
        seen[seenRows++] = item[row];
        seenBy[item[row]] = u;
      }
    seenStart[n + 1] = seenRows;
    if (trained[u] === 0) coldUsers++;
    for (let k = starts[n]; k < held; k++) {
      const i = item[rows[k]];
      if (trainCount[i] === 0 && !coldItem[i]) coldItems += coldItem[i] = 1;
      if (trainCount[i] === 0 || trained[u] === 0) coldRows++;
      if (value[rows[k]] < threshold) continue;
      if (rankedFor[i] === u) {
        duplicates++;
        continue;
      }
      rankedFor[i] = u;
      missed[ranked] = seenBy[i] === u || (config.candidates === 'train' && trainCount[i] === 0) ? 1 : 0;
      positives[ranked++] = rows[k];
    }
    positiveStart[n + 1] = ranked;
  });
  return {
    users,
    start: starts,
    rows,
    positiveStart,
    positives: positives.slice(0, ranked),
    missed: missed.slice(0, ranked),
    seenStart,
    seen,
    trainCount,
    trainUsers: trained.reduce((n, count) => n + (count > 0 ? 1 : 0), 0),
    coldUsers,
    coldItems,
    coldRows,
    usersWithoutTest: among.length - users.length,
    duplicates,
  };
}

/** The users with a row in the part, [users + 1] where their rows begin, and how many rows come before it in all. */
function heldRows(
  { start }: HeldOutRequest['ratings'],
  part: Uint8Array,
  among: Uint32Array,
  mark: number,
): Pick<HeldOut, 'users' | 'start'> & { rowCount: number; seenCount: number } {
  const users = new Uint32Array(among.length);
  const starts = new Uint32Array(among.length + 1);
  let [count, rowCount, seenCount] = [0, 0, 0];
  for (const u of among) {
    const before = rowCount;
    let seen = 0;
    for (let row = start[u]; row < start[u + 1]; row++) {
      if (part[row] === mark) rowCount++;
      else if (part[row] < mark) seen++;
    }
    if (rowCount === before) continue;
    users[count++] = u;
    starts[count] = rowCount;
    seenCount += seen;
  }
  return { users: users.slice(0, count), start: starts.slice(0, count + 1), rowCount, seenCount };
}

export function countsOf(held: HeldOut, constantUsers: number): Evaluation['counts'] {
  return {
    users: held.users.length,
    usersWithoutTest: held.usersWithoutTest,
    rows: held.rows.length,
    positives: held.positives.length,
    coldUsers: held.coldUsers,
    coldItems: held.coldItems,
    coldRows: held.coldRows,
    notCandidates: held.missed.reduce((n, missed) => n + missed, 0),
    duplicates: held.duplicates,
    constantUsers,
  };
}
