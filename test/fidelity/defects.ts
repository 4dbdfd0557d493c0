/**
 * What the book's evaluation and its NeuMF do to a figure, shown with figures of our own: a sigmoid before the BPR loss
 * collapses the scorer, and ranking `num_users` ids instead of all items puts part of the test items out of reach.
 */
import * as v from 'valibot';
import type { Tensor2D } from '@tensorflow/tfjs';
import { RunConfig, type Parameters } from '../../shared/config.ts';
import { TEST, TRAIN, selectRows, usersOfRows, type Ratings } from '../../main/ratings/ratings.ts';
import { evaluate } from '../../main/evaluation/evaluate.ts';
import { makeSplit } from '../../main/evaluation/splits/make-split.ts';
import type { Scorer } from '../../main/model/model.ts';
import { initialNeumf, layerSizes, neumfShape } from '../../main/models/neumf/shape.ts';
import { findPreset } from '../../main/models/presets.ts';
import { findModel } from '../../main/models/registry.ts';
import { neumfLogits } from '../../main/models/neumf/tensorflow.ts';
import { DenseParameter } from '../../main/tensorflow/dense.ts';
import { lossAndGradients } from '../../main/tensorflow/gradients.ts';
import { resolveParameters } from '../../main/model/parameters.ts';
import { Random } from '../../main/numeric/random.ts';
import { EmbeddingTable } from '../../main/tensorflow/tables.ts';
import { loadTensorFlow } from '../../main/tensorflow/tensorflow.ts';
import { loadData, type FidelityData } from './data.ts';
import type { ModelState } from '../../main/numeric/state.ts';

export interface Defects {
  /** Same network and optimizer; only what the loss is taken of differs. */
  readonly neumf: readonly NeumfDefect[];
  /** Share of test items whose id is not among the ids that the book ranks. */
  readonly unreachable: number;
  readonly tests: number;
}

export interface NeumfDefect {
  readonly loss: 'of sigmoids (book)' | 'of logits';
  readonly finalLoss: number;
  /** Mean over users of the largest minus the smallest score. */
  readonly spread: number;
  /** By the book's evaluator: ids 0 … users − 1 ranked, ties in order of id. */
  readonly bookHit50: number;
  readonly bookAuc: number;
  /** All items ranked, ties by expectation. */
  readonly hit50: number;
  readonly auc: number;
}

export async function measureDefects(seed: number): Promise<Defects> {
  const data = loadData('ml-100k');
  const config = v.parse(RunConfig, {
    model: 'neumf',
    split: { name: 'leave-last-out', ties: 'first', validation: 'none' },
    evaluation: {},
  });
  const split = makeSplit(data.ratings, config.split);
  const train = selectRows(data.ratings, (row) => split.part[row] === TRAIN);
  const neumf: NeumfDefect[] = [];
  for (const loss of ['of sigmoids (book)', 'of logits'] as const) {
    const { scorer, finalLoss } = await trainBookNeumf(train, seed, loss);
    const scores = await allScores(scorer, data.ratings);
    const { metrics } = await evaluate({
      ...{ ratings: data.ratings, split, part: 'test', scorer, kind: 'ranking' },
      config: config.evaluation,
    });
    neumf.push({
      ...{
        loss,
        finalLoss,
        spread: meanSpread(scores, data.ratings),
        hit50: metrics['hr@50'],
        auc: metrics['auc'],
      },
      ...bookEvaluation(scores, data, split.part),
    });
  }
  const tests = [...data.ratings.item].filter((_, row) => split.part[row] === TEST);
  const unreachable = tests.filter((item) => data.itemIds[item] - 1 >= data.ratings.userCount).length;
  return { neumf, unreachable: unreachable / tests.length, tests: tests.length };
}

/** The book's NeuMF (preset d2l-neumf), with BPR on σ(x⁺) − σ(x⁻) as the book has it, or on x⁺ − x⁻. */
async function trainBookNeumf(
  train: Ratings,
  seed: number,
  loss: NeumfDefect['loss'],
): Promise<{ scorer: Scorer; finalLoss: number }> {
  const definition = findModel('neumf');
  const preset = findPreset('d2l-neumf');
  if (!definition || !preset) throw new Error('there is no preset d2l-neumf');
  // The book starts every layer with N(0, .01); our preset starts the dense ones with Xavier's rule.
  const parameters = resolveParameters(definition, { ...preset.parameters, initialization: 'normal' });
  const { tf } = await loadTensorFlow('tensorflow').catch(() => loadTensorFlow('wasm'));
  const { userCount, itemCount } = train;
  const shape = neumfShape(parameters);
  const first = initialNeumf(shape, userCount, itemCount, parameters, new Random(seed, 'init'));
  const optimizer = optimizerOf(parameters);
  const width = shape.gmf + shape.mlp;
  const tables = [
    new EmbeddingTable(userCount, width, optimizer),
    new EmbeddingTable(itemCount, width, optimizer),
  ];
  tables[0].values.set(first['users']);
  tables[1].values.set(first['items']);
  const sizes = layerSizes(shape).flatMap(({ inputs, outputs }) => [[inputs, outputs], [outputs]]);
  const headUnits = shape.gmf + (shape.layers.at(-1) ?? 0);
  const names = [...shape.layers.flatMap((_, l) => [`layer${l}`, `bias${l}`]), 'head', 'headBias'];
  const dense = [...sizes, [headUnits, 1], [1]].map((of) => new DenseParameter(of, optimizer));
  dense.forEach((parameter, k) => parameter.values.set(first[names[k]]));

  const seen = new Set<number>();
  const users = usersOfRows(train);
  users.forEach((user, row) => seen.add(user * itemCount + train.item[row]));
  const shuffle = new Random(seed, 'shuffle');
  const negatives = new Random(seed, 'negatives');
  const batchSize = Number(parameters['batchSize']);
  let finalLoss = Number.NaN;
  for (let epoch = 1; epoch <= Number(parameters['epochs']); epoch++) {
    const order = shuffle.permutation(users.length);
    let sum = 0;
    for (let from = 0; from < order.length; from += batchSize) {
      const batch = order.subarray(from, from + batchSize);
      const user = Uint32Array.from(batch, (row) => users[row]);
      const negative = user.map((u) => {
        let item = negatives.below(itemCount);
        while (seen.has(u * itemCount + item)) item = negatives.below(itemCount);
        return item;
      });
      const items = new Uint32Array([...batch].map((row) => train.item[row]).concat([...negative]));
      const twice = new Uint32Array([...user, ...user]);
      const inputs = [
        tables[0].gather(tf, twice),
        tables[1].gather(tf, items),
        ...dense.map((one) => one.tensor(tf)),
      ];
      const result = lossAndGradients(tf, inputs, (u, i, ...weights) => {
        const logits = neumfLogits(tf, shape, u as Tensor2D, i as Tensor2D, weights);
        const scores = loss === 'of logits' ? logits : tf.sigmoid(logits);
        const [above, below] = tf.split(scores, 2);
        return tf.mean(tf.softplus(tf.sub(below, above)));
      });
      tables[0].apply(twice, result.gradients[0]);
      tables[1].apply(items, result.gradients[1]);
      dense.forEach((parameter, k) => parameter.apply(result.gradients[2 + k]));
      sum += result.loss * batch.length;
    }
    finalLoss = sum / order.length;
  }
  const weights: ModelState = { ...first, users: tables[0].values, items: tables[1].values };
  dense.forEach((parameter, k) => (weights[names[k]] = parameter.values));
  return { scorer: definition.scorer({ weights, parameters, train }), finalLoss };
}

function optimizerOf(parameters: Parameters): ConstructorParameters<typeof EmbeddingTable>[2] {
  const learningRate = Number(parameters['learningRate']);
  return { learningRate, regularization: Number(parameters['regularization']), mode: 'dense' };
}

async function allScores(scorer: Scorer, { userCount, itemCount }: Ratings): Promise<Float32Array> {
  const scores = new Float32Array(userCount * itemCount);
  await scorer.scoreUsers(
    Uint32Array.from({ length: userCount }, (_, u) => u),
    scores,
  );
  return scores;
}

function meanSpread(scores: Float32Array, { userCount, itemCount }: Ratings): number {
  let sum = 0;
  for (let u = 0; u < userCount; u++) {
    const row = scores.subarray(u * itemCount, (u + 1) * itemCount);
    sum += row.reduce((a, b) => Math.max(a, b)) - row.reduce((a, b) => Math.min(a, b));
  }
  return sum / userCount;
}

/** Hit@50 and AUC as chapter 21 takes them: ids below the number of users, without the train items, ties by id. */
function bookEvaluation(
  scores: Float32Array,
  { ratings, itemIds }: FidelityData,
  part: Uint8Array,
): { bookHit50: number; bookAuc: number } {
  const { start, item, userCount, itemCount } = ratings;
  const indexOfId = new Map(itemIds.map((id, index) => [id - 1, index]));
  let hits = 0;
  let auc = 0;
  for (let u = 0; u < userCount; u++) {
    const trained = new Set<number>();
    let test = -1;
    for (let row = start[u]; row < start[u + 1]; row++) {
      if (part[row] === TEST) test = item[row];
      else trained.add(item[row]);
    }
    const ranked: number[] = [];
    for (let id = 0; id < userCount; id++) {
      const index = indexOfId.get(id);
      if (index !== undefined && !trained.has(index)) ranked.push(index);
    }
    const scoreOf = (index: number): number => scores[u * itemCount + index];
    ranked.sort((a, b) => scoreOf(b) - scoreOf(a));
    const place = ranked.indexOf(test);
    if (place < 0) continue;
    if (place < 50) hits++;
    auc += (ranked.length - 1 - place) / (ranked.length - 1);
  }
  return { bookHit50: hits / userCount, bookAuc: auc / userCount };
}
