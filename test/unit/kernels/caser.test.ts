import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Parameters } from '../../../shared/config.ts';
import { createCaser } from '../../../main/models/caser/fused.ts';
import { createCaserCore } from '../../../main/models/caser/fused-core.ts';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import { packPieces } from '../../../main/kernels/pieces.ts';
import { packRows } from '../../../main/kernels/packing.ts';
import type { RowPart } from '../../../main/kernels/packing.ts';
import { caser } from '../../../main/models/caser/definition.ts';
import { caserShape, initialCaser } from '../../../main/models/caser/shape.ts';
import type { TrainableModel } from '../../../main/model/model.ts';
import {
  caserState,
  denseShapes,
  sampledLoss,
  softmaxLoss,
} from '../../../main/models/caser/tensorflow-network.ts';
import { lossAndGradients } from '../../../main/tensorflow/gradients.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { Random } from '../../../main/numeric/random.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import type { TensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import { caserGradients } from '../../../main/models/caser/kernels.generated.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { randomHistories, relativeDifference, toyRatings } from '../../fixtures/toy-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

let one: Kernels;
let two: Kernels;
let tfjs: TensorFlow;
beforeAll(async () => {
  one = await testKernels({ threads: 1 });
  two = await testKernels({ threads: 2 });
  tfjs = await loadTensorFlow('cpu');
}, 60_000);
afterAll(() => {
  one.dispose();
  two.dispose();
});

const USERS = 23;
const ITEMS = 31;
const NO_ROW = 0xffffffff;
/** Some histories are shorter than a window, one is empty. */
const train = toyRatings(
  randomHistories(USERS, ITEMS, (u) => (u * 5) % 17),
  ITEMS,
);
const small = {
  embeddingSize: 6,
  length: 4,
  targets: 2,
  horizontalFilters: 5,
  verticalFilters: 3,
  dropout: 0,
};
const parametersOf = (set: Parameters): Parameters => resolveParameters(caser, { ...small, ...set });
const contextOf = (set: Parameters, seed = 3) => ({ train, parameters: parametersOf(set), seed });

/** First weights far from zero, biases too, so that nothing hides near 0. */
function strongWeights(parameters: Parameters): ModelState {
  const random = new Random(11, 'init');
  const weights = initialCaser(caserShape(parameters), USERS, ITEMS, parameters, random);
  for (const values of Object.values(weights)) random.fillNormal(values as Float32Array, 0.5);
  return weights;
}

interface Batch {
  readonly users: number[];
  /** [windows · L] and [windows · T], item + 1, 0: padding. */
  readonly items: number[];
  readonly targets: number[];
  /** [windows · T · n] */
  readonly negatives: number[];
}

function batchOf(windows: number, parameters: Parameters): Batch {
  const random = new Random(5, 'shuffle');
  const { length, targets, negatives } = parameters as Record<string, number>;
  const many = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw);
  const batch = {
    users: many(windows, () => random.below(USERS)),
    items: many(windows * length, () => random.below(ITEMS + 1)),
    targets: many(windows * targets, () => 1 + random.below(ITEMS)),
    negatives: many(windows * targets * negatives, () => random.below(ITEMS)),
  };
  // A window of padding at the left: its places tie.
  batch.items.fill(0, 0, length - 1);
  return batch;
}

interface Gradients {
  loss: number;
  users: Float32Array;
  items: Float32Array;
  output: Float32Array;
  dense: ModelState;
}

function fusedGradients(set: Parameters, batch: Batch, spoil = false): Gradients {
  const context = contextOf({ ...set, batchSize: 1000 });
  const core = createCaserCore(context, two);
  core.setWeights(strongWeights(context.parameters));
  const { fields, block, layout, stateWidth, rowParts, outputParts, targetSlots, columns, ...buffers } =
    core.probe;
  const { shards, shardWindows, length, targets, negatives } = fields;
  const windows = batch.users.length;
  const each = Math.ceil(windows / shards);
  const slotOf = (w: number): number => Math.floor(w / each) * shardWindows + (w % each);
  for (const ids of [buffers.batchUsers, buffers.batchItems, buffers.batchTargets]) ids.data.fill(NO_ROW);
  const softmax = context.parameters['loss'] === 'softmax';
  const outputRows: number[] = [];
  const outputSlots: number[] = [];
  for (let w = 0; w < windows; w++) {
    const slot = slotOf(w);
    buffers.batchUsers.data[slot] = batch.users[w];
    for (let l = 0; l < length; l++) buffers.batchItems.data[slot * length + l] = batch.items[w * length + l];
    const rows = batch.targets
      .slice(w * targets, (w + 1) * targets)
      .map((target) => (target === 0 ? NO_ROW : target - 1));
    if (!softmax) rows.push(...batch.negatives.slice(w * targets * negatives, (w + 1) * targets * negatives));
    rows.forEach((row, n) => {
      buffers.batchTargets.data[slot * targetSlots + n] = row;
      outputRows.push(row);
      outputSlots.push(slot * targetSlots + n);
    });
  }
  block.set('given', 1);
  if (spoil) block.set('verticalBias', fields.verticalBias - 16);
  two.run(caserGradients, { block: block.at, windows });

  const scatter = (
    out: Float32Array,
    width: number,
    row: number,
    from: Float32Array,
    at: number,
    parts: readonly RowPart[],
    factor = 1,
  ): void => {
    let to = row * width;
    for (const part of parts)
      for (let k = 0; k < part.width; k++) out[to++] += factor * from[at + part.from + k];
  };
  const { size } = core.shape;
  const users = new Float32Array(USERS * size);
  const items = new Float32Array((ITEMS + 1) * size);
  const output = new Float32Array(ITEMS * (2 * size + 1));
  batch.users.forEach((user, w) =>
    scatter(users, size, user, buffers.userGradients.data, slotOf(w) * layout.width, rowParts),
  );
  batch.items.forEach((item, n) => {
    const slot = slotOf(Math.floor(n / length)) * length + (n % length);
    scatter(items, size, item, buffers.itemGradients.data, slot * layout.width, rowParts);
  });
  const toOutput = (row: number, slot: number, g: number): void =>
    scatter(output, 2 * size + 1, row, buffers.states.data, slot * stateWidth, outputParts, g);
  if (softmax) {
    for (let w = 0; w < windows; w++)
      for (let i = 0; i < ITEMS; i++) toOutput(i, slotOf(w), buffers.scores.data[slotOf(w) * columns + i]);
  } else {
    outputRows.forEach((row, n) => {
      const at = outputSlots[n];
      if (row !== NO_ROW) toOutput(row, Math.floor(at / targetSlots), buffers.targetGradients.data[at]);
    });
  }
  const sums = new Float32Array(layout.size);
  const parts = new Float32Array(two.memory.memory.buffer, fields.shardGradients, layout.size * shards);
  parts.forEach((value, k) => (sums[k % layout.size] += value));
  const result = {
    loss: buffers.takeLoss() / (windows * targets),
    users,
    items,
    output,
    dense: packPieces(layout.pieces, sums),
  };
  core.dispose();
  return result;
}

function autodiffGradients(set: Parameters, batch: Batch): Gradients {
  const { tf } = tfjs;
  const parameters = parametersOf(set);
  const shape = caserShape(parameters);
  const { targets, negatives } = parameters as Record<string, number>;
  const weights = strongWeights(parameters);
  const shapes = denseShapes(shape);
  const matrix = (name: string, width: number): Tensor2D =>
    tf.tensor2d(weights[name] as Float32Array, [weights[name].length / width, width]);
  const inputs: Tensor[] = [
    matrix('users', shape.size),
    matrix('items', shape.size),
    matrix('output', 2 * shape.size + 1),
    ...shapes.map(([name, of]) => tf.tensor(weights[name] as Float32Array, of)),
  ];
  const windows = batch.users.length;
  const gather = (table: Tensor, rows: readonly number[]): Tensor2D =>
    tf.gather(table, tf.tensor1d([...rows], 'int32')) as Tensor2D;
  const { loss, gradients } = lossAndGradients(tf, inputs, (u, i, o, ...dense) => {
    const state = caserState(tf, shape, gather(u, batch.users), gather(i, batch.items), dense, null);
    if (parameters['loss'] === 'softmax') {
      const counts = new Float32Array(windows * ITEMS);
      batch.targets.forEach((target, n) => {
        if (target > 0) counts[Math.floor(n / targets) * ITEMS + target - 1]++;
      });
      return softmaxLoss(tf, state, o as Tensor2D, tf.tensor2d(counts, [windows, ITEMS]), targets);
    }
    const rows = batch.users.flatMap((_, w) => [
      ...batch.targets.slice(w * targets, (w + 1) * targets).map((target) => Math.max(0, target - 1)),
      ...batch.negatives.slice(w * targets * negatives, (w + 1) * targets * negatives),
    ]);
    const valid = tf.tensor2d(
      batch.targets.map((target) => Math.min(1, target)),
      [windows, targets],
    );
    return sampledLoss(tf, state, gather(o, rows), valid, negatives, parameters['loss'] as 'log' | 'bpr');
  });
  const [users, items, output, ...dense] = gradients;
  return {
    loss,
    users,
    items,
    output,
    dense: Object.fromEntries(shapes.map(([name], k) => [name, dense[k]])),
  };
}

function worstDifference(a: Gradients, b: Gradients): number {
  const dense = Object.keys(b.dense).map((name) =>
    relativeDifference(a.dense[name] as Float32Array, b.dense[name] as Float32Array),
  );
  const tables = (['users', 'items', 'output'] as const).map((name) => relativeDifference(a[name], b[name]));
  return Math.max(...tables, ...dense);
}

describe('the Caser kernel', () => {
  const cases: [string, Parameters][] = [
    ['log loss', { loss: 'log', negatives: 3 }],
    ['BPR, one target', { loss: 'bpr', negatives: 1, targets: 1 }],
    ['BPR, two negatives', { loss: 'bpr', negatives: 2 }],
    ['softmax', { loss: 'softmax' }],
    [
      'even sizes, window of 5',
      { embeddingSize: 8, horizontalFilters: 8, length: 5, loss: 'log', targets: 3 },
    ],
    ['a window of one', { length: 1, loss: 'bpr' }],
  ];
  it.each(cases)('has the gradients of autodiff: %s', (_, set) => {
    const parameters = parametersOf(set);
    for (const windows of [1, 43, 59]) {
      const batch = batchOf(windows, parameters);
      // A target that is padding counts for nothing.
      if (windows > 1) batch.targets[0] = 0;
      const fused = fusedGradients(set, batch);
      const truth = autodiffGradients(set, batch);
      expect(fused.loss).toBeCloseTo(truth.loss, 4);
      expect(worstDifference(fused, truth)).toBeLessThan(1e-5);
    }
    expect(two.memory.brokenGuards()).toEqual([]);
  });

  it('is caught when it reads a wrong weight', () => {
    const set = { loss: 'log' };
    const batch = batchOf(43, parametersOf(set));
    expect(worstDifference(fusedGradients(set, batch, true), autodiffGradients(set, batch))).toBeGreaterThan(
      1e-3,
    );
  });
});

const quiet = (): Promise<void> => Promise.resolve();
async function trained(kernels: Kernels, set: Parameters, epochs: number): Promise<TrainableModel> {
  const model = await createCaser(contextOf({ batchSize: 40, learningRate: 0.01, ...set }), kernels);
  for (let epoch = 1; epoch <= epochs; epoch++) await model.trainEpoch(epoch, quiet);
  return model;
}

describe('fused Caser', () => {
  const settings: [string, Parameters][] = [
    ['log loss, dropout, lazy rows', { dropout: 0.5 }],
    ['BPR, all rows', { loss: 'bpr', updates: 'dense', regularization: 0.001 }],
    ['softmax', { loss: 'softmax', dropout: 0.2 }],
    ['dynamic sampling', { sampler: 'dynamic' }],
  ];
  it.each(settings)('gives the same bits on one and on two threads: %s', async (_, set) => {
    const a = await trained(one, set, 3);
    const b = await trained(two, set, 3);
    expect(b.state()).toEqual(a.state());
    expect(Object.values(a.weights()).every((values) => values.every(Number.isFinite))).toBe(true);
    a.dispose();
    b.dispose();
  });

  it('goes on after a restore as if it had not been stopped', async () => {
    const model = await trained(two, { dropout: 0.3 }, 2);
    const state = model.state();
    const first = await model.trainEpoch(3, quiet);
    const after = model.state();
    model.restore(state);
    expect(await model.trainEpoch(3, quiet)).toEqual(first);
    expect(model.state()).toEqual(after);
    model.dispose();
  });

  it('scores as its stored weights do in plain code', async () => {
    const model = await trained(two, { dropout: 0.3 }, 3);
    const plain = caser.scorer({ weights: model.weights(), parameters: parametersOf({}), train });
    const users = Uint32Array.from({ length: USERS }, (_, u) => u);
    const [a, b] = [new Float32Array(USERS * ITEMS), new Float32Array(USERS * ITEMS)];
    await model.scorer().scoreUsers(users, a);
    await plain.scoreUsers(users, b);
    expect(relativeDifference(a, b)).toBeLessThan(1e-5);
    expect(two.memory.brokenGuards()).toEqual([]);
    model.dispose();
  });

  it('draws negatives from the train part’s complement alone; dynamic sampling takes the hardest', async () => {
    const set = { batchSize: 100_000, sampler: 'dynamic', hardestOf: 64, negatives: 1, learningRate: 1e-6 };
    const core = createCaserCore(contextOf(set), two);
    core.setWeights(strongWeights(parametersOf(set)));
    await core.trainEpoch(1, () => Promise.resolve());
    const { batchUsers, batchTargets, states, stateWidth, outputParts, targetSlots } = core.probe;
    const slots = batchUsers.data.length;
    const state = packRows(states.data, slots, stateWidth, outputParts);
    const output = core.weights()['output'] as Float32Array;
    const width = 2 * small.embeddingSize + 1;
    let drawn = 0;
    let hardest = 0;
    batchUsers.data.forEach((user, slot) => {
      if (user === NO_ROW) return;
      const own = new Set(train.item.subarray(train.start[user], train.start[user + 1]));
      const score = (item: number): number =>
        Array.from({ length: width }, (_, k) => state[slot * width + k] * output[item * width + k]).reduce(
          (a, b) => a + b,
        );
      const others = Array.from({ length: ITEMS }, (_, i) => i).filter((i) => !own.has(i));
      const highest = Math.max(...others.map(score));
      for (const negative of batchTargets.data.subarray(
        slot * targetSlots + small.targets,
        (slot + 1) * targetSlots,
      )) {
        if (negative === NO_ROW) continue;
        drawn++;
        expect(own.has(negative)).toBe(false);
        if (highest - score(negative) < 1e-4) hardest++;
      }
    });
    // 64 draws of some 22 items miss a given one in 5 % of the cases.
    expect(hardest / drawn).toBeGreaterThan(0.85);
    core.dispose();
  });

  it.each(['log', 'bpr', 'softmax'])('learns an order that no model without order can: %s', async (loss) => {
    // Everybody walks the same ring of 12 items from another place, so all have all items but the last: the order
    // alone says which one comes next.
    const ring = toyRatings(
      Array.from({ length: 48 }, (_, u) => Array.from({ length: 9 }, (_, n) => (u + n) % 12)),
      12,
    );
    const parameters = parametersOf({ loss, targets: 1, batchSize: 32, learningRate: 0.01 });
    const model = await createCaser({ train: ring, parameters, seed: 1 }, two);
    for (let epoch = 1; epoch <= 30; epoch++) await model.trainEpoch(epoch, quiet);
    const scores = new Float32Array(48 * 12);
    await model.scorer().scoreUsers(
      Uint32Array.from({ length: 48 }, (_, u) => u),
      scores,
    );
    let first = 0;
    for (let u = 0; u < 48; u++) {
      const unseen = [9, 10, 11].map((n) => scores[u * 12 + ((u + n) % 12)]);
      if (unseen[0] > unseen[1] && unseen[0] > unseen[2]) first++;
    }
    expect(first).toBeGreaterThanOrEqual(46);
    model.dispose();
  });
});
