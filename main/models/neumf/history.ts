import { strongest, without } from '../../model/left-out.ts';
import type { History, HistoryScorer, SavedModel } from '../../model/model.ts';
import { addSquare, dotAt, solverOf } from '../../numeric/linear-algebra.ts';
import { pairwise } from '../../numeric/pairwise.ts';
import { sampleOf } from '../../numeric/fixed-sample.ts';
import { neumfNetwork } from './plain.ts';
import { neumfShape } from './shape.ts';

/** Unseen items that a history is set against: the same ones each time. */
const NEGATIVES = 128;
/** Newton steps: somebody known starts where training has left them, somebody new at the mean of all. */
const STEPS = { known: 1, new: 6 } as const;
/** Of the curvature's mean: how much a row is held where it is, so that no step leaves what the network has learned. */
const HELD = 0.1;

/** The loss's derivatives by the row, at a row. */
interface Slope {
  readonly gradient: Float64Array;
  /** [width, width], lower triangle. */
  readonly curvature: Float64Array;
}

/** What the network says of an item at a row: the logit, and its gradient by the row, [width]. */
interface Logit {
  readonly score: number;
  readonly gradient: Float64Array;
}

interface Start {
  readonly user: number;
  readonly row: Float32Array;
  /** By item. */
  readonly logits: Map<number, Logit>;
  /** The loss's gradient by the row over the history as it is stored, [width]. */
  stored: Float64Array | null;
}

/**
 * NeuMF keeps a person as a row that no closed form gives. A changed history moves it by a few Newton steps on the model's
 * own loss over the history and a fixed sample of unseen items, the network and the items as they are: the gradient is
 * that of the changed history less that of the stored one, so that a history as it was leaves the row as it is.
 */
export function neumfHistory({ weights, parameters, train }: SavedModel): HistoryScorer {
  const network = neumfNetwork(weights, neumfShape(parameters), train.itemCount);
  const { width } = network;
  const users = weights['users'] as Float32Array;
  const sample = sampleOf(train.itemCount, NEGATIVES);
  const inPairs = parameters['loss'] === 'bpr';
  const copies = Number(parameters['negatives']);

  const mean = new Float32Array(width);
  for (let c = 0; c < width; c++) {
    let sum = 0;
    for (let at = c; at < users.length; at += width) sum += users[at];
    mean[c] = sum / Math.max(1, train.userCount);
  }
  /** The row that training left a user, [width]; the last one is kept, with what the network says of items there. */
  let known: Start | null = null;
  const startOf = (user: number): Start => {
    if (known?.user === user) return known;
    const row = users.slice(user * width, (user + 1) * width);
    return (known = { user, row, logits: new Map(), stored: null });
  };
  const storedHistory = (user: number): Uint32Array => {
    const { start, item } = train;
    return Uint32Array.from(new Set(item.subarray(start[user], start[user + 1])));
  };

  /** Logits of some items and their gradients by the row, [items, width]. */
  const logits = (row: Float32Array, of: ArrayLike<number>): { scores: Float64Array; rows: Float64Array } => {
    const kept = row === known?.row ? known.logits : new Map<number, Logit>();
    const score = network.forRow(row, 0);
    const logitOf = (item: number): Logit => {
      const gradient = new Float64Array(width);
      const value = score(item);
      network.writeGradient(gradient, 0);
      return { score: value, gradient };
    };
    const rows = new Float64Array(of.length * width);
    const scores = Float64Array.from(of, (item, n) => {
      const logit = kept.get(item) ?? logitOf(item);
      kept.set(item, logit);
      rows.set(logit.gradient, n * width);
      return logit.score;
    });
    return { scores, rows };
  };
  const slopeAt = (row: Float32Array, seen: ArrayLike<number>): Slope => {
    const gradient = new Float64Array(width);
    const curvature = new Float64Array(width * width);
    const has = new Set(Array.from(seen));
    const unseen = sample.filter((item) => !has.has(item));
    if (seen.length === 0 || unseen.length === 0) return { gradient, curvature };
    const wanted = logits(row, seen);
    const unwanted = logits(row, unseen);
    const add = (rows: Float64Array, n: number, factor: number): void => {
      for (let c = 0; c < width; c++) gradient[c] += factor * rows[n * width + c];
    };
    if (inPairs) {
      const pairs = pairwise(wanted.scores, unwanted.scores);
      const examples = seen.length * copies;
      pairs.push.forEach((push, n) => add(wanted.rows, n, -push * examples));
      pairs.pull.forEach((pull, n) => add(unwanted.rows, n, pull * examples));
      pairs.addCurvature(curvature, width, wanted.rows, unwanted.rows);
      for (let c = 0; c < curvature.length; c++) curvature[c] *= examples;
      return { gradient, curvature };
    }
    const weigh = ({ scores, rows }: typeof wanted, label: 0 | 1, weight: number): void =>
      scores.forEach((score, n) => {
        const likely = 1 / (1 + Math.exp(-score));
        add(rows, n, weight * (likely - label));
        addSquare(curvature, width, rows, n * width, weight * likely * (1 - likely));
      });
    weigh(wanted, 1, 1);
    weigh(unwanted, 0, (seen.length * copies) / unseen.length);
    return { gradient, curvature };
  };
  const solverAt = ({ curvature }: Slope): ((right: Float64Array) => Float64Array) => {
    let trace = 0;
    for (let c = 0; c < width; c++) trace += curvature[c * width + c];
    const held = curvature.slice();
    for (let c = 0; c < width; c++) held[c * width + c] += (HELD * trace) / width + 1e-9;
    return solverOf(held, width);
  };
  const rowOf = ({ items }: History, user: number | null): Float32Array => {
    const start = user === null ? null : startOf(user);
    if (start) start.stored ??= slopeAt(start.row, storedHistory(start.user)).gradient;
    let row = start?.row ?? mean;
    for (let step = 0; step < (user === null ? STEPS.new : STEPS.known); step++) {
      const slope = slopeAt(row, items);
      const change = slope.gradient.map((value, c) => value - (start?.stored?.[c] ?? 0));
      const direction = solverAt(slope)(change);
      row = row.map((value, c) => value - direction[c]);
    }
    return row;
  };
  const scoresOf = (row: Float32Array): Float32Array => {
    const score = network.forRow(row, 0);
    const scores = new Float32Array(train.itemCount);
    for (let item = 0; item < scores.length; item++) scores[item] = score(item);
    return scores;
  };
  return {
    method: 'leave-one-out',
    how: `The person’s row takes a step of Newton’s method (${STEPS.new} for somebody new) towards the changed history, against ${NEGATIVES} unseen items that stay the same; the network and the items stay as they are.`,
    slow: true,
    score: (history, user) => scoresOf(rowOf(history, user)),
    leftOut(history, user, item, most) {
      const row = user === null ? mean : startOf(user).row;
      const solve = solverAt(slopeAt(row, history.items));
      const target = logits(row, [item]).rows;
      const towards = solve(target);
      const { scores, rows } = logits(row, history.items);
      // By how much each item pulls the row towards the target.
      const weight = scores.map((score, n) => dotAt(rows, n * width, towards, width) / (1 + Math.exp(score)));
      return strongest(weight, most).map((place) => {
        const left = rowOf(without(history, place), user);
        return { place, score: network.forRow(left, 0)(item), scores: () => scoresOf(left) };
      });
    },
  };
}
