import { scoresOfRow, without } from '../../model/left-out.ts';
import type { History, HistoryScorer, SavedModel } from '../../model/model.ts';
import { caserStates, outputFactors } from './plain.ts';
import { caserShape } from './shape.ts';

/** Reads the last L items of a history; the window closes over an item that is left out. */
export function caserHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const shape = caserShape(parameters);
  const { items, itemBias } = outputFactors(weights['output'] as Float32Array, shape.size);
  const users = weights['users'] as Float32Array;
  // Somebody new has the mean of the embeddings for theirs, as a row behind the others.
  const mean = meanRow(users, shape.size);
  const stateOf = ({ items: seen }: History, user: number | null): Float32Array => {
    const window = new Uint32Array(shape.length);
    const last = seen.slice(-shape.length);
    window.set(
      last.map((item) => item + 1),
      shape.length - last.length,
    );
    const row = user === null ? mean : users.subarray(user * shape.size, (user + 1) * shape.size);
    return caserStates({ ...weights, users: row }, shape, [0], window);
  };
  const k = 2 * shape.size;
  const scoresOf = (history: History, user: number | null): Float32Array =>
    scoresOfRow(items, stateOf(history, user), k, itemBias);
  return {
    method: 'leave-one-out',
    how: `The model reads the last ${shape.length} items of the history; without one of them an earlier one moves up.`,
    score: scoresOf,
    leftOut(history, user, item, most) {
      const count = Math.min(most, shape.length, history.items.length);
      return Array.from({ length: count }, (_, k) => history.items.length - 1 - k).map((place) => {
        const scores = scoresOf(without(history, place), user);
        return { place, score: scores[item], scores: () => scores };
      });
    },
  };

  function meanRow(table: Float32Array, size: number): Float32Array {
    const sum = new Float64Array(size);
    table.forEach((value, at) => (sum[at % size] += value));
    return Float32Array.from(sum, (value) => value / Math.max(1, train.userCount));
  }
}
