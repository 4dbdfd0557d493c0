import type { Preset } from '../../model/preset.ts';
import { plainPatience } from '../../model/stopping-parameters.ts';

const ml100k = 'MovieLens 100K (u.data)';
const ml1m = 'MovieLens 1M (ratings)';
const leaveLastOut = { name: 'leave-last-out', ties: 'first' } as const;

/** Learning rate, regularization and epochs of the MovieLens rows of ours were chosen on validation by test/fidelity/tune.ts. */
export const presets: readonly Preset[] = [
  {
    name: 'bpr-ml100k',
    title: 'BPR, MovieLens 100K',
    source: 'Rendle et al. 2009; Dive into Deep Learning 21.5',
    dataset: ml100k,
    parameters: {
      ...plainPatience,
      embeddingSize: 64,
      patience: 10,
      epochs: 53,
      learningRate: 0.002,
      regularization: 1e-5,
      batchSize: 1024,
      updates: 'dense',
    },
    split: leaveLastOut,
    evaluation: { target: 'hr@50' },
    refit: true,
    expected: 'Hit@50 .379, HR@10 .138',
  },
  {
    name: 'hinge-ml100k',
    title: 'Hinge ranking, MovieLens 100K',
    source: 'Dive into Deep Learning 21.5',
    dataset: ml100k,
    parameters: {
      ...plainPatience,
      embeddingSize: 64,
      patience: 10,
      loss: 'hinge',
      margin: 1,
      epochs: 54,
      learningRate: 0.0015,
      regularization: 1e-5,
      batchSize: 1024,
      updates: 'dense',
    },
    split: leaveLastOut,
    evaluation: { target: 'hr@50' },
    refit: true,
    expected: 'Hit@50 .384, HR@10 .140',
  },
  {
    name: 'bpr-ml1m',
    title: 'BPR, MovieLens 1M',
    source: 'Rendle et al. 2009; row-wise Adagrad, one pair a step',
    dataset: ml1m,
    parameters: {
      ...plainPatience,
      embeddingSize: 64,
      patience: 12,
      epochs: 60,
      steps: 'single',
      optimizer: 'row-adagrad',
      learningRate: 0.2,
      regularization: 0.006,
    },
    split: { name: 'leave-last-out', ties: 'last' },
    evaluation: { target: 'hr@50' },
    refit: true,
    expected: 'HR@10 .089, HR@50 .283',
  },
];
