/** What is trained for docs/fidelity.md, and what it has to reach. */
import type { EvaluationConfig, Parameters, SplitConfig } from '../../shared/config.ts';
import type { DataName } from './data.ts';

export interface Figure {
  /** Key among the test metrics. */
  readonly metric: string;
  readonly published?: string;
  readonly elsewhere?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** A value that has no spread, and how far off it may be. */
  readonly about?: readonly [value: number, tolerance: number];
}

export interface Row {
  readonly name: string;
  /** Heading in the table. */
  readonly protocol: string;
  readonly data: DataName;
  readonly preset?: string;
  /** Where there is no preset. */
  readonly model?: string;
  readonly parameters?: Parameters;
  readonly split?: Partial<SplitConfig>;
  readonly evaluation?: Partial<EvaluationConfig>;
  readonly figures: readonly Figure[];
}

const random = { name: 'random', validation: 'none' } as const;
const lastFirst = { name: 'leave-last-out', ties: 'first', validation: 'none' } as const;
const given = { split: { name: 'given', validation: 'none' }, evaluation: { candidates: 'given' } } as const;

const RANDOM_100K = 'ML-100K, random 90/10, ratings';
const LAST_100K = 'ML-100K, leave-last-out `--ties first`, ratings';
const RANK_100K = 'ML-100K, leave-last-out `--ties first`, full ranking';
const LAST_1M = 'ML-1M, leave-last-out `--ties last` (time = rank), full ranking';
const RANDOM_1M = 'ML-1M, random 90/10, ratings';
const NCF = 'ML-1M, NCF files, 99 given candidates';
const CASER = 'ML-1M, Caser’s split, candidates: its train items';

export const rows: readonly Row[] = [
  {
    ...{ name: 'd2l-autorec', preset: 'd2l-autorec', data: 'ml-100k', protocol: RANDOM_100K },
    figures: [{ metric: 'rmse', published: '.899 ± .002 (book)', elsewhere: '.898 ± .002', atMost: 0.902 }],
  },
  {
    ...{ name: 'd2l-mf random', preset: 'd2l-mf', data: 'ml-100k', protocol: RANDOM_100K, split: random },
    figures: [{ metric: 'rmse', elsewhere: '.915 ± .005', atMost: 0.92 }],
  },
  {
    ...{ name: 'bias random', model: 'bias', data: 'ml-100k', protocol: RANDOM_100K, split: random },
    figures: [{ metric: 'rmse', elsewhere: '.944 (Surprise, 5 folds)', atMost: 0.945 }],
  },
  {
    ...{ name: 'd2l-mf', preset: 'd2l-mf', data: 'ml-100k', protocol: LAST_100K, split: lastFirst },
    figures: [{ metric: 'rmse', published: '1.054 ± .005 (book)', elsewhere: '1.039 ± .005', atMost: 1.045 }],
  },
  {
    ...{
      name: 'd2l-autorec last',
      preset: 'd2l-autorec',
      data: 'ml-100k',
      protocol: LAST_100K,
      split: lastFirst,
    },
    figures: [{ metric: 'rmse', elsewhere: '1.012 ± .002', atMost: 1.02 }],
  },
  {
    ...{ name: 'bias last', model: 'bias', data: 'ml-100k', protocol: LAST_100K, split: lastFirst },
    figures: [{ metric: 'rmse', elsewhere: '1.046', about: [1.046, 0.003] }],
  },
  {
    ...{ name: 'popularity', model: 'popularity', data: 'ml-100k', protocol: RANK_100K, split: lastFirst },
    figures: [{ metric: 'hr@50', elsewhere: '.216', about: [0.216, 0.001] }],
  },
  {
    ...{ name: 'bpr-ml100k', preset: 'bpr-ml100k', data: 'ml-100k', protocol: RANK_100K },
    figures: [{ metric: 'hr@50', elsewhere: '.377 ± .007', atLeast: 0.365 }],
  },
  {
    ...{ name: 'hinge-ml100k', preset: 'hinge-ml100k', data: 'ml-100k', protocol: RANK_100K },
    figures: [{ metric: 'hr@50', elsewhere: '.371 ± .009', atLeast: 0.36 }],
  },
  {
    ...{ name: 'd2l-neumf', preset: 'd2l-neumf', data: 'ml-100k', protocol: RANK_100K },
    figures: [
      { metric: 'hr@50', published: '.331, later .075 (book)', elsewhere: '.322 ± .005', atLeast: 0.316 },
      { metric: 'auc', published: '.531 (book, collapsed)', elsewhere: '.870' },
    ],
  },
  {
    ...{ name: 'd2l-caser', preset: 'd2l-caser', data: 'ml-100k', protocol: RANK_100K },
    figures: [{ metric: 'hr@50', published: '.386 ± .017 (book)', elsewhere: '.378 ± .016', atLeast: 0.35 }],
  },
  {
    ...{ name: 'caser-softmax-ml100k', preset: 'caser-softmax-ml100k', data: 'ml-100k', protocol: RANK_100K },
    figures: [{ metric: 'hr@50', elsewhere: '.487 (RecBole)', atLeast: 0.45 }],
  },
  {
    ...{ name: 'ials-ml100k', preset: 'ials-ml100k', data: 'ml-100k', protocol: RANK_100K },
    figures: [{ metric: 'hr@50', elsewhere: '.384 (implicit)', atLeast: 0.375 }],
  },
  {
    ...{ name: 'itemknn', model: 'itemknn', data: 'ml-100k', protocol: RANK_100K, split: lastFirst },
    parameters: { neighbors: 50, shrinkage: 0, weighting: 'none' },
    figures: [{ metric: 'hr@50' }],
  },
  {
    ...{ name: 'ease', model: 'ease', data: 'ml-100k', protocol: RANK_100K, split: lastFirst },
    parameters: { regularization: 500 },
    figures: [{ metric: 'hr@50' }],
  },
  {
    ...{ name: 'ials-ml1m', preset: 'ials-ml1m', data: 'ml-1m', protocol: LAST_1M },
    figures: [
      { metric: 'hr@10', elsewhere: '.101 (implicit)', atLeast: 0.095 },
      { metric: 'hr@50', elsewhere: '.304 (implicit)', atLeast: 0.295 },
    ],
  },
  {
    ...{ name: 'bpr-ml1m', preset: 'bpr-ml1m', data: 'ml-1m', protocol: LAST_1M },
    figures: [
      { metric: 'hr@10', elsewhere: '.086 (PyTorch)', atLeast: 0.078 },
      { metric: 'hr@50', elsewhere: '.277 (PyTorch)', atLeast: 0.265 },
    ],
  },
  {
    ...{ name: 'autorec-ml1m', preset: 'autorec-ml1m', data: 'ml-1m', protocol: RANDOM_1M },
    figures: [{ metric: 'rmse', published: '.831 (paper)', elsewhere: '.8365', atMost: 0.842 }],
  },
  {
    ...{ name: 'mf-ml1m', preset: 'mf-ml1m', data: 'ml-1m', protocol: RANDOM_1M },
    figures: [{ metric: 'rmse', published: '.845 (paper)', elsewhere: '.844 (Cornac)', atMost: 0.8446 }],
  },
  {
    ...{ name: 'mf-ml1m-sgd', preset: 'mf-ml1m-sgd', data: 'ml-1m', protocol: RANDOM_1M },
    figures: [{ metric: 'rmse', published: '.845 (paper)', elsewhere: '.844 (Cornac)', atMost: 0.8446 }],
  },
  {
    ...{ name: 'popularity-ncf', model: 'popularity', data: 'ncf', protocol: NCF, ...given },
    figures: [
      { metric: 'given99/hr@10', published: '.453', elsewhere: '.4535', about: [0.4535, 0.0005] },
      { metric: 'given99/ndcg@10', published: '.254', elsewhere: '.2543', about: [0.2543, 0.0005] },
    ],
  },
  {
    ...{ name: 'ncf-ml1m', preset: 'ncf-ml1m', data: 'ncf', protocol: NCF },
    figures: [
      { metric: 'given99/hr@10', published: '.701 (no pre-training)', elsewhere: '.6985', atLeast: 0.69 },
      { metric: 'given99/ndcg@10', published: '.425 (no pre-training)', elsewhere: '.420', atLeast: 0.41 },
    ],
  },
  {
    ...{ name: 'ease-ncf', preset: 'ease-ncf', data: 'ncf', protocol: NCF },
    figures: [
      { metric: 'given99/hr@10', published: '.719', atLeast: 0.715 },
      { metric: 'given99/ndcg@10', published: '.449', atLeast: 0.445 },
    ],
  },
  {
    ...{ name: 'itemknn-ncf', preset: 'itemknn-ncf', data: 'ncf', protocol: NCF },
    figures: [
      { metric: 'given99/hr@10', published: '.669', atLeast: 0.66 },
      { metric: 'given99/ndcg@10', published: '.398', atLeast: 0.39 },
    ],
  },
  {
    ...{ name: 'caser-ml1m', preset: 'caser-ml1m', data: 'caser-ml1m', protocol: CASER },
    figures: [
      { metric: 'map', published: '.1507 (paper), .17 (its README)', elsewhere: '.1775', atLeast: 0.165 },
      { metric: 'precision@1', published: '.2502 (paper)', elsewhere: '.298', atLeast: 0.27 },
    ],
  },
  {
    ...{
      name: 'surprise-svd',
      preset: 'surprise-svd',
      data: 'ml-100k',
      protocol: 'ML-100K, 5 folds, ratings',
    },
    split: { name: 'k-fold', folds: 5, validation: 'none' },
    figures: [{ metric: 'rmse', published: '.934 (Surprise, mean of 5 folds)' }],
  },
];
