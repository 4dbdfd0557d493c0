import type { Scorer, TrainableModel, TrainingContext } from '../../model/model.ts';
import { AutoRecScoring } from './scoring.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';
import { Random } from '../../numeric/random.ts';
import { stateMadeWhenRead } from '../../numeric/state.ts';
import type { Schedule } from '../../numeric/optimizer.ts';
import { scheduleFactor } from '../../numeric/optimizer.ts';
import { AutoRecMemory, TILE } from './fused-memory.ts';
import { autorecBatch, autorecEncode } from './kernels.generated.ts';
import { refuseClipping } from '../../kernels/no-clipping.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { ModelState } from '../../numeric/state.ts';
import { autorecRows, weightFiller } from './weights.ts';

const ROWS_PER_ENCODING = 256;

/** Weights and Adam's two moments: as AutoRecMemory names them, and as a state does. */
const parts = [
  ['', ''],
  ['First', '.first'],
  ['Second', '.second'],
] as const;

/** AutoRec on observed cells alone, with dense Adam; examples are ratings. */
export async function createAutoRec(context: TrainingContext, kernels: Kernels): Promise<TrainableModel> {
  refuseClipping(context.parameters);
  return new FusedAutoRec(context, kernels);
}

class FusedAutoRec implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly #parameters: TrainingContext['parameters'];
  readonly #kernels: Kernels;
  /** The matrix is in kernel memory; here is how many entries each row has. */
  readonly #rows: Pick<SparseRows, 'rows' | 'columns' | 'start'>;
  readonly #hidden: number;
  readonly #batchSize: number;
  readonly #memory: AutoRecMemory;
  readonly #scoring: AutoRecScoring;
  readonly #shuffle: Random;
  readonly #dropout: Random;
  #steps = 0;

  constructor(context: TrainingContext, kernels: Kernels) {
    const { train, parameters, seed } = context;
    this.#parameters = parameters;
    this.#kernels = kernels;
    const matrix = autorecRows(train, parameters);
    this.#rows = { rows: matrix.rows, columns: matrix.columns, start: matrix.start };
    this.#hidden = Number(parameters['embeddingSize']);
    this.#batchSize = Math.min(Number(parameters['batchSize']), matrix.rows);
    this.examplesPerEpoch = matrix.index.length;
    this.#memory = new AutoRecMemory(matrix, this.#hidden, this.#batchSize, kernels, {
      dropout: Number(parameters['dropout']),
      learningRate: Number(parameters['learningRate']),
      coupledDecay: Number(parameters['regularization']),
    });
    const fill = weightFiller(context, matrix.columns);
    this.#memory.fillTiles(this.#memory.encoder, fill);
    this.#memory.fillTiles(this.#memory.decoder, fill);
    this.#scoring = new AutoRecScoring(train, parameters);
    this.#shuffle = new Random(seed, 'shuffle');
    this.#dropout = new Random(seed, 'dropout');
  }

  async trainEpoch(epoch: number, tick: (examplesDone: number) => Promise<void>): Promise<{ loss: number }> {
    const parameters = this.#parameters;
    const { order, errorStart, rowLoss, block, optimizer } = this.#memory;
    const { rows, columns, start } = this.#rows;
    const factor = scheduleFactor(parameters['schedule'] as Schedule, epoch, Number(parameters['epochs']));
    optimizer.setLearningRate(Number(parameters['learningRate']) * factor);
    order.data.set(this.#shuffle.permutation(rows));
    let squares = 0;
    let done = 0;
    for (let from = 0; from < rows; from += this.#batchSize) {
      const count = Math.min(this.#batchSize, rows - from);
      const [keyA, keyB] = [this.#dropout.uint32(), this.#dropout.uint32()];
      const before = done;
      for (let s = 0; s < count; s++) {
        const row = order.data[from + s];
        errorStart.data[s] = done - before;
        done += start[row + 1] - start[row];
      }
      this.#kernels.run(autorecBatch, {
        block,
        order: order.at + from * 4,
        count,
        step: ++this.#steps,
        keyA,
        keyB,
      });
      for (let s = 0; s < count; s++) squares += rowLoss.data[s];
      await tick(done);
    }
    return { loss: squares / 2 / Math.max(1, rows * columns) };
  }

  scorer(): Scorer {
    const { decoder, biases } = this.#memory;
    return this.#scoring.scorer({
      outputBias: this.#memory.outputBias(biases),
      writeActivations: (target, stride) => this.#encode(target, stride),
      writeDecoder: (feature, target, at) => this.#memory.readRow(decoder, feature, target, at),
    });
  }

  #encode(target: Float32Array, stride: number): void {
    const { memory } = this.#kernels;
    const { rows } = this.#rows;
    const width = this.#memory.tiles * TILE;
    const mark = memory.mark();
    const order = memory.copyU32(Uint32Array.from({ length: rows }, (_, r) => r));
    const out = memory.f32(Math.min(ROWS_PER_ENCODING, rows) * width);
    for (let from = 0; from < rows; from += ROWS_PER_ENCODING) {
      const count = Math.min(ROWS_PER_ENCODING, rows - from);
      const { block } = this.#memory;
      this.#kernels.run(autorecEncode, { block, order: order.at + from * 4, count, out: out.at });
      for (let r = 0; r < count; r++)
        target.set(out.data.subarray(r * width, r * width + this.#hidden), (from + r) * stride);
    }
    memory.release(mark);
  }

  weights(): ModelState {
    const { encoder, decoder, biases } = this.#memory;
    return {
      encoder: this.#memory.rowsOf(encoder),
      decoder: this.#memory.rowsOf(decoder),
      hiddenBias: this.#memory.hiddenBias(biases).slice(),
      outputBias: this.#memory.outputBias(biases).slice(),
    };
  }

  state(): ModelState {
    const memory = this.#memory;
    const make: Record<string, () => ModelState[string]> = {};
    for (const [part, suffix] of parts) {
      make[`encoder${suffix}`] = () => memory.rowsOf(memory[`encoder${part}`]);
      make[`decoder${suffix}`] = () => memory.rowsOf(memory[`decoder${part}`]);
      make[`hiddenBias${suffix}`] = () => memory.hiddenBias(memory[`biases${part}`]).slice();
      make[`outputBias${suffix}`] = () => memory.outputBias(memory[`biases${part}`]).slice();
    }
    make['steps'] = () => Uint32Array.of(this.#steps);
    make['shuffle'] = () => this.#shuffle.state();
    make['dropout'] = () => this.#dropout.state();
    return stateMadeWhenRead(make);
  }

  restore(state: ModelState): void {
    const memory = this.#memory;
    for (const [part, suffix] of parts) {
      memory.setTiles(memory[`encoder${part}`], state[`encoder${suffix}`] as Float32Array);
      memory.setTiles(memory[`decoder${part}`], state[`decoder${suffix}`] as Float32Array);
      memory.hiddenBias(memory[`biases${part}`]).set(state[`hiddenBias${suffix}`]);
      memory.outputBias(memory[`biases${part}`]).set(state[`outputBias${suffix}`]);
    }
    this.#steps = state['steps'][0];
    this.#shuffle.restore(state['shuffle'] as Uint32Array);
    this.#dropout.restore(state['dropout'] as Uint32Array);
  }

  restoreWeights(weights: ModelState): void {
    const { encoder, decoder, biases } = this.#memory;
    this.#memory.setTiles(encoder, weights['encoder'] as Float32Array);
    this.#memory.setTiles(decoder, weights['decoder'] as Float32Array);
    this.#memory.hiddenBias(biases).set(weights['hiddenBias']);
    this.#memory.outputBias(biases).set(weights['outputBias']);
  }

  dispose(): void {
    this.#memory.dispose();
  }
}
