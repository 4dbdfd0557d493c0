import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { Parameters } from '../../../shared/config.ts';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import { createNeumf } from '../../../main/models/neumf/fused.ts';
import { createNeumfCore } from '../../../main/models/neumf/fused-core.ts';
import { packPieces } from '../../../main/kernels/pieces.ts';
import type { TrainableModel, TrainingContext } from '../../../main/model/model.ts';
import { neumf } from '../../../main/models/neumf/definition.ts';
import { initialNeumf, neumfShape } from '../../../main/models/neumf/shape.ts';
import { neumfLogits, neumfLoss } from '../../../main/models/neumf/tensorflow.ts';
import { lossAndGradients } from '../../../main/tensorflow/gradients.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { Random } from '../../../main/numeric/random.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import type { TensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import { neumfGradients } from '../../../main/models/neumf/kernels.generated.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { checkerboard, randomHistories, relativeDifference, toyRatings } from '../../fixtures/toy-ratings.ts';
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

const train = toyRatings(
  randomHistories(37, 41, (u) => 3 + (u % 7)),
  41,
);
const parametersOf = (set: Parameters): Parameters =>
  resolveParameters(neumf, { embeddingSize: 6, mlpEmbeddingSize: 5, layers: '10,7', ...set });
const contextOf = (set: Parameters, seed = 3) => ({ train, parameters: parametersOf(set), seed });

/** First weights far from zero, biases too, so that nothing hides near 0. */
function strongWeights({ parameters, train: of }: TrainingContext): ModelState {
  const random = new Random(11, 'init');
  const weights = initialNeumf(neumfShape(parameters), of.userCount, of.itemCount, parameters, random);
  for (const values of Object.values(weights)) random.fillNormal(values as Float32Array, 0.5);
  return weights;
}

interface Gradients {
  loss: number;
  users: Float32Array;
  items: Float32Array;
  dense: ModelState;
}

/** The kernel's loss and gradients of a batch (users [groups], items [groups · groupSize]). */
function fusedGradients(set: Parameters, users: number[], items: number[], spoil = false): Gradients {
  const context = contextOf({ ...set, batchSize: 2000 });
  const core = createNeumfCore(context, two, strongWeights(context));
  const {
    block,
    layout,
    batchUsers,
    batchItems,
    userGradients,
    itemGradients,
    shardGroups,
    fields,
    takeLoss,
  } = core.probe;
  const { groupSize } = fields;
  const each = Math.ceil(users.length / fields.shards);
  batchUsers.data.fill(0xffffffff);
  batchItems.data.fill(0xffffffff);
  const slotOf = (g: number): number => Math.floor(g / each) * shardGroups + (g % each);
  users.forEach((user, g) => {
    batchUsers.data[slotOf(g)] = user;
    for (let j = 0; j < groupSize; j++) batchItems.data[slotOf(g) * groupSize + j] = items[g * groupSize + j];
  });
  block.set('given', 1);
  if (spoil) block.set('headBias', fields.headBias - 64);
  two.run(neumfGradients, { block: block.at, groups: users.length });
  const stride = layout.gmf + layout.mlp;
  const scatter = (gradients: Float32Array, slots: number[], rows: number[], count: number): Float32Array => {
    const width = layout.rowParts[0].width + layout.rowParts[1].width;
    const out = new Float32Array(count * width);
    slots.forEach((slot, n) => {
      let to = rows[n] * width;
      for (const part of layout.rowParts)
        for (let k = 0; k < part.width; k++) out[to++] += gradients[slot * stride + part.from + k];
    });
    return out;
  };
  const sums = new Float32Array(layout.size);
  const shards = new Float32Array(
    two.memory.memory.buffer,
    fields.shardGradients,
    layout.size * fields.shards,
  );
  shards.forEach((value, k) => (sums[k % layout.size] += value));
  const dense = packPieces(layout.pieces, sums);
  const itemSlots = items.map((_, n) => slotOf(Math.floor(n / groupSize)) * groupSize + (n % groupSize));
  const result = {
    loss: takeLoss(),
    users: scatter(
      userGradients.data,
      users.map((_, g) => slotOf(g)),
      users,
      37,
    ),
    items: scatter(itemGradients.data, itemSlots, items, 41),
    dense,
  };
  core.dispose();
  return result;
}

/** The same by tfjs autodiff. */
function autodiffGradients(set: Parameters, users: number[], items: number[]): Gradients {
  const { tf } = tfjs;
  const parameters = parametersOf(set);
  const shape = neumfShape(parameters);
  const weights = strongWeights(contextOf(set));
  const width = shape.gmf + shape.mlp;
  const groupSize = items.length / users.length;
  const names = Object.keys(weights).filter((name) => name !== 'users' && name !== 'items');
  const shapeOf = (name: string): number[] =>
    name === 'head'
      ? [weights[name].length, 1]
      : name.startsWith('layer')
        ? [
            weights[name].length / weights[name.replace('layer', 'bias')].length,
            weights[name.replace('layer', 'bias')].length,
          ]
        : [weights[name].length];
  const inputs = [
    tf.tensor2d(weights['users'] as Float32Array, [37, width]),
    tf.tensor2d(weights['items'] as Float32Array, [41, width]),
    ...names.map((name) => tf.tensor(weights[name] as Float32Array, shapeOf(name))),
  ];
  const { loss, gradients } = lossAndGradients(tf, inputs, (p, q, ...dense) => {
    const of = tf.tensor1d(
      items.map((_, n) => users[Math.floor(n / groupSize)]),
      'int32',
    );
    const logits = neumfLogits(
      tf,
      shape,
      tf.gather(p, of) as Tensor2D,
      tf.gather(q, tf.tensor1d(items, 'int32')) as Tensor2D,
      dense,
    );
    return neumfLoss(tf, logits, groupSize, parameters['loss'] as 'log' | 'bpr');
  });
  return {
    loss,
    users: gradients[0],
    items: gradients[1],
    dense: Object.fromEntries(names.map((name, k) => [name, gradients[2 + k]])),
  };
}

function batchOf(groups: number, groupSize: number): { users: number[]; items: number[] } {
  const random = new Random(5, 'shuffle');
  return {
    users: Array.from({ length: groups }, () => random.below(37)),
    items: Array.from({ length: groups * groupSize }, () => random.below(41)),
  };
}

function worstDifference(a: Gradients, b: Gradients): number {
  const dense = Object.keys(b.dense).map((name) =>
    relativeDifference(a.dense[name] as Float32Array, b.dense[name] as Float32Array),
  );
  return Math.max(relativeDifference(a.users, b.users), relativeDifference(a.items, b.items), ...dense);
}

describe('the NeuMF kernel', () => {
  const cases: [string, Parameters][] = [
    ['log loss, 4 negatives', { loss: 'log', negatives: 4 }],
    ['log loss, 6 negatives', { loss: 'log', negatives: 6 }],
    ['BPR, 1 negative', { loss: 'bpr', negatives: 1 }],
    ['BPR, 3 negatives, one layer', { loss: 'bpr', negatives: 3, layers: '9' }],
    ['GMF alone', { mode: 'gmf', loss: 'log', negatives: 4 }],
    ['MLP alone', { mode: 'mlp', loss: 'log', negatives: 2, layers: '12,8,4' }],
    ['even sizes', { embeddingSize: 8, mlpEmbeddingSize: 8, layers: '16,8', loss: 'log', negatives: 4 }],
  ];
  it.each(cases)('has the gradients of autodiff: %s', (_, set) => {
    const groupSize = 1 + Number(set['negatives']);
    for (const groups of [1, 53, 203]) {
      const { users, items } = batchOf(groups, groupSize);
      const fused = fusedGradients(set, users, items);
      const truth = autodiffGradients(set, users, items);
      const terms = set['loss'] === 'bpr' ? groups * (groupSize - 1) : groups * groupSize;
      expect(fused.loss / terms).toBeCloseTo(truth.loss, 5);
      expect(worstDifference(fused, truth)).toBeLessThan(1e-5);
    }
    expect(two.memory.brokenGuards()).toEqual([]);
  });

  it('is caught when it reads a wrong weight', () => {
    const set = { loss: 'log', negatives: 4 };
    const { users, items } = batchOf(53, 5);
    const difference = worstDifference(
      fusedGradients(set, users, items, true),
      autodiffGradients(set, users, items),
    );
    expect(difference).toBeGreaterThan(1e-3);
  });
});

const quiet = (): Promise<void> => Promise.resolve();
async function trained(kernels: Kernels, set: Parameters, epochs: number): Promise<TrainableModel> {
  const model = await createNeumf(contextOf({ batchSize: 64, learningRate: 0.01, ...set }), kernels);
  for (let epoch = 1; epoch <= epochs; epoch++) await model.trainEpoch(epoch, quiet);
  return model;
}

describe('fused NeuMF', () => {
  const settings: [string, Parameters][] = [
    ['log loss, lazy rows', {}],
    ['BPR, all rows, decay', { loss: 'bpr', negatives: 1, updates: 'dense', regularization: 0.001 }],
    ['dynamic sampling, Adagrad', { sampler: 'dynamic', optimizer: 'adagrad' }],
    ['popularity sampling, SGD', { sampler: 'popularity', optimizer: 'sgd' }],
    ['pre-training', { pretrain: true, pretrainEpochs: 2, alpha: 0.3 }],
  ];
  it.each(settings)('gives the same bits on one and on two threads: %s', async (_, set) => {
    const a = await trained(one, set, 3);
    const b = await trained(two, set, 3);
    expect(b.state()).toEqual(a.state());
    a.dispose();
    b.dispose();
  });

  it('goes on after a restore as if it had not been stopped', async () => {
    const model = await trained(two, {}, 2);
    const state = model.state();
    const first = await model.trainEpoch(3, quiet);
    const after = model.state();
    model.restore(state);
    expect(await model.trainEpoch(3, quiet)).toEqual(first);
    expect(model.state()).toEqual(after);
    model.dispose();
  });

  it('scores as its stored weights do in plain code, for all items and for pairs', async () => {
    const model = await trained(two, {}, 3);
    const plain = neumf.scorer({ weights: model.weights(), parameters: parametersOf({}), train });
    const users = Uint32Array.of(0, 36, 5);
    const [a, b] = [new Float32Array(3 * 41), new Float32Array(3 * 41)];
    await model.scorer().scoreUsers(users, a);
    await plain.scoreUsers(users, b);
    expect(relativeDifference(a, b)).toBeLessThan(1e-5);
    const items = Uint32Array.of(40, 0, 7);
    const pairs = await model.scorer().predict(users, items);
    expect(relativeDifference(pairs, [a[40], a[41], a[2 * 41 + 7]])).toBeLessThan(1e-5);
    model.dispose();
  });

  /** The user, the positive and the negatives of each group of the one batch of an epoch. */
  async function groupsOf(
    context: TrainingContext,
  ): Promise<{ user: number; positive: number; negatives: number[] }[]> {
    const core = createNeumfCore(context, two, strongWeights(context));
    await core.trainEpoch(1, quiet);
    const { batchUsers, batchItems, fields } = core.probe;
    const groups = [...batchUsers.data.entries()]
      .filter(([, user]) => user !== 0xffffffff)
      .map(([slot, user]) => {
        const from = slot * fields.groupSize;
        const [positive, ...negatives] = batchItems.data.slice(from, from + fields.groupSize);
        return { user, positive, negatives };
      });
    core.dispose();
    return groups;
  }
  const oneBatch = { batchSize: 100_000 };

  it.each<Parameters>([{}, { sampler: 'popularity' }, { sampler: 'dynamic' }])(
    'draws negatives from the train part’s complement alone, every positive once an epoch: %o',
    async (set) => {
      const seen = new Set<string>();
      for (let u = 0; u < 37; u++)
        for (let row = train.start[u]; row < train.start[u + 1]; row++) seen.add(`${u} ${train.item[row]}`);
      const positives = new Set<string>();
      for (const { user, positive, negatives } of await groupsOf(contextOf({ ...oneBatch, ...set }))) {
        positives.add(`${user} ${positive}`);
        for (const negative of negatives) expect(seen.has(`${user} ${negative}`)).toBe(false);
      }
      expect(positives).toEqual(seen);
    },
  );

  it('finds the one item that a user has not, though popularity never draws it', async () => {
    const parameters = parametersOf({ ...oneBatch, sampler: 'popularity' });
    const cold = { train: toyRatings([[0, 1, 2, 3], [1], []], 5), parameters, seed: 1 };
    const groups = (await groupsOf(cold)).filter(({ user }) => user === 0);
    expect(groups.map(({ negatives }) => negatives)).toEqual(Array.from({ length: 4 }, () => [4, 4, 4, 4]));
  });

  it('takes the hardest of many draws: the item of the complement that is scored highest', async () => {
    const context = contextOf({ ...oneBatch, sampler: 'dynamic', hardestOf: 64, negatives: 1 });
    const model = createNeumfCore(context, two, strongWeights(context));
    const scores = new Float32Array(37 * 41);
    await model.scorer().scoreUsers(
      Uint32Array.from({ length: 37 }, (_, u) => u),
      scores,
    );
    model.dispose();
    let hardest = 0;
    const groups = await groupsOf(context);
    for (const { user, negatives } of groups) {
      const own = new Set(train.item.subarray(train.start[user], train.start[user + 1]));
      const others = Array.from({ length: 41 }, (_, i) => i).filter((i) => !own.has(i));
      const highest = Math.max(...others.map((i) => scores[user * 41 + i]));
      if (scores[user * 41 + negatives[0]] === highest) hardest++;
    }
    // 64 draws of some 36 items miss a given one in 17 % of the cases.
    expect(hardest / groups.length).toBeGreaterThan(0.7);
  });

  it.each<Parameters>([{}, { loss: 'bpr' }, { mode: 'gmf' }, { mode: 'mlp' }])(
    'learns a checkerboard: %o',
    async (set) => {
      const { histories, missing } = checkerboard(20, 16);
      const board = toyRatings(histories, 16);
      const parameters = parametersOf({ batchSize: 32, learningRate: 0.02, ...set });
      const model = await createNeumf({ train: board, parameters, seed: 1 }, two);
      let loss = Infinity;
      for (let epoch = 1; epoch <= 25; epoch++) ({ loss } = await model.trainEpoch(epoch, quiet));
      expect(loss).toBeLessThan(0.6);
      const scores = new Float32Array(20 * 16);
      await model.scorer().scoreUsers(
        Uint32Array.from({ length: 20 }, (_, u) => u),
        scores,
      );
      // The item that was left out is above those of the other colour (log loss also meets it as a negative).
      let above = 0;
      missing.forEach((item, u) => {
        for (let other = (u + 1) % 2; other < 16; other += 2)
          if (scores[u * 16 + item] > scores[u * 16 + other]) above++;
      });
      expect(above / (20 * 8)).toBeGreaterThan(0.95);
      model.dispose();
    },
  );
});
