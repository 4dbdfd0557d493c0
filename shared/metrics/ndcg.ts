import { rankingDefaults, type RankingMetric } from './metric.ts';
import { ndcgAtK } from './ties.ts';

export const ndcg: RankingMetric = {
  ...rankingDefaults,
  name: 'ndcg',
  title: 'NDCG',
  definition:
    'Discounted gain of the test items in the first K, over the best possible; binary gain, mean over users, ties by expectation.',
  formula: 'Σ over hits of 1 ÷ log₂(place + 1), ÷ Σ for p = 1 … min(K, T) of 1 ÷ log₂(p + 1)',
  latex: String.raw`\sum_{\text{hits at place } p \le K} \frac{1}{\log_2(p + 1)} \;\Big/\; \sum_{p = 1}^{\min(K, T)} \frac{1}{\log_2(p + 1)}`,
  reference: 'Järvelin & Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 2002',
  ofUser: ({ levels, positives, sums }, k) => ndcgAtK(levels, positives, k, sums),
};
