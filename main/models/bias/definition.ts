import type { Ratings } from '../../ratings/ratings.ts';
import { factorScorer } from '../../model/factor-scorer.ts';
import type {
  CpuFactory,
  History,
  HistoryScorer,
  ModelDefinition,
  SavedModel,
  Scorer,
} from '../../model/model.ts';
import { onePass } from '../../model/one-pass.ts';
import type { ModelState } from '../../numeric/state.ts';

/**
 * Mean, user bias and item bias by ridge regression: what can be said of a rating without any taste. A user or an item
 * without a train rating has the bias 0.
 */
export const bias: ModelDefinition = {
  name: 'bias',
  title: 'Bias only',
  kind: 'ratings',
  baseline: true,
  iterative: false,
  seedless: true,
  summary: 'Predicts a rating from how strict the user and how liked the item is, and nothing else.',
  goodWhen: 'As a yardstick for predicted ratings: a model must beat it to have learned a taste.',
  cost: 'fast',
  equation: 'r̂(u,i) = μ + b_u + b_i\nL = Σ (r − r̂)² + λ_u Σ b_u² + λ_i Σ b_i²',
  latex: String.raw`\hat r(u,i) = \mu + b_u + b_i
    L = \sum_{(u,i)} (r_{ui} - \hat r)^2 + \lambda_u \sum_u b_u^2 + \lambda_i \sum_i b_i^2`,
  failsWhen:
    'Lists: everybody gets the same order, that of the item biases. It is there to be beaten by models of ratings.',
  reference: 'Koren, Bell & Volinsky 2009, "Adding biases"; Koren, "Factor in the Neighbors", 2010, §2.1',
  parameters: [
    {
      name: 'regularization',
      title: 'Regularization of users',
      type: 'number',
      default: 5,
      minimum: 0,
      maximum: 1000,
      search: { low: 0, high: 50, scale: 'linear' },
      effect: 'λ_u. Higher: users with few ratings count as average.',
      group: 'model',
    },
    {
      name: 'itemRegularization',
      title: 'Regularization of items',
      type: 'number',
      default: 3,
      minimum: 0,
      maximum: 1000,
      search: { low: 0, high: 50, scale: 'linear' },
      effect: 'λ_i. Higher: items with few ratings count as average.',
      group: 'model',
    },
    {
      name: 'sweeps',
      title: 'Sweeps',
      type: 'integer',
      default: 20,
      minimum: 1,
      maximum: 1000,
      effect: 'Alternations between users and items; twenty come close to the exact solution.',
      group: 'training',
    },
  ],
  sample: {},
  work: ({ users, items, ratings }, { sweeps }) => ({
    epoch: 40 * ratings * Number(sweeps),
    score: 20,
    bytes: 8 * (users + items),
  }),
  factories: { cpu: async () => createBias },
  suite: { noCheckerboard: true, parameters: { regularization: 1 } },
  scorer: biasScorer,
  history: biasHistory,
};

/** Weights: `mean` [1], `userBias` [users], `itemBias` [items]. */
function biasScorer(saved: Pick<SavedModel, 'weights'>): Scorer {
  const { mean, userBias, itemBias } = saved.weights as Record<string, Float32Array>;
  const users = new Float32Array(userBias.length);
  const items = new Float32Array(itemBias.length);
  return factorScorer(
    { users, items, k: 1, itemBias },
    userBias.map((value) => value + mean[0]),
  );
}

/** b_u = Σ (r − μ − b_i) ÷ (λ_u + n) over the history: each rating adds its own part, the same to every item. */
function biasHistory({ weights, parameters }: SavedModel): HistoryScorer {
  const { mean, itemBias } = weights as Record<string, Float32Array>;
  const lambda = Number(parameters['regularization']);
  const parts = ({ items, values }: History): Float64Array =>
    Float64Array.from(items, (item, n) => ratio(values[n] - mean[0] - itemBias[item], items.length + lambda));
  return {
    method: 'exact',
    how: 'The person’s bias is how far their ratings are from those of the same items by others; it raises or lowers every item alike, so their order stays.',
    score(history) {
      const own = parts(history).reduce((sum, part) => sum + part, mean[0]);
      return itemBias.map((value) => value + own);
    },
    contributions: (history, item) => ({ base: mean[0] + itemBias[item], parts: parts(history) }),
  };
}

const createBias: CpuFactory = async ({ train, parameters }) => {
  const lambdas = {
    user: Number(parameters['regularization']),
    item: Number(parameters['itemRegularization']),
  };
  const first = {
    mean: new Float32Array(1),
    userBias: new Float32Array(train.userCount),
    itemBias: new Float32Array(train.itemCount),
  };
  const fit = async (
    tick: (done: number) => Promise<void>,
  ): Promise<{ weights: ModelState; loss: number }> => {
    const n = train.item.length;
    const mean = n === 0 ? 0 : train.value.reduce((sum, value) => sum + value, 0) / n;
    const userBias = new Float64Array(train.userCount);
    const itemBias = new Float64Array(train.itemCount);
    for (let sweep = 0; sweep < Number(parameters['sweeps']); sweep++) {
      sweepBiases(train, mean, userBias, itemBias, lambdas);
      await tick(0);
    }
    const weights = {
      mean: Float32Array.of(mean),
      userBias: Float32Array.from(userBias),
      itemBias: Float32Array.from(itemBias),
    };
    return { weights, loss: n === 0 ? 0 : halfSquaredError(train, mean, userBias, itemBias) / n };
  };
  return onePass(train.item.length, fit, first, (weights) => biasScorer({ weights }));
};

/** The best item biases for the user biases, then the best user biases for them: b = Σ residuals ÷ (λ + ratings). */
function sweepBiases(
  train: Ratings,
  mean: number,
  userBias: Float64Array,
  itemBias: Float64Array,
  lambda: { user: number; item: number },
): void {
  const { start, item, value } = train;
  const counts = new Float64Array(train.itemCount);
  itemBias.fill(0);
  for (let u = 0; u < train.userCount; u++)
    for (let row = start[u]; row < start[u + 1]; row++) {
      counts[item[row]]++;
      itemBias[item[row]] += value[row] - mean - userBias[u];
    }
  for (let i = 0; i < itemBias.length; i++) itemBias[i] = ratio(itemBias[i], counts[i] + lambda.item);
  for (let u = 0; u < train.userCount; u++) {
    let sum = 0;
    for (let row = start[u]; row < start[u + 1]; row++) sum += value[row] - mean - itemBias[item[row]];
    userBias[u] = ratio(sum, start[u + 1] - start[u] + lambda.user);
  }
}

function ratio(sum: number, weight: number): number {
  return weight > 0 ? sum / weight : 0;
}

function halfSquaredError(
  train: Ratings,
  mean: number,
  userBias: Float64Array,
  itemBias: Float64Array,
): number {
  let sum = 0;
  for (let u = 0; u < train.userCount; u++)
    for (let row = train.start[u]; row < train.start[u + 1]; row++)
      sum += 0.5 * (train.value[row] - mean - userBias[u] - itemBias[train.item[row]]) ** 2;
  return sum;
}
