/**
 * The networks' kernels move every weight as their definitions do. The engines draw with streams of their own, so here
 * nothing is left to draw: each user lacks one item, which every negative therefore is, and an epoch is one batch.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import type { ModelDefinition, TrainableModel } from '../../../main/model/model.ts';
import { findModel } from '../../../main/models/registry.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { loadTensorFlow, type TensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import type { Parameters } from '../../../shared/config.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { randomHistories, toyRatings } from '../../fixtures/toy-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

const ITEMS = 9;
const EPOCHS = 4;
const train = toyRatings(
  randomHistories(14, ITEMS, () => ITEMS - 1),
  ITEMS,
);

let kernels: Kernels;
let tensorflow: TensorFlow;
beforeAll(async () => {
  kernels = await testKernels({ threads: 2 });
  tensorflow = await loadTensorFlow('cpu');
}, 60_000);
afterAll(() => kernels.dispose());

const sizes: Readonly<Record<string, Parameters>> = {
  neumf: { embeddingSize: 6, mlpEmbeddingSize: 5, layers: '10,7', negatives: 3 },
  caser: { embeddingSize: 6, length: 3, targets: 2, horizontalFilters: 5, verticalFilters: 3, dropout: 0 },
};
const both = { batchSize: 100_000, initialization: 'normal', initialScale: 0.4, epochs: EPOCHS };

const cases: readonly (readonly [name: string, set: Parameters])[] = [
  ['neumf', { optimizer: 'sgd', learningRate: 0.5 }],
  ['neumf', { optimizer: 'adam', learningRate: 0.01, regularization: 0.1, schedule: 'linear' }],
  ['neumf', { optimizer: 'adagrad', learningRate: 0.05, regularization: 0.1, decay: 'decoupled' }],
  ['neumf', { optimizer: 'adam', learningRate: 0.01, updates: 'dense', loss: 'bpr' }],
  ['neumf', { optimizer: 'sgd', learningRate: 0.5, mode: 'gmf' }],
  ['neumf', { optimizer: 'sgd', learningRate: 0.5, mode: 'mlp', loss: 'bpr', sampler: 'dynamic' }],
  ['caser', { optimizer: 'sgd', learningRate: 0.5 }],
  ['caser', { optimizer: 'adam', learningRate: 0.01, regularization: 0.1, schedule: 'cosine' }],
  ['caser', { optimizer: 'adagrad', learningRate: 0.05, regularization: 0.1, decay: 'decoupled' }],
  ['caser', { optimizer: 'adam', learningRate: 0.01, updates: 'dense', loss: 'bpr' }],
  ['caser', { optimizer: 'sgd', learningRate: 0.5, loss: 'softmax' }],
  ['caser', { optimizer: 'adam', learningRate: 0.01, loss: 'softmax', regularization: 0.1 }],
];

async function trained(model: TrainableModel): Promise<{ losses: number[]; weights: ModelState }> {
  const losses: number[] = [];
  for (let epoch = 1; epoch <= EPOCHS; epoch++)
    losses.push((await model.trainEpoch(epoch, () => Promise.resolve())).loss);
  const weights = model.weights();
  model.dispose();
  return { losses, weights };
}

function definitionOf(name: string): ModelDefinition {
  const definition = findModel(name);
  if (!definition) throw new Error(`there is no model ${name}`);
  return definition;
}

describe.each(cases)('the kernels of %s with %o', (name, set) => {
  it('take the steps of the definition, with every weight', async () => {
    const definition = definitionOf(name);
    const parameters = resolveParameters(definition, { ...sizes[name], ...both, ...set });
    const context = { train, parameters, seed: 5 };
    const fused = await (await definition.factories.fused?.())?.(context, kernels);
    const reference = await (await definition.factories.tensorflow?.())?.(context, tensorflow);
    if (!fused || !reference) throw new Error(`${name} is written for both engines`);
    const first = reference.weights();
    expect(fused.weights()).toEqual(first);
    const [actual, expected] = [await trained(fused), await trained(reference)];
    actual.losses.forEach((loss, k) => expect(Math.abs(loss / expected.losses[k] - 1)).toBeLessThan(1e-4));
    // Under BPR the head's bias cancels: its gradient is rounding alone.
    const names = Object.keys(first).filter((each) => !(each === 'headBias' && set['loss'] === 'bpr'));
    for (const weight of names) {
      const [of, to, from] = [actual.weights[weight], expected.weights[weight], first[weight]];
      const move = Math.max(...to.map((value, k) => Math.abs(value - from[k])));
      const error = Math.max(...to.map((value, k) => Math.abs(value - of[k])));
      expect(move, `${weight} moves`).toBeGreaterThan(0);
      expect(error / move, weight).toBeLessThan(1e-3);
    }
  });
});
