/** Caser on the fused kernels. */
import { factorScorer } from '../../model/factor-scorer.ts';
import type { FusedFactory, Scorer, TrainableModel } from '../../model/model.ts';
import { outputFactors } from './plain.ts';
import { createCaserCore } from './fused-core.ts';
import { refuseClipping } from '../../kernels/no-clipping.ts';

export const createCaser: FusedFactory = async (context, kernels) => {
  refuseClipping(context.parameters);
  const core = createCaserCore(context, kernels);
  const model: TrainableModel = {
    examplesPerEpoch: core.examplesPerEpoch,
    trainEpoch: core.trainEpoch,
    // The states of all users are computed once: with them a score is a product of factors.
    scorer: (): Scorer =>
      factorScorer({
        users: core.userStates(),
        k: 2 * core.shape.size,
        ...outputFactors(core.weights()['output'] as Float32Array, core.shape.size),
      }),
    state: core.state,
    restore: core.restore,
    weights: core.weights,
    restoreWeights: core.setWeights,
    dispose: core.dispose,
  };
  return model;
};
