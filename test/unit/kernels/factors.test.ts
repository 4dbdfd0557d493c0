import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import { buildKernels } from '../../../main/kernels/build-kernels.ts';
import { createBpr } from '../../../main/models/bpr/fused.ts';
import { optimizerNames } from '../../../main/numeric/optimizer.ts';
import { balancedBounds } from '../../../main/models/factors/bounds.ts';
import { blockCount } from '../../../main/models/factors/cells.ts';
import { loadKernels, type Kernels } from '../../../main/kernels/kernels.ts';
import { bpr } from '../../../main/models/bpr/definition.ts';
import { mf } from '../../../main/models/mf/definition.ts';
import type { ModelDefinition, TrainableModel } from '../../../main/model/model.ts';
import { resolveParameters } from '../../../main/model/parameters.ts';
import { loadTensorFlow, type TensorFlow } from '../../../main/tensorflow/tensorflow.ts';
import type { Parameters } from '../../../shared/config.ts';
import { testKernels } from '../../fixtures/kernels.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

/** A quarter of the cells has a row; one user (5) without a row, one (7) who has every item, one cold item. */
function smallData(userCount: number, itemCount: number): Ratings {
  const start = [0];
  const item: number[] = [];
  for (let u = 0; u < userCount; u++) {
    for (let i = 0; i < itemCount - 1; i++)
      if (u !== 5 && (u === 7 || (u * 31 + i * 17 + ((u * i) % 7)) % 4 === 0)) item.push(i);
    if (u === 7) item.push(itemCount - 1);
    start.push(item.length);
  }
  return {
    userCount,
    itemCount,
    start: Uint32Array.from(start),
    item: Uint32Array.from(item),
    value: Float32Array.from(item, (i, row) => 1 + ((i * 7 + row * 3) % 5)),
    time: null,
    implicit: false,
    minimum: 1,
    maximum: 5,
  };
}

const train = smallData(40, 60);
/** For what tfjs computes one sample a step. */
const fewRows = smallData(10, 24);
const tick = (): Promise<void> => Promise.resolve();
let kernels: Kernels[];
let tensorflow: TensorFlow;
beforeAll(async () => {
  kernels = await Promise.all([1, 2, 3].map((threads) => testKernels({ threads })));
  tensorflow = await loadTensorFlow('cpu');
}, 60_000);
afterAll(() => kernels.forEach((engine) => engine.dispose()));

async function open(
  definition: ModelDefinition,
  engine: Kernels,
  given: Parameters,
  data = train,
): Promise<TrainableModel> {
  const create = await definition.factories.fused?.();
  if (!create) throw new Error('no kernels');
  return create({ train: data, parameters: resolveParameters(definition, given), seed: 3 }, engine);
}

async function openReference(
  definition: ModelDefinition,
  given: Parameters,
  data = train,
): Promise<TrainableModel> {
  const create = await definition.factories.tensorflow?.();
  if (!create) throw new Error('no definition');
  return create({ train: data, parameters: resolveParameters(definition, given), seed: 3 }, tensorflow);
}

async function trained(
  model: TrainableModel,
  epochs: number,
): Promise<{ losses: number[]; weights: ModelState }> {
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) losses.push((await model.trainEpoch(epoch, tick)).loss);
  const weights = model.weights();
  model.dispose();
  return { losses, weights };
}

/** Largest difference of any table, relative to the largest move of that table. */
function relativeError(actual: ModelState, expected: ModelState, first: ModelState): number {
  let worst = 0;
  for (const name of Object.keys(expected)) {
    let difference = 0;
    let moved = 0;
    expected[name].forEach((value, i) => {
      difference = Math.max(difference, Math.abs(Number(value) - Number(actual[name][i])));
      moved = Math.max(moved, Math.abs(Number(value) - Number(first[name][i])));
    });
    if (difference > 0) worst = Math.max(worst, difference / moved);
  }
  return worst;
}

// Tables scaled up, so that nothing hides near 0. SGD with rate 1 moves weights by the gradient itself.
const scaledUp = { initialScale: 0.7, embeddingSize: 13 };
const oneBatch = { ...scaledUp, optimizer: 'sgd', learningRate: 1, regularization: 0, batchSize: 100_000 };
const configurations: readonly { definition: ModelDefinition; parameters: Parameters }[] = [
  { definition: mf, parameters: {} },
  { definition: mf, parameters: { biases: false, globalMean: false } },
  { definition: bpr, parameters: {} },
  { definition: bpr, parameters: { loss: 'hinge', itemBias: true, negatives: 3 } },
  { definition: bpr, parameters: { sampler: 'popularity' } },
  { definition: bpr, parameters: { sampler: 'dynamic', itemBias: true } },
];
const named = configurations.map((one) => ({
  ...one,
  title: `${one.definition.name} ${JSON.stringify(one.parameters)}`,
}));

describe('kernels of MF and BPR', () => {
  it.each(named)('have the gradient of autodiff ($title)', async ({ definition, parameters }) => {
    const given = { ...parameters, ...oneBatch };
    const first = (await openReference(definition, given)).weights();
    const expected = await trained(await openReference(definition, given), 1);
    const actual = await trained(await open(definition, kernels[1], given), 1);
    expect(relativeError(actual.weights, expected.weights, first)).toBeLessThan(1e-5);
    expect(actual.losses[0] / expected.losses[0]).toBeCloseTo(1, 5);
    expect(kernels[1].memory.brokenGuards()).toEqual([]);
  });

  it.each(named)('follow the loss of the definition, with an odd last batch ($title)', async (one) => {
    for (const optimizer of optimizerNames)
      for (const updates of ['lazy', 'dense']) {
        const learningRate = optimizer === 'sgd' ? 0.5 : 0.02;
        const rest = { optimizer, updates, learningRate, regularization: 0.01, batchSize: 97 };
        const given = { ...one.parameters, ...scaledUp, ...rest, schedule: 'cosine' };
        const expected = await trained(await openReference(one.definition, given), 4);
        const actual = await trained(await open(one.definition, kernels[1], given), 4);
        actual.losses.forEach((loss, k) => expect(loss / expected.losses[k]).toBeCloseTo(1, 3));
      }
  });

  it.each(named)('give the same bits for one, two and three threads ($title)', async (one) => {
    const ways: Parameters[] = [
      { updates: 'lazy' },
      { updates: 'dense' },
      { steps: 'single' },
      { steps: 'single', optimizer: 'sgd' },
      { steps: 'single', optimizer: 'row-rmsprop' },
      { optimizer: 'row-adam' },
    ];
    for (const way of ways) {
      const given = { ...one.parameters, ...scaledUp, ...way, learningRate: 0.02, batchSize: 53 };
      const [single, ...others] = await Promise.all(
        kernels.map(async (engine) => trained(await open(one.definition, engine, given), 3)),
      );
      for (const other of others) expect(other).toEqual(single);
    }
  });

  it.each(named)(
    'take one sample a step as the definition does ($title)',
    async (one) => {
      for (const optimizer of optimizerNames)
        for (const decay of ['coupled', 'decoupled']) {
          const rest = {
            optimizer,
            decay,
            learningRate: optimizer === 'sgd' ? 0.05 : 0.01,
            regularization: 0.01,
          };
          const given = {
            ...one.parameters,
            ...scaledUp,
            ...rest,
            steps: 'single',
            schedule: 'linear',
            epochs: 3,
          };
          const first = (await openReference(one.definition, given, fewRows)).weights();
          const expected = await trained(await openReference(one.definition, given, fewRows), 2);
          const actual = await trained(await open(one.definition, kernels[1], given, fewRows), 2);
          expect(
            relativeError(actual.weights, expected.weights, first),
            `${optimizer} ${decay}`,
          ).toBeLessThan(1e-3);
          actual.losses.forEach((loss, k) => expect(loss / expected.losses[k]).toBeCloseTo(1, 4));
          expect(kernels[1].memory.brokenGuards()).toEqual([]);
        }
    },
    120_000,
  );

  it.each(named)('go on from a saved state with the same bits, one sample a step ($title)', async (one) => {
    for (const optimizer of optimizerNames) {
      const given = { ...one.parameters, ...scaledUp, optimizer, steps: 'single', learningRate: 0.02 };
      const whole = await open(one.definition, kernels[0], given);
      await whole.trainEpoch(1, tick);
      const saved = structuredClone(whole.state());
      const expected = await trained(whole, 2);
      const again = await open(one.definition, kernels[2], given);
      again.restore(saved);
      expect(await trained(again, 2)).toEqual(expected);
    }
  });

  it('are close under relaxed SIMD, which says so in its record', async () => {
    const relaxed = await testKernels({ threads: 2, simd: 'relaxed' });
    expect(relaxed.record.simd).toBe('relaxed');
    expect(relaxed.record.version).not.toBe(kernels[1].record.version);
    for (const definition of [mf, bpr]) {
      const given = { ...scaledUp, learningRate: 0.02, batchSize: 97 };
      const plain = await trained(await open(definition, kernels[1], given), 4);
      const other = await trained(await open(definition, relaxed, given), 4);
      other.losses.forEach((loss, k) => expect(loss / plain.losses[k]).toBeCloseTo(1, 4));
    }
    relaxed.dispose();
  });

  it('give the same bits for one, two and three threads in more blocks than four', async () => {
    const wide = { ...smallData(12, 5000), implicit: true };
    expect(blockCount(wide, 64)).toBe(8);
    for (const definition of [mf, bpr]) {
      const given = { embeddingSize: 64, steps: 'single', optimizer: 'sgd', learningRate: 0.02 };
      const [single, ...others] = await Promise.all(
        kernels.map(async (engine) => trained(await open(definition, engine, given, wide), 2)),
      );
      for (const other of others) expect(other).toEqual(single);
      expect(kernels[1].memory.brokenGuards()).toEqual([]);
    }
  });

  it('cut users and items into blocks by counts alone: item blocks in the cache, users with more than one rating in each', () => {
    const counts = (userCount: number, itemCount: number, ratings: number): Ratings => ({
      ...train,
      ...{ userCount, itemCount, item: new Uint32Array(ratings) },
    });
    expect(blockCount(counts(5, 31, 100), 64)).toBe(1);
    // ML-1M: 3,706 rows of 256 bytes are less than four blocks of 256 kB.
    expect(blockCount(counts(6040, 3706, 1_000_000), 64)).toBe(4);
    // As many users, items and ratings as a large catalogue of films has.
    expect(blockCount(counts(480_000, 17_770, 100_000_000), 64)).toBe(32);
    expect(blockCount(counts(480_000, 17_770, 20_000_000), 64)).toBe(16);
    // Sparse: more blocks would load a user's row for every rating.
    expect(blockCount(counts(1000, 1_000_000, 4000), 64)).toBe(4);
    expect(blockCount(counts(1000, 1_000_000, 10_000_000), 64)).toBe(64);
  });

  it('find the same negatives by binary search as by bitset', async () => {
    const context = { train, parameters: resolveParameters(bpr, { ...scaledUp, batchSize: 97 }), seed: 3 };
    const bits = await trained(await createBpr(context, kernels[1]), 3);
    const search = await trained(await createBpr(context, kernels[1], 0), 3);
    expect(search).toEqual(bits);
  });

  it('leave cold users and items at the fall-back that the model names', async () => {
    const rated = await trained(await open(mf, kernels[1], scaledUp), 2);
    const cold = Float32Array.from(rated.weights['users'].slice(5 * 13, 6 * 13));
    expect(cold.every((value) => value === 0)).toBe(true);
    expect(rated.weights['userBias'][5]).toBe(0);
  });

  it('share work by weight', () => {
    expect([...balancedBounds(Uint32Array.of(0, 1, 1, 9, 10, 20), 2)]).toEqual([0, 4, 5]);
    expect([...balancedBounds(Uint32Array.of(0, 0, 0), 3)]).toEqual([0, 0, 0, 2]);
    expect([...balancedBounds(Uint32Array.of(0), 2)]).toEqual([0, 0, 0]);
  });
});

describe('the check of the gradient', () => {
  it('fails for a kernel that is wrong by a thousandth', { timeout: 120_000 }, async () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const folder = mkdtempSync(join(root, 'dist', 'broken-kernels-'));
    let broken: Kernels | undefined;
    try {
      // MF's kernel and what it shares is all that is compiled.
      for (const part of ['kernels', 'models/factors', 'models/mf'])
        cpSync(join(root, 'main', part), join(folder, part), { recursive: true });
      const source = join(folder, 'models/mf/assembly/mf.ts');
      const wrong = readFileSync(source, 'utf8').replace('error * share', 'error * share * 1.001');
      expect(wrong).toContain('1.001');
      writeFileSync(source, wrong);
      await buildKernels({ sources: folder, directory: folder, builds: ['plain'] });
      broken = await loadKernels({ threads: 1, directory: folder });
      const first = (await openReference(mf, oneBatch)).weights();
      const expected = await trained(await openReference(mf, oneBatch), 1);
      const actual = await trained(await open(mf, broken, oneBatch), 1);
      expect(relativeError(actual.weights, expected.weights, first)).toBeGreaterThan(5e-4);
    } finally {
      broken?.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});
