import type { TrainableModel, TrainingContext } from '../../model/model.ts';
import { invertSymmetric } from '../../numeric/linear-algebra.ts';
import { userItemMatrix } from '../../ratings/matrices.ts';
import { easeLoss, easeScorer, refuseTooManyItems } from './weights.ts';

/** EASE-R in plain code, float64 inside: the fused kernel's reference. Cubic in the items: minutes past 2,000. */
export function createEase(context: TrainingContext): Promise<TrainableModel> {
  const { train } = context;
  const n = train.itemCount;
  refuseTooManyItems(n);
  const lambda = Number(context.parameters['regularization']);
  const history = userItemMatrix(train);
  const itemWeights = new Float32Array(n * n);
  const model: TrainableModel = {
    examplesPerEpoch: history.index.length,
    async trainEpoch(_epoch, tick) {
      const gram = new Float64Array(n * n);
      for (let u = 0; u < history.rows; u++) {
        const items = history.index.subarray(history.start[u], history.start[u + 1]);
        for (const i of items) for (const j of items) gram[i * n + j]++;
      }
      for (let i = 0; i < n; i++) gram[i * n + i] += lambda;
      await tick(0);
      const precision = invertSymmetric(gram, n);
      const inverse = Float64Array.from({ length: n }, (_, j) => 1 / precision[j * n + j]);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) itemWeights[i * n + j] = i === j ? 0 : -precision[i * n + j] * inverse[j];
      await tick(history.index.length);
      return { loss: easeLoss(itemWeights, n, inverse, lambda, train.userCount) };
    },
    scorer: () => easeScorer(itemWeights, n, n, history),
    state: () => ({ itemWeights: itemWeights.slice() }),
    weights: () => ({ itemWeights: itemWeights.slice() }),
    restore: (state) => itemWeights.set(state['itemWeights']),
    restoreWeights: (stored) => itemWeights.set(stored['itemWeights']),
    dispose: () => {},
  };
  return Promise.resolve(model);
}
