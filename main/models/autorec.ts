import type { Parameters } from '../../shared/config.ts';
import type { Ratings } from '../data/ratings.ts';
import { glorotLimit } from '../trainer/dense.ts';
import { Random } from '../trainer/random.ts';
import { autorecParameters } from './autorec-parameters.ts';
import { factorScorer } from './factor-scorer.ts';
import type { SparseRows } from './interactions.ts';
import { transposeSparse, userItemMatrix } from './interactions.ts';
import type { ModelDefinition, ModelState, Scorer, TrainingContext } from './model.ts';

/**
 * AutoRec (Sedhain, Menon, Sanner & Xie 2015): an autoencoder of an item's column of ratings (item-based, the default)
 * or of a user's row. Only observed cells count. The loss is the book's: half the squared error, averaged over all
 * cells of the batch (unobserved ones are 0), so that its weight decay is comparable with the published one.
 * Cold users and items (no rating in train) are predicted the mean of the other one; two cold ones the global mean.
 */
export const autorec: ModelDefinition = {
  name: 'autorec',
  title: 'AutoRec',
  kind: 'ratings',
  baseline: false,
  iterative: true,
  summary: 'A one-layer autoencoder that fills in the missing ratings of an item from those it has.',
  goodWhen: 'Dense star ratings: often the most accurate predictions, from some hundred ratings an item on.',
  cost: 'medium',
  equation: [
    'h(x) = σ(Vᵀx + μ), ŷ = W h(x) + b; x = ratings of an item by all users (0: not rated)',
    'L = ½ mean over the cells of a batch of observed · (ŷ − x)²; weight decay λ on V, W, μ, b',
  ].join('\n'),
  reference: 'Sedhain et al., WWW 2015, eq. 2; Dive into Deep Learning §21.3',
  parameters: autorecParameters,
  factories: {
    fused: async () => (await import('../kernels/autorec.ts')).createAutoRec,
    tensorflow: async () => (await import('./tensorflow/autorec.ts')).createAutoRec,
  },
  scorer: ({ weights, parameters, train }) => {
    const rows = autorecRows(train, parameters);
    return autorecScorer(weights, activations(rows, weights), train, parameters);
  },
};

/** The training matrix as the autoencoder reads it: items × users (item-based) or users × items. */
export function autorecRows(train: Ratings, parameters: Parameters): SparseRows {
  const users = userItemMatrix(train);
  return parameters['userBased'] === true ? users : transposeSparse(users);
}

/** Weights of V (`encoder`) and W (`decoder`), [features, hidden]; both biases start at 0. */
export function initialWeights(
  context: TrainingContext,
  features: number,
): { encoder: Float32Array; decoder: Float32Array } {
  const { parameters, seed } = context;
  const hidden = Number(parameters['embeddingSize']);
  const random = new Random(seed, 'init');
  const fill = (out: Float32Array): Float32Array =>
    parameters['initialization'] === 'xavier'
      ? random.fillUniform(out, glorotLimit(features, hidden))
      : random.fillNormal(out, 0.01);
  return {
    encoder: fill(new Float32Array(features * hidden)),
    decoder: fill(new Float32Array(features * hidden)),
  };
}

/** σ(Vᵀx + μ) of every row, without dropout: [rows, hidden]. */
export function activations(rows: SparseRows, weights: ModelState): Float32Array {
  const encoder = weights['encoder'];
  const bias = weights['hiddenBias'];
  const hidden = bias.length;
  const out = new Float32Array(rows.rows * hidden);
  const sum = new Float64Array(hidden);
  for (let r = 0; r < rows.rows; r++) {
    sum.set(bias);
    for (let n = rows.start[r]; n < rows.start[r + 1]; n++) {
      const from = rows.index[n] * hidden;
      const x = rows.value[n];
      for (let c = 0; c < hidden; c++) sum[c] += x * encoder[from + c];
    }
    for (let c = 0; c < hidden; c++) out[r * hidden + c] = 1 / (1 + Math.exp(-sum[c]));
  }
  return out;
}

/**
 * AutoRec as factors: ŷ = b_f + h_r·W_f. Two more columns carry the fallbacks of cold users and items.
 * @param weights `decoder` [features, hidden], `outputBias` [features]
 * @param hiddenRows activations, [rows, hidden]
 */
export function autorecScorer(
  weights: ModelState,
  hiddenRows: Float32Array,
  train: Ratings,
  parameters: Parameters,
): Scorer {
  const userBased = parameters['userBased'] === true;
  const hidden = Number(parameters['embeddingSize']);
  const k = hidden + 2;
  const means = trainMeans(train);
  const decoder = weights['decoder'] as Float32Array;
  const outputBias = weights['outputBias'];
  const users = new Float32Array(train.userCount * k);
  const items = new Float32Array(train.itemCount * k);
  const userConstant = userBased ? null : new Float32Array(train.userCount);
  const itemBias = userBased ? new Float32Array(train.itemCount) : null;
  for (let u = 0; u < train.userCount; u++) {
    const at = u * k;
    if (means.userRatings[u] === 0) {
      users[at + hidden] = 1;
      continue;
    }
    const source = userBased ? hiddenRows : decoder;
    users.set(source.subarray(u * hidden, (u + 1) * hidden), at);
    if (userConstant) userConstant[u] = outputBias[u];
    users[at + hidden + 1] = means.user[u] - (userConstant?.[u] ?? 0);
  }
  for (let i = 0; i < train.itemCount; i++) {
    const at = i * k;
    if (means.itemRatings[i] === 0) {
      items[at + hidden] = means.all;
      items[at + hidden + 1] = 1;
      continue;
    }
    const source = userBased ? decoder : hiddenRows;
    items.set(source.subarray(i * hidden, (i + 1) * hidden), at);
    if (itemBias) itemBias[i] = outputBias[i];
    items[at + hidden] = means.item[i] - (itemBias?.[i] ?? 0);
  }
  return factorScorer({ users, items, k, itemBias }, userConstant);
}

interface TrainMeans {
  /** Mean of all ratings; the middle of the scale where there is none. */
  readonly all: number;
  readonly user: Float64Array;
  readonly item: Float64Array;
  readonly userRatings: Uint32Array;
  readonly itemRatings: Uint32Array;
}

function trainMeans(train: Ratings): TrainMeans {
  const user = new Float64Array(train.userCount);
  const item = new Float64Array(train.itemCount);
  const userRatings = new Uint32Array(train.userCount);
  const itemRatings = new Uint32Array(train.itemCount);
  let total = 0;
  for (let u = 0; u < train.userCount; u++) {
    for (let row = train.start[u]; row < train.start[u + 1]; row++) {
      user[u] += train.value[row];
      item[train.item[row]] += train.value[row];
      userRatings[u]++;
      itemRatings[train.item[row]]++;
      total += train.value[row];
    }
  }
  for (let u = 0; u < user.length; u++) user[u] /= Math.max(1, userRatings[u]);
  for (let i = 0; i < item.length; i++) item[i] /= Math.max(1, itemRatings[i]);
  const { length } = train.item;
  const all = length === 0 ? (train.minimum + train.maximum) / 2 : total / length;
  return { all, user, item, userRatings, itemRatings };
}
