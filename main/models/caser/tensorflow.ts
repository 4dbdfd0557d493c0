import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { DenseParameter } from '../../tensorflow/dense.ts';
import { lossAndGradients } from '../../tensorflow/gradients.ts';
import { Random } from '../../numeric/random.ts';
import { EmbeddingTable } from '../../tensorflow/tables.ts';
import type { TensorFlow, Tf } from '../../tensorflow/tensorflow.ts';
import type { CaserShape } from './shape.ts';
import { caserInputs, caserShape, caserWindows, initialCaser } from './shape.ts';
import { factorScorer } from '../../model/factor-scorer.ts';
import type { Scorer, TensorFlowFactory, TrainableModel, TrainingContext } from '../../model/model.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { caserFactors } from './plain.ts';
import { applyBatch } from '../../tensorflow/clipping.ts';
import { caserState, denseShapes, sampledLoss, softmaxLoss } from './tensorflow-network.ts';
import type { ModelState } from '../../numeric/state.ts';
import { negativeSampler } from '../../model/negative-sampler.ts';

export const createCaser: TensorFlowFactory = async (context, compute) =>
  new TensorFlowCaser(context, compute);

interface Batch {
  readonly users: Uint32Array;
  /** [batch · L] item + 1, 0: padding. */
  readonly items: Uint32Array;
  /** [batch, T] item + 1, 0: padding. */
  readonly targets: Uint32Array;
  /** [batch · T · (1 + n)] output rows; [] under softmax. */
  readonly output: Uint32Array;
  /** [batch, inputs] factors of dropout, or null. */
  readonly mask: Float32Array | null;
}

class TensorFlowCaser implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly #context: TrainingContext;
  readonly #tf: Tf;
  readonly #shape: CaserShape;
  readonly #settings;
  readonly #loss: 'log' | 'bpr' | 'softmax';
  readonly #targets: number;
  readonly #windows;
  readonly #tables: Readonly<Record<'users' | 'items' | 'output', EmbeddingTable>>;
  readonly #dense: ReadonlyMap<string, DenseParameter>;
  readonly #random;
  readonly #negative;

  constructor(context: TrainingContext, { tf }: TensorFlow) {
    const { train, parameters, seed } = context;
    this.#context = context;
    this.#tf = tf;
    this.#shape = caserShape(parameters);
    this.#settings = trainingSettings(parameters);
    this.#loss = parameters['loss'] as 'log' | 'bpr' | 'softmax';
    this.#targets = Number(parameters['targets']);
    this.#windows = caserWindows(train, this.#shape.length, this.#targets);
    const { optimizer } = this.#settings;
    const { size } = this.#shape;
    // Under softmax every output row moves with every batch.
    const mode = this.#loss === 'softmax' ? 'dense' : optimizer.mode;
    this.#tables = {
      users: new EmbeddingTable(train.userCount, size, optimizer),
      items: new EmbeddingTable(train.itemCount + 1, size, optimizer),
      output: new EmbeddingTable(train.itemCount, 2 * size + 1, { ...optimizer, ...(mode && { mode }) }),
    };
    this.#dense = new Map(
      denseShapes(this.#shape).map(([name, of]) => [name, new DenseParameter(of, optimizer)]),
    );
    const random = new Random(seed, 'init');
    const weights = initialCaser(this.#shape, train.userCount, train.itemCount, parameters, random);
    for (const [name, values] of this.#values()) values.set(weights[name]);
    this.#random = {
      shuffle: new Random(seed, 'shuffle'),
      negatives: new Random(seed, 'negatives'),
      dropout: new Random(seed, 'dropout'),
    };
    this.#negative = negativeSampler(train, this.#random.negatives, this.#settings.popularityExponent);
    this.examplesPerEpoch = this.#windows.user.length * this.#targets;
  }

  #values(): [string, Float32Array][] {
    return [...Object.entries(this.#tables), ...this.#dense].map(([name, { values }]) => [name, values]);
  }

  async trainEpoch(epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }> {
    const count = this.#windows.user.length;
    const order = this.#random.shuffle.permutation(count);
    const factor = this.#settings.rateFactor(epoch);
    let total = 0;
    for (let from = 0; from < count; from += this.#settings.batchSize) {
      const part = order.subarray(from, from + this.#settings.batchSize);
      const batch = this.#draw(part, Number(this.#context.parameters['dropout']));
      const { loss, gradients } = this.#gradients(batch);
      const [users, items, output, ...dense] = gradients;
      const moves = [
        { table: this.#tables.users, rows: batch.users, gradient: users },
        { table: this.#tables.items, rows: batch.items, gradient: items },
        { table: this.#tables.output, rows: this.#outputRows(batch), gradient: output },
        ...[...this.#dense.values()].map((parameter, k) => ({ dense: parameter, gradient: dense[k] })),
      ];
      applyBatch(moves, factor, this.#settings.gradientClipping);
      total += loss * part.length;
      await tick(Math.min(count, from + this.#settings.batchSize) * this.#targets);
    }
    return { loss: count === 0 ? 0 : total / count };
  }

  #draw(windows: Uint32Array, dropout: number): Batch {
    const { length } = this.#shape;
    const { user, first, sequence } = this.#windows;
    const users = Uint32Array.from(windows, (window) => user[window]);
    const items = new Uint32Array(windows.length * length);
    const targets = new Uint32Array(windows.length * this.#targets);
    windows.forEach((window, b) => {
      items.set(sequence.subarray(first[window], first[window] + length), b * length);
      const from = first[window] + length;
      targets.set(sequence.subarray(from, from + this.#targets), b * this.#targets);
    });
    const keep = 1 - dropout;
    const draws = new Float32Array(dropout > 0 ? windows.length * caserInputs(this.#shape) : 0);
    const mask = dropout > 0 ? draws.map(() => (this.#random.dropout.next() < keep ? 1 / keep : 0)) : null;
    const output = this.#loss === 'softmax' ? new Uint32Array(0) : this.#drawOutput(users, items, targets);
    return { users, items, targets, output, mask };
  }

  /** Output rows of each window: its targets, then each target's negatives (the hardest of several draws). */
  #drawOutput(users: Uint32Array, items: Uint32Array, targets: Uint32Array): Uint32Array {
    const { negatives, hardestOf } = this.#settings;
    const each = this.#targets * (1 + negatives);
    const out = new Uint32Array(users.length * each);
    const states = hardestOf > 1 ? this.#states(users, items) : null;
    const output = this.#tables.output.values;
    const width = 2 * this.#shape.size + 1;
    const scoreOf = (b: number, item: number): number => {
      let sum = 0;
      if (states) for (let k = 0; k < width; k++) sum += states[b * width + k] * output[item * width + k];
      return sum;
    };
    for (let b = 0; b < users.length; b++) {
      for (let t = 0; t < this.#targets; t++) {
        out[b * each + t] = Math.max(0, targets[b * this.#targets + t] - 1);
        for (let n = 0; n < negatives; n++) {
          const draws = Array.from({ length: hardestOf }, () => this.#negative(users[b]));
          const hardest = draws.reduce((best, item) => (scoreOf(b, item) > scoreOf(b, best) ? item : best));
          out[b * each + this.#targets + t * negatives + n] = hardest;
        }
      }
    }
    return out;
  }

  /** States [users, 2k + 1] of windows without dropout. */
  #states(users: Uint32Array, items: Uint32Array): Float32Array {
    const tf = this.#tf;
    return tf.tidy(() => {
      const rows = [this.#tables.users.gather(tf, users), this.#tables.items.gather(tf, items)];
      return caserState(tf, this.#shape, rows[0], rows[1], this.#denseTensors(), null).dataSync();
    }) as Float32Array;
  }

  #denseTensors(): Tensor[] {
    return [...this.#dense.values()].map((parameter) => parameter.tensor(this.#tf));
  }

  #outputRows(batch: Batch): Uint32Array {
    if (this.#loss !== 'softmax') return batch.output;
    return Uint32Array.from({ length: this.#context.train.itemCount }, (_, i) => i);
  }

  #gradients(batch: Batch): { loss: number; gradients: Float32Array[] } {
    const tf = this.#tf;
    const { users, items, output } = this.#tables;
    const size = batch.users.length;
    const rows = [
      users.gather(tf, batch.users),
      items.gather(tf, batch.items),
      output.gather(tf, this.#outputRows(batch)),
    ];
    return tf.tidy(() =>
      lossAndGradients(tf, [...rows, ...this.#denseTensors()], (u, i, o, ...dense) => {
        const mask = batch.mask && tf.tensor2d(batch.mask, [size, caserInputs(this.#shape)]);
        const state = caserState(tf, this.#shape, u as Tensor2D, i as Tensor2D, dense, mask);
        return this.#lossOf(batch, state, o as Tensor2D);
      }),
    );
  }

  #lossOf(batch: Batch, state: Tensor2D, output: Tensor2D) {
    const tf = this.#tf;
    const size = batch.users.length;
    if (this.#loss === 'softmax') {
      const { itemCount } = this.#context.train;
      const counts = new Float32Array(size * itemCount);
      batch.targets.forEach((target, n) => {
        if (target > 0) counts[Math.floor(n / this.#targets) * itemCount + target - 1]++;
      });
      return softmaxLoss(tf, state, output, tf.tensor2d(counts, [size, itemCount]), this.#targets);
    }
    const valid = tf.tensor2d(
      Float32Array.from(batch.targets, (target) => (target > 0 ? 1 : 0)),
      [size, this.#targets],
    );
    return sampledLoss(tf, state, output, valid, this.#settings.negatives, this.#loss);
  }

  /** One fixed batch for the common suite: its loss with the present values, and the gradient by each parameter. */
  gradientCheck(): { loss(): number; parameters: { values: Float32Array; gradient: Float32Array }[] } {
    const windows = Uint32Array.from({ length: Math.min(5, this.#windows.user.length) }, (_, w) => w);
    const batch = this.#draw(windows, 0);
    const [users, items, output, ...dense] = this.#gradients(batch).gradients;
    const { users: userTable, items: itemTable, output: outputTable } = this.#tables;
    const gathered = [
      { table: userTable, rows: batch.users, gradient: users },
      { table: itemTable, rows: batch.items, gradient: items },
      { table: outputTable, rows: this.#outputRows(batch), gradient: output },
    ];
    return {
      loss: () => this.#gradients(batch).loss,
      parameters: [
        ...gathered.map(({ table, rows, gradient }) => ({
          values: table.values,
          gradient: table.scatter(rows, gradient),
        })),
        ...[...this.#dense.values()].map(({ values }, k) => ({ values, gradient: dense[k] })),
      ],
    };
  }

  scorer(): Scorer {
    return factorScorer(caserFactors(this.weights(), this.#shape, this.#context.train));
  }

  state(): ModelState {
    const parts = [...Object.entries(this.#tables), ...this.#dense].map(([name, part]) => part.state(name));
    const random = Object.entries(this.#random).map(([name, r]) => [`random.${name}`, r.state()] as const);
    return Object.assign({}, ...parts, Object.fromEntries(random)) as ModelState;
  }

  restore(state: ModelState): void {
    for (const [name, part] of [...Object.entries(this.#tables), ...this.#dense]) part.restore(name, state);
    for (const [name, random] of Object.entries(this.#random))
      random.restore(state[`random.${name}`] as Uint32Array);
  }

  weights(): ModelState {
    return Object.fromEntries(this.#values().map(([name, values]) => [name, values.slice()]));
  }

  restoreWeights(weights: ModelState): void {
    for (const [name, values] of this.#values()) values.set(weights[name]);
  }

  dispose(): void {
    // Everything lives on the host.
  }
}
