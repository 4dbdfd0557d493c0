import type { Preset } from './presets.ts';

/** AutoRec: the book's configuration, and one for MovieLens 1M tuned on the validation part. */
export const autorecPresets: readonly Preset[] = [
  {
    name: 'd2l-autorec',
    title: 'AutoRec of the book, ML-100K',
    model: 'autorec',
    source: 'Dive into Deep Learning §21.3',
    dataset: 'MovieLens 100K (u.data)',
    parameters: {},
    split: { name: 'random', testShare: 0.1, validation: 'none' },
    evaluation: {},
    refit: false,
    expected: 'RMSE .898 ± .002 on random 90/10, 1.01 leave-last-out (book .899)',
  },
];
