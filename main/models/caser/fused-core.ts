/** Caser on the kernels: memory, epochs and states of one network (assembly/caser.ts). */
import type { TrainingContext } from '../../model/model.ts';
import { caserShape, caserWindows, initialCaser, lastWindows } from './shape.ts';
import { trainingSettings } from '../../model/training-settings.ts';
import { Random } from '../../numeric/random.ts';
import { createBlock, padded } from '../../kernels/block.ts';
import { caserLayout } from './fused-layout.ts';
import { createInteractions } from '../../kernels/interactions.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import {
  BPR,
  Caser,
  caserScratch,
  caserStates,
  caserTrain,
  CHUNK_FIELDS,
  LOG,
  SOFTMAX,
} from './kernels.generated.ts';
import { packRows, unpackRows } from '../../kernels/packing.ts';
import { packPieces, unpackPieces } from '../../kernels/pieces.ts';
import { streamState } from '../../kernels/splitmix.ts';
import { SHARDS, ShardedTraining } from '../sharded/sharded.ts';
import { createTable } from '../../kernels/kernel-table.ts';
import type { ModelState } from '../../numeric/state.ts';

/** Windows whose activations are in cache together. */
const CHUNK = 32;
const losses: Readonly<Record<string, number>> = { log: LOG, bpr: BPR, softmax: SOFTMAX };

export function createCaserCore(context: TrainingContext, kernels: Kernels) {
  const { train, parameters, seed } = context;
  const { memory } = kernels;
  const mark = memory.mark();
  const settings = trainingSettings(parameters);
  const shape = caserShape(parameters);
  const layout = caserLayout(shape);
  const { width, filters } = layout;
  const targets = Number(parameters['targets']);
  const loss = losses[String(parameters['loss'])];
  const softmax = loss === SOFTMAX;
  const { negatives, hardestOf } = settings;
  const targetSlots = softmax ? targets : targets * (1 + negatives);
  const { optimizer = 'adam', mode } = settings.optimizer;
  const windows = caserWindows(train, shape.length, targets);
  const count = windows.user.length;
  const batchSize = Math.max(1, Math.min(count, settings.batchSize));

  const dense = mode === 'dense';
  const users = createTable(memory, train.userCount, width, optimizer, dense);
  const items = createTable(memory, train.itemCount + 1, width, optimizer, dense);
  const stateWidth = 2 * width + 4;
  // Under softmax every output row moves with every batch anyway.
  const output = createTable(memory, train.itemCount, stateWidth, optimizer, dense || softmax);
  const rowParts = [{ from: 0, width: shape.size }];
  const outputParts = [rowParts[0], { from: width, width: shape.size }, { from: 2 * width, width: 1 }];
  const training = new ShardedTraining(kernels, { seed, settings, size: layout.size });
  const dropoutRandom = memory.u32(4 * SHARDS);
  // xorshift must not start from zero.
  dropoutRandom.data.forEach((_, n, words) => (words[n] = streamState(seed, 'dropout', n)[0] | 1));

  const shardWindows = Math.ceil(batchSize / SHARDS) + 4;
  const slots = SHARDS * shardWindows;
  const columns = padded(train.itemCount, 8);
  const batchUsers = memory.u32(slots);
  const batchItems = memory.u32(slots * shape.length);
  const batchTargets = memory.u32(slots * targetSlots);
  const targetGradients = memory.f32(slots * targetSlots);
  const states = memory.f32(slots * stateWidth);
  const userGradients = memory.f32(slots * width);
  const itemGradients = memory.f32(slots * shape.length * width);
  const scores = memory.f32(softmax ? slots * columns : 0);
  const linkSlots = slots * Math.max(shape.length, targetSlots);
  const dropout = Number(parameters['dropout']);
  const fields = {
    users: users.at,
    items: items.at,
    output: output.at,
    data: createInteractions(memory, train, { popularityExponent: settings.popularityExponent }),
    ...training.words,
    dropoutRandom: dropoutRandom.at,
    shards: SHARDS,
    loss,
    length: shape.length,
    targets,
    negatives,
    hardestOf,
    size: shape.size,
    width,
    filters,
    vertical: shape.vertical,
    inputs: layout.inputs,
    horizontal: layout.horizontal * 4,
    horizontalBias: layout.horizontalBias * 4,
    verticalWeights: layout.vertical * 4,
    verticalBias: layout.verticalBias * 4,
    full: layout.full * 4,
    fullBias: layout.fullBias * 4,
    horizontalTransposed: memory.allocate(layout.horizontalSize * 4),
    fullTransposed: memory.allocate(layout.inputs * width * 4),
    windowUser: memory.copyU32(windows.user).at,
    windowFirst: memory.copyU32(windows.first).at,
    sequence: memory.copyU32(windows.sequence).at,
    windows: count,
    batchSize,
    chunk: CHUNK,
    shardWindows,
    batchUsers: batchUsers.at,
    batchItems: batchItems.at,
    states: states.at,
    userGradients: userGradients.at,
    itemGradients: itemGradients.at,
    batchTargets: batchTargets.at,
    targetGradients: targetGradients.at,
    scratch: 0,
    scratchBytes: 0,
    links: memory.allocate(linkSlots * 8 * kernels.threads),
    linkSlots,
    dropoutThreshold: dropout * 2 ** 32 - 2 ** 31,
    keepFactor: 1 / (1 - dropout),
    keyLow: 0,
    keyHigh: 0,
    permutationBits: Math.max(1, Math.ceil(Math.log2(count))),
    batches: 0,
    outputPanels: memory.allocate(softmax ? stateWidth * columns * 4 : 0),
    scores: scores.at,
    columns,
    given: 0,
  };
  const block = createBlock(memory, Caser, fields);
  const work = memory.allocate(CHUNK_FIELDS);
  const scratchBytes = kernels.run(caserScratch, { block: block.at, work });
  block.set('scratch', memory.allocate(scratchBytes * kernels.threads));
  block.set('scratchBytes', scratchBytes);
  setWeights(initialCaser(shape, train.userCount, train.itemCount, parameters, new Random(seed, 'init')));

  function setWeights(packed: ModelState): void {
    unpackRows(packed['users'] as Float32Array, users.values, width, rowParts);
    unpackRows(packed['items'] as Float32Array, items.values, width, rowParts);
    unpackRows(packed['output'] as Float32Array, output.values, stateWidth, outputParts);
    unpackPieces(layout.pieces, packed, training.weights);
  }

  async function trainEpoch(
    epoch: number,
    tick: (examplesDone: number) => Promise<void>,
  ): Promise<{ loss: number }> {
    const loss = await training.trainEpoch({
      epoch,
      kernel: caserTrain,
      block,
      batches: Math.ceil(count / batchSize),
      tick: (done) => tick(Math.min(count, done * batchSize) * targets),
    });
    return { loss: count === 0 ? 0 : loss / (count * targets) };
  }

  /** States [users, 2k] after each user's last L train items. */
  function userStates(): Float32Array {
    const { size } = shape;
    const out = new Float32Array(train.userCount * 2 * size);
    const atOnce = slots - 4;
    for (let from = 0; from < train.userCount; from += atOnce) {
      const of = Uint32Array.from({ length: Math.min(atOnce, train.userCount - from) }, (_, n) => from + n);
      batchUsers.data.set(of);
      batchItems.data.set(lastWindows(train, of, shape.length));
      kernels.run(caserStates, { block: block.at, windows: of.length });
      out.set(packRows(states.data, of.length, stateWidth, [rowParts[0], outputParts[1]]), from * 2 * size);
    }
    return out;
  }

  const tables = { users, items, output };
  const streams = { dropoutRandom: dropoutRandom.data };

  return {
    examplesPerEpoch: count * targets,
    shape,
    trainEpoch,
    userStates,
    setWeights,
    weights: (): ModelState => ({
      users: packRows(users.values, train.userCount, width, rowParts),
      items: packRows(items.values, train.itemCount + 1, width, rowParts),
      output: packRows(output.values, train.itemCount, stateWidth, outputParts),
      ...packPieces(layout.pieces, training.weights),
    }),
    state: () => training.state(tables, streams),
    restore: (state: ModelState) => training.restore(state, tables, streams),
    dispose: () => memory.release(mark),
    /** What tests look into: one batch with its gradients, before any step. */
    probe: {
      block,
      layout,
      fields,
      stateWidth,
      rowParts,
      outputParts,
      targetSlots,
      columns,
      takeLoss: () => training.takeLoss(),
      batchUsers,
      batchItems,
      batchTargets,
      targetGradients,
      states,
      userGradients,
      itemGradients,
      scores,
    },
  };
}
