import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Parameters } from '../../../shared/config.ts';
import { createAutoRec as createFused } from '../../../main/models/autorec/fused.ts';
import type { Kernels } from '../../../main/kernels/kernels.ts';
import { autorec } from '../../../main/models/autorec/definition.ts';
import type { TrainableModel } from '../../../main/model/model.ts';
import { createAutoRec as createTfjs } from '../../../main/models/autorec/tensorflow.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { Random } from '../../../main/numeric/random.ts';
import { loadTensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import type { TensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import { randomRatings } from '../../fixtures/random-ratings.ts';
import { relativeDifference } from '../../fixtures/toy-ratings.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

let one: Kernels;
let two: Kernels;
let tfjs: TensorFlow;
beforeAll(async () => {
  one = await testKernels({ threads: 1 });
  two = await testKernels({ threads: 2 });
  tfjs = await loadTensorFlow('cpu');
}, 60_000);
afterAll(() => {
  one.dispose();
  two.dispose();
});

// 61 users and 29 items: no size is a multiple of a tile, and batches of 12 items leave 5.
const train = randomRatings(61, 29, 0.3);
const HIDDEN = 37;
const noTick = (): Promise<void> => Promise.resolve();
const contextOf = (set: Parameters) => ({
  train,
  parameters: { ...resolveParameters(autorec, { embeddingSize: HIDDEN, dropout: 0, batchSize: 12 }), ...set },
  seed: 3,
});

/** A model with weights far from zero, so that nothing hides near 0, and a gradient that the moments keep whole. */
async function strong(model: TrainableModel, scale = 1): Promise<TrainableModel> {
  const random = new Random(11, 'init');
  const state = structuredClone(model.state());
  for (const [name, deviation] of [
    ['encoder', 0.08],
    ['decoder', 0.6],
    ['hiddenBias', 0.5],
    ['outputBias', 1],
  ] as const)
    random.fillNormal(state[name] as Float32Array, deviation * scale);
  model.restore(state);
  return model;
}

const named = ['encoder', 'decoder', 'hiddenBias', 'outputBias'];
/** Greatest relative difference of Adam's first moments: of Σ_t .1 · .9^(T − t) · gradient_t. */
const momentDifference = (a: ModelState, b: ModelState): number =>
  Math.max(...named.map((name) => relativeDifference(a[`${name}.first`], b[`${name}.first`])));

/** One epoch on either engine, without moving (learning rate 0) unless told. */
async function epochOf(model: TrainableModel): Promise<{ loss: number; state: ModelState }> {
  const { loss } = await model.trainEpoch(1, noTick);
  const state = structuredClone(model.state());
  model.dispose();
  return { loss, state };
}

describe('the fused AutoRec', () => {
  for (const [title, set] of [
    ['item-based', {}],
    ['user-based', { userBased: true }],
    ['with weight decay', { regularization: 0.01 }],
  ] as [string, Parameters][])
    it(`has the gradients and loss of autodiff, ${title}, the odd last batch included`, async () => {
      const context = contextOf({ learningRate: 0, ...set });
      const fused = await epochOf(await strong(await createFused(context, two)));
      const tf = await epochOf(await strong(await createTfjs(context, tfjs)));
      expect(Math.abs(fused.loss - tf.loss) / tf.loss).toBeLessThan(1e-5);
      expect(momentDifference(fused.state, tf.state)).toBeLessThan(1e-5);
      expect(two.memory.brokenGuards()).toEqual([]);
    });

  it('would fail that test with weights that are 1 % off', async () => {
    const context = contextOf({ learningRate: 0 });
    const fused = await epochOf(await strong(await createFused(context, two), 1.01));
    const tf = await epochOf(await strong(await createTfjs(context, tfjs)));
    expect(momentDifference(fused.state, tf.state)).toBeGreaterThan(1e-3);
  });

  it('follows the loss of the tfjs definition over ten epochs', async () => {
    const context = contextOf({ learningRate: 0.01 });
    const fused = await createFused(context, two);
    const tf = await createTfjs(context, tfjs);
    for (let epoch = 1; epoch <= 10; epoch++) {
      const ours = (await fused.trainEpoch(epoch, noTick)).loss;
      const theirs = (await tf.trainEpoch(epoch, noTick)).loss;
      expect(Math.abs(ours - theirs) / theirs).toBeLessThan(1e-3);
    }
    fused.dispose();
  });

  it('gives the same bits on one thread and two, dropout included', async () => {
    const states: ModelState[] = [];
    for (const kernels of [one, two]) {
      const model = await createFused(contextOf({ dropout: 0.3 }), kernels);
      for (let epoch = 1; epoch <= 3; epoch++) await model.trainEpoch(epoch, noTick);
      states.push(structuredClone(model.state()));
      model.dispose();
      expect(kernels.memory.brokenGuards()).toEqual([]);
    }
    expect(states[1]).toEqual(states[0]);
  });

  it('goes on from its state with the same bits', async () => {
    const context = contextOf({ dropout: 0.3 });
    const model = await createFused(context, two);
    await model.trainEpoch(1, noTick);
    const saved = structuredClone(model.state());
    const next = await model.trainEpoch(2, noTick);
    const after = model.weights();
    model.dispose();
    const again = await createFused(context, two);
    again.restore(saved);
    expect(await again.trainEpoch(2, noTick)).toEqual(next);
    expect(again.weights()).toEqual(after);
    again.dispose();
  });

  it('drops the share of units that it is told, and makes up for it', async () => {
    // h = ½ everywhere and a decoder of ones: a prediction is (units kept) · ½ · 1 / (1 − .3).
    const hidden = 4000;
    const lonely = { ...randomRatings(1, 1, 1), value: Float32Array.of(0) };
    const parameters = { ...contextOf({}).parameters, embeddingSize: hidden, dropout: 0.3, learningRate: 0 };
    const model = await createFused({ train: lonely, parameters, seed: 1 }, two);
    const state = structuredClone(model.state());
    state['encoder'].fill(0);
    state['decoder'].fill(1);
    model.restore(state);
    const kept: number[] = [];
    for (let epoch = 1; epoch <= 20; epoch++) {
      const { loss } = await model.trainEpoch(epoch, noTick);
      kept.push((Math.sqrt(2 * loss) / 0.5) * 0.7);
    }
    model.dispose();
    const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
    // Standard deviation of one draw: √(4000 · .3 · .7) = 29; of the mean of 20: 6.5.
    expect(Math.abs(mean - 2800)).toBeLessThan(26);
    expect(new Set(kept.map(Math.round)).size).toBeGreaterThan(10);
  });

  it('comes close to the relaxed build', async () => {
    const relaxed = await testKernels({ threads: 1, simd: 'relaxed' });
    const context = contextOf({ learningRate: 0 });
    const ours = await epochOf(await strong(await createFused(context, one)));
    const theirs = await epochOf(await strong(await createFused(context, relaxed)));
    expect(momentDifference(theirs.state, ours.state)).toBeLessThan(1e-5);
    relaxed.dispose();
  });
});
