/** The space of a sweep as its form reads it. */
import { describe, expect, it } from 'vitest';
import type { ParameterSchema } from '../../../shared/config.ts';
import {
  gridSize,
  isOwn,
  ownRow,
  readRow,
  rowSpec,
  trainedShare,
  waysOf,
} from '../../../renderer/new-run/space.ts';

const rate: ParameterSchema = {
  ...{ name: 'learningRate', title: 'Learning rate', type: 'number', default: 0.05, minimum: 0 },
  ...{ search: { low: 0.001, high: 0.1, scale: 'log' }, effect: '', group: 'training' },
};
const epochs: ParameterSchema = {
  ...{ name: 'epochs', title: 'Epochs', type: 'integer', default: 30, minimum: 1, maximum: 1000 },
  ...{ effect: '', group: 'training' },
};
const loss: ParameterSchema = {
  ...{ name: 'loss', title: 'Loss', type: 'choice', default: 'bpr', effect: '', group: 'model' },
  choices: [
    { value: 'bpr', title: 'BPR' },
    { value: 'hinge', title: 'hinge' },
  ],
};

describe('a row of the form', () => {
  it('begins as the model itself would search, fixed where it would not', () => {
    expect(ownRow(rate)).toEqual({ way: 'log', value: '0.05', list: '0.05', low: '0.001', high: '0.1' });
    expect(ownRow(epochs)).toMatchObject({ way: 'fixed', value: '30', low: '15', high: '60' });
    expect(ownRow(loss)).toMatchObject({ way: 'fixed', value: 'bpr', list: 'bpr, hinge' });
    expect(ownRow(epochs, '8')).toMatchObject({ value: '8' });
  });
  it('is written as the command line writes it, and read back', () => {
    expect(rowSpec(ownRow(rate))).toBe('log:0.001..0.1');
    expect(readRow(rate, ownRow(rate)).dimension).toMatchObject({ low: 0.001, high: 0.1, scale: 'log' });
    expect(rowSpec({ ...ownRow(loss), way: 'list' })).toBe('bpr, hinge');
    expect(readRow(epochs, ownRow(epochs))).toEqual({ value: 30, dimension: null, error: null });
  });
  it('says what is wrong in plain words', () => {
    const row = ownRow(rate);
    expect(readRow(rate, { ...row, low: '0.2' }).error).toBe(
      'The low end 0.2 must be below the high one 0.1',
    );
    expect(readRow(rate, { ...row, low: '' }).error).toBe('Both ends of the range are needed');
    expect(readRow(rate, { ...row, low: '0' }).error).toMatch(/log scale begins above 0/);
    expect(readRow(rate, { ...row, way: 'list', list: '1..2' }).error).toMatch(/^Values with commas/);
    expect(readRow(loss, { ...ownRow(loss), way: 'list', list: '' }).error).toBe('A value is missing');
    expect(readRow(epochs, { ...ownRow(epochs), value: '1.5' }).error).toMatch(/whole number/);
  });
  it('is the model’s own until its range is another', () => {
    expect(isOwn(rate, ownRow(rate))).toBe(true);
    expect(isOwn(rate, { ...ownRow(rate), high: '0.2' })).toBe(false);
    expect(isOwn(rate, { ...ownRow(rate), way: 'linear' })).toBe(false);
    expect(isOwn(epochs, ownRow(epochs))).toBe(true);
    expect(isOwn(epochs, { ...ownRow(epochs), way: 'linear' })).toBe(false);
  });
  it('has ranges of numbers alone', () => {
    expect(waysOf(loss)).toEqual(['fixed', 'list']);
    expect(waysOf(epochs)).toEqual(['fixed', 'list', 'linear', 'log']);
  });
});

it('a grid is counted without being made', () => {
  const range = { kind: 'number', name: 'a', low: 1, high: 3, scale: 'linear', integer: true } as const;
  const list = { kind: 'choice', name: 'b', values: ['x', 'y'] } as const;
  // Whole numbers from 1 to 3 are three, however many are asked for.
  expect(gridSize([range, { ...list, values: [...list.values] }], 50)).toBe(6);
  expect(gridSize([{ ...range, integer: false }], 50)).toBe(50);
});

it('a trial of ASHA is trained for the share that its rungs leave', () => {
  expect(trainedShare(27, false)).toBe(1);
  // Rungs 1, 3, 9, 27: 1 + 2/3 + 6/9 + 18/27 = 3 of 27 epochs.
  expect(trainedShare(27, true)).toBeCloseTo(3 / 27, 12);
  // Too few epochs for a second rung.
  expect(trainedShare(2, true)).toBe(1);
});
