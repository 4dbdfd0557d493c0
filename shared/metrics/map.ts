import { rankingDefaults, type RankingMetric } from './metric.ts';
import { averagePrecisionAtK } from './ties.ts';

export const map: RankingMetric = {
  ...rankingDefaults,
  name: 'map',
  title: 'MAP',
  definition:
    'Precision at the place of each test item in the first K, summed over hits and divided by the most hits possible (without K: over the whole ranking, divided by the test items), mean over users; ties by expectation.',
  formula: 'Σ over hits at place p ≤ K of (hits in the first p ÷ p), ÷ min(K, T); uncut: ÷ T',
  latex: String.raw`\frac{1}{\min(K, T)} \sum_{\text{hits at place } p \le K} \frac{\text{hits in the first } p}{p}`,
  lengths: 'both',
  ofUser: ({ levels, positives, sums }, k) => averagePrecisionAtK(levels, positives, k, sums),
};
