import type { Preset } from '../../model/preset.ts';
import { plainPatience } from '../../model/stopping-parameters.ts';

const ml100k = 'MovieLens 100K (u.data)';
const leaveLastOut = { name: 'leave-last-out', ties: 'first' } as const;

export const presets: readonly Preset[] = [
  {
    name: 'd2l-neumf',
    title: 'NeuMF of the book, on raw logits',
    source: 'Dive into Deep Learning 21.6',
    dataset: ml100k,
    parameters: {
      embeddingSize: 10,
      mlpEmbeddingSize: 10,
      layers: '10,10,10',
      loss: 'bpr',
      negatives: 1,
      // Dense layers that start near zero, as the book’s do, make a seed’s Hit@50 a matter of luck (.30 to .34).
      initialization: 'xavier',
      initialScale: 0.01,
      epochs: 10,
      learningRate: 0.01,
      regularization: 1e-5,
      batchSize: 1024,
      updates: 'dense',
    },
    split: { ...leaveLastOut, validation: 'none' },
    evaluation: {},
    refit: false,
    expected: 'Hit@50 .34 (the book’s own sigmoid collapses to .075)',
  },
  {
    name: 'ncf-ml1m',
    title: 'NeuMF, NCF’s MovieLens 1M',
    source: 'He et al. 2017, table 2 (32 factors, without pre-training)',
    dataset: 'NCF’s files of MovieLens 1M (import-split)',
    parameters: {
      ...plainPatience,
      embeddingSize: 32,
      mlpEmbeddingSize: 32,
      layers: '64,32,16',
      loss: 'log',
      negatives: 4,
      epochs: 10,
      learningRate: 0.001,
      batchSize: 4096,
      updates: 'dense',
    },
    split: { name: 'given' },
    evaluation: { candidates: 'given', k: [10] },
    refit: true,
    expected: 'HR@10 .695, NDCG@10 .42 among the 99 given (paper .701, .425)',
  },
];
