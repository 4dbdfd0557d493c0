/** Which engines load here, and models made on them. */
import * as v from 'valibot';
import { afterAll } from 'vitest';
import {
  chooseCompute,
  enginesOf,
  type EngineName,
  type OpenedModel,
} from '../../../main/training/choose-compute.ts';
import { resolveParameters, schemaOf } from '../../../main/model/parameters.ts';
import { messageOf } from '../../../main/base/message-of.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import { loadKernels, type Kernels } from '../../../main/kernels/kernels.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { type Parameters, RunConfig } from '../../../shared/config.ts';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import type { ModelDefinition } from '../../../main/model/model.ts';
import type { ModelState } from '../../../main/numeric/state.ts';
import { TEST } from '../../../main/ratings/ratings.ts';
import { runTrial } from '../../../main/training/loop.ts';
import type { TrialResult } from '../../../main/training/trial.ts';

/** Why an engine does not load here, or null where it does. */
export async function whyNot(engine: EngineName): Promise<string | null> {
  try {
    if (engine === 'fused') (await loadKernels({ threads: 1 })).dispose();
    else await loadTensorFlow(engine);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

const all: readonly EngineName[] = ['fused', 'tensorflow', 'wasm', 'cpu'];
/** Engines of this machine, by name; the reason for those that do not load. */
export const engineReasons = new Map<EngineName, string | null>();
for (const engine of all) engineReasons.set(engine, await whyNot(engine));

/** The engines that a model is written for and that load here. */
export function loadedEnginesOf(definition: ModelDefinition): EngineName[] {
  return enginesOf(definition).filter((engine) => engineReasons.get(engine) === null);
}

/** Sizes for small boards; every model takes those that its schema has. */
const small: Parameters = {
  embeddingSize: 8,
  mlpEmbeddingSize: 8,
  hiddenSize: 16,
  layers: '16,8',
  epochs: 40,
  learningRate: 0.03,
  regularization: 0,
  batchSize: 32,
  dropout: 0,
  negatives: 2,
  neighbors: 10,
  length: 3,
  horizontalFilters: 4,
  verticalFilters: 2,
};

export function smallParameters(definition: ModelDefinition, more: Parameters = {}): Parameters {
  const names = new Set(schemaOf(definition).map(({ name }) => name));
  const known = (parameters: Parameters): Parameters =>
    Object.fromEntries(Object.entries(parameters).filter(([name]) => names.has(name)));
  const given = { ...known(small), ...definition.suite?.parameters, ...known(more) };
  return resolveParameters(definition, given, { users: 24, items: 20, ratings: 200 });
}

/** Kernels by their number of threads, for all models of a file: starting them takes longer than most tests. */
const kernels = new Map<number, Promise<Kernels>>();
afterAll(async () => {
  for (const started of kernels.values()) (await started).dispose();
});

/** A model as `chooseCompute` makes it; on the fused kernels they outlive it. */
export async function open(
  definition: ModelDefinition,
  engine: EngineName,
  train: Ratings,
  options: { parameters?: Parameters; seed?: number; threads?: number } = {},
): Promise<Pick<OpenedModel, 'model' | 'parameters' | 'dispose'>> {
  const parameters = smallParameters(definition, options.parameters);
  const context = { train, parameters, seed: options.seed ?? 1 };
  const threads = options.threads ?? 2;
  if (engine !== 'fused') return chooseCompute(definition, engine, threads, context);
  const factory = await definition.factories.fused?.();
  if (!factory) throw new Error(`${definition.title} has no fused form`);
  const started = kernels.get(threads) ?? testKernels({ threads });
  kernels.set(threads, started);
  const model = await factory(context, await started);
  return { model, parameters, dispose: () => model.dispose() };
}

/** A whole trial without early stopping, every ninth rating test; and its last checkpoint. */
export async function trainTrial(
  definition: ModelDefinition,
  engine: EngineName,
  options: { train: Ratings; epochs: number; checkpoint: ModelState | null },
): Promise<{ result: TrialResult; checkpoint: ModelState | null }> {
  const { train: ratings, epochs, checkpoint } = options;
  const config = v.parse(RunConfig, {
    model: definition.name,
    parameters: { ...smallParameters(definition), epochs },
    split: { validation: 'none' },
    compute: engine,
    threads: 2,
  });
  const part = Uint8Array.from(ratings.item, (_, row) => (row % 9 === 4 ? TEST : 0));
  const split = { config: config.split, hash: 'every ninth', part };
  let last: ModelState | null = null;
  const trial = { ratings, split, config, checkpoint, checkpointSeconds: 1000 };
  const result = await runTrial(trial, {
    checkpoint: (arrays) => void (last = structuredClone(Object.fromEntries(arrays))),
  });
  return { result, checkpoint: last };
}

export const noTick = (): Promise<void> => Promise.resolve();

/** Trains `epochs` epochs, from `first` on; the losses. */
export async function trainEpochs(
  { model }: Pick<OpenedModel, 'model'>,
  epochs: number,
  first = 1,
): Promise<number[]> {
  const losses: number[] = [];
  for (let epoch = first; epoch < first + epochs; epoch++)
    losses.push((await model.trainEpoch(epoch, noTick)).loss);
  return losses;
}

/** Scores of all users for all items, [users, items]. */
export async function allScores(
  { model }: Pick<OpenedModel, 'model'>,
  train: Ratings,
): Promise<Float32Array> {
  const users = Uint32Array.from({ length: train.userCount }, (_, u) => u);
  const out = new Float32Array(train.userCount * train.itemCount);
  await model.scorer().scoreUsers(users, out);
  return out;
}
