import type { Preset } from '../../model/preset.ts';

/** Trained for NCF's given split, which has no validation part. */
export const presets: readonly Preset[] = [
  {
    name: 'itemknn-ncf',
    title: 'Item neighbours, ML-1M (NCF)',
    source: 'Sarwar et al., WWW 2001',
    dataset: "MovieLens 1M, NCF's files with 99 given negatives",
    parameters: { neighbors: 50, shrinkage: 0, weighting: 'tfidf' },
    split: { name: 'given', validation: 'none' },
    evaluation: { candidates: 'given' },
    refit: false,
    expected: 'HR@10 .672, NDCG@10 .401 over given candidates (elsewhere .669 / .398)',
  },
];
