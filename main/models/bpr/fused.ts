/** BPR and hinge ranking on the fused engine. */
import type { FusedFactory, TrainableModel } from '../../model/model.ts';
import { aliasShares } from './negatives.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { aliasTable } from '../../numeric/alias-table.ts';
import { floatWord, padded } from '../../kernels/block.ts';
import { refuseClipping } from '../../kernels/clipping.ts';
import { FactorTrainer } from '../factors/fused-trainer.ts';
import { createSeenBits } from '../../kernels/seen.ts';
import type { ModelState } from '../../numeric/state.ts';
import { bprScorer, bprStart } from './weights.ts';

/** @param bitsetBytes largest bitset (tests) */
export async function createBpr(
  context: Parameters<FusedFactory>[0],
  kernels: Parameters<FusedFactory>[1],
  bitsetBytes?: number,
): Promise<TrainableModel> {
  const { train, seed, parameters } = context;
  refuseClipping(parameters);
  const { memory } = kernels;
  const { embeddingSize: size, users, items } = bprStart(context);
  const settings = trainingSettings(parameters);
  const biased = parameters['itemBias'] === true;
  const mark = memory.mark();
  const alias = settings.popularityExponent === null ? null : aliasTable(train, settings.popularityExponent);
  const seen = createSeenBits(memory, train, bitsetBytes);
  const trainer = new FactorTrainer(kernels, {
    train,
    seed,
    // Rows: a user's [p, 1, 0 …], an item's [q, b_i, 0 …]; without bias [p, 0 …] and [q, 0 …].
    layout: {
      size,
      userBias: null,
      itemOne: null,
      stride: padded(biased ? size + 1 : size, 4),
      ...(biased ? { userOne: size, itemBias: size } : { userOne: null, itemBias: null }),
    },
    settings,
    copies: settings.negatives,
    kernel: 'bprBatches',
    rated: false,
    sortItems: seen === null,
    own: {
      lossKind: parameters['loss'] === 'hinge' ? 1 : 0,
      margin: floatWord(Number(parameters['margin'])),
      sampling: alias ? 1 : settings.hardestOf > 1 ? 2 : 0,
      candidates: settings.hardestOf,
      aliasShare: alias ? memory.copyU32(aliasShares(alias)).at : 0,
      aliasOther: alias ? memory.copyU32(alias.alias).at : 0,
      bitset: seen?.at ?? 0,
      bitsetWords: (seen?.bytesOfUser ?? 0) / 4,
      negativeKey: 0,
    },
  });
  trainer.setWeights({ users, items });

  const weights = (): ModelState => {
    const { users: p, items: q, itemBias } = trainer.weights();
    return { users: p, items: q, itemBias };
  };
  return {
    examplesPerEpoch: trainer.examplesPerEpoch,
    trainEpoch: (_epoch, tick) => trainer.trainEpoch(tick),
    scorer: () => bprScorer({ weights: weights(), parameters }),
    state: () => trainer.state(),
    restore: (state) => trainer.restore(state),
    weights,
    restoreWeights: (stored) => trainer.setWeights(stored),
    dispose: () => {
      trainer.dispose();
      memory.release(mark);
    },
  };
}
