/** Ranking against few candidates a held-out row: given ones, or a seeded sample. */
import type { EvaluationConfig } from '../../../shared/config.ts';
import { TEST, VALIDATION, type Ratings } from '../../ratings/ratings.ts';
import type { Scorer } from '../../model/model.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { Random } from '../../numeric/random.ts';
import type { Split } from '../../ratings/split.ts';
import type { Ranks } from './ranking.ts';

/** Candidates beside the positive of each row of a part, in row order: items[start[t] … start[t + 1] − 1]. */
export type RowCandidates = NonNullable<Split['given']>;

/** Whether positives are ranked among given or sampled candidates, not among all. */
export function ranksSampledCandidates({ candidates }: Pick<EvaluationConfig, 'candidates'>): boolean {
  return candidates === 'given' || candidates.startsWith('sampled');
}

/**
 * Given or sampled candidates of a part, and what they are called: `given99`, `sampled99`. Validation rows have no
 * given ones: they get a sample of the same size.
 * @throws WorkbenchError where candidates are `given` and the split has none
 */
export function candidatesOf(
  ratings: Ratings,
  split: Split,
  part: 'validation' | 'test',
  config: Pick<EvaluationConfig, 'candidates' | 'candidateSeed' | 'keepSeen'>,
): { readonly candidates: RowCandidates; readonly name: string } {
  const { given } = split;
  if (config.candidates === 'given' && !given)
    throw new WorkbenchError(
      'no-given-candidates',
      'This split has no given candidates.',
      'Rank among all items, or import the split with its negatives file.',
    );
  const size = config.candidates === 'given' && given ? longest(given) : Number(config.candidates.slice(7));
  if (config.candidates === 'given' && given && part === 'test')
    return { candidates: given, name: `given${size}` };
  const { candidateSeed, keepSeen } = config;
  return {
    candidates: sampledCandidates(ratings, split, size, candidateSeed, part, keepSeen),
    name: `sampled${size}`,
  };
}

function longest({ start }: RowCandidates): number {
  let most = 0;
  for (let t = 0; t + 1 < start.length; t++) most = Math.max(most, start[t + 1] - start[t]);
  return most;
}

/** Pairs scored at once. */
const BATCH = 1 << 16;

/**
 * N negatives for each row of the part, uniform without replacement over the items that the user has no row of in
 * train, in the part itself or (at test) in validation; all such items where they are N or fewer. With `keepSeen`
 * only the user's items of the part are left out. One generator over all rows in row order: the same ratings, split,
 * N and seed give the same candidates.
 */
export function sampledCandidates(
  ratings: Ratings,
  split: Pick<Split, 'part'>,
  n: number,
  seed: number,
  part: 'validation' | 'test' = 'test',
  keepSeen = false,
): RowCandidates {
  const mark = part === 'test' ? TEST : VALIDATION;
  const { start, item, userCount, itemCount } = ratings;
  const random = new Random(seed, 'negatives');
  const starts: number[] = [0];
  const items: number[] = [];
  const excludedBy = new Int32Array(itemCount).fill(-1);
  const drawnFor = new Int32Array(itemCount).fill(-1);
  for (let u = 0; u < userCount; u++) {
    let rows = 0;
    let excluded = 0;
    for (let row = start[u]; row < start[u + 1]; row++) {
      const its = split.part[row];
      if (its === mark) rows++;
      const out = its === mark || (!keepSeen && its < mark);
      if (!out || excludedBy[item[row]] === u) continue;
      excludedBy[item[row]] = u;
      excluded++;
    }
    const free = itemCount - excluded;
    // Drawing and rejecting is fast while most draws are good; a near-full draw lists what is free and shuffles it.
    const listed = rows > 0 && free < 2 * n ? freeItems(excludedBy, u, free) : null;
    for (let r = 0; r < rows; r++) {
      const t = starts.length;
      if (listed) {
        const order = n < free ? random.shuffle(listed.slice()).subarray(0, n) : listed;
        for (const i of order) items.push(i);
      } else {
        for (let drawn = 0; drawn < n;) {
          const i = random.below(itemCount);
          if (excludedBy[i] === u || drawnFor[i] === t) continue;
          drawnFor[i] = t;
          items.push(i);
          drawn++;
        }
      }
      starts.push(items.length);
    }
  }
  return { start: Uint32Array.from(starts), items: Uint32Array.from(items) };
}

function freeItems(excludedBy: Int32Array, user: number, free: number): Uint32Array {
  const items = new Uint32Array(free);
  let k = 0;
  for (let i = 0; i < excludedBy.length; i++) if (excludedBy[i] !== user) items[k++] = i;
  return items;
}

/**
 * Ranks each positive against its own candidates; a candidate that equals the positive is dropped.
 * @param users [rows] and
 * @param positives [rows] user and item of each held-out row
 * @param order [rows] which entry of `candidates` belongs to each row
 */
export async function rankCandidates(
  scorer: Scorer,
  users: Uint32Array,
  positives: Uint32Array,
  candidates: RowCandidates,
  order: Uint32Array,
  tick?: () => Promise<void>,
): Promise<Ranks & { readonly constantRows: number; readonly notNumbers: number }> {
  const rows = users.length;
  const above = new Uint32Array(rows);
  const equal = new Uint32Array(rows);
  const count = new Uint32Array(rows);
  let constantRows = 0;
  let notNumbers = 0;
  for (let from = 0; from < rows;) {
    let to = from;
    let pairs = 0;
    do {
      pairs += 1 + candidates.start[order[to] + 1] - candidates.start[order[to]];
      to++;
    } while (to < rows && pairs < BATCH);
    const pairUsers = new Uint32Array(pairs);
    const pairItems = new Uint32Array(pairs);
    for (let row = from, at = 0; row < to; row++) {
      const others = candidates.items.subarray(
        candidates.start[order[row]],
        candidates.start[order[row] + 1],
      );
      pairUsers.fill(users[row], at, at + 1 + others.length);
      pairItems[at] = positives[row];
      pairItems.set(others, at + 1);
      at += 1 + others.length;
    }
    const scores = await scorer.predict(pairUsers, pairItems);
    for (let row = from, at = 0; row < to; row++) {
      const end = at + 1 + candidates.start[order[row] + 1] - candidates.start[order[row]];
      const score = number(scores[at]);
      count[row] = 1;
      for (let p = at + 1; p < end; p++) {
        if (pairItems[p] === positives[row]) continue;
        const other = number(scores[p]);
        count[row]++;
        if (other > score) above[row]++;
        else if (other === score) equal[row]++;
      }
      if (count[row] > 1 && equal[row] === count[row] - 1) constantRows++;
      at = end;
    }
    from = to;
    await tick?.();
  }
  return { above, equal, candidates: count, constantRows, notNumbers };

  function number(score: number): number {
    if (!Number.isNaN(score)) return score;
    notNumbers++;
    return -Infinity;
  }
}
