import type { TrainableModel, TrainingContext } from '../../model/model.ts';
import { transposeSparse } from '../../numeric/sparse-rows.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';
import { padded } from '../../kernels/block.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { packRows, unpackRows } from '../../kernels/packing.ts';
import type { RowPart } from '../../kernels/packing.ts';
import type { ModelState } from '../../numeric/state.ts';
import { itemUserMatrix } from '../../ratings/matrices.ts';
import { ialsGram, ialsSolve, SHARDS, WORK_ROWS } from './kernels.generated.ts';
import { ialsScorer, initialFactors, rowRegularization } from './weights.ts';

/** Interactions × width of one call, about 30 ms on one thread: each call waits for the slower thread at its end. */
const SLICE = 30_000_000;

/** One side of the factorisation in kernel memory. */
interface Side {
  readonly rows: number;
  /** [rows, width] */
  readonly table: Float32Array;
  readonly at: number;
  readonly start: Uint32Array;
  readonly startAt: number;
  readonly indexAt: number;
  readonly lambdaAt: number;
}

/** iALS by conjugate gradients on all threads; an epoch solves every user, then every item. */
export function createIals(context: TrainingContext, kernels: Kernels): Promise<TrainableModel> {
  return Promise.resolve(new FusedIals(context, kernels));
}

class FusedIals implements TrainableModel {
  readonly examplesPerEpoch: number;
  readonly #context: TrainingContext;
  readonly #kernels: Kernels;
  readonly #mark: number;
  /** The factors within a row of kernel memory. */
  readonly #parts: readonly RowPart[];
  readonly #width: number;
  readonly #users: Side;
  readonly #items: Side;
  readonly #gram: number;
  readonly #shards: number;
  readonly #scratch: number;
  /** The first row that no thread has taken. */
  readonly #next: { at: number; data: Uint32Array };
  readonly #loss: { at: number; data: Float32Array };

  constructor(context: TrainingContext, kernels: Kernels) {
    const { train, parameters } = context;
    this.#context = context;
    this.#kernels = kernels;
    this.#mark = kernels.memory.mark();
    const k = Number(parameters['embeddingSize']);
    this.#parts = [{ from: 0, width: k }];
    this.#width = padded(k, 4);
    const byItem = itemUserMatrix(train);
    const byUser = transposeSparse(byItem);
    const factors = initialFactors(context);
    this.examplesPerEpoch = byUser.index.length;
    this.#users = this.#side(byUser, factors.users);
    this.#items = this.#side(byItem, factors.items);
    const square = this.#width * this.#width * 4;
    this.#gram = kernels.memory.allocate(square);
    this.#shards = kernels.memory.allocate(SHARDS * square);
    this.#scratch = kernels.memory.allocate(kernels.threads * WORK_ROWS * this.#width * 4);
    this.#next = kernels.memory.u32(1);
    this.#loss = kernels.memory.f32(Math.max(train.userCount, train.itemCount));
  }

  #side(matrix: SparseRows, factors: Float32Array): Side {
    const { memory } = this.#kernels;
    const table = memory.f32(matrix.rows * this.#width);
    unpackRows(factors, table.data, this.#width, this.#parts);
    const start = memory.copyU32(matrix.start);
    const lambda = memory.copyF32(rowRegularization(matrix.start, matrix.columns, this.#context.parameters));
    return {
      rows: matrix.rows,
      table: table.data,
      at: table.at,
      start: start.data,
      startAt: start.at,
      indexAt: memory.copyU32(matrix.index).at,
      lambdaAt: lambda.at,
    };
  }

  async trainEpoch(_epoch: number, tick: (examplesDone: number) => Promise<void>): Promise<{ loss: number }> {
    const interactions = this.examplesPerEpoch;
    await this.#solve(this.#users, this.#items, (done) => tick(Math.floor(done / 2)));
    await this.#solve(this.#items, this.#users, (done) => tick(Math.floor((interactions + done) / 2)));
    let loss = 0;
    for (let i = 0; i < this.#items.rows; i++) loss += this.#loss.data[i];
    return { loss: loss / Math.max(1, interactions) };
  }

  async #solve(side: Side, other: Side, tick: (interactionsDone: number) => Promise<void>): Promise<void> {
    const kernels = this.#kernels;
    const width = this.#width;
    const { parameters } = this.#context;
    const weight = Number(parameters['unobservedWeight']);
    kernels.run(ialsGram, {
      table: other.at,
      rows: other.rows,
      width,
      weight,
      shards: this.#shards,
      gram: this.#gram,
    });
    const steps = Number(parameters['solverSteps']);
    const slice = Math.max(1, SLICE / width);
    for (let first = 0, last = 0; first < side.rows; first = last) {
      do last++;
      while (last < side.rows && side.start[last] - side.start[first] + 16 * (last - first) < slice);
      this.#next.data[0] = first;
      kernels.run(ialsSolve, {
        table: side.at,
        other: other.at,
        gram: this.#gram,
        width,
        start: side.startAt,
        index: side.indexAt,
        regularization: side.lambdaAt,
        loss: this.#loss.at,
        last,
        steps,
        scratch: this.#scratch,
        next: this.#next.at,
      });
      await tick(side.start[last]);
    }
  }

  scorer(): ReturnType<TrainableModel['scorer']> {
    return ialsScorer({ weights: this.weights(), parameters: this.#context.parameters });
  }

  weights(): ModelState {
    return {
      users: packRows(this.#users.table, this.#users.rows, this.#width, this.#parts),
      items: packRows(this.#items.table, this.#items.rows, this.#width, this.#parts),
    };
  }

  state(): ModelState {
    return this.weights();
  }

  restore(state: ModelState): void {
    unpackRows(state['users'] as Float32Array, this.#users.table, this.#width, this.#parts);
    unpackRows(state['items'] as Float32Array, this.#items.table, this.#width, this.#parts);
  }

  restoreWeights(weights: ModelState): void {
    this.restore(weights);
  }

  dispose(): void {
    this.#kernels.memory.release(this.#mark);
  }
}
