import { mix32 } from '../../numeric/batch-order.ts';
import type { CpuFactory, ModelDefinition, Scorer } from '../../model/model.ts';
import { onePass } from '../../model/one-pass.ts';
import type { ModelState } from '../../numeric/state.ts';

/** A random order for each user, the same each time for one seed: what no model should come near. */
export const random: ModelDefinition = {
  name: 'random',
  title: 'Random',
  kind: 'ranking',
  baseline: true,
  iterative: false,
  summary: 'A random order of the items for each user.',
  goodWhen: 'As the floor of every metric: K ÷ candidates is what luck gives.',
  cost: 'fast',
  equation: 's(u,i) ~ uniform [0, 1)',
  latex: String.raw`s(u,i) \sim \operatorname{uniform}\,[0, 1)`,
  failsWhen: 'Everything, on purpose: a metric that cannot tell a model from it says nothing.',
  reference: 'Baseline',
  parameters: [],
  work: ({ items }) => ({ epoch: items, score: 20, bytes: 8 * items }),
  factories: { cpu: async () => createRandom },
  suite: { noCheckerboard: true },
  scorer: ({ weights, train }) => randomScorer(weights, train.itemCount),
  history: ({ weights, train: { itemCount, userCount } }) => {
    const scorer = randomScorer(weights, itemCount);
    return {
      method: 'leave-one-out',
      how: 'The order is drawn by chance for each user: the history does not change it.',
      score(_history, user) {
        const scores = new Float32Array(itemCount);
        // Somebody new is drawn an order that no user has.
        void scorer.scoreUsers(Uint32Array.of(user ?? userCount), scores);
        return scores;
      },
      leftOut: () => [],
    };
  },
};

/** Weights: `key` [1] of the hash that makes the scores. 24 bits a score, so that float32 holds it exactly. */
function randomScorer(weights: ModelState, itemCount: number): Scorer {
  const key = Number(weights['key'][0]);
  const score = (user: number, item: number): number =>
    (mix32(mix32(user ^ key) + Math.imul(item, 0x9e3779b9)) >>> 8) * 2 ** -24;
  return {
    scoreUsers(users, out) {
      for (let b = 0; b < users.length; b++)
        for (let i = 0; i < itemCount; i++) out[b * itemCount + i] = score(users[b], i);
    },
    predict: (users, items) => Float32Array.from(users, (user, n) => score(user, items[n])),
  };
}

const createRandom: CpuFactory = async ({ train, seed }) => {
  const weights = { key: Uint32Array.of(mix32(seed ^ 0x3c6ef372)) };
  return onePass(
    train.item.length,
    () => Promise.resolve({ weights, loss: 0 }),
    weights,
    (stored) => randomScorer(stored, train.itemCount),
  );
};
