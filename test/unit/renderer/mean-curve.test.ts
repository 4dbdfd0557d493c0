import { describe, expect, it } from 'vitest';
import type { Epoch } from '../../../shared/contract.ts';
import { groupCurves, meanCurve } from '../../../renderer/runs/mean-curve.ts';
import { like, runNamed } from '../../windows/standing.ts';

const mf = runNamed('MF epochs 8');
const seeds = [1, 2, 3].map((seed) => like(mf, 70 + seed, { seed }));
const epoch = (at: number, loss: number): Epoch => ({
  epoch: at,
  loss,
  seconds: loss,
  validation: { 'ndcg@10': loss / 10 },
});

describe('the curve of a group', () => {
  it('is the mean of its seeds over the epochs that all have reached, with their deviation', () => {
    const [a, b] = seeds;
    const curve = meanCurve([
      { run: a, epochs: [epoch(1, 4), epoch(2, 2), epoch(3, 1)] },
      { run: b, epochs: [epoch(1, 6), epoch(2, 3)] },
      { run: seeds[2], epochs: [] },
    ]);
    expect(curve.seeds).toBe(2);
    expect(curve.epochs.map(({ loss }) => loss)).toEqual([5, 2.5]);
    expect(curve.epochs[0]?.validation['ndcg@10']).toBeCloseTo(0.5, 12);
    expect(curve.deviations[0]?.loss).toBeCloseTo(Math.SQRT2, 12);
    expect(curve.deviations[0]?.validation['ndcg@10']).toBeCloseTo(Math.SQRT2 / 10, 12);
  });

  it('of one run is its own, without a band', () => {
    const epochs = [epoch(1, 4)];
    expect(meanCurve([{ run: mf, epochs }])).toEqual({ run: mf, seeds: 1, epochs, deviations: [] });
  });

  it('takes each seed once, or every run for itself', () => {
    const again = like(mf, 80, { seed: 2 });
    const numbers = (bySeed: boolean) =>
      groupCurves([...seeds, again], bySeed).map((group) => group.map(({ number }) => number));
    expect(numbers(true)).toEqual([[71, 72, 73]]);
    expect(numbers(false)).toEqual([[71], [72], [73], [80]]);
  });
});
