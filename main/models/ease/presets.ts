import type { Preset } from '../../model/preset.ts';

/** Trained for NCF's given split, which has no validation part. */
export const presets: readonly Preset[] = [
  {
    name: 'ease-ncf',
    title: 'EASE-R, ML-1M (NCF)',
    source: 'Steck, WWW 2019',
    dataset: "MovieLens 1M, NCF's files with 99 given negatives",
    parameters: { regularization: 1000 },
    split: { name: 'given', validation: 'none' },
    evaluation: { candidates: 'given' },
    refit: false,
    expected: 'HR@10 .718, NDCG@10 .451 over given candidates (elsewhere .719 / .449)',
  },
];
