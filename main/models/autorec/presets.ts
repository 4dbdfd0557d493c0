import type { Preset } from '../../model/preset.ts';
import { plainPatience } from '../../model/stopping-parameters.ts';

/** The book's configuration, and one for MovieLens 1M tuned on the validation part. */
export const presets: readonly Preset[] = [
  {
    name: 'd2l-autorec',
    title: 'AutoRec of the book, ML-100K',
    source: 'Dive into Deep Learning 21.4',
    dataset: 'MovieLens 100K (u.data)',
    parameters: {},
    split: { name: 'random', testShare: 0.1, validation: 'none' },
    evaluation: {},
    refit: false,
    expected: 'RMSE .900 ± .002 on random 90/10 (book .899)',
  },
  {
    name: 'autorec-ml1m',
    title: 'AutoRec, ML-1M',
    source: 'Sedhain et al., WWW 2015',
    dataset: 'MovieLens 1M',
    parameters: {
      ...plainPatience,
      initialization: 'xavier',
      epochs: 40,
      learningRate: 0.004,
      schedule: 'linear',
      regularization: 4e-6,
    },
    split: { name: 'random', testShare: 0.1 },
    evaluation: {},
    refit: true,
    expected: 'RMSE .827 on random 90/10 (published .831, PyTorch .8365)',
  },
];
