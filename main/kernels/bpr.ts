/** BPR and hinge ranking on the fused engine. */
import type { Ratings } from '../data/ratings.ts';
import { bprScorer, bprStart } from '../models/bpr.ts';
import type { FusedFactory, ModelState, TrainableModel } from '../models/model.ts';
import { aliasShares } from '../models/negatives.ts';
import { trainingSettings } from '../models/neural-parameters.ts';
import { aliasTable } from '../models/sampling.ts';
import { padded } from './block.ts';
import { refuseClipping } from './clipping.ts';
import { FactorTrainer } from './factors.ts';
import type { KernelMemory } from './memory.ts';
import { lane, setLane } from './mf.ts';
import { packRows, unpackRows } from './packing.ts';

/** Users × items as bits up to this size; past it, membership is a binary search. */
const BITSET_BYTES = 2 ** 26;

/** @param bitsetBytes largest bitset (tests) */
export async function createBpr(
  context: Parameters<FusedFactory>[0],
  kernels: Parameters<FusedFactory>[1],
  bitsetBytes = BITSET_BYTES,
): Promise<TrainableModel> {
  const { train, seed, parameters } = context;
  refuseClipping(parameters);
  const { memory } = kernels;
  const start = bprStart(context);
  const settings = trainingSettings(parameters);
  const k = start.embeddingSize;
  const biased = parameters['itemBias'] === true;
  const stride = padded(biased ? k + 1 : k, 4);
  const words = Math.ceil(train.itemCount / 32);
  const fits = words * 4 * train.userCount <= bitsetBytes;
  const mark = memory.mark();
  const alias = settings.popularityExponent === null ? null : aliasTable(train, settings.popularityExponent);
  const trainer = new FactorTrainer(kernels, {
    train,
    seed,
    // Rows: a user's [p, 1, 0 …], an item's [q, b_i, 0 …]; without bias [p, 0 …] and [q, 0 …].
    layout: { userOne: biased ? k : null, itemOne: null, stride },
    settings,
    copies: settings.negatives,
    kernel: 'bprBatches',
    rated: false,
    sortItems: !fits,
    own: {
      lossKind: parameters['loss'] === 'hinge' ? 1 : 0,
      margin: new Uint32Array(Float32Array.of(Number(parameters['margin'])).buffer)[0],
      sampling: alias ? 1 : settings.hardestOf > 1 ? 2 : 0,
      candidates: settings.hardestOf,
      aliasShare: alias ? memory.copyU32(aliasShares(alias)).at : 0,
      aliasOther: alias ? memory.copyU32(alias.alias).at : 0,
      bitset: fits ? seenBits(memory, train, words) : 0,
      bitsetWords: words,
      negativeKey: 0,
    },
  });
  packRows(start.users, k, trainer.users.values, stride);
  packRows(start.items, k, trainer.items.values, stride);

  const weights = (): ModelState => ({
    users: unpackRows(trainer.users.values, stride, k),
    items: unpackRows(trainer.items.values, stride, k),
    itemBias: lane(trainer.items.values, stride, biased ? k : null),
  });
  return {
    examplesPerEpoch: trainer.examplesPerEpoch,
    trainEpoch: (_epoch, tick) => trainer.trainEpoch(tick),
    scorer: () => bprScorer({ weights: weights(), parameters }),
    state: () => trainer.state(),
    restore: (state) => trainer.restore(state),
    weights,
    restoreWeights: ({ users, items, itemBias }) => {
      packRows(users as Float32Array, k, trainer.users.values, stride);
      packRows(items as Float32Array, k, trainer.items.values, stride);
      setLane(trainer.items.values, stride, biased ? k : null, itemBias);
    },
    dispose: () => {
      trainer.dispose();
      memory.release(mark);
    },
  };
}

/** Bits [users, words of 32] of the train items. */
function seenBits(memory: KernelMemory, train: Ratings, words: number): number {
  const bits = memory.u32(words * train.userCount);
  for (let u = 0; u < train.userCount; u++)
    for (let row = train.start[u]; row < train.start[u + 1]; row++)
      bits.data[u * words + (train.item[row] >>> 5)] |= 1 << (train.item[row] & 31);
  return bits.at;
}
