/** Matrix factorisation on the fused engine. */
import type { FusedFactory, TrainableModel } from '../../model/model.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { padded } from '../../kernels/block.ts';
import { refuseClipping } from '../../kernels/clipping.ts';
import { FactorTrainer, type FactorLayout } from '../factors/fused-trainer.ts';
import type { ModelState } from '../../numeric/state.ts';
import { mfScorer, mfStart, type MfStart } from './weights.ts';

/** Rows: a user's [p, b_u, 1, 0 …], an item's [q, 1, b_i, 0 …]; without biases [p, 0 …] and [q, 0 …]. */
function layoutOf({ embeddingSize: size, biases }: MfStart): FactorLayout {
  return biases
    ? {
        size,
        userBias: size,
        userOne: size + 1,
        itemOne: size,
        itemBias: size + 1,
        stride: padded(size + 2, 4),
      }
    : { size, userBias: null, userOne: null, itemOne: null, itemBias: null, stride: padded(size, 4) };
}

export const createMf: FusedFactory = async (context, kernels) => {
  const { train, seed, parameters } = context;
  refuseClipping(parameters);
  const { mean, ...start } = mfStart(context);
  const trainer = new FactorTrainer(kernels, {
    train,
    seed,
    layout: layoutOf({ mean, ...start }),
    settings: trainingSettings(parameters),
    copies: 1,
    kernel: 'mfBatches',
    rated: true,
    mean,
  });
  trainer.setWeights({ users: start.users, items: start.items });

  const weights = (): ModelState => ({ ...trainer.weights(), mean: Float32Array.of(mean) });
  const model: TrainableModel = {
    examplesPerEpoch: trainer.examplesPerEpoch,
    trainEpoch: (_epoch, tick) => trainer.trainEpoch(tick),
    scorer: () => mfScorer({ weights: weights(), parameters }),
    state: () => trainer.state(),
    restore: (state) => trainer.restore(state),
    weights,
    restoreWeights: (stored) => trainer.setWeights(stored),
    dispose: () => trainer.dispose(),
  };
  return model;
};
