/** What every model must pass on every engine that it is written for. */
import { describe, expect, it } from 'vitest';
import type { Ratings } from '../../../main/ratings/ratings.ts';
import type { GradientCheck, ModelDefinition, Scorer } from '../../../main/model/model.ts';
import type { ModelState } from '../../../main/numeric/state.ts';
import type { EngineName } from '../../../main/training/choose-compute.ts';
import { type Board, checkerboard, oddBoards } from './boards.ts';
import { allScores, noTick, open, trainEpochs, trainTrial } from './engines.ts';

/** A test that says nothing of a model or engine is not defined for it: a skipped test is one that could have run. */
function itWhere(applies: boolean): (name: string, test: () => Promise<void>) => void {
  return (name, test) => {
    if (applies) it(name, test);
  };
}

export function modelSuite(definition: ModelDefinition, engine: EngineName): void {
  const board = checkerboard(definition.kind === 'ratings');
  const { train } = board;
  const { tensorflow, cpu } = definition.factories;
  const usesTfjs = tensorflow !== undefined && engine !== 'fused' && !(engine === 'cpu' && cpu);
  const epochs = (most: number): number => (definition.iterative ? most : 1);

  describe(`${definition.name} on ${engine}`, () => {
    itWhere(definition.suite?.noCheckerboard !== true)('learns a checkerboard', async () => {
      const opened = await open(definition, engine, train);
      const most = definition.iterative ? Number(opened.parameters['epochs']) : 1;
      let share = 0;
      // As soon as it knows the board: most do after a few of their epochs.
      for (let done = 0; done < most && share <= 0.9; done += 5) {
        await trainEpochs(opened, Math.min(5, most - done), done + 1);
        share = shareInOrder(await allScores(opened, train), board);
      }
      expect(share).toBeGreaterThan(0.9);
      opened.dispose();
    });

    itWhere(definition.iterative)('lowers its loss', async () => {
      const opened = await open(definition, engine, train);
      const losses = await trainEpochs(opened, 5);
      expect(losses[4]).toBeLessThan(losses[0]);
      opened.dispose();
    });

    itWhere(usesTfjs)('has the gradient of its loss', async () => {
      const opened = await open(definition, engine, train);
      await trainEpochs(opened, 2);
      const check = opened.model.gradientCheck?.();
      if (!check) throw new Error('a tfjs model needs gradientCheck()');
      expectFiniteDifferences(check);
      opened.dispose();
    });

    itWhere(usesTfjs)('leaves no tensor behind', async () => {
      const opened = await open(definition, engine, train);
      await trainEpochs(opened, 1);
      await allScores(opened, train);
      const { memory } = await import('@tensorflow/tfjs');
      const before = memory().numTensors;
      await trainEpochs(opened, 2, 2);
      await allScores(opened, train);
      expect(memory().numTensors).toBe(before);
      opened.dispose();
    });

    it('gives the same bits for the same seed', async () => {
      const run = async (seed: number): Promise<{ losses: number[]; scores: Float32Array }> => {
        const opened = await open(definition, engine, train, { seed });
        const losses = await trainEpochs(opened, epochs(2));
        const scores = await allScores(opened, train);
        opened.dispose();
        return { losses, scores };
      };
      const first = await run(1);
      expect(await run(1)).toEqual(first);
      if (definition.iterative) expect((await run(2)).scores).not.toEqual(first.scores);
    });

    itWhere(engine === 'fused')('gives the same bits for one, two and three threads', async () => {
      const scores: Float32Array[] = [];
      for (const threads of [1, 2, 3]) {
        const opened = await open(definition, engine, train, { threads });
        await trainEpochs(opened, epochs(2));
        scores.push(await allScores(opened, train));
        opened.dispose();
      }
      expect(scores[1]).toEqual(scores[0]);
      expect(scores[2]).toEqual(scores[0]);
    });

    it('goes on from a saved state with equal scores and an equal next epoch', async () => {
      const opened = await open(definition, engine, train);
      await trainEpochs(opened, epochs(2));
      const saved = structuredClone(opened.model.state());
      const weights = opened.model.weights();
      const kept = structuredClone(weights);
      const scores = await allScores(opened, train);
      const next = definition.iterative ? await trainEpochs(opened, 2, 3) : [];
      const after = await allScores(opened, train);
      expect(weights).toEqual(kept);
      opened.dispose();

      const again = await open(definition, engine, train);
      again.model.restore(saved);
      expect(await allScores(again, train)).toEqual(scores);
      if (definition.iterative) expect(await trainEpochs(again, 2, 3)).toEqual(next);
      expect(await allScores(again, train)).toEqual(after);
      // Back to the past: the best epoch's weights after more epochs.
      const last = again.model.weights();
      again.model.restore(saved);
      expect(await allScores(again, train)).toEqual(scores);
      again.model.restoreWeights(last);
      expect(await allScores(again, train)).toEqual(after);
      expect(again.model.weights()).toEqual(last);
      again.dispose();
    });

    itWhere(definition.iterative)('goes on for ten epochs to the bits of twenty at once', async () => {
      const train20 = (epochs: number, checkpoint: ModelState | null = null) =>
        trainTrial(definition, engine, { train, epochs, checkpoint });
      const ten = await train20(10);
      expect(ten.result.endKept).toBe(true);
      const [more, whole] = [await train20(20, ten.checkpoint), await train20(20)];
      const curve = ({ result }: typeof whole) =>
        result.epochs.map(({ epoch, loss, validation }) => ({ epoch, loss, validation }));
      expect(curve(whole)).toHaveLength(20);
      expect(curve(more)).toEqual(curve(whole));
      expect(more.result.weights).toEqual(whole.result.weights);
      expect(more.result.metrics).toEqual(whole.result.metrics);
    });

    it('scores the same from stored weights in plain code, for users, pairs and factors', async () => {
      const opened = await open(definition, engine, train);
      await trainEpochs(opened, epochs(3));
      const live = await allScores(opened, train);
      const saved = { weights: opened.model.weights(), parameters: opened.parameters, train };
      const plain = definition.scorer(saved);
      await expectSameOrder(plain, live, train);
      await expectSameOrder(opened.model.scorer(), live, train);
      opened.dispose();
    });

    it('counts its examples and can be cancelled at a tick', async () => {
      const opened = await open(definition, engine, train);
      const { examplesPerEpoch } = opened.model;
      expect(examplesPerEpoch).toBeGreaterThan(0);
      const seen: number[] = [];
      await opened.model.trainEpoch(1, (done) => Promise.resolve(void seen.push(done)));
      expect(Math.max(0, ...seen)).toBeLessThanOrEqual(examplesPerEpoch);
      expect([...seen].sort((a, b) => a - b)).toEqual(seen);
      // Work of under 50 ms need not tick.
      const cancel = (): Promise<void> => Promise.reject(new Error('cancelled here'));
      const second = opened.model.trainEpoch(2, cancel);
      if (seen.length > 0) await expect(second).rejects.toThrow('cancelled here');
      else await second;
      opened.dispose();
    });

    it.each(Object.entries(oddBoards))('survives %s', async (_, odd) => {
      const opened = await open(definition, engine, odd, { parameters: { epochs: 3 } });
      for (let epoch = 1; epoch <= epochs(3); epoch++) {
        const { loss } = await opened.model.trainEpoch(epoch, noTick);
        expect(Number.isNaN(loss)).toBe(false);
      }
      const scores = await allScores(opened, odd);
      expect(scores.every((score) => Number.isFinite(score))).toBe(true);
      const users = Uint32Array.from({ length: odd.userCount }, (_user, u) => u);
      const predicted = await opened.model.scorer().predict(users, new Uint32Array(odd.userCount));
      expect(predicted.every((score) => Number.isFinite(score))).toBe(true);
      opened.dispose();
    });
  });
}

/** Share of pairs of a liked and another held-out item that stand in the right order, within users. */
function shareInOrder(scores: Float32Array, { train, held }: Board): number {
  let right = 0;
  let pairs = 0;
  for (const a of held)
    for (const b of held) {
      if (a.user !== b.user || !a.liked || b.liked) continue;
      const [liked, other] = [a, b].map(({ user, item }) => scores[user * train.itemCount + item]);
      pairs++;
      right += liked > other ? 1 : liked === other ? 0.5 : 0;
    }
  return right / pairs;
}

/**
 * Central differences of the elements with the largest gradients, by parameter. The loss is a float32, so a difference
 * has about three digits; a kink (ReLU, maximum) within the step may spoil one element in ten.
 */
function expectFiniteDifferences({ loss, parameters }: GradientCheck): void {
  let checked = 0;
  let wrong = 0;
  for (const { values, gradient } of parameters) {
    const order = Uint32Array.from(values, (_, k) => k).sort(
      (a, b) => Math.abs(gradient[b]) - Math.abs(gradient[a]),
    );
    const largest = Math.abs(gradient[order[0]]);
    for (const k of order.subarray(0, 8)) {
      const value = values[k];
      const step = 0.01 * Math.max(0.3, Math.abs(value));
      values[k] = value + step;
      const above = { at: values[k], loss: loss() };
      values[k] = value - step;
      const difference = (above.loss - loss()) / (above.at - values[k]);
      values[k] = value;
      checked++;
      if (Math.abs(difference - gradient[k]) > 0.03 * largest + 1e-4) wrong++;
    }
  }
  expect(checked).toBeGreaterThan(0);
  expect(wrong / checked).toBeLessThanOrEqual(0.1);
}

/**
 * A scorer's rows, pairs and factors say the same as `expected` [users, items], up to a constant of the user (an order
 * needs no more), or exactly where they are predicted ratings.
 */
async function expectSameOrder(scorer: Scorer, expected: Float32Array, train: Ratings): Promise<void> {
  const { userCount, itemCount } = train;
  const users = Uint32Array.from({ length: userCount }, (_, u) => u);
  const rows = new Float32Array(userCount * itemCount);
  await scorer.scoreUsers(users, rows);
  const every = Uint32Array.from(rows, (_, k) => k);
  const pairs = await scorer.predict(
    every.map((k) => Math.floor(k / itemCount)),
    every.map((k) => k % itemCount),
  );
  const { factors } = scorer;
  const products =
    factors &&
    Float32Array.from(rows, (_, k) => productOf(factors, Math.floor(k / itemCount), k % itemCount));
  for (const scores of [rows, pairs, ...(products ? [products] : [])])
    for (let u = 0; u < userCount; u++) {
      const at = u * itemCount;
      for (let i = 0; i < itemCount; i++) {
        const wanted = expected[at + i] - expected[at];
        const got = scores[at + i] - scores[at];
        const size = Math.max(1, Math.abs(expected[at]), Math.abs(expected[at + i]));
        expect(Math.abs(got - wanted) / size).toBeLessThan(1e-4);
      }
    }
}

function productOf(factors: NonNullable<Scorer['factors']>, user: number, item: number): number {
  const { users, items, k, itemBias } = factors;
  let sum = itemBias?.[item] ?? 0;
  for (let f = 0; f < k; f++) sum += users[user * k + f] * items[item * k + f];
  return sum;
}
