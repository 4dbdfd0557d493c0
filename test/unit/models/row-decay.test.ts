import { describe, expect, it } from 'vitest';
import { rowDecay } from '../../../main/models/factors/row-decay.ts';

const given = { regularization: 0.02, batchSize: 50 };

describe('the decay of a row that a history is folded in with', () => {
  it('is what training adds to the mean of the user’s examples: of 10 in 1,000, each in a batch of 50', () => {
    expect(rowDecay({ ...given, steps: 'batch', updates: 'lazy' }, 10, 1000)).toBeCloseTo(0.02 * 50);
    // 20 batches, all of which move the row: 20 · 50 / 10 for each example.
    expect(rowDecay({ ...given, steps: 'batch', updates: 'dense' }, 10, 1000)).toBeCloseTo(0.02 * 100);
  });

  it('is λ itself where every example is a step, whatever the sizes of batches that are not made', () => {
    expect(rowDecay({ ...given, steps: 'single', updates: 'lazy' }, 10, 1000)).toBe(0.02);
    expect(rowDecay({ ...given, steps: 'single', updates: 'dense' }, 10, 1000)).toBe(0.02);
  });
});
