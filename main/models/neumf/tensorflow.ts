import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { usersOfRows } from '../../ratings/ratings.ts';
import { DenseParameter } from '../../tensorflow/dense.ts';
import { lossAndGradients } from '../../tensorflow/gradients.ts';
import { matMul } from '../../tensorflow/matmul.ts';
import { Random } from '../../numeric/random.ts';
import { EmbeddingTable } from '../../tensorflow/tables.ts';
import type { TensorFlow, Tf } from '../../tensorflow/tensorflow.ts';
import type { Scorer, TensorFlowFactory, TrainableModel, TrainingContext } from '../../model/model.ts';
import { fuseParts, headSize, initialNeumf, layerSizes, neumfShape } from './shape.ts';
import type { NeumfShape } from './shape.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { applyBatch } from '../../tensorflow/clipping.ts';
import type { ModelState } from '../../numeric/state.ts';
import { negativeSampler } from '../../model/negative-sampler.ts';

/**
 * Logits [batch]: head · [p ∘ q | MLP([p′, q′])] + bias. `users`, `items`: rows [batch, gmf + mlp]; `dense`: layer0,
 * bias0, …, head [units, 1], headBias [1].
 */
export function neumfLogits(
  tf: Tf,
  shape: NeumfShape,
  users: Tensor2D,
  items: Tensor2D,
  dense: readonly Tensor[],
): Tensor1D {
  const { gmf, mlp } = shape;
  const parts: Tensor2D[] = [];
  const columns = (x: Tensor2D, from: number, n: number): Tensor2D => tf.slice(x, [0, from], [-1, n]);
  if (gmf > 0) parts.push(tf.mul(columns(users, 0, gmf), columns(items, 0, gmf)));
  if (shape.layers.length > 0) {
    let x = tf.concat2d([columns(users, gmf, mlp), columns(items, gmf, mlp)], 1);
    for (let l = 0; l < shape.layers.length; l++)
      x = tf.relu(tf.add(matMul(tf, x, dense[2 * l] as Tensor2D), dense[2 * l + 1]));
    parts.push(x);
  }
  const units = parts.length > 1 ? tf.concat2d(parts, 1) : parts[0];
  const [head, bias] = dense.slice(-2);
  return tf.add(tf.reshape(matMul(tf, units, head as Tensor2D), [-1]), bias);
}

/** Mean loss of logits in groups of `groupSize`, the first of each the positive. Never on a sigmoid's output. */
export function neumfLoss(tf: Tf, logits: Tensor1D, groupSize: number, loss: 'log' | 'bpr'): Scalar {
  const groups = tf.reshape<Rank.R2>(logits, [-1, groupSize]);
  const positive = tf.slice(groups, [0, 0], [-1, 1]);
  const negative = tf.slice(groups, [0, 1], [-1, groupSize - 1]);
  if (loss === 'bpr') return tf.mean(tf.softplus(tf.sub(negative, positive)));
  return tf.mean(tf.softplus(tf.concat([tf.neg(positive), negative], 1)));
}

export const createNeumf: TensorFlowFactory = async (context, compute) =>
  new TensorFlowNeumf(context, compute);

/** One network: its tables, its dense weights and their optimizers. */
class Network {
  readonly shape: NeumfShape;
  readonly users: EmbeddingTable;
  readonly items: EmbeddingTable;
  readonly dense: Map<string, DenseParameter>;

  constructor({ train, parameters, seed }: TrainingContext) {
    const { optimizer } = trainingSettings(parameters);
    this.shape = neumfShape(parameters);
    const width = this.shape.gmf + this.shape.mlp;
    this.users = new EmbeddingTable(train.userCount, width, optimizer);
    this.items = new EmbeddingTable(train.itemCount, width, optimizer);
    this.dense = new Map();
    layerSizes(this.shape).forEach(({ inputs, outputs }, l) => {
      this.dense.set(`layer${l}`, new DenseParameter([inputs, outputs], optimizer));
      this.dense.set(`bias${l}`, new DenseParameter([outputs], optimizer));
    });
    this.dense.set('head', new DenseParameter([headSize(this.shape), 1], optimizer));
    this.dense.set('headBias', new DenseParameter([1], optimizer));
    const random = new Random(seed, 'init');
    this.set(initialNeumf(this.shape, train.userCount, train.itemCount, parameters, random));
  }

  values(): Record<string, Float32Array> {
    const dense = [...this.dense].map(([name, parameter]) => [name, parameter.values] as const);
    return { users: this.users.values, items: this.items.values, ...Object.fromEntries(dense) };
  }

  set(weights: ModelState): void {
    for (const [name, values] of Object.entries(this.values())) values.set(weights[name]);
  }

  weights(): ModelState {
    return Object.fromEntries(Object.entries(this.values()).map(([name, values]) => [name, values.slice()]));
  }

  tensors(tf: Tf): Tensor[] {
    return [...this.dense.values()].map((parameter) => parameter.tensor(tf));
  }
}

interface Batch {
  /** [groups] and [groups · groupSize] */
  readonly users: Uint32Array;
  readonly items: Uint32Array;
}

class TensorFlowNeumf implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly #context: TrainingContext;
  readonly #compute: TensorFlow;
  readonly #network: Network;
  readonly #random;
  readonly #negative;
  readonly #settings;
  readonly #loss: 'log' | 'bpr';
  readonly #groupSize: number;
  readonly #perGroup: number;
  readonly #rowUsers: Uint32Array;

  constructor(context: TrainingContext, compute: TensorFlow) {
    const { train, parameters, seed } = context;
    this.#context = context;
    this.#compute = compute;
    this.#network = new Network(context);
    this.#settings = trainingSettings(parameters);
    this.#random = { shuffle: new Random(seed, 'shuffle'), negatives: new Random(seed, 'negatives') };
    this.#negative = negativeSampler(train, this.#random.negatives, this.#settings.popularityExponent);
    this.#loss = parameters['loss'] as 'log' | 'bpr';
    this.#groupSize = 1 + this.#settings.negatives;
    this.#perGroup = this.#loss === 'bpr' ? this.#settings.negatives : this.#groupSize;
    this.#rowUsers = usersOfRows(train);
    this.examplesPerEpoch = train.item.length * this.#perGroup;
  }

  async trainEpoch(epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const { parameters } = this.#context;
    if (epoch === 1 && parameters['pretrain'] === true && parameters['mode'] === 'neumf') {
      const gmf = await this.#trainPart('gmf', tick);
      const mlp = await this.#trainPart('mlp', tick);
      this.#network.set(fuseParts(gmf, mlp, this.#network.shape, Number(parameters['alpha'])));
    }
    return this.#train(this.#network, epoch, tick);
  }

  async #trainPart(mode: string, tick: (done: number) => Promise<void>): Promise<ModelState> {
    const parameters = { ...this.#context.parameters, mode };
    const network = new Network({ ...this.#context, parameters });
    const epochs = Number(parameters['pretrainEpochs' as keyof typeof parameters]);
    for (let epoch = 1; epoch <= epochs; epoch++) await this.#train(network, epoch, () => tick(0));
    return network.weights();
  }

  async #train(
    network: Network,
    epoch: number,
    tick: (done: number) => Promise<void>,
  ): Promise<{ loss: number }> {
    const rows = this.#context.train.item.length;
    const order = this.#random.shuffle.permutation(rows);
    const size = Math.max(1, Math.round(this.#settings.batchSize / this.#perGroup));
    const factor = this.#settings.rateFactor(epoch);
    let total = 0;
    for (let from = 0; from < rows; from += size) {
      const part = order.subarray(from, from + size);
      const batch = this.#draw(network, part);
      const { loss, gradients } = this.#gradients(network, batch);
      const users = repeatEach(batch.users, this.#groupSize);
      const moves = [
        { table: network.users, rows: users, gradient: gradients[0] },
        { table: network.items, rows: batch.items, gradient: gradients[1] },
        ...[...network.dense.values()].map((dense, k) => ({ dense, gradient: gradients[2 + k] })),
      ];
      applyBatch(moves, factor, this.#settings.gradientClipping);
      total += loss * part.length;
      await tick(Math.min(rows, from + size) * this.#perGroup);
    }
    return { loss: rows === 0 ? 0 : total / rows };
  }

  #draw(network: Network, rows: Uint32Array): Batch {
    const users = Uint32Array.from(rows, (row) => this.#rowUsers[row]);
    const items = new Uint32Array(rows.length * this.#groupSize);
    const { item } = this.#context.train;
    const redraw = (): void => {
      for (let g = 0; g < users.length; g++)
        for (let j = 1; j < this.#groupSize; j++) items[g * this.#groupSize + j] = this.#negative(users[g]);
    };
    for (let g = 0; g < users.length; g++) items[g * this.#groupSize] = item[rows[g]];
    redraw();
    if (this.#settings.hardestOf === 1) return { users, items };
    // Dynamic: each negative is the one scored highest of so many draws.
    const best = items.slice();
    let bestLogits = this.#logits(network, { users, items });
    for (let round = 1; round < this.#settings.hardestOf; round++) {
      redraw();
      const logits = this.#logits(network, { users, items });
      logits.forEach((x, n) => {
        if (x > bestLogits[n]) best[n] = items[n];
      });
      bestLogits = bestLogits.map((x, n) => Math.max(x, logits[n]));
    }
    return { users, items: best };
  }

  #logits(network: Network, { users, items }: Batch): Float32Array {
    const { tf } = this.#compute;
    return tf.tidy(() => {
      const p = network.users.gather(tf, repeatEach(users, items.length / users.length));
      const q = network.items.gather(tf, items);
      return neumfLogits(tf, network.shape, p, q, network.tensors(tf)).dataSync() as Float32Array;
    });
  }

  #gradients(network: Network, { users, items }: Batch): { loss: number; gradients: Float32Array[] } {
    const { tf } = this.#compute;
    const p = network.users.gather(tf, repeatEach(users, this.#groupSize));
    const q = network.items.gather(tf, items);
    return lossAndGradients(tf, [p, q, ...network.tensors(tf)], (u, i, ...dense) => {
      const logits = neumfLogits(tf, network.shape, u as Tensor2D, i as Tensor2D, dense);
      return neumfLoss(tf, logits, this.#groupSize, this.#loss);
    });
  }

  /** One fixed batch for the common suite: its loss with the present values, and the gradient by each parameter. */
  gradientCheck(): { loss(): number; parameters: { values: Float32Array; gradient: Float32Array }[] } {
    const network = this.#network;
    const rows = Uint32Array.from({ length: Math.min(5, this.#rowUsers.length) }, (_, row) => row);
    const batch = this.#draw(network, rows);
    const { gradients } = this.#gradients(network, batch);
    const users = repeatEach(batch.users, this.#groupSize);
    return {
      loss: () => this.#gradients(network, batch).loss,
      parameters: [
        { values: network.users.values, gradient: network.users.scatter(users, gradients[0]) },
        { values: network.items.values, gradient: network.items.scatter(batch.items, gradients[1]) },
        ...[...network.dense.values()].map(({ values }, k) => ({ values, gradient: gradients[2 + k] })),
      ],
    };
  }

  scorer(): Scorer {
    const { itemCount } = this.#context.train;
    const all = Uint32Array.from({ length: itemCount }, (_, i) => i);
    const network = this.#network;
    return {
      scoreUsers: (users, out) => {
        users.forEach((user, b) => {
          const of = new Uint32Array(1).fill(user);
          out.set(this.#logits(network, { users: of, items: all }), b * itemCount);
        });
      },
      predict: (users, items) =>
        users.length === 0 ? new Float32Array(0) : this.#logits(network, { users, items }),
    };
  }

  state(): ModelState {
    const { users, items, dense } = this.#network;
    const parts = [...dense].map(([name, parameter]) => parameter.state(name));
    return Object.assign({}, users.state('users'), items.state('items'), ...parts, {
      'random.shuffle': this.#random.shuffle.state(),
      'random.negatives': this.#random.negatives.state(),
    }) as ModelState;
  }

  restore(state: ModelState): void {
    const { users, items, dense } = this.#network;
    users.restore('users', state);
    items.restore('items', state);
    for (const [name, parameter] of dense) parameter.restore(name, state);
    this.#random.shuffle.restore(state['random.shuffle'] as Uint32Array);
    this.#random.negatives.restore(state['random.negatives'] as Uint32Array);
  }

  weights(): ModelState {
    return this.#network.weights();
  }

  restoreWeights(weights: ModelState): void {
    this.#network.set(weights);
  }

  dispose(): void {
    // Everything lives on the host.
  }
}

/** Each value `times` times in a row. */
function repeatEach(values: Uint32Array, times: number): Uint32Array {
  return Uint32Array.from({ length: values.length * times }, (_, n) => values[Math.floor(n / times)]);
}
