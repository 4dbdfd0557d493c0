import type { Parameters } from '../../../shared/config.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import { factorScorer } from '../../model/factor-scorer.ts';
import type { Factors, Scorer } from '../../model/model.ts';

/** Where scores come from: stored weights, or the kernels' memory. */
export interface AutoRecSource {
  /** [features] */
  readonly outputBias: ArrayLike<number>;
  /** Writes σ(Vᵀx + μ) of every row, without dropout, `hidden` values at every multiple of `stride`. */
  writeActivations(target: Float32Array, stride: number): void;
  /** Writes row f of W, `hidden` values, at `at`. */
  writeDecoder(feature: number, target: Float32Array, at: number): void;
}

/**
 * AutoRec as factors, ŷ = b_f + h_r·W_f, with two more columns that carry the fallbacks of cold users and items: users
 * (a, b) and items (c, d) add a·c + b·d to a score, where a = 1 for cold users alone, c = what they are predicted,
 * d = 1 for cold items alone, b = what those are. A bias that is added anyway is taken off.
 *
 * The tables are as large as the model: all scorers share them, so a new one ends the one before. The users' is not
 * made where their rows can be read from the decoder.
 */
export class AutoRecScoring {
  readonly #userBased: boolean;
  readonly #hidden: number;
  readonly #users: Side;
  readonly #items: Side;
  readonly #mean: number;
  readonly #itemTable: Float32Array;
  readonly #userTable: Float32Array;

  constructor(train: Ratings, parameters: Parameters) {
    this.#userBased = parameters['userBased'] === true;
    this.#hidden = Number(parameters['embeddingSize']);
    this.#users = sideOf(train.userCount);
    this.#items = sideOf(train.itemCount);
    this.#mean = addMeans(train, this.#users, this.#items);
    this.#itemTable = new Float32Array(train.itemCount * (this.#hidden + 2));
    this.#userTable = new Float32Array(this.#userBased ? train.userCount * (this.#hidden + 2) : 0);
  }

  scorer(source: AutoRecSource): Scorer {
    const k = this.#hidden + 2;
    const [userCount, itemCount] = [this.#users.mean.length, this.#items.mean.length];
    const bias = Float32Array.from(source.outputBias);
    const warm = (this.#userBased ? this.#items : this.#users).ratings;
    warm.forEach((ratings, feature) => ratings === 0 && (bias[feature] = 0));
    const [users, items] = [this.#userTable, this.#itemTable];
    source.writeActivations(this.#userBased ? users : items, k);
    if (this.#userBased) for (let i = 0; i < itemCount; i++) source.writeDecoder(i, items, i * k);
    for (let i = 0; i < itemCount; i++) this.#finishItem(i, items, i * k, this.#userBased ? bias[i] : 0);
    if (this.#userBased) {
      for (let u = 0; u < userCount; u++) this.#finishUser(u, users, u * k, 0);
      return factorScorer({ users, items, k, itemBias: bias });
    }
    const writeUser = (u: number, out: Float32Array, at: number): void => {
      source.writeDecoder(u, out, at);
      this.#finishUser(u, out, at, bias[u]);
    };
    return factorScorer(withLazyUsers({ items, k, itemBias: null, writeUser }, userCount), bias);
  }

  #finishUser(u: number, out: Float32Array, at: number, bias: number): void {
    const cold = this.#users.ratings[u] === 0;
    if (cold) out.fill(0, at, at + this.#hidden);
    out[at + this.#hidden] = cold ? 1 : 0;
    out[at + this.#hidden + 1] = cold ? 0 : this.#users.mean[u] - bias;
  }

  #finishItem(i: number, out: Float32Array, at: number, bias: number): void {
    const cold = this.#items.ratings[i] === 0;
    if (cold) out.fill(0, at, at + this.#hidden);
    out[at + this.#hidden] = cold ? this.#mean : this.#items.mean[i] - bias;
    out[at + this.#hidden + 1] = cold ? 1 : 0;
  }
}

/** Users or items. */
interface Side {
  /** [count] of the training ratings. */
  readonly mean: Float64Array;
  readonly ratings: Uint32Array;
}

const sideOf = (count: number): Side => ({ mean: new Float64Array(count), ratings: new Uint32Array(count) });

/** Factors whose table of users is made when it is asked for. */
function withLazyUsers(
  factors: Omit<Factors, 'users'> & Required<Pick<Factors, 'writeUser'>>,
  userCount: number,
): Factors {
  let users: Float32Array | undefined;
  return {
    ...factors,
    get users() {
      if (users) return users;
      users = new Float32Array(userCount * factors.k);
      for (let u = 0; u < userCount; u++) factors.writeUser(u, users, u * factors.k);
      return users;
    },
  };
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
