import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/base/errors.ts';
import type { ModelDefinition } from '../../../main/model/model.ts';
import { chooseCompute, enginesOf } from '../../../main/training/choose-compute.ts';
import { toyDefinition, toyRatings } from './toy.ts';

const log = { trainedOn: [], epochs: [], disposed: 0 };
const toy = toyDefinition(log);
const context = { train: toyRatings(), parameters: {}, seed: 1 };
const create = toy.factories.cpu;
const withFused = (fused: () => Promise<never>): ModelDefinition => ({
  ...toy,
  factories: { ...toy.factories, fused: () => Promise.resolve(fused) },
});

describe('chooseCompute', () => {
  it('takes the kernels first on auto, and says nothing then', async () => {
    const fused: ModelDefinition = {
      ...toy,
      factories: {
        cpu: create,
        fused: async () => (await create?.()) ?? Promise.reject(new Error('no toy')),
      },
    };
    const opened = await chooseCompute(fused, 'auto', 1, context);
    expect(opened.record).toMatchObject({ engine: 'fused', threads: 1 });
    expect(opened.record.note).toBeUndefined();
    expect(opened.kernels).not.toBeNull();
    opened.dispose();
  });

  it('falls back on auto and notes why', async () => {
    const definition = withFused(() =>
      Promise.reject(new WorkbenchError('compute-unsupported', 'softmax has no kernel', '')),
    );
    const opened = await chooseCompute(definition, 'auto', 1, context);
    expect(opened.record).toMatchObject({ engine: 'cpu', backend: 'plain code', simd: 'none' });
    expect(opened.record.note).toBe('Not fused: softmax has no kernel.');
  });

  it('never falls back from a named engine', async () => {
    const definition = withFused(() =>
      Promise.reject(new WorkbenchError('compute-unsupported', 'softmax has no kernel', '')),
    );
    await expect(chooseCompute(definition, 'fused', 1, context)).rejects.toMatchObject({
      code: 'compute-unsupported',
    });
    await expect(chooseCompute(toy, 'tensorflow', 1, context)).rejects.toMatchObject({
      code: 'compute-unavailable',
      message: 'Toy computes on cpu alone, not on tensorflow.',
      hint: 'Choose the compute auto, which takes cpu for it.',
    });
  });

  it('does not hide a fault of a model behind another engine', async () => {
    const definition = withFused(() => Promise.reject(new TypeError('a bug')));
    await expect(chooseCompute(definition, 'auto', 1, context)).rejects.toThrow('a bug');
  });

  it('knows what a model is written for', () => {
    expect(enginesOf(toy)).toEqual(['cpu']);
    const tensorflow = (): Promise<never> => Promise.reject(new Error('unused'));
    expect(enginesOf({ factories: { tensorflow } })).toEqual(['tensorflow', 'wasm', 'cpu']);
  });
});
