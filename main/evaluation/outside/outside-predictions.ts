/** Errors of ratings that another tool predicted, and the ranking that follows where it predicted everything. */
import { TRAIN, VALIDATION, type Ratings } from '../../ratings/ratings.ts';
import type { Split } from '../../ratings/split.ts';
import type { Evaluation } from '../evaluation.ts';
import { ratingErrors } from '../metrics/rating-errors.ts';
import { countsOf, heldOut, type HeldOut } from '../ranking/held-out.ts';
import { evaluateLists, type OutsideRequest } from './outside-lists.ts';
import { rowsByUser, type ScoredRows } from './scored-rows.ts';

export interface PredictionFigures {
  readonly evaluation: Evaluation;
  /** Rows of items that the user has rated in train or validation: they are not looked at. */
  readonly seenRows: number;
  readonly tiedRows: number;
  /** Test rows without a prediction: the mean of the training ratings stands for it. */
  readonly missing: number;
  readonly usersWithoutList: number;
  /** Every candidate of every evaluated user is predicted, so the ranking is known as well. */
  readonly complete: boolean;
  readonly leftOut: readonly string[];
}

/** RMSE and MAE over all test rows, clipped to the scale as well; of complete predictions ranks and lists too. */
export async function evaluatePredictions(
  request: OutsideRequest,
  rows: ScoredRows,
): Promise<PredictionFigures> {
  const { ratings } = request;
  const held = heldOut({ ...request, part: 'test' });
  const { values, missing, usersWithoutList } = predictedRows(request, held, rows);
  const actual = held.rows.reduce((all, row, n) => {
    all[n] = ratings.value[row];
    return all;
  }, new Float32Array(held.rows.length));
  const errors = ratingErrors(values, actual, held.start, ratings);
  const ranked = await evaluateLists(request, rows);
  const perUser = {
    users: held.users,
    values: { ...errors.perUser, ...(ranked.complete && ranked.evaluation.perUser.values) },
    ratings: Uint32Array.from(held.users, (_, n) => held.start[n + 1] - held.start[n]),
  };
  const all = ranked.evaluation;
  return {
    evaluation: {
      metrics: { ...errors.metrics, ...(ranked.complete && all.metrics) },
      perUser,
      ranking: ranked.complete ? all.ranking : null,
      predictions: { rows: held.rows, values },
      counts: countsOf(held, 0),
      diversityBy: ranked.complete ? all.diversityBy : null,
      alarms: ranked.complete ? all.alarms : [],
    },
    seenRows: ranked.seenRows,
    tiedRows: ranked.tiedRows,
    missing,
    usersWithoutList,
    complete: ranked.complete,
    leftOut: ranked.complete ? ranked.leftOut : ['every figure of a ranking'],
  };
}

/** [held rows] the prediction of each. */
function predictedRows(
  { ratings, split, refit }: OutsideRequest,
  held: HeldOut,
  rows: ScoredRows,
): { values: Float32Array; missing: number; usersWithoutList: number } {
  const { start, order } = rowsByUser(rows, ratings.userCount);
  const fallback = trainMean(ratings, split, refit ?? false);
  const values = new Float32Array(held.rows.length);
  const given = new Float64Array(ratings.itemCount);
  const givenFor = new Int32Array(ratings.itemCount).fill(-1);
  let [missing, usersWithoutList] = [0, 0];
  held.users.forEach((user, n) => {
    for (let k = start[user]; k < start[user + 1]; k++) {
      given[rows.item[order[k]]] = rows.score[order[k]];
      givenFor[rows.item[order[k]]] = n;
    }
    let found = 0;
    for (let k = held.start[n]; k < held.start[n + 1]; k++) {
      const item = ratings.item[held.rows[k]];
      const known = givenFor[item] === n;
      values[k] = known ? given[item] : fallback;
      if (known) found++;
      else missing++;
    }
    if (found === 0) usersWithoutList++;
  });
  return { values, missing, usersWithoutList };
}

/** Mean of what the model could be trained on. */
function trainMean({ value, minimum, maximum }: Ratings, { part }: Split, refit: boolean): number {
  const last = refit ? VALIDATION : TRAIN;
  let [sum, count] = [0, 0];
  for (let row = 0; row < part.length; row++) {
    if (part[row] > last) continue;
    sum += value[row];
    count++;
  }
  return count > 0 ? sum / count : (minimum + maximum) / 2;
}
