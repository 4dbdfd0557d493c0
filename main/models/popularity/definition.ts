import { factorScorer } from '../../model/factor-scorer.ts';
import type { CpuFactory, ModelDefinition, SavedModel, Scorer } from '../../model/model.ts';
import { onePass } from '../../model/one-pass.ts';

/** Everybody gets what most people have: the baseline that a personal model must beat. */
export const popularity: ModelDefinition = {
  name: 'popularity',
  title: 'Popularity',
  kind: 'ranking',
  baseline: true,
  iterative: false,
  seedless: true,
  summary: 'Everybody gets the items that occur most often in the train part.',
  goodWhen: 'As a yardstick: a model that does not beat it has learned nothing personal.',
  cost: 'fast',
  equation: 's(u,i) = train rows of i',
  latex: String.raw`s(u,i) = \lvert U_i \rvert, \quad \text{train rows of } i`,
  failsWhen:
    'Anything personal: everybody gets the same list but for what they have. It is there to be beaten, and on skewed data that is not easy.',
  reference: 'Cremonesi, Koren & Turrin, RecSys 2010, §4.1',
  parameters: [],
  sample: {},
  work: ({ items, ratings }) => ({ epoch: 10 * ratings, score: 10, bytes: 8 * items }),
  factories: { cpu: async () => createPopularity },
  suite: { noCheckerboard: true },
  scorer: popularityScorer,
  history: ({ weights }) => {
    const counts = weights['counts'] as Float32Array;
    return {
      method: 'exact',
      how: 'The score is how many have the item: it is the same for everybody.',
      score: () => counts.slice(),
      contributions: ({ items }, item) => ({ base: counts[item], parts: new Float64Array(items.length) }),
    };
  },
};

/** Weights: `counts` [items], train rows of each item (exact up to 2²⁴). */
function popularityScorer(saved: Pick<SavedModel, 'weights' | 'train'>): Scorer {
  const itemBias = saved.weights['counts'] as Float32Array;
  const { userCount, itemCount } = saved.train;
  const k = 1;
  return factorScorer({
    users: new Float32Array(userCount),
    items: new Float32Array(itemCount),
    k,
    itemBias,
  });
}

const createPopularity: CpuFactory = async ({ train }) =>
  onePass(
    train.item.length,
    async () => {
      const counts = new Float32Array(train.itemCount);
      for (const item of train.item) counts[item]++;
      return { weights: { counts }, loss: 0 };
    },
    { counts: new Float32Array(train.itemCount) },
    (weights) => popularityScorer({ weights, train }),
  );
