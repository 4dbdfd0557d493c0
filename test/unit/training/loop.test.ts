import { describe, expect, it } from 'vitest';
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
