/** The fused form of BPR and hinge ranking: draws and moves by assembly/bpr.ts. */
import type { FusedFactory, TrainableModel } from '../../model/model.ts';
import { aliasShares } from './negatives.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { aliasTable } from '../../numeric/alias-table.ts';
import { epochKey } from '../../numeric/batch-order.ts';
import { type Block, createBlock, padded } from '../../kernels/block.ts';
import type { KernelMemory } from '../../kernels/shared-memory.ts';
import type { ModelState } from '../../numeric/state.ts';
import { refuseClipping } from '../../kernels/no-clipping.ts';
import { SinglesTrainer } from '../factors/fused-singles.ts';
import type { FactorWeights, RowLayout } from '../factors/fused-tables.ts';
import { FactorTrainer } from '../factors/fused-trainer.ts';
import { createSeenBits, seenBitsFit } from '../../kernels/seen.ts';
import {
  Bpr,
  BPR,
  bprBatches,
  BprSingles,
  bprSingles,
  Draws,
  DYNAMIC,
  HINGE,
  POPULARITY,
  UNIFORM,
} from './kernels.generated.ts';
import { bprScorer, bprStart, DEAL_EVERY } from './weights.ts';

/** Fields of the trainers' blocks that draws read. */
type DataField = 'itemCount' | 'start' | 'item';

/** Rows: a user's [p, 1, 0 …], an item's [q, b_i, 0 …]; without bias [p, 0 …] and [q, 0 …]. */
function rowsOf(size: number, biased: boolean): RowLayout {
  const bias = biased ? { userOne: size, itemBias: size } : { userOne: null, itemBias: null };
  return { size, userBias: null, itemOne: null, stride: padded(biased ? size + 1 : size, 4), ...bias };
}

/** @param bitsetBytes largest bitset (tests) */
export async function createBpr(
  { train, seed, parameters }: Parameters<FusedFactory>[0],
  kernels: Parameters<FusedFactory>[1],
  bitsetBytes?: number,
): Promise<TrainableModel> {
  refuseClipping(parameters);
  const { embeddingSize, users, items } = bprStart({ train, seed, parameters });
  const settings = trainingSettings(parameters);
  const { popularityExponent, hardestOf } = settings;
  const draws = (memory: KernelMemory, shared: Readonly<Record<DataField, number>>, itemBlock: number) => {
    const alias = popularityExponent === null ? null : aliasTable(train, popularityExponent);
    // One sample a step, a cell's samples say what a user has of its items.
    const seen = settings.singles ? null : createSeenBits(memory, train, bitsetBytes);
    return createBlock(memory, Draws, {
      itemCount: shared.itemCount,
      start: shared.start,
      item: shared.item,
      sampling: alias ? POPULARITY : hardestOf > 1 ? DYNAMIC : UNIFORM,
      candidates: hardestOf,
      aliasShare: alias ? memory.copyU32(aliasShares(alias)).at : 0,
      aliasOther: alias ? memory.copyU32(alias.alias).at : 0,
      bitset: seen?.at ?? 0,
      bitsetWords: (seen?.bytesOfUser ?? 0) / 4,
      negativeKey: 0,
      itemBlock,
    });
  };
  let drawn: Block<'negativeKey'>;
  const lossKind = parameters['loss'] === 'hinge' ? HINGE : BPR;
  const margin = Number(parameters['margin']);
  const options = {
    train,
    seed,
    rows: rowsOf(embeddingSize, parameters['itemBias'] === true),
    settings,
    copies: settings.negatives,
    beforeEpoch: (epoch: number) => drawn.set('negativeKey', epochKey(seed, 'negatives', epoch)),
    rated: false,
    sortItems: !settings.singles && !seenBitsFit(train, bitsetBytes),
    weights: ({ users: p, items: q, itemBias }: FactorWeights) => ({ users: p, items: q, itemBias }),
    scorer: (weights: ModelState) => bprScorer({ weights, parameters }),
  };
  const trainer = settings.singles
    ? new SinglesTrainer(kernels, {
        ...options,
        kernel: bprSingles,
        layout: BprSingles,
        dealEvery: DEAL_EVERY,
        own: (memory, shared) => {
          drawn = draws(memory, shared, shared.itemBlock);
          const markBytes = padded(Math.ceil(train.itemCount / 8), 64);
          const marks = memory.allocate(kernels.threads * markBytes);
          return { lossKind, margin, draws: drawn.at, marks, markBytes };
        },
      })
    : new FactorTrainer(kernels, {
        ...options,
        kernel: bprBatches,
        layout: Bpr,
        own: (memory, shared) => {
          drawn = draws(memory, shared, 0);
          return { lossKind, margin, draws: drawn.at };
        },
      });
  trainer.restoreWeights({ users, items });
  return trainer;
}
