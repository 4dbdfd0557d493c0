import type { Scorer, TrainableModel, TrainingContext } from '../../model/model.ts';
import { transposeSparse } from '../../numeric/sparse-rows.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Buffer } from '../../kernels/shared-memory.ts';
import { packRows, unpackRows } from '../../kernels/packing.ts';
import type { ModelState } from '../../numeric/state.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import {
  B as BLOCK,
  easeGram,
  easePanels,
  easeScore,
  easeUpdate,
  easeWeights,
  INVERSE,
  PANEL,
} from './kernels.generated.ts';
import { easeLoss, easeScorer, refuseTooManyItems } from './weights.ts';

/** Blocks of 64 × 64 that one call updates, about 20 ms on one thread. */
const BLOCKS_PER_CALL = 2000;
const USERS_PER_CALL = 256;

/** EASE-R on all threads: Gram matrix, inverse and weights in place of each other, in float32. */
export function createEase(context: TrainingContext, kernels: Kernels): Promise<TrainableModel> {
  refuseTooManyItems(context.train.itemCount);
  return Promise.resolve(new FusedEase(context, kernels));
}

class FusedEase implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly #context: TrainingContext;
  readonly #kernels: Kernels;
  readonly #mark: number;
  readonly #history: SparseRows;
  readonly #blocks: number;
  readonly #size: number;
  /** [size, size]: G + λI, then −P, then B. */
  readonly #matrix: Buffer<Float32Array>;
  readonly #userStart: number;
  readonly #userItems: number;
  readonly #users: Buffer<Uint32Array>;
  readonly #scores: Buffer<Float32Array>;

  constructor(context: TrainingContext, kernels: Kernels) {
    this.#context = context;
    this.#kernels = kernels;
    const { memory } = kernels;
    this.#mark = memory.mark();
    this.#history = userItemMatrix(context.train);
    this.examplesPerEpoch = this.#history.index.length;
    // Rows a multiple of 2 kB apart would all fall in the same few sets of the cache.
    const blocks = Math.max(1, Math.ceil(context.train.itemCount / BLOCK));
    this.#blocks = blocks % 8 === 0 ? blocks + 1 : blocks;
    this.#size = this.#blocks * BLOCK;
    this.#matrix = memory.f32(this.#size * this.#size);
    this.#userStart = memory.copyU32(this.#history.start).at;
    this.#userItems = memory.copyU32(this.#history.index).at;
    this.#users = memory.u32(USERS_PER_CALL);
    this.#scores = memory.f32(USERS_PER_CALL * this.#size);
  }

  async trainEpoch(_epoch: number, tick: (examplesDone: number) => Promise<void>): Promise<{ loss: number }> {
    const { memory } = this.#kernels;
    const work = memory.mark();
    try {
      await this.#gram(tick);
      await this.#invert(tick);
      return await this.#weigh(tick);
    } finally {
      memory.release(work);
    }
  }

  async #gram(tick: (examplesDone: number) => Promise<void>): Promise<void> {
    const { memory } = this.#kernels;
    const byItem = transposeSparse(this.#history);
    const start = memory.copyU32(byItem.start).at;
    const users = memory.copyU32(byItem.index).at;
    this.#matrix.data.fill(0);
    const lambda = Number(this.#context.parameters['regularization']);
    for (let first = 0; first < this.#size; first += BLOCK) {
      this.#kernels.run(easeGram, {
        matrix: this.#matrix.at,
        size: this.#size,
        items: byItem.rows,
        itemStart: start,
        itemUsers: users,
        userStart: this.#userStart,
        userItems: this.#userItems,
        lambda,
        first,
        last: first + BLOCK,
      });
      await tick(0);
    }
  }

  async #invert(tick: (examplesDone: number) => Promise<void>): Promise<void> {
    const { memory } = this.#kernels;
    const panels = (this.#size / 8) * PANEL;
    const inverse = memory.allocate(INVERSE);
    const column = memory.allocate(panels);
    const swept = memory.allocate(panels);
    for (let k = 0; k < this.#blocks; k++) {
      const block = { matrix: this.#matrix.at, size: this.#size, k, inverse, column, swept };
      this.#kernels.run(easePanels, block);
      for (const [first, last] of this.#slices()) {
        this.#kernels.run(easeUpdate, { ...block, first, last });
        await tick(Math.floor((this.examplesPerEpoch * k) / this.#blocks));
      }
    }
  }

  async #weigh(tick: (examplesDone: number) => Promise<void>): Promise<{ loss: number }> {
    const size = this.#size;
    const matrix = this.#matrix.data;
    const diagonal = this.#kernels.memory.f32(size);
    for (let i = 0; i < size; i++) diagonal.data[i] = matrix[i * size + i];
    for (const [first, last] of this.#slices()) {
      this.#kernels.run(easeWeights, { matrix: this.#matrix.at, size, diagonal: diagonal.at, first, last });
      await tick(this.examplesPerEpoch);
    }
    const { train, parameters } = this.#context;
    const inverse = Float64Array.from(diagonal.data.subarray(0, train.itemCount), (d) => -1 / d);
    const lambda = Number(parameters['regularization']);
    return { loss: easeLoss(matrix, size, inverse, lambda, train.userCount) };
  }

  /** Ranges of block rows with at most BLOCKS_PER_CALL blocks of the triangle (or one row). */
  *#slices(): Generator<[first: number, last: number]> {
    for (let first = 0, last = 0; first < this.#blocks; first = last) {
      let blocks = 0;
      do blocks += ++last;
      while (last < this.#blocks && blocks + last < BLOCKS_PER_CALL);
      yield [first, last];
    }
  }

  scorer(): Scorer {
    const { itemCount } = this.#context.train;
    const plain = easeScorer(this.#matrix.data, itemCount, this.#size, this.#history);
    return { ...plain, scoreUsers: (users, out) => this.#score(users, out) };
  }

  #score(users: Uint32Array, out: Float32Array): void {
    const { itemCount } = this.#context.train;
    const size = this.#size;
    for (let first = 0; first < users.length; first += USERS_PER_CALL) {
      const part = users.subarray(first, first + USERS_PER_CALL);
      this.#users.data.set(part);
      this.#kernels.run(easeScore, {
        matrix: this.#matrix.at,
        size,
        users: this.#users.at,
        first: 0,
        last: part.length,
        userStart: this.#userStart,
        userItems: this.#userItems,
        out: this.#scores.at,
      });
      for (let b = 0; b < part.length; b++)
        out.set(this.#scores.data.subarray(b * size, b * size + itemCount), (first + b) * itemCount);
    }
  }

  weights(): ModelState {
    const { itemCount } = this.#context.train;
    const row = [{ from: 0, width: itemCount }];
    return { itemWeights: packRows(this.#matrix.data, itemCount, this.#size, row) };
  }

  state(): ModelState {
    return this.weights();
  }

  restore(state: ModelState): void {
    const row = [{ from: 0, width: this.#context.train.itemCount }];
    unpackRows(state['itemWeights'] as Float32Array, this.#matrix.data, this.#size, row);
  }

  restoreWeights(weights: ModelState): void {
    this.restore(weights);
  }

  dispose(): void {
    this.#kernels.memory.release(this.#mark);
  }
}
