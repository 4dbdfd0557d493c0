import type { Parameters } from '../../shared/config.ts';
import type { Ratings } from '../data/ratings.ts';
import { factorScorer } from './factor-scorer.ts';
import type { Scorer } from './model.ts';

/** Where scores come from: stored weights, or the kernels' memory. */
export interface AutoRecSource {
  /** [features] */
  readonly outputBias: ArrayLike<number>;
  /** Writes σ(Vᵀx + μ) of every row, without dropout, `hidden` values at every multiple of `stride`. */
  writeActivations(target: Float32Array, stride: number): void;
  /** Writes W, likewise. */
  writeDecoder(target: Float32Array, stride: number): void;
}

/**
 * AutoRec as factors, ŷ = b_f + h_r·W_f, with two more columns that carry the fallbacks of cold users and items. The
 * tables are made once and written anew by each `scorer()`, which ends the one before.
 */
export class AutoRecScoring {
  readonly #userBased: boolean;
  readonly #hidden: number;
  readonly #users: Side;
  readonly #items: Side;
  readonly #mean: number;

  constructor(train: Ratings, parameters: Parameters) {
    this.#userBased = parameters['userBased'] === true;
    this.#hidden = Number(parameters['embeddingSize']);
    this.#users = sideOf(train.userCount, this.#hidden + 2);
    this.#items = sideOf(train.itemCount, this.#hidden + 2);
    this.#mean = addMeans(train, this.#users, this.#items);
  }

  scorer(source: AutoRecSource): Scorer {
    const k = this.#hidden + 2;
    const [rows, features] = this.#userBased ? [this.#users, this.#items] : [this.#items, this.#users];
    source.writeActivations(rows.table, k);
    source.writeDecoder(features.table, k);
    features.bias.set(source.outputBias);
    this.#addFallbacks();
    const itemBias = this.#userBased ? this.#items.bias : null;
    const factors = { users: this.#users.table, items: this.#items.table, k, itemBias };
    return factorScorer(factors, this.#userBased ? null : this.#users.bias);
  }

  /**
   * The last two columns, users (a, b) and items (c, d), add a·c + b·d to a score: a = 1 for cold users alone, c = what
   * they are predicted; d = 1 for cold items alone, b = what those are. A bias that is added anyway is taken off.
   */
  #addFallbacks(): void {
    const k = this.#hidden + 2;
    const [users, items] = [this.#users, this.#items];
    for (let u = 0; u < users.bias.length; u++) {
      const cold = users.ratings[u] === 0;
      if (cold) forget(users, u, k);
      users.table[u * k + k - 2] = cold ? 1 : 0;
      users.table[u * k + k - 1] = cold ? 0 : users.mean[u] - users.bias[u];
    }
    for (let i = 0; i < items.bias.length; i++) {
      const cold = items.ratings[i] === 0;
      if (cold) forget(items, i, k);
      items.table[i * k + k - 2] = cold ? this.#mean : items.mean[i] - items.bias[i];
      items.table[i * k + k - 1] = cold ? 1 : 0;
    }
  }
}

/** Users or items. */
interface Side {
  /** [count, hidden + 2] */
  readonly table: Float32Array;
  /** [count] the output's bias where this side is the features, otherwise 0. */
  readonly bias: Float32Array;
  /** [count] of the training ratings. */
  readonly mean: Float64Array;
  readonly ratings: Uint32Array;
}

const sideOf = (count: number, k: number): Side => ({
  table: new Float32Array(count * k),
  bias: new Float32Array(count),
  mean: new Float64Array(count),
  ratings: new Uint32Array(count),
});

function forget(side: Side, index: number, k: number): void {
  side.table.fill(0, index * k, (index + 1) * k);
  side.bias[index] = 0;
}

/** Sets means and counts; returns the mean of all ratings, the middle of the scale where there is none. */
function addMeans(train: Ratings, users: Side, items: Side): number {
  let total = 0;
  for (let u = 0; u < train.userCount; u++) {
    for (let row = train.start[u]; row < train.start[u + 1]; row++) {
      const value = train.value[row];
      users.mean[u] += value;
      users.ratings[u]++;
      items.mean[train.item[row]] += value;
      items.ratings[train.item[row]]++;
      total += value;
    }
  }
  for (const { mean, ratings } of [users, items])
    for (let k = 0; k < mean.length; k++) mean[k] /= Math.max(1, ratings[k]);
  const { length } = train.item;
  return length === 0 ? (train.minimum + train.maximum) / 2 : total / length;
}
