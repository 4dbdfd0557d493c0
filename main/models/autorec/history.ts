import { scoresOfRow, strongest, without } from '../../model/left-out.ts';
import type { History, HistoryScorer, LeftOut, SavedModel } from '../../model/model.ts';
import { dotAt } from '../../numeric/linear-algebra.ts';
import { type Ridge, ridge } from '../../numeric/ridge.ts';
import { autorecRows } from './weights.ts';

/** Keeps the equations solvable where there is no weight decay. */
const LEAST_DECAY = 1e-6;

export function autorecHistory(saved: SavedModel): HistoryScorer {
  return saved.parameters['userBased'] === true ? userBased(saved) : itemBased(saved);
}

/** What every form of the model falls back on: means of items in training. */
interface Means {
  /** [itemCount] NaN where an item has no rating. */
  readonly items: Float64Array;
  readonly all: number;
}

function meansOf({ train }: SavedModel): Means {
  const sums = new Float64Array(train.itemCount);
  const counts = new Uint32Array(train.itemCount);
  train.item.forEach((item, row) => {
    sums[item] += train.value[row];
    counts[item]++;
  });
  const total = sums.reduce((sum, value) => sum + value, 0);
  const all = train.item.length === 0 ? (train.minimum + train.maximum) / 2 : total / train.item.length;
  return { items: sums.map((sum, item) => sum / counts[item]), all };
}

/** Items without a rating are predicted the person's mean, to a person without one the item's. */
function withFallbacks(scores: Float32Array, { items, values }: History, means: Means): Float32Array {
  if (items.length === 0)
    return Float32Array.from(means.items, (mean) => (Number.isNaN(mean) ? means.all : mean));
  const own = values.reduce((sum, value) => sum + value, 0) / values.length;
  return scores.map((score, item) => (Number.isNaN(means.items[item]) ? own : score));
}

/** The encoder reads the person's ratings: its hidden units are σ(μ + Σ x V), a sum that an item is taken out of. */
function userBased(saved: SavedModel): HistoryScorer {
  const { encoder, decoder, hiddenBias, outputBias } = saved.weights as Record<string, Float32Array>;
  const hidden = hiddenBias.length;
  const means = meansOf(saved);
  const sumOf = ({ items, values }: History): Float64Array => {
    const sum = Float64Array.from(hiddenBias);
    items.forEach((item, n) => {
      for (let c = 0; c < hidden; c++) sum[c] += values[n] * encoder[item * hidden + c];
    });
    return sum;
  };
  const scoresOf = (history: History): Float32Array =>
    withFallbacks(scoresOfRow(decoder, sumOf(history).map(sigmoid), hidden, outputBias), history, means);
  return {
    method: 'leave-one-out',
    how: 'The autoencoder reads the ratings of the history; without an item it reads the others.',
    score: scoresOf,
    leftOut(history, _user, item, most) {
      const sum = sumOf(history);
      const scored = (activation: Float64Array): number =>
        outputBias[item] + dotAt(decoder, item * hidden, activation, hidden);
      const whole = scored(sum.map(sigmoid));
      const activation = new Float64Array(hidden);
      const change = Float64Array.from(history.items, (other, n) => {
        for (let c = 0; c < hidden; c++)
          activation[c] = sigmoid(sum[c] - history.values[n] * encoder[other * hidden + c]);
        return whole - scored(activation);
      });
      // A cold item has no score of its own, and nor has anything for somebody without a history.
      const plain = history.items.length > 1 && !Number.isNaN(means.items[item]);
      return strongest(change, most).map((place) =>
        leftOutOf(place, item, plain ? whole - change[place] : null, () => scoresOf(without(history, place))),
      );
    },
  };
}

/** A history, and what an item-based model makes of it. */
interface Solved {
  readonly history: History;
  readonly user: number | null;
  readonly changed: ReadonlyMap<number, Float64Array>;
  readonly whole: Ridge;
}

/**
 * The encoder reads what everybody gave an item, and a person is a row of the decoder. The row is moved by what the
 * change of the history does to its ridge regression on the hidden units of the items, with the loss and the weight decay
 * of the model; the person's rating is taken out of, or put into, the columns of the items that change. With an
 * unchanged history both are as stored.
 */
function itemBased(saved: SavedModel): HistoryScorer {
  const { train, parameters } = saved;
  const { encoder, decoder, hiddenBias, outputBias } = saved.weights as Record<string, Float32Array>;
  const hidden = hiddenBias.length;
  const columns = autorecRows(train, parameters);
  const means = meansOf(saved);
  // The loss is a mean over the cells of a batch, the decay is added in every batch.
  const decay = Math.max(
    LEAST_DECAY,
    Number(parameters['regularization']) * train.itemCount * train.userCount,
  );

  /** [hidden] of an item's column with another rating of a user; null: none. */
  const activationOf = (item: number, user: number | null, rating: number | null): Float64Array => {
    const sum = Float64Array.from(hiddenBias);
    const add = (by: number, x: number): void => {
      for (let c = 0; c < hidden; c++) sum[c] += x * encoder[by * hidden + c];
    };
    for (let n = columns.start[item]; n < columns.start[item + 1]; n++)
      if (columns.index[n] !== user) add(columns.index[n], columns.value[n]);
    if (user !== null && rating !== null) add(user, rating);
    return sum.map(sigmoid);
  };
  const activations = new Float32Array(train.itemCount * hidden);
  for (let item = 0; item < train.itemCount; item++) {
    const sum = Float64Array.from(hiddenBias);
    for (let n = columns.start[item]; n < columns.start[item + 1]; n++) {
      const from = columns.index[n] * hidden;
      const x = columns.value[n];
      for (let c = 0; c < hidden; c++) sum[c] += x * encoder[from + c];
    }
    for (let c = 0; c < hidden; c++) activations[item * hidden + c] = sigmoid(sum[c]);
  }

  const ratingsOf = (user: number | null): Map<number, number> => {
    const ratings = new Map<number, number>();
    if (user === null) return ratings;
    for (let row = train.start[user]; row < train.start[user + 1]; row++)
      ratings.set(train.item[row], train.value[row]);
    return ratings;
  };
  /** Activations that differ from the stored ones: of items whose rating by the user is another. */
  const changedBy = ({ items, values }: History, user: number | null): Map<number, Float64Array> => {
    const changed = new Map<number, Float64Array>();
    if (user === null) return changed;
    const before = ratingsOf(user);
    items.forEach((item, n) => {
      if (before.get(item) !== values[n]) changed.set(item, activationOf(item, user, values[n]));
      before.delete(item);
    });
    for (const item of before.keys()) changed.set(item, activationOf(item, user, null));
    return changed;
  };
  const regression = ({ items, values }: History, changed: ReadonlyMap<number, Float64Array>): Ridge => {
    const k = hidden + 1;
    const rows = new Float64Array(items.length * k).fill(1);
    items.forEach((item, n) =>
      rows.set(changed.get(item) ?? activations.subarray(item * hidden, (item + 1) * hidden), n * k),
    );
    return ridge(rows, items.length, k, Float64Array.from(values), decay);
  };
  /** [hidden + 1] the stored row of the decoder and its bias, less what its regression has of the stored history. */
  const apartOf = memo((user: number | null): Float64Array => {
    const apart = new Float64Array(hidden + 1);
    if (user === null) return apart;
    apart.set(decoder.subarray(user * hidden, (user + 1) * hidden));
    apart[hidden] = outputBias[user];
    const ratings = ratingsOf(user);
    const history = { items: Uint32Array.from(ratings.keys()), values: Float32Array.from(ratings.values()) };
    const { weights } = regression(history, new Map());
    return apart.map((value, c) => value - weights[c]);
  });
  const scoresOf = (
    history: History,
    row: Float64Array,
    changed: ReadonlyMap<number, Float64Array>,
  ): Float32Array => {
    const scores = scoresOfRow(activations, row, hidden, null, row[hidden]);
    for (const [item, activation] of changed) scores[item] = row[hidden] + dotAt(activation, 0, row, hidden);
    return withFallbacks(scores, history, means);
  };
  const rowOf = (weights: Float64Array, user: number | null): Float64Array =>
    apartOf(user).map((value, c) => value + weights[c]);
  /** The last history is kept, for questions about it come in series. */
  let last: Solved | null = null;
  const solved = (history: History, user: number | null): Solved => {
    if (last?.history === history && last.user === user) return last;
    const changed = changedBy(history, user);
    return (last = { history, user, changed, whole: regression(history, changed) });
  };
  return {
    method: 'leave-one-out',
    how: 'The model reads what everybody gave an item, and keeps a row of the decoder for each person: the row is moved by what the change does to its regression on the history, and the rating is taken out of its item.',
    score(history, user) {
      const { changed, whole } = solved(history, user);
      return scoresOf(history, rowOf(whole.weights, user), changed);
    },
    leftOut(history, user, item, most): LeftOut[] {
      const { changed, whole } = solved(history, user);
      const target = new Float64Array(hidden + 1).fill(1);
      target.set(changed.get(item) ?? activations.subarray(item * hidden, (item + 1) * hidden));
      const influence = whole.influence(target);
      const score = dotAt(target, 0, rowOf(whole.weights, user), hidden + 1);
      const plain = history.items.length > 1 && !Number.isNaN(means.items[item]);
      return strongest(influence, most).map((place) =>
        leftOutOf(
          place,
          item,
          plain && history.items[place] !== item ? score - influence[place] : null,
          () => {
            const left = without(history, place);
            return scoresOf(left, rowOf(whole.without(place), user), changedBy(left, user));
          },
        ),
      );
    },
  };
}

/**
 * A history with one item left out, its scores made once.
 * @param score of the item in question where it is known already
 */
function leftOutOf(place: number, item: number, score: number | null, make: () => Float32Array): LeftOut {
  const scores = memo<undefined, Float32Array>(make);
  return {
    place,
    get score() {
      return score ?? scores(undefined)[item];
    },
    scores: () => scores(undefined),
  };
}

/** The last answer is kept: questions come in series. */
function memo<K, T>(make: (key: K) => T): (key: K) => T {
  let last: { readonly key: K; readonly value: T } | null = null;
  return (key) => {
    if (last?.key !== key || last === null) last = { key, value: make(key) };
    return last.value;
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
