/** Somebody with a history, real or imagined, as a stored run sees them. */
import type { Ratings } from '../../ratings/ratings.ts';
import { WorkbenchError } from '../../base/errors.ts';
import { without } from '../../model/left-out.ts';
import type { History, HistoryScorer, LeftOut } from '../../model/model.ts';
import type { RunScorer } from './scoring.ts';

export interface Person {
  readonly method: HistoryScorer['method'];
  readonly how: string;
  /** Rankings of the catalogue take long. */
  readonly slow: boolean;
  /** What the run was trained on of this person, oldest first, each item once (the latest row counts). */
  readonly history: History;
  /** [itemCount] scores with a history; those of `history` itself are made once. */
  score(history: History): Float32Array;
  /** [itemCount] scores with a history without its item at a place. */
  scoreWithout(history: History, place: number): Float32Array;
  /** What each item of the history adds to an item's score, where the model is additive. */
  contributions(history: History, item: number): { base: number; parts: Float64Array } | null;
  /** The history without an item, for those that weigh most on the score of another. */
  leftOut(history: History, item: number, most: number): LeftOut[];
  /** 1, 2 … among the items that are not in `history`; null where it is. The more of equal scores, the lower. */
  rank(scores: Float32Array, history: History, item: number): number | null;
  /** Candidates with a history, best first; among equal scores the lower position. */
  ranking(scores: Float32Array, history: History): Uint32Array;
}

/**
 * @param user null: somebody with nothing yet
 * @throws WorkbenchError `no-reasons` where the model's scores do not follow from a history
 */
export function openPerson(run: RunScorer, user: number | null): Person {
  const last = lastOf.get(run);
  if (last?.user === user) return last.person;
  const person = makePerson(run, user);
  lastOf.set(run, { user, person });
  return person;
}

/** Questions about one person come in series, and what they have is scored for each. */
const lastOf = new WeakMap<RunScorer, { readonly user: number | null; readonly person: Person }>();

function makePerson(run: RunScorer, user: number | null): Person {
  const { saved, model, itemCount } = run;
  const { history: own } = run;
  if (!own)
    throw new WorkbenchError(
      'no-reasons',
      `The scores of ${model.title} cannot be computed from a history.`,
      'Choose a run of another model.',
    );
  const history = user === null ? nothing : historyOf(saved.train, user);
  // Neither train nor validation items are candidates, as in the run's own lists; those of the history come and go.
  const barred = new Uint8Array(itemCount);
  for (const item of user === null ? [] : run.seen(user)) barred[item] = 1;
  for (const item of history.items) barred[item] = 0;
  let unchanged: Float32Array | null = null;
  const notRanked = (changed: History): Uint8Array => {
    const has = barred.slice();
    for (const item of changed.items) has[item] = 1;
    return has;
  };
  return {
    method: own.method,
    how: own.how,
    slow: own.slow === true,
    history,
    score(changed) {
      if (changed === history) return (unchanged ??= own.score(history, user));
      return own.score(changed, user);
    },
    scoreWithout: (changed, place) =>
      own.scoreWithout?.(changed, place, user) ?? own.score(without(changed, place), user),
    contributions: (changed, item) => own.contributions?.(changed, item, user) ?? null,
    leftOut: (changed, item, most) =>
      own.leftOut?.(changed, user, item, most) ?? latest(own, changed, user, item, most),
    rank(scores, changed, item) {
      const has = notRanked(changed);
      if (has[item] === 1) return null;
      let above = 0;
      for (let other = 0; other < itemCount; other++)
        if (scores[other] > scores[item] && has[other] === 0) above++;
      return above + 1;
    },
    ranking(scores, changed) {
      const has = notRanked(changed);
      const candidates = Uint32Array.from(scores.keys()).filter((item) => has[item] === 0);
      return candidates.sort((a, b) => scores[b] - scores[a] || a - b);
    },
  };
}

/** Without a shorter way: the latest items, for each costs a ranking. */
function latest(
  own: HistoryScorer,
  history: History,
  user: number | null,
  item: number,
  most: number,
): LeftOut[] {
  const count = Math.min(most, history.items.length);
  return Array.from({ length: count }, (_, k) => {
    const place = history.items.length - 1 - k;
    const scores = own.score(without(history, place), user);
    return { place, score: scores[item], scores: () => scores };
  });
}

export const nothing: History = { items: new Uint32Array(0), values: new Float32Array(0) };

function historyOf({ start, item, value }: Ratings, user: number): History {
  const latest = new Map<number, number>();
  for (let row = start[user]; row < start[user + 1]; row++) {
    latest.delete(item[row]);
    latest.set(item[row], value[row]);
  }
  return toHistory(latest);
}

/** Items and values of a map in its order. */
export function toHistory(entries: ReadonlyMap<number, number>): History {
  return { items: Uint32Array.from(entries.keys()), values: Float32Array.from(entries.values()) };
}
