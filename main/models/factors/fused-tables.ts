/** Tables of user and item rows in kernel memory: what both ways of training factors share. */
import type { Ratings } from '../../ratings/ratings.ts';
import type { TrainingSettings } from '../../model/training-settings.ts';
import { padded } from '../../kernels/block.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import type { Scorer, TrainableModel } from '../../model/model.ts';
import { createOptimizer, optimizerSettings, type KernelOptimizer } from '../../kernels/optimizer-block.ts';
import type { ModelState } from '../../numeric/state.ts';
import { sortWithinUsers } from '../../ratings/matrices.ts';
import type { FactorModel } from './kernels.generated.ts';
import { recordLayout, RecordTable } from './records.ts';

/** Gradients that a thread has at hand: of a user, an item and a negative. */
const GRADIENTS = 3;

export type ModelField = keyof typeof FactorModel.fields;

/** Places in the rows of the two tables; null: the lane is not there. */
export interface RowLayout {
  /** Factors, from the row's first float on. */
  readonly size: number;
  readonly userBias: number | null;
  readonly itemBias: number | null;
  /** The lane that is always 1 and multiplies the other side's bias. */
  readonly userOne: number | null;
  readonly itemOne: number | null;
  /** Floats of a row, a multiple of 4. */
  readonly stride: number;
}

/** `users` and `items` [rows, size], `userBias` and `itemBias` [rows], zero where there is no bias. */
export type FactorWeights = Record<'users' | 'items' | 'userBias' | 'itemBias', Float32Array>;

export interface TableOptions {
  readonly train: Ratings;
  readonly seed: number;
  readonly rows: RowLayout;
  readonly settings: Omit<TrainingSettings, 'negatives'>;
  /** Samples of each row of the ratings. */
  readonly copies: number;
  /** Ratings are part of the loss: they travel with the samples. */
  readonly rated: boolean;
  /** Items of each user ascending (binary search). */
  readonly sortItems?: boolean;
  /** What the model stores and scores with, of the trainer's weights. */
  readonly weights: (all: FactorWeights) => ModelState;
  readonly scorer: (weights: ModelState) => Scorer;
}

export abstract class FactorTables implements TrainableModel {
  readonly examplesPerEpoch: number;
  /** Epochs done; with the seed it is the whole state of the shuffle and the draws. */
  protected epochs = 0;
  protected readonly kernels: Kernels;
  protected readonly optimizer: KernelOptimizer;
  /** The fields of the block that are the tables' and the ratings'. */
  protected readonly shared: Readonly<Record<ModelField, number>>;
  readonly #users: RecordTable;
  readonly #items: RecordTable;
  /** Not the ratings: they are in kernel memory, and their arrays may go. */
  readonly #options: Omit<TableOptions, 'train'>;
  readonly #mark: number;

  constructor(kernels: Kernels, { train, ...options }: TableOptions) {
    const { rows, settings, copies } = options;
    const { memory, threads } = kernels;
    this.kernels = kernels;
    this.#options = options;
    this.#mark = memory.mark();
    this.examplesPerEpoch = train.item.length * copies;
    if (this.examplesPerEpoch > 0xffff0000)
      throw new RangeError(
        `${this.examplesPerEpoch} examples an epoch are more than the kernels can number.`,
      );
    const { optimizer = 'adam', mode } = settings.optimizer;
    const layout = recordLayout(rows.stride, optimizer, mode !== 'dense');
    const { userBias, userOne, itemBias, itemOne } = rows;
    this.#users = new RecordTable(memory, train.userCount, layout, { bias: userBias, one: userOne });
    this.#items = new RecordTable(memory, train.itemCount, layout, { bias: itemBias, one: itemOne });
    this.optimizer = createOptimizer(memory, optimizerSettings(settings.optimizer));
    const items = memory.copyU32(train.item);
    if (options.sortItems) sortWithinUsers(items.data, train);
    const gradientBytes = padded(GRADIENTS * rows.stride, 16) * 4;
    this.shared = {
      userCount: train.userCount,
      itemCount: train.itemCount,
      factors: rows.size,
      rowBytes: rows.stride * 4,
      recordBytes: layout.size * 4,
      sampleCount: this.examplesPerEpoch,
      copies,
      start: memory.copyU32(train.start).at,
      item: items.at,
      value: options.rated ? memory.copyF32(train.value).at : 0,
      users: this.#users.at,
      items: this.#items.at,
      optimizer: this.optimizer.at,
      dense: mode === 'dense' ? 1 : 0,
      counted: layout.steps.width,
      gradient: memory.allocate(threads * gradientBytes),
      gradientBytes,
    };
  }

  /** One pass over the samples in a new order; the mean loss. `tick` is awaited between slices. */
  abstract trainEpoch(epoch: number, tick: (done: number) => Promise<void>): Promise<{ loss: number }>;

  weights(): ModelState {
    const { size, userBias, itemBias } = this.#options.rows;
    const copy = (table: RecordTable, from: number | null, width: number): Float32Array =>
      from === null ? new Float32Array(table.rows) : table.take(from, width);
    return this.#options.weights({
      users: copy(this.#users, 0, size),
      items: copy(this.#items, 0, size),
      userBias: copy(this.#users, userBias, 1),
      itemBias: copy(this.#items, itemBias, 1),
    });
  }

  scorer(): Scorer {
    return this.#options.scorer(this.weights());
  }

  /** Takes `weights()` back, or a part of them. */
  restoreWeights(weights: ModelState): void {
    const { size, userBias, itemBias } = this.#options.rows;
    const set = (name: string, table: RecordTable, from: number | null, width: number): void => {
      if (from !== null && name in weights) table.put(weights[name] as Float32Array, from, width);
    };
    set('users', this.#users, 0, size);
    set('items', this.#items, 0, size);
    set('userBias', this.#users, userBias, 1);
    set('itemBias', this.#items, itemBias, 1);
  }

  state(): ModelState {
    return {
      ...this.#users.state('users'),
      ...this.#items.state('items'),
      epochs: Uint32Array.of(this.epochs),
    };
  }

  restore(state: ModelState): void {
    this.#users.restore('users', state);
    this.#items.restore('items', state);
    this.epochs = Number(state['epochs'][0]);
  }

  /** Gives the memory back. Nothing that was allocated later may be in use. */
  dispose(): void {
    this.kernels.memory.release(this.#mark);
  }
}
