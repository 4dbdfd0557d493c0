import type { TrainableModel, TrainingContext } from '../../model/model.ts';
import { transposeSparse } from '../../numeric/sparse-rows.ts';
import type { SparseRows } from '../../numeric/sparse-rows.ts';
import type { ModelState } from '../../numeric/state.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import { itemKnnScorer } from './weights.ts';

/** Counts in plain code: each item's users, and their items, are walked once. */
export function createItemKnn(context: TrainingContext): Promise<TrainableModel> {
  const { train, parameters } = context;
  let weights = emptyNeighbors(train.itemCount);
  const restore = (state: ModelState): void => {
    weights = copy(state);
  };
  const model: TrainableModel = {
    examplesPerEpoch: train.item.length,
    async trainEpoch(_epoch, tick) {
      const users = userItemMatrix(train);
      const squares = squaredWeights(users, String(parameters['weighting']));
      const { neighbors, shrinkage } = parameters;
      weights = await nearest(users, squares, Number(neighbors), Number(shrinkage), tick);
      return { loss: 0 };
    },
    scorer: () => itemKnnScorer({ weights, parameters, train }),
    state: () => copy(weights),
    weights: () => copy(weights),
    restore,
    restoreWeights: restore,
    dispose: () => {
      weights = emptyNeighbors(0);
    },
  };
  return Promise.resolve(model);
}

const emptyNeighbors = (items: number): ModelState => ({
  neighborStart: new Uint32Array(items + 1),
  neighborItem: new Uint32Array(0),
  neighborWeight: new Float32Array(0),
});

const copy = (state: ModelState): ModelState =>
  Object.fromEntries(Object.entries(state).map(([name, values]) => [name, values.slice()]));

/** [users] square of each user's weight: 1, or with `tfidf` log(items ÷ (1 + the user's items))², at least 0. */
function squaredWeights(users: SparseRows, weighting: string): Float64Array {
  return Float64Array.from({ length: users.rows }, (_, u) => {
    if (weighting === 'none') return 1;
    const length = users.start[u + 1] - users.start[u];
    return Math.max(0, Math.log(users.columns / (1 + length))) ** 2;
  });
}

/** The `k` most similar items of every item with a similarity over 0; of equal ones the lower index. */
async function nearest(
  users: SparseRows,
  weights: Float64Array,
  k: number,
  shrinkage: number,
  tick: (examplesDone: number) => Promise<void>,
): Promise<ModelState> {
  const items = transposeSparse(users);
  const norm = new Float64Array(items.rows);
  for (let i = 0; i < items.rows; i++) {
    for (let n = items.start[i]; n < items.start[i + 1]; n++) norm[i] += weights[items.index[n]];
    norm[i] = Math.sqrt(norm[i]);
  }
  const row = new NeighborRow(items.rows, k);
  const start = new Uint32Array(items.rows + 1);
  const parts: { index: Uint32Array; value: Float32Array }[] = [];
  let worked = performance.now();
  for (let i = 0; i < items.rows; i++) {
    row.multiply(items, users, weights, i);
    const part = row.take(i, norm, shrinkage);
    parts.push(part);
    start[i + 1] = start[i] + part.index.length;
    if (performance.now() - worked > 40) {
      await tick(items.start[i + 1]);
      worked = performance.now();
    }
  }
  const neighborItem = new Uint32Array(start[items.rows]);
  const neighborWeight = new Float32Array(start[items.rows]);
  parts.forEach((part, i) => {
    neighborItem.set(part.index, start[i]);
    neighborWeight.set(part.value, start[i]);
  });
  return { neighborStart: start, neighborItem, neighborWeight };
}

/** Work space of one item's row of similarities. */
class NeighborRow {
  readonly #products: Float64Array;
  readonly #order: Uint32Array;
  readonly #selection: Float64Array;
  readonly #k: number;

  constructor(items: number, k: number) {
    this.#products = new Float64Array(items);
    this.#order = new Uint32Array(items);
    this.#selection = new Float64Array(items);
    this.#k = k;
  }

  /** f_i·f_j for all j: walks the histories of the item's users. */
  multiply(items: SparseRows, users: SparseRows, weights: Float64Array, i: number): void {
    const products = this.#products.fill(0);
    const { index, start } = users;
    for (let n = items.start[i]; n < items.start[i + 1]; n++) {
      const user = items.index[n];
      const weight = weights[user];
      const end = start[user + 1];
      for (let m = start[user]; m < end; m++) products[index[m]] += weight;
    }
  }

  /** Turns products into similarities and keeps the nearest, by ascending item. */
  take(i: number, norm: Float64Array, shrinkage: number): { index: Uint32Array; value: Float32Array } {
    const similarity = this.#products;
    let found = 0;
    for (let j = 0; j < similarity.length; j++) {
      if (j === i || !(similarity[j] > 0)) continue;
      similarity[j] = Math.fround(similarity[j] / (norm[i] * norm[j] + shrinkage));
      this.#selection[found] = similarity[j];
      this.#order[found++] = j;
    }
    let nearest = this.#order.slice(0, found);
    if (found > this.#k) {
      const bound = kthLargest(this.#selection, found, this.#k);
      let room = this.#k;
      for (const j of nearest) if (similarity[j] > bound) room--;
      nearest = nearest.filter((j) => similarity[j] > bound || (similarity[j] === bound && room-- > 0));
    }
    return { index: nearest, value: Float32Array.from(nearest, (j) => similarity[j]) };
  }
}

/** The k-th largest of the first n values (1 ≤ k ≤ n), which are reordered: Hoare's quickselect. */
export function kthLargest(values: Float64Array, n: number, k: number): number {
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let a = low;
    let b = high;
    while (a <= b) {
      while (values[a] > pivot) a++;
      while (values[b] < pivot) b--;
      if (a > b) break;
      const kept = values[a];
      values[a++] = values[b];
      values[b--] = kept;
    }
    if (k - 1 <= b) high = b;
    else if (k - 1 >= a) low = a;
    else break;
  }
  return values[k - 1];
}
