import { describe, expect, it } from 'vitest';
import type { ParameterSchema, ParameterValue } from '../../../shared/config.ts';
import { WorkbenchError } from '../../../main/base/errors.ts';
import { nearestName, resolveParameters, schemaOf } from '../../../main/model/parameters.ts';

const common = { title: 'T', effect: '', group: 'model' } as const;
const parameters: ParameterSchema[] = [
  { ...common, name: 'embeddingSize', type: 'integer', default: 32, minimum: 1, maximum: 1024 },
  { ...common, name: 'learningRate', type: 'number', default: 0.01, minimum: 0 },
  { ...common, name: 'bias', type: 'boolean', default: true },
  {
    ...common,
    name: 'loss',
    type: 'choice',
    default: 'bpr',
    choices: [
      { value: 'bpr', title: '' },
      { value: 'hinge', title: '' },
    ],
  },
  { ...common, name: 'layers', type: 'integers', default: '64,32,16', minimum: 1 },
];
const model = { name: 'toy', iterative: false, parameters };
const resolve = (given: Record<string, ParameterValue>) => resolveParameters(model, given);
const failure = (given: Record<string, ParameterValue>): WorkbenchError => {
  try {
    resolve(given);
  } catch (error) {
    if (error instanceof WorkbenchError) return error;
  }
  throw new Error('was accepted');
};

describe('resolveParameters', () => {
  it('fills in defaults and keeps what was given', () => {
    expect(resolve({ embeddingSize: 8 })).toEqual({
      embeddingSize: 8,
      learningRate: 0.01,
      bias: true,
      loss: 'bpr',
      layers: '64,32,16',
    });
  });

  it('takes text from a command line', () => {
    expect(
      resolve({ embeddingSize: '16', bias: 'false', learningRate: '1e-3', layers: ' 8, 4 ' }),
    ).toMatchObject({
      embeddingSize: 16,
      bias: false,
      learningRate: 0.001,
      layers: '8,4',
    });
  });

  it('names the nearest parameter for an unknown one', () => {
    const error = failure({ learning_rate: 0.1 });
    expect(error.code).toBe('unknown-parameter');
    expect(error.hint).toContain('Did you mean learningRate?');
  });

  it.each([
    [{ embeddingSize: 0 }, 'at least 1'],
    [{ embeddingSize: 1.5 }, 'whole number'],
    [{ embeddingSize: 4096 }, 'at most 1024'],
    [{ embeddingSize: 'many' }, 'whole number'],
    [{ embeddingSize: '' }, 'whole number'],
    [{ learningRate: Number.NaN }, 'a number'],
    [{ bias: 'yes' }, 'true or false'],
    [{ loss: 'mse' }, 'no such choice'],
    [{ layers: '64,,16' }, 'with commas'],
    [{ layers: '64,0' }, 'at least 1'],
  ])('refuses %j', (given, reason) => {
    const error = failure(given);
    expect(error.code).toBe('invalid-parameter');
    expect(error.message).toContain(reason);
    expect(error.hint).toContain('default');
  });

  it('gives early stopping to every model that trains in epochs, and to no other', () => {
    const stopping = ['patience', 'noiseMargin', 'minimumEpochs'];
    expect(schemaOf(model).map(({ name }) => name)).not.toContain('patience');
    expect(schemaOf({ ...model, iterative: true }).map(({ name }) => name)).toEqual(
      expect.arrayContaining(stopping),
    );
  });
});

describe('nearestName', () => {
  it('keeps silent when nothing is near', () => {
    expect(nearestName('zzzzzzzz', ['epochs', 'seed'])).toBeNull();
    expect(nearestName('epoch', ['epochs', 'seed'])).toBe('epochs');
  });
});
