/** The fused form of MF: rows that hold factors and biases side by side, moved by assembly/mf.ts. */
import type { FusedFactory } from '../../model/model.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { padded } from '../../kernels/block.ts';
import { refuseClipping } from '../../kernels/no-clipping.ts';
import { SinglesTrainer } from '../factors/fused-singles.ts';
import type { FactorWeights, RowLayout } from '../factors/fused-tables.ts';
import { FactorTrainer } from '../factors/fused-trainer.ts';
import { Mf, mfBatches, MfSingles, mfSingles } from './kernels.generated.ts';
import type { ModelState } from '../../numeric/state.ts';
import { DEAL_EVERY, mfScorer, mfStart, type MfStart } from './weights.ts';

/** Rows: a user's [p, b_u, 1, 0 …], an item's [q, 1, b_i, 0 …]; without biases [p, 0 …] and [q, 0 …]. */
function rowsOf({ embeddingSize: size, biases }: MfStart): RowLayout {
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

export const createMf: FusedFactory = async ({ train, seed, parameters }, kernels) => {
  refuseClipping(parameters);
  const start = mfStart({ train, seed, parameters });
  const { mean } = start;
  const settings = trainingSettings(parameters);
  const options = {
    train,
    seed,
    rows: rowsOf(start),
    settings,
    copies: 1,
    own: () => ({ mean }),
    rated: true,
    weights: (all: FactorWeights) => ({ ...all, mean: Float32Array.of(mean) }),
    scorer: (weights: ModelState) => mfScorer({ weights, parameters }),
  };
  const trainer = settings.singles
    ? new SinglesTrainer(kernels, { ...options, kernel: mfSingles, layout: MfSingles, dealEvery: DEAL_EVERY })
    : new FactorTrainer(kernels, { ...options, kernel: mfBatches, layout: Mf });
  trainer.restoreWeights({ users: start.users, items: start.items });
  return trainer;
};
