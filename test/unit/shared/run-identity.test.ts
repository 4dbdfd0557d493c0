import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { RunConfig } from '../../../shared/config.ts';
import { comparisonKey, configurationKey, runKey, type RunIdentity } from '../../../shared/run-identity.ts';

const run = (changes: Partial<RunIdentity> = {}, config: object = {}): RunIdentity => ({
  model: 'bpr',
  parameters: { embeddingSize: 8, epochs: 3 },
  config: v.parse(RunConfig, { model: 'bpr', ...config }),
  seed: 1,
  fingerprint: 'f',
  split: { hash: 'h' },
  target: 'ndcg@10',
  ...changes,
});

describe('Two runs', () => {
  it('are of one group where only the seed, the order of parameters or list lengths differ', () => {
    const others = [
      run({ seed: 2 }),
      run({ parameters: { epochs: 3, embeddingSize: 8 } }),
      run({}, { evaluation: { k: [10] } }),
      run({ split: null }),
      run({}, { compute: 'cpu', threads: 1 }),
    ];
    for (const other of others) expect(configurationKey(other)).toBe(configurationKey(run()));
  });

  it('are of two groups where anything else that acts differs', () => {
    const others = [
      run({ model: 'mf' }),
      run({ parameters: { embeddingSize: 9, epochs: 3 } }),
      run({ fingerprint: 'g' }),
      run({ target: 'hr@10' }),
      run({}, { refit: true }),
      run({}, { split: { name: 'random', testShare: 0.2 } }),
      run({}, { evaluation: { candidates: 'sampled99' } }),
      run({}, { evaluation: { positive: 4 } }),
    ];
    const keys = [run(), ...others].map(configurationKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are not told apart by a setting that their split does not read', () => {
    const last = run({}, { split: { name: 'leave-last-out', testShare: 0.3, folds: 7 } });
    expect(configurationKey(last)).toBe(configurationKey(run({}, { split: { name: 'leave-last-out' } })));
  });

  it('compare where data, split and candidates are the same, whatever was trained', () => {
    const other = run({ model: 'mf', parameters: {}, seed: 9, target: 'rmse' });
    expect(comparisonKey(other)).toBe(comparisonKey(run()));
    expect(comparisonKey(run({ split: { hash: 'i' } }))).not.toBe(comparisonKey(run()));
    expect(comparisonKey(run({}, { evaluation: { keepSeen: true } }))).not.toBe(comparisonKey(run()));
  });

  it('are the same run only with the same seed and list lengths', () => {
    expect(runKey(run({ split: null }))).toBe(runKey(run()));
    expect(runKey(run({ seed: 2 }))).not.toBe(runKey(run()));
    expect(runKey(run({}, { evaluation: { k: [10] } }))).not.toBe(runKey(run()));
  });
});
