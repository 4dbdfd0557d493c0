import type { Preset } from '../../model/preset.ts';
import { plainPatience } from '../../model/stopping-parameters.ts';

/** Settings chosen on validation by test/fidelity/tune.ts. */
export const presets: readonly Preset[] = [
  {
    name: 'ials-ml100k',
    title: 'Implicit ALS, ML-100K',
    source: 'Rendle et al., RecSys 2022',
    dataset: 'MovieLens 100K (u.data)',
    parameters: { ...plainPatience, epochs: 5, unobservedWeight: 0.3, regularization: 0.01 },
    split: { name: 'leave-last-out', ties: 'first' },
    evaluation: {},
    refit: true,
    expected: 'Hit@50 .394 (implicit .384)',
  },
  {
    name: 'ials-ml1m',
    title: 'Implicit ALS, ML-1M',
    source: 'Rendle et al., RecSys 2022',
    dataset: 'MovieLens 1M (ratings.tsv, rank as time)',
    parameters: {
      ...plainPatience,
      embeddingSize: 128,
      epochs: 10,
      unobservedWeight: 3.2,
      regularization: 0.0008,
    },
    split: { name: 'leave-last-out', ties: 'last' },
    evaluation: {},
    refit: true,
    expected: 'HR@10 .102, HR@50 .310 (implicit, k=64: .101 / .304)',
  },
];
