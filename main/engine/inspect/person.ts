/** Somebody with a history, real or imagined, as a stored run sees them. */
import type { Ratings } from '../../ratings/ratings.ts';
import { WorkbenchError } from '../../base/errors.ts';
import type { History } from '../../model/model.ts';
import type { Reasons } from '../../../shared/inspect.ts';
import { models, titlesOf } from '../../models/registry.ts';
import type { RunScorer } from './scoring.ts';

export interface Person {
  readonly method: Reasons['method'];
  /** What the run was trained on of this person, oldest first, each item once (the latest row counts). */
  readonly history: History;
  /** [itemCount] scores with a history. */
  score(history: History): Promise<Float32Array>;
  /** What each item of the history adds to an item's score, where the model is additive. */
  contributions(history: History, item: number): { base: number; parts: Float64Array } | null;
  /** 1, 2 … among the items that are not in `history`; null where it is. The more of equal scores, the lower. */
  rank(scores: Float32Array, history: History, item: number): number | null;
}

/**
 * @param user null: somebody with nothing yet
 * @throws WorkbenchError `no-reasons` where the model's scores do not follow from a history
 */
export function openPerson(run: RunScorer, user: number | null): Person {
  const { saved, model, itemCount } = run;
  const own = model.history?.(saved);
  if (!own && (!model.readsHistory || user === null))
    throw new WorkbenchError(
      'no-reasons',
      model.readsHistory
        ? `${model.title} learned weights for each user of the data: it has none for somebody new.`
        : `The scores of ${model.title} do not follow from a history alone: it keeps what it learned of each user as a whole.`,
      `Choose a user of the data, or a run of ${titlesOf(models.filter(({ history }) => history))}.`,
    );
  const history = user === null ? nothing : historyOf(saved.train, user);
  // Neither train nor validation items are candidates, as in the run's own lists; those of the history come and go.
  const barred = user === null ? new Set<number>() : run.seen(user);
  for (const item of history.items) barred.delete(item);
  const score = async (changed: History): Promise<Float32Array> => {
    if (own) return own.score(changed);
    const place = user as number;
    const scores = new Float32Array(itemCount);
    const scorer = model.scorer({ ...saved, train: withHistory(saved.train, place, changed) });
    await scorer.scoreUsers(Uint32Array.of(place), scores);
    return scores;
  };
  return {
    method: own?.method ?? 'leave-one-out',
    history,
    score,
    contributions: (changed, item) => own?.contributions?.(changed, item) ?? null,
    rank(scores, changed, item) {
      const has = new Set([...barred, ...changed.items]);
      if (has.has(item)) return null;
      let above = 0;
      for (let other = 0; other < itemCount; other++)
        if (scores[other] > scores[item] && !has.has(other)) above++;
      return above + 1;
    },
  };
}

const nothing: History = { items: new Uint32Array(0), values: new Float32Array(0) };

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

/** The history without its item at a place. */
export function without({ items, values }: History, place: number): History {
  return { items: items.filter((_, k) => k !== place), values: values.filter((_, k) => k !== place) };
}

/** The ratings with another history of one user. */
function withHistory(train: Ratings, user: number, { items, values }: History): Ratings {
  const [from, to] = [train.start[user], train.start[user + 1]];
  const change = items.length - (to - from);
  const spliced = <T extends Uint32Array | Float32Array | Float64Array>(
    column: T,
    made: T,
    middle: ArrayLike<number>,
  ): T => {
    made.set(column.subarray(0, from));
    made.set(middle, from);
    made.set(column.subarray(to), from + items.length);
    return made;
  };
  const length = train.item.length + change;
  return {
    ...train,
    start: train.start.map((at, u) => (u > user ? at + change : at)),
    item: spliced(train.item, new Uint32Array(length), items),
    value: spliced(train.value, new Float32Array(length), values),
    time: null,
  };
}
