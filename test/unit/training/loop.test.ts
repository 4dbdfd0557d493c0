import { describe, expect, it } from 'vitest';
import { identityOf } from '../../../main/training/checkpoint.ts';
import { runTrial } from '../../../main/training/loop.ts';
import type { TrialCallbacks } from '../../../main/training/trial.ts';
import { toyServices, toyTrial } from './toy.ts';
import type { ModelState } from '../../../main/numeric/state.ts';

const falling = [5, 4, 3, 2, 1, 0.9, 0.8, 0.7, 0.6, 0.5];

describe('runTrial', () => {
  it('stops when nothing got better for `patience` epochs and tests the best epoch’s weights', async () => {
    const script = [5, 4, 3, 6, 6, 6, 1];
    const stopped = await runTrial(
      toyTrial({ config: { parameters: { patience: 3 } } }),
      {},
      toyServices(script),
    );
    expect(stopped.stopped).toBe('patience');
    expect(stopped.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(stopped.bestEpoch).toBe(3);
    const three = await runTrial(
      toyTrial({ config: { parameters: { epochs: 3 } } }),
      {},
      toyServices(falling),
    );
    expect(stopped.weights).toEqual(three.weights);
    expect(stopped.metrics.test).toEqual(three.metrics.test);
    expect(stopped.metrics.validation).toEqual(three.metrics.validation);
  });

  it('notes when the best epoch was the last one, and only then', async () => {
    const config = { parameters: { epochs: 4 } };
    const last = await runTrial(toyTrial({ config }), {}, toyServices(falling));
    expect(last.notes.join()).toContain('The best epoch was the last one, 4 of 4');
    const earlier = await runTrial(toyTrial({ config }), {}, toyServices([5, 1, 3, 3]));
    expect(earlier.notes.join()).not.toContain('the last one');
  });

  it('counts as better for patience only what is beyond the noise of users, and still keeps the best', async () => {
    // Users are up to 1 off their figure while that falls by .01: no epoch is better than the first beyond noise.
    const script = [5, 4.99, 4.98, 4.97, 4.96, 4.95, 4.94, 4.93];
    const parameters = { patience: 3, minimumEpochs: 1 };
    const train = (noiseMargin: number, noise: number) =>
      runTrial(
        toyTrial({ config: { parameters: { ...parameters, noiseMargin, epochs: 8 } } }),
        {},
        toyServices(script, undefined, [], noise),
      );
    const noisy = await train(1, 1);
    expect([noisy.stopped, noisy.epochs.length, noisy.bestEpoch]).toEqual(['patience', 4, 4]);
    const plain = await train(0, 1);
    expect([plain.stopped, plain.epochs.length, plain.bestEpoch]).toEqual(['epochs', 8, 8]);
    const sure = await train(1, 0);
    expect([sure.stopped, sure.epochs.length]).toEqual(['epochs', 8]);
  });

  it('adds small steps up: patience waits from the last epoch that was better beyond noise', async () => {
    // Each step is within the noise, two or three together are beyond it.
    const script = Array.from({ length: 12 }, (_, k) => 5 - 0.5 * k);
    const parameters = { patience: 4, minimumEpochs: 1, epochs: 12, noiseMargin: 1 };
    const result = await runTrial(
      toyTrial({ config: { parameters } }),
      {},
      toyServices(script, undefined, [], 1),
    );
    expect(result.stopped).toBe('epochs');
  });

  it('stops by patience at no epoch before the minimum', async () => {
    const script = [1, 2, 3, 4, 5, 6, 7, 8];
    const parameters = { patience: 2, minimumEpochs: 6, epochs: 8 };
    const result = await runTrial(toyTrial({ config: { parameters } }), {}, toyServices(script));
    expect([result.stopped, result.epochs.length, result.bestEpoch]).toEqual(['patience', 6, 1]);
  });

  it('takes the rising direction for a ranking target', async () => {
    const config = { parameters: { patience: 2 }, evaluation: { target: 'ndcg@10' } };
    const result = await runTrial(toyTrial({ config }), {}, toyServices([5, 4, 6, 6]));
    expect(result.bestEpoch).toBe(2);
  });

  it('trains all epochs without patience, and still keeps the best', async () => {
    const config = { parameters: { patience: 0, epochs: 6 } };
    const result = await runTrial(toyTrial({ config }), {}, toyServices([5, 1, 3, 3, 3, 3]));
    expect(result.epochs).toHaveLength(6);
    expect([result.bestEpoch, result.stopped]).toEqual([2, 'epochs']);
  });

  it('never takes a figure that is not a number for the best', async () => {
    const config = { parameters: { patience: 0, epochs: 4 } };
    const result = await runTrial(toyTrial({ config }), {}, toyServices([Number.NaN, 5, Number.NaN, 6]));
    expect(result.bestEpoch).toBe(2);
  });

  it('without a validation part trains all epochs and looks at the test part once', async () => {
    const services = toyServices([]);
    const result = await runTrial(
      toyTrial({ validation: 'none', config: { parameters: { epochs: 4 } } }),
      {},
      services,
    );
    expect(result.epochs).toHaveLength(4);
    expect(result.metrics.validation).toEqual({});
    expect(services.requests.map(({ part }) => part)).toEqual(['test']);
    expect(services.log.trainedOn).toEqual([18]);
    expect(result.notes).toEqual([]);
  });

  it('trains a ranking model on the ratings that count as positive alone, a rating model on all', async () => {
    const trained = async (kind: 'ratings' | 'ranking', refit: boolean): Promise<readonly number[]> => {
      const services = toyServices(falling);
      const findModel: typeof services.findModel = (name) => {
        const definition = services.findModel(name);
        return definition && { ...definition, kind };
      };
      const config = { refit, evaluation: { positive: 3, target: 'ndcg@10' } };
      await runTrial(toyTrial({ config }), {}, { ...services, findModel });
      return services.log.trainedOn;
    };
    // Of the values 1 … 5 in turn: 6 of the 12 train rows, 10 of the 18 with those of validation.
    expect(await trained('ranking', true)).toEqual([6, 10]);
    expect(await trained('ratings', true)).toEqual([12, 18]);
  });

  it('refits on train and validation for the chosen epochs, then tests once', async () => {
    const services = toyServices([5, 4, 6, 6]);
    const config = { refit: true, parameters: { patience: 2 } };
    const result = await runTrial(toyTrial({ config }), {}, services);
    expect(services.log.trainedOn).toEqual([12, 18]);
    expect(services.log.epochs).toEqual([4, 2]);
    expect(services.log.disposed).toBe(2);
    const tests = services.requests.filter(({ part }) => part === 'test');
    expect(tests.map(({ refit }) => refit)).toEqual([true]);
    expect([result.refit, result.bestEpoch, result.epochs.length]).toEqual([true, 2, 4]);
  });

  it('stops at a loss that is not finite, with the cause and a fix', async () => {
    const trial = toyTrial();
    await expect(runTrial(trial, {}, toyServices(falling, undefined, [1, Infinity]))).rejects.toMatchObject({
      code: 'loss-exploded',
      message: 'Loss became infinite in epoch 2: the learning rate .002 is too high here.',
      hint: 'Train again with learning rate .0005.',
      details: { parameters: { learningRate: 0.0005 } },
    });
    await expect(runTrial(trial, {}, toyServices(falling, undefined, [1, Number.NaN]))).rejects.toMatchObject(
      {
        message: 'Loss became not a number in epoch 2: the learning rate .002 is too high here.',
      },
    );
    await expect(runTrial(trial, {}, toyServices(falling, undefined, [1, 2, 101]))).rejects.toMatchObject({
      code: 'loss-exploded',
    });
  });

  it('stops at a first epoch that has exploded, and proposes the model’s own rate where the given one is far off', async () => {
    // The mean square of the toy's ratings, halved, is 5.2: what predicting 0 loses.
    const trial = toyTrial({ config: { parameters: { learningRate: 5 } } });
    const sound = await runTrial(trial, {}, toyServices(falling, undefined, [500, 400, 300]));
    expect(sound.epochs[0].loss).toBe(500);
    await expect(runTrial(trial, {}, toyServices(falling, undefined, [600]))).rejects.toMatchObject({
      message: expect.stringContaining('Loss grew to 600 in epoch 1') as string,
      hint: 'Train again with learning rate .002.',
    });
  });

  it('ends after the epoch that is under way when asked to stop, and tests', async () => {
    let epochs = 0;
    const callbacks = {
      epoch: () => void epochs++,
      stop: () => (epochs >= 3 ? 'epoch' : 'no'),
    };
    const result = await runTrial(toyTrial(), callbacks, toyServices(falling));
    expect([result.stopped, result.epochs.length, result.bestEpoch]).toEqual(['user', 3, 3]);
    expect(result.metrics.test).not.toEqual({});
  });

  it('is cancelled between two pieces of work', async () => {
    const services = toyServices(falling);
    await expect(runTrial(toyTrial(), { stop: () => 'now' }, services)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(services.log.disposed).toBe(1);
  });

  it('refuses a model or a target that there is not', async () => {
    const other = toyTrial({ config: { model: 'other' } });
    await expect(runTrial(other, {}, toyServices([]))).rejects.toMatchObject({ code: 'unknown-model' });
    const target = toyTrial({ config: { evaluation: { target: 'accuracy' } } });
    await expect(runTrial(target, {}, toyServices(falling))).rejects.toMatchObject({
      code: 'invalid-target',
    });
  });

  it('records the speed, the memory and the time of training', async () => {
    const result = await runTrial(toyTrial(), {}, toyServices(falling));
    expect(result.examplesPerSecond).toBeGreaterThan(0);
    expect(result.peakMemoryMb).toBeGreaterThan(10);
    expect(result.seconds.train).toBeGreaterThan(0);
    expect(result.compute.engine).toBe('cpu');
  });
});

describe('a checkpoint', () => {
  const script = [5, 4, 3, 6, 2, 7, 7, 7, 7, 7];
  const config = { refit: true, parameters: { patience: 4 } };
  const keepIn =
    (list: ModelState[]): TrialCallbacks['checkpoint'] =>
    (arrays) =>
      void list.push(structuredClone(Object.fromEntries(arrays)));

  it('lets a killed run go on to the same bits, from every epoch of either phase', async () => {
    const checkpoints: ModelState[] = [];
    const checkpoint = keepIn(checkpoints);
    const whole = await runTrial(
      { ...toyTrial({ config }), checkpointSeconds: 0 },
      { checkpoint },
      toyServices(script),
    );
    expect(checkpoints).toHaveLength(9 + 5);
    for (const [done, state] of checkpoints.entries()) {
      const rest = toyServices(script.slice(done + 1));
      let before: readonly number[] = [];
      const started: TrialCallbacks['started'] = (_, __, epochs) => (before = epochs.map(({ loss }) => loss));
      const resumed = await runTrial({ ...toyTrial({ config }), checkpoint: state }, { started }, rest);
      // The whole curve up to the checkpoint: of the first phase, where it is in the refit.
      expect(before).toEqual(whole.epochs.slice(0, done + 1).map(({ loss }) => loss));
      expect(resumed.weights).toEqual(whole.weights);
      expect(resumed.metrics).toEqual(whole.metrics);
      expect(resumed.bestEpoch).toBe(whole.bestEpoch);
      expect(resumed.epochs.map(({ loss }) => loss)).toEqual(whole.epochs.map(({ loss }) => loss));
    }
  });

  it('of the last epoch is kept where more epochs may do better, and a run with more goes on from it', async () => {
    const script = [9, 8, 7, 6, 5, 4, 3, 2];
    const train = async (epochs: number, from: number, more: object = {}, checkpoint?: ModelState) => {
      const kept: ModelState[] = [];
      const trial = toyTrial({ config: { parameters: { patience: 3, minimumEpochs: 1, epochs }, ...more } });
      const services = toyServices(script.slice(from), undefined, [], 0.01);
      const result = await runTrial(
        { ...trial, checkpoint: checkpoint ?? null, checkpointSeconds: 1000 },
        { checkpoint: keepIn(kept) },
        services,
      );
      return { result, kept, log: services.log };
    };
    const four = await train(4, 0);
    expect([four.result.endKept, four.kept.length]).toEqual([true, 1]);
    const eight = await train(8, 4, {}, four.kept[0]);
    const whole = await train(8, 0);
    expect(eight.log.epochs).toEqual([8]);
    expect(eight.result.weights).toEqual(whole.result.weights);
    expect(eight.result.metrics).toEqual(whole.result.metrics);
    expect(eight.result.epochs.map(({ validation }) => validation)).toEqual(
      whole.result.epochs.map(({ validation }) => validation),
    );
    // A refit takes the place of its checkpoints; patience has ended a run for good.
    expect((await train(4, 0, { refit: true })).result.endKept).toBe(false);
    const ended = await runTrial(
      { ...toyTrial({ config: { parameters: { patience: 1, minimumEpochs: 1 } } }), checkpointSeconds: 1000 },
      { checkpoint: keepIn([]) },
      toyServices([1, 2, 3]),
    );
    expect([ended.stopped, ended.endKept]).toEqual(['patience', false]);
  });

  it('knows its end where the learning rate falls to zero: a run with more epochs does not go on from it', () => {
    const trial = toyTrial();
    const identity = (schedule: string, epochs: number) =>
      identityOf(trial, { schedule, epochs, patience: 5 });
    expect(identity('constant', 10)).toBe(identity('constant', 20));
    expect(identity('linear', 10)).not.toBe(identity('linear', 20));
  });

  it('of another run is refused', async () => {
    const checkpoints: ModelState[] = [];
    const checkpoint = keepIn(checkpoints);
    await runTrial({ ...toyTrial(), checkpointSeconds: 0 }, { checkpoint }, toyServices(falling));
    const other = { ...toyTrial({ config: { seed: 2 } }), checkpoint: checkpoints[0] };
    await expect(runTrial(other, {}, toyServices(falling))).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
    });
  });
});
