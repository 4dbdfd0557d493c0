/** What is measured against the PyTorch reference: the same model, sizes, loss and number of epochs. */
import type { DataName } from '../fidelity/data.ts';

export interface BenchRow {
  readonly name: string;
  readonly title: string;
  /** Unit of examplesPerSecond. */
  readonly unit: string;
  readonly data: DataName;
  /** Our preset; null: full ranking of random factors. */
  readonly preset: string | null;
  /** Arguments of the reference: model, preset, options. */
  readonly reference: readonly string[];
  readonly epochs: number;
  /** The figure that says that a run also learned: our key, theirs, and which way it goes; null: nothing is learned. */
  readonly quality: { readonly ours: string; readonly theirs: string; readonly lower: boolean } | null;
  /** Ours ÷ theirs has to be at least this. */
  readonly atLeast: number;
}

const rmse = { ours: 'rmse', theirs: 'rmse', lower: true };
const autorec = {
  title: 'AutoRec, ML-1M, h=500',
  unit: 'ratings',
  data: 'ml-1m',
  preset: 'autorec-ml1m',
} as const;

export const benchRows: readonly BenchRow[] = [
  {
    ...{
      name: 'mf-ml1m',
      title: 'MF with biases, ML-1M, k=64',
      unit: 'ratings',
      data: 'ml-1m',
      preset: 'mf-ml1m',
    },
    ...{ reference: ['mf', '--preset', 'mf-ml1m'], epochs: 20, quality: rmse, atLeast: 5 },
  },
  {
    ...{ name: 'bpr-ml1m', title: 'BPR, ML-1M, k=64', unit: 'triples', data: 'ml-1m', preset: 'bpr-ml1m' },
    ...{ reference: ['bpr', '--preset', 'bpr-ml1m'], epochs: 40 },
    ...{ quality: { ours: 'hr@50', theirs: 'hr@50', lower: false }, atLeast: 5 },
  },
  {
    ...autorec,
    ...{ name: 'autorec-ml1m-sparse', title: `${autorec.title}, against sparse` },
    ...{
      reference: ['autorec', '--preset', 'autorec-ml1m', '--sparse'],
      epochs: 10,
      quality: rmse,
      atLeast: 1.1,
    },
  },
  {
    ...autorec,
    ...{ name: 'autorec-ml1m', title: `${autorec.title}, against dense` },
    ...{ reference: ['autorec', '--preset', 'autorec-ml1m'], epochs: 10, quality: rmse, atLeast: 3 },
  },
  {
    ...{ name: 'ncf-ml1m', title: 'NeuMF 64-32-16, NCF’s ML-1M', unit: 'labelled samples', data: 'ncf' },
    ...{ preset: 'ncf-ml1m', reference: ['neumf', '--preset', 'ncf-ml1m'], epochs: 3 },
    ...{ quality: { ours: 'given99/hr@10', theirs: 'hr@10_sampled99', lower: false }, atLeast: 1.1 },
  },
  {
    ...{ name: 'caser-ml1m', title: 'Caser, its ML-1M', unit: 'target positions', data: 'caser-ml1m' },
    ...{ preset: 'caser-ml1m', reference: ['caser', '--preset', 'caser-ml1m'], epochs: 2 },
    ...{ quality: { ours: 'map', theirs: 'map', lower: false }, atLeast: 2.5 },
  },
  {
    ...{
      name: 'rank-ml1m',
      title: 'Full ranking, ML-1M, k=64, top 50 and rank',
      unit: 'users',
      data: 'ml-1m',
    },
    ...{ preset: null, reference: ['rank', '--preset', 'rank-ml1m'], epochs: 5, quality: null, atLeast: 1.2 },
  },
] as const;
