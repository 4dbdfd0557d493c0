/** NeuMF on the kernels: memory, epochs and scores of one network (assembly/neumf.ts). */
import type { Scorer, TrainingContext } from '../../model/model.ts';
import { neumfShape } from './shape.ts';
import type { NeumfShape } from './shape.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { blockAt, createBlock } from '../../kernels/block.ts';
import { createInteractions } from '../../kernels/interactions.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { neumfLayout } from './fused-layout.ts';
import type { NeumfLayout } from './fused-layout.ts';
import {
  BPR,
  CHUNK_FIELDS,
  Layer,
  LOG,
  Neumf,
  neumfItemHalf,
  neumfScore,
  neumfScoreUsers,
  neumfScratch,
  neumfTrain,
} from './kernels.generated.ts';
import { packRows, unpackRows } from '../../kernels/packing.ts';
import { packPieces, unpackPieces } from '../../kernels/pieces.ts';
import { SHARDS, ShardedTraining } from '../sharded/sharded.ts';
import { createTable } from '../../kernels/kernel-table.ts';
import type { ModelState } from '../../numeric/state.ts';

/** Samples whose activations are in cache together. */
const CHUNK_ROWS = 64;
/** Users whose scores are computed in one call, for about so many floats. */
const SCORE_FLOATS = 2 ** 20;

/** @param weights packed first weights */
export function createNeumfCore(
  context: TrainingContext,
  kernels: Kernels,
  weights: ModelState,
  shape: NeumfShape = neumfShape(context.parameters),
) {
  const { train, parameters } = context;
  const { memory } = kernels;
  const mark = memory.mark();
  const settings = trainingSettings(parameters);
  const bpr = parameters['loss'] === 'bpr';
  const groupSize = 1 + settings.negatives;
  const perGroup = bpr ? settings.negatives : groupSize;
  const rows = train.item.length;
  const groupsPerBatch = Math.max(1, Math.min(rows, Math.round(settings.batchSize / perGroup)));
  const layout = neumfLayout(shape);
  const stride = layout.gmf + layout.mlp;
  const { optimizer = 'adam', mode } = settings.optimizer;

  const users = createTable(memory, train.userCount, stride, optimizer, mode === 'dense');
  const items = createTable(memory, train.itemCount, stride, optimizer, mode === 'dense');
  const tables = { users, items };
  const training = new ShardedTraining(kernels, { seed: context.seed, settings, size: layout.size });

  const chunkGroups = Math.max(1, Math.floor(CHUNK_ROWS / groupSize));
  const shardGroups = Math.ceil(groupsPerBatch / SHARDS) + 4;
  const slots = SHARDS * shardGroups;
  const batchUsers = memory.u32(slots);
  const batchItems = memory.u32(slots * groupSize);
  const userGradients = memory.f32(slots * stride);
  const itemGradients = memory.f32(slots * groupSize * stride);
  const fields = {
    users: users.at,
    items: items.at,
    data: createInteractions(memory, train, { popularityExponent: settings.popularityExponent }),
    ...training.words,
    shards: SHARDS,
    groupSize,
    loss: bpr ? BPR : LOG,
    gmf: layout.gmf,
    mlp: layout.mlp,
    layers: layout.layers.length,
    layer: layerBlocks(kernels, layout),
    head: layout.head * 4,
    headBias: layout.headBias * 4,
    chunkGroups,
    shardGroups,
    batchUsers: batchUsers.at,
    batchItems: batchItems.at,
    userGradients: userGradients.at,
    itemGradients: itemGradients.at,
    scratch: 0,
    scratchBytes: 0,
    links: memory.allocate(slots * groupSize * 8 * kernels.threads),
    linkSlots: slots * groupSize,
    hardestOf: settings.hardestOf,
    keyLow: 0,
    keyHigh: 0,
    permutationBits: Math.max(1, Math.ceil(Math.log2(rows))),
    batches: 0,
    groupsPerBatch,
    given: 0,
  };
  const block = createBlock(memory, Neumf, fields);
  const scoring = createBlock(memory, Neumf, { ...fields, groupSize: 1, chunkGroups: CHUNK_ROWS });
  const work = memory.allocate(CHUNK_FIELDS);
  const scratchBytes = kernels.run(neumfScratch, { training: block.at, scoring: scoring.at, work });
  const scratch = memory.allocate(scratchBytes * kernels.threads);
  for (const each of [block, scoring]) {
    each.set('scratch', scratch);
    each.set('scratchBytes', scratchBytes);
  }
  let stale = true;
  setWeights(weights);

  function setWeights(packed: ModelState): void {
    unpackRows(packed['users'] as Float32Array, users.values, stride, layout.rowParts);
    unpackRows(packed['items'] as Float32Array, items.values, stride, layout.rowParts);
    unpackPieces(layout.pieces, packed, training.weights);
    stale = true;
  }

  async function trainEpoch(
    epoch: number,
    tick: (examplesDone: number) => Promise<void>,
  ): Promise<{ loss: number }> {
    stale = true;
    const loss = await training.trainEpoch({
      epoch,
      kernel: neumfTrain,
      block,
      batches: Math.ceil(rows / groupsPerBatch),
      tick: (done) => tick(Math.min(rows, done * groupsPerBatch) * perGroup),
    });
    return { loss: rows === 0 ? 0 : loss / (rows * perGroup) };
  }

  const half = memory.f32(train.itemCount * (layout.layers[0]?.outputs ?? 0));
  const scoreUsersAtOnce = Math.max(
    1,
    Math.min(256, Math.floor(SCORE_FLOATS / Math.max(1, train.itemCount))),
  );
  const scoreIds = memory.u32(Math.max(scoreUsersAtOnce, 2 * 8192));
  const scores = memory.f32(Math.max(scoreUsersAtOnce * train.itemCount, 8192));

  function scorer(): Scorer {
    return {
      scoreUsers(of, out) {
        if (stale && layout.layers.length > 0)
          kernels.run(neumfItemHalf, { block: scoring.at, out: half.at });
        stale = false;
        for (let from = 0; from < of.length; from += scoreUsersAtOnce) {
          const part = of.subarray(from, from + scoreUsersAtOnce);
          const to = from * train.itemCount;
          scoreIds.data.set(part);
          const direct = out.buffer === memory.memory.buffer;
          const at = direct ? out.byteOffset + to * 4 : scores.at;
          const which = { users: scoreIds.at, n: part.length, half: half.at, out: at };
          kernels.run(neumfScoreUsers, { block: scoring.at, ...which });
          if (!direct) out.set(scores.data.subarray(0, part.length * train.itemCount), to);
        }
      },
      predict(of, candidates) {
        const out = new Float32Array(of.length);
        for (let from = 0; from < of.length; from += 8192) {
          const part = of.subarray(from, from + 8192);
          scoreIds.data.set(part);
          scoreIds.data.set(candidates.subarray(from, from + 8192), 8192);
          const pairs = { users: scoreIds.at, items: scoreIds.at + 8192 * 4, groups: part.length };
          kernels.run(neumfScore, { block: scoring.at, ...pairs, out: scores.at });
          out.set(scores.data.subarray(0, part.length), from);
        }
        return out;
      },
    };
  }

  return {
    examplesPerEpoch: rows * perGroup,
    trainEpoch,
    scorer,
    setWeights,
    weights: (): ModelState => ({
      users: packRows(users.values, train.userCount, stride, layout.rowParts),
      items: packRows(items.values, train.itemCount, stride, layout.rowParts),
      ...packPieces(layout.pieces, training.weights),
    }),
    state: () => training.state(tables),
    restore(state: ModelState): void {
      training.restore(state, tables);
      stale = true;
    },
    dispose: () => memory.release(mark),
    /** What tests look into: one batch with its gradients, before any step. */
    probe: {
      block,
      layout,
      batchUsers,
      batchItems,
      userGradients,
      itemGradients,
      shardGroups,
      takeLoss: () => training.takeLoss(),
      fields,
    },
  };
}

/** Address of the layers; neumfScratch writes where their activations are. */
function layerBlocks({ memory }: Kernels, { layers }: NeumfLayout): number {
  const at = memory.allocate(layers.length * Layer.bytes);
  layers.forEach(({ inputs, outputs, weights, bias }, l) =>
    blockAt(memory, at + l * Layer.bytes, Layer, {
      inputs,
      outputs,
      weights: weights * 4,
      bias: bias * 4,
      active: 0,
      delta: 0,
      transposed: 0,
    }),
  );
  return at;
}
