import type { Parameters } from '../../../shared/config.ts';
import type { Ratings } from '../../ratings/ratings.ts';
import type { Random } from '../../numeric/random.ts';
import type { ModelState } from '../../numeric/state.ts';

/** Sizes of a Caser network. */
export interface CaserShape {
  /** L: items of a window. */
  readonly length: number;
  /** k */
  readonly size: number;
  /** Horizontal filters of each height 1 … L. */
  readonly horizontal: number;
  readonly vertical: number;
}

export function caserShape(parameters: Parameters): CaserShape {
  return {
    length: Number(parameters['length']),
    size: Number(parameters['embeddingSize']),
    horizontal: Number(parameters['horizontalFilters']),
    vertical: Number(parameters['verticalFilters']),
  };
}

/** Inputs of the fully connected layer: [vertical · k | L · horizontal]. */
export function caserInputs({ length, size, horizontal, vertical }: CaserShape): number {
  return vertical * size + length * horizontal;
}

/** The windows of every user's history. */
export interface CaserWindows {
  /** [n] user of each window. */
  readonly user: Uint32Array;
  /** [n] place in `sequence` of the window's first item; its targets follow the L items. */
  readonly first: Uint32Array;
  /** Histories one behind the other, item + 1; 0 is padding, on the left of histories shorter than L + T. */
  readonly sequence: Uint32Array;
}

/** Windows of L items and T targets, one a step of each history; a short history gives one, padded on the left. */
export function caserWindows(train: Ratings, length: number, targets: number): CaserWindows {
  const { start, userCount } = train;
  const whole = length + targets;
  let total = 0;
  let count = 0;
  for (let u = 0; u < userCount; u++) {
    const rows = start[u + 1] - start[u];
    if (rows === 0) continue;
    total += Math.max(rows, whole);
    count += Math.max(rows, whole) - whole + 1;
  }
  const sequence = new Uint32Array(total);
  const user = new Uint32Array(count);
  const first = new Uint32Array(count);
  let at = 0;
  let window = 0;
  for (let u = 0; u < userCount; u++) {
    const rows = start[u + 1] - start[u];
    if (rows === 0) continue;
    const size = Math.max(rows, whole);
    for (let k = 0; k < rows; k++) sequence[at + size - rows + k] = train.item[start[u] + k] + 1;
    for (let w = 0; w + whole <= size; w++) {
      user[window] = u;
      first[window++] = at + w;
    }
    at += size;
  }
  return { user, first, sequence };
}

/** The last L items of some users as windows [users, L], item + 1, padded on the left with 0: what is scored from. */
export function lastWindows(train: Ratings, users: ArrayLike<number>, length: number): Uint32Array {
  const out = new Uint32Array(users.length * length);
  for (let b = 0; b < users.length; b++) {
    const end = train.start[users[b] + 1];
    const rows = Math.min(length, end - train.start[users[b]]);
    for (let k = 0; k < rows; k++) out[(b + 1) * length - rows + k] = train.item[end - rows + k] + 1;
  }
  return out;
}

/**
 * First weights: `users` [users, k], `items` [items + 1, k] (row 0: padding), `output` [items, 2k + 1] (z, user, bias),
 * `horizontalS` [filters, S · k] for S = 1 … L, `horizontalBias` [L · filters], `vertical` [filters, L], `verticalBias`,
 * `full` [inputs, k] (inputs: vertical · k, then L · horizontal), `fullBias` [k].
 * `paper` starts as the authors' code does (N(0, 1/k²), dense layers uniform within 1/√inputs); `normal` as the book.
 */
export function initialCaser(
  shape: CaserShape,
  userCount: number,
  itemCount: number,
  parameters: Parameters,
  random: Random,
): ModelState {
  const { length, size, horizontal, vertical } = shape;
  const normal = parameters['initialization'] === 'normal';
  const scale = Number(parameters['initialScale']);
  const table = (n: number, deviation: number): Float32Array =>
    random.fillNormal(new Float32Array(n), normal ? scale : deviation);
  const dense = (n: number, fanIn: number): Float32Array =>
    normal
      ? random.fillNormal(new Float32Array(n), scale)
      : random.fillUniform(new Float32Array(n), 1 / Math.sqrt(fanIn));
  const bias = (n: number, fanIn: number): Float32Array =>
    normal ? new Float32Array(n) : random.fillUniform(new Float32Array(n), 1 / Math.sqrt(fanIn));
  const weights: ModelState = {
    users: table(userCount * size, 1 / size),
    items: table((itemCount + 1) * size, 1 / size),
    output: table(itemCount * (2 * size + 1), 0.5 / size),
  };
  for (let i = 0; i < itemCount; i++) weights['output'][i * (2 * size + 1) + 2 * size] = 0;
  const horizontalBias = new Float32Array(length * horizontal);
  for (let s = 1; s <= length; s++) {
    weights[`horizontal${s}`] = dense(horizontal * s * size, s * size);
    horizontalBias.set(bias(horizontal, s * size), (s - 1) * horizontal);
  }
  weights['horizontalBias'] = horizontalBias;
  weights['vertical'] = dense(vertical * length, length);
  weights['verticalBias'] = bias(vertical, length);
  const inputs = caserInputs(shape);
  weights['full'] = dense(inputs * size, inputs);
  weights['fullBias'] = bias(size, inputs);
  return weights;
}
